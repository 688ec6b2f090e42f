"""Duty in an exchange that an adopted plan orders: not asked to agree, but told and heard; all or none all the same."""

import pytest

from services.proposal.deciders import CASES, GROUPS
from services.proposal.domain import AcceptGroup, DeclineGroup, Employee, Submit
from shared.contracts.groups import GroupFormed, GroupInvited, GroupMemberReleased
from shared.contracts.proposal import ProposalSubmitted
from shared.contracts.voice import ProposalAnnounced
from tests.unit.proposal.circle import GROUP, OFFICER, PEOPLE, SEATS, TARGET, Circle, P, Q, R
from tests.unit.proposal.kit import withdraw

YES = AcceptGroup(reason="setuju", consent=True)


def opened(*duty: str) -> Circle:
    """The circle of three, in which these are on duty and have been told."""
    circle = Circle()
    circle.ordered(duty)
    circle.settle()
    return circle


def statuses(circle: Circle) -> list[str]:
    """Of the three cases."""
    return [circle.case(number).status for number in (1, 2, 3)]


def test_who_is_on_duty_is_told_with_reason_benefit_and_training_and_the_others_are_asked() -> None:
    circle = opened(Q)
    assert [event.person for event in circle.said if isinstance(event, GroupInvited)] == [P, R]
    (told,) = [event for event in circle.said if isinstance(event, ProposalAnnounced)]
    assert (told.case, told.person, told.benefit, told.training) == (f"{GROUP}-2", Q, "dekat", "dua hari")
    content = told.content
    assert (content.initiative, content.reason, content.consent) == ("agency", "pengaduan naik", False)
    assert (content.origin, content.target, content.partners, content.group) == (SEATS[Q], SEATS[R], (P, R), GROUP)
    assert statuses(circle) == ["new", "announced", "new"]
    for word in (YES, DeclineGroup()):
        assert circle.ask(GROUPS, GROUP, word, Q) == "ON_DUTY"


def test_it_waits_until_the_volunteers_agreed_and_who_is_on_duty_was_heard() -> None:
    circle = opened(Q)
    assert circle.ask(GROUPS, GROUP, YES, P) == ""
    assert circle.ask(GROUPS, GROUP, YES, R) == ""
    circle.settle()
    assert statuses(circle) == ["new", "announced", "new"]
    with pytest.raises(Exception, match="WINDOW_OPEN"):
        circle.tell(CASES, f"{GROUP}-2", Submit(), OFFICER)
    assert circle.heard(2) == ""
    assert circle.case(2).status == "waiting"
    circle.settle()
    assert statuses(circle) == ["submitted"] * 3
    handed = {event.case: event.by for event in circle.said if isinstance(event, ProposalSubmitted)}
    assert handed == {f"{GROUP}-1": P, f"{GROUP}-2": "p-ppk", f"{GROUP}-3": R}
    for number in (1, 2, 3):
        circle.answered(number)
    circle.settle()
    assert (circle.group().status, statuses(circle)) == ("approved", ["approved"] * 3)


def test_all_on_duty_are_asked_nothing_and_move_once_all_were_heard() -> None:
    circle = opened(*PEOPLE)
    for number in (3, 1, 2):
        assert [event for event in circle.said if isinstance(event, GroupFormed)] == []
        assert circle.heard(number) == ""
        circle.settle()
    assert (circle.group().status, statuses(circle)) == ("running", ["submitted"] * 3)


def test_a_volunteer_who_declines_ends_it_for_who_is_on_duty_too() -> None:
    circle = opened(P, Q)
    assert circle.heard(1) == ""
    assert circle.ask(GROUPS, GROUP, DeclineGroup(), R) == ""
    circle.settle()
    assert statuses(circle) == ["refused", "refused", "new"]
    assert circle.case(1).codes == ("GROUP_DECLINED",)


def test_only_the_office_takes_it_back_and_the_others_hear_of_it() -> None:
    circle = opened(P, Q)
    assert circle.heard(1) == ""
    assert circle.ask(CASES, f"{GROUP}-1", withdraw(), P) == "OFFICE_NEEDED"
    circle.tell(CASES, f"{GROUP}-1", withdraw(), OFFICER)
    circle.settle()
    assert statuses(circle) == ["withdrawn", "refused", "new"]
    assert {event.person for event in circle.said if isinstance(event, GroupMemberReleased)} == {Q, R}


def test_who_left_their_seat_meanwhile_ends_it_when_the_last_was_heard() -> None:
    """Nobody stands at the door to be refused: the group says it."""
    circle = opened(Q)
    for person in (P, R):
        assert circle.ask(GROUPS, GROUP, YES, person) == ""
    circle.facts[Employee.KIND, P] = Employee(status="active", placement=TARGET)
    assert circle.heard(2) == ""
    circle.settle()
    assert (circle.group().status, circle.group().code) == ("ended", "SEAT_CHANGED")
    assert statuses(circle) == ["new", "refused", "new"]


def test_a_person_on_duty_with_another_open_case_ends_it_as_it_begins() -> None:
    circle = Circle()
    circle.formed((Q, P), group="g-2")
    circle.ordered((Q,))
    circle.settle()
    for person in (P, R):
        assert circle.ask(GROUPS, GROUP, YES, person) == ""
    assert circle.heard(2) == ""
    circle.settle()
    assert circle.case(2).codes == ("PERKARA_TERBUKA",)
    assert (circle.group().status, circle.group("g-2").status) == ("ended", "running")


def test_said_twice_it_is_heard_once() -> None:
    circle = opened(Q, R)
    assert circle.heard(2) == ""
    (way,) = circle.waiting()
    circle.deliver(way, again=True)
    assert circle.ask(CASES, f"{GROUP}-2", Submit(), "p-q") == "WRONG_STATE"
    assert [member.accepted for member in circle.group().members] == [False, True, False]
