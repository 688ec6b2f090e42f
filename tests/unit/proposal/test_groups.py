"""Swaps and chains: all or none, whatever crosses, and each hears why."""

from datetime import timedelta
from functools import reduce
from typing import TypeVar

import pytest

from services.proposal.deciders import CASES, GROUPS
from services.proposal.domain import (
    AcceptGroup,
    Agency,
    DeclineGroup,
    Employee,
    Group,
    OpenGroup,
    Revise,
    Submit,
    Vacancy,
    Withdraw,
)
from services.proposal.domain.groups.state import LIFECYCLE, Impossible, Status, evolve
from services.proposal.domain.groups.ways import alternatives
from shared.contracts.approval import ApprovalReturned, DecreeWithheld
from shared.contracts.evaluation import EvaluationOverturned
from shared.contracts.groups import (
    EVENTS,
    Arrangement,
    GroupApproved,
    GroupAsked,
    GroupCompleted,
    GroupEnded,
    GroupFormed,
    GroupMemberReleased,
)
from shared.contracts.plan import PlanCircle, PlanCirclesPublished
from shared.contracts.proposal import ProposalApproved, SeatReserved
from shared.contracts.registry import EmployeeMoved, EmployeeMoveRefused, Placement
from shared.kernel.decider import Event, Facts, Message, TimerDue
from tests.contract.test_golden import golden
from tests.unit.proposal.bench import NOW
from tests.unit.proposal.circle import GROUP, PEOPLE, SEATS, TARGET, Circle, P, Q, R
from tests.unit.proposal.kit import actor, finding, moved, office, wish, withdraw

RING = PlanCircle(group=GROUP, people=PEOPLE, posts=("j-p-q", "j-p-r", "j-p-p"))
E = TypeVar("E", bound=Event)
SWAP = OpenGroup(people=PEOPLE, purpose="bertukar", expected_result="betah")


def planned(ring: PlanCircle = RING) -> PlanCirclesPublished:
    """A plan's circles, with one of three people."""
    return PlanCirclesPublished(plan="plan-1", circles=(ring,), purpose="rata", expected_result="turun", by="p-ppk")


def of(circle: Circle, kind: type[E]) -> list[E]:
    """What was said of this very type."""
    return [event for event in circle.said if isinstance(event, kind) and type(event) is kind]


def test_a_circle_of_a_plan_asks_its_members_and_moves_them_together() -> None:
    circle = Circle()
    circle.tell(GROUPS, GROUP, planned())
    assert (circle.group().status, circle.group().by) == ("inviting", "p-ppk")
    assert circle.tell(GROUPS, GROUP, planned()) == []
    for person in PEOPLE:
        circle.tell(GROUPS, GROUP, AcceptGroup(reason="setuju", consent=True), actor(person))
    assert [file.content.target for file in of(circle, GroupFormed)[0].files] == [SEATS[Q], SEATS[R], SEATS[P]]


@pytest.mark.parametrize(
    ("ring", "code"),
    [
        (RING.model_copy(update={"posts": ("j-v", "j-p-r", "j-p-p")}), "SEAT_CHANGED"),
        (RING.model_copy(update={"people": PEOPLE * 2}), "TWICE_IN_GROUP"),
        (RING.model_copy(update={"people": tuple(f"p-{at}" for at in range(6))}), "GROUP_TOO_LONG"),
    ],
)
def test_a_circle_of_a_plan_that_cannot_be_any_more_ends_at_once_and_says_why(ring: PlanCircle, code: str) -> None:
    circle = Circle()
    assert circle.tell(GROUPS, GROUP, planned(ring)) == [GroupEnded(group=GROUP, code=code)]
    assert circle.group().status == "ended"


def test_a_ring_gives_each_the_seat_of_the_next_and_all_are_approved_together() -> None:
    circle = Circle()
    circle.formed()
    assert [file.content.target for file in of(circle, GroupFormed)[0].files] == [SEATS[Q], SEATS[R], SEATS[P]]
    circle.settle()
    assert [circle.case(n).status for n in (1, 2, 3)] == ["submitted"] * 3
    for number in (1, 2):
        circle.answered(number)
        circle.settle()
    assert (circle.case(1).ready, circle.case(1).status, of(circle, ProposalApproved)) == (True, "submitted", [])
    circle.answered(3)
    circle.settle()
    assert [circle.case(n).status for n in (1, 2, 3)] == ["approved"] * 3
    (approved,) = of(circle, GroupApproved)
    assert [(file.case, file.attempt) for file in approved.files] == [(f"{GROUP}-{n}", 1) for n in (1, 2, 3)]
    assert circle.said.index(approved) > max(map(circle.said.index, of(circle, ProposalApproved)))


def test_a_chain_begins_at_the_vacancy_whose_seat_is_reserved() -> None:
    circle = Circle()
    circle.formed((P, Q), "v-1")
    circle.settle()
    contents = [circle.case(n).content for n in (1, 2)]
    assert [(one.target, one.vacancy) for one in contents] == [(TARGET, "v-1"), (SEATS[P], "")]
    circle.answered(1)
    circle.answered(2)
    assert (circle.case(1).ready, circle.case(2).ready) == (False, True)
    circle.tell(CASES, f"{GROUP}-1", SeatReserved(vacancy="v-1", case=f"{GROUP}-1", attempt=1))
    circle.settle()
    assert circle.group().status == "approved"


def test_who_moved_completes_it() -> None:
    circle = Circle()
    circle.ready()
    circle.settle()
    for number, person in enumerate(PEOPLE, 1):
        circle.tell(CASES, f"{GROUP}-{number}", _moved(number, person))
    circle.settle()
    assert (circle.group().status, len(of(circle, GroupCompleted))) == ("completed", 1)


def _moved(number: int, person: str) -> EmployeeMoved:
    return moved().model_copy(update={"case": f"{GROUP}-{number}", "person": person})


@pytest.mark.parametrize("leaver", [1, 2, 3])
@pytest.mark.parametrize("answered", range(3))
def test_one_who_withdraws_before_the_group_asks_ends_it_for_all(leaver: int, answered: int) -> None:
    circle = Circle()
    circle.formed()
    circle.settle()
    for number in range(1, answered + 1):
        circle.answered(number)
    circle.settle()
    assert circle.ask(CASES, f"{GROUP}-{leaver}", withdraw(), PEOPLE[leaver - 1]) == ""
    circle.settle()
    _over(circle, leaver)


def _over(circle: Circle, leaver: int) -> None:
    others = [n for n in (1, 2, 3) if n != leaver]
    assert [circle.case(n).status for n in others] == ["refused"] * 2
    assert [circle.case(n).codes for n in others] == [("MITRA_MUNDUR",)] * 2
    assert {one.person for one in of(circle, GroupMemberReleased)} == {PEOPLE[n - 1] for n in others}
    assert (circle.group().status, of(circle, GroupApproved)) == ("ended", [])
    assert not any(circle.case(n).open for n in (1, 2, 3))


def test_a_partner_does_not_hear_why_the_other_left() -> None:
    """Story 5: q comes under a discipline examination; p and r hear that a partner left, nothing else."""
    circle = Circle()
    circle.formed()
    circle.settle()
    found = (finding("PROSES_DISIPLIN"),)
    circle.tell(CASES, f"{GROUP}-2", EvaluationOverturned(case=f"{GROUP}-2", attempt=1, findings=found, snapshot="s"))
    circle.settle()
    _over(circle, 2)
    assert circle.case(2).codes == ("PROSES_DISIPLIN",)
    told = [event for event in circle.said if type(event) in (GroupEnded, GroupMemberReleased)]
    assert "DISIPLIN" not in "".join(event.model_dump_json() for event in told)
    assert "DISIPLIN" not in circle.case(1).model_dump_json()


def test_a_withdrawal_that_crosses_the_question_wins_when_the_case_hears_it_first() -> None:
    circle = Circle()
    circle.ready()
    while not of(circle, GroupAsked):
        circle.deliver(circle.waiting()[0])
    circle.deliver((GROUP, f"{GROUP}-1"))  # p is bound
    assert circle.ask(CASES, f"{GROUP}-1", withdraw(), P) == "ALREADY_APPROVED"
    assert circle.ask(CASES, f"{GROUP}-2", withdraw(), Q) == ""
    circle.settle()
    _over(circle, 2)


def test_a_returned_file_pauses_it_and_goes_on_when_mended() -> None:
    circle = Circle()
    circle.formed()
    circle.settle()
    back = ApprovalReturned(case=f"{GROUP}-2", attempt=1, code="BERKAS_TIDAK_LENGKAP", reason="SK pangkat")
    circle.tell(CASES, f"{GROUP}-2", back)
    circle.answered(1)
    circle.answered(3)
    circle.settle()
    assert circle.group().status == "running"
    revise = Revise.model_validate(wish().model_dump())
    assert circle.ask(CASES, f"{GROUP}-2", revise, Q) == "GROUP_FIXED"
    assert circle.ask(CASES, f"{GROUP}-2", Submit(), Q) == ""
    circle.answered(2)
    circle.settle()
    (approved,) = of(circle, GroupApproved)
    assert [file.attempt for file in approved.files] == [1, 2, 1]


def test_a_returned_file_that_nobody_mends_ends_it() -> None:
    circle = Circle()
    circle.formed()
    circle.settle()
    back = ApprovalReturned(case=f"{GROUP}-2", attempt=1, code="BERKAS_TIDAK_LENGKAP", reason="SK pangkat")
    circle.tell(CASES, f"{GROUP}-2", back)
    (timer,) = CASES.timers(circle.case(2))
    circle.tell(CASES, f"{GROUP}-2", TimerDue(id=timer.id, name=timer.name, at=timer.at))
    circle.settle()
    _over(circle, 2)


def test_who_left_the_seat_meanwhile_cannot_hand_in_again() -> None:
    circle = Circle()
    circle.formed()
    circle.settle()
    back = ApprovalReturned(case=f"{GROUP}-2", attempt=1, code="BERKAS_TIDAK_LENGKAP", reason="SK pangkat")
    circle.tell(CASES, f"{GROUP}-2", back)
    circle.facts[Employee.KIND, Q] = Employee(status="active", placement=TARGET)
    assert circle.ask(CASES, f"{GROUP}-2", Submit(), Q) == "SEAT_CHANGED"


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (
            DecreeWithheld(case="", attempt=1, decree="sk", agency="palu", person=Q, code="PERTEK_MISSING"),
            "DECREE_WITHHELD",
        ),
        (EmployeeMoveRefused(person=Q, case="", decree="sk", code="USIA_BUP"), "MOVE_REFUSED"),
    ],
)
def test_after_the_approval_what_fails_for_one_fails_for_all(
    event: DecreeWithheld | EmployeeMoveRefused, code: str
) -> None:
    circle = Circle()
    circle.ready()
    circle.settle()
    circle.tell(CASES, f"{GROUP}-2", event.model_copy(update={"case": f"{GROUP}-2"}))
    circle.settle()
    assert circle.case(2).codes == (code,)
    assert [circle.case(n).status for n in (1, 2, 3)] == ["refused"] * 3
    assert circle.group().status == "ended"


def test_a_person_with_another_open_case_ends_the_group_as_it_begins() -> None:
    circle = Circle()
    circle.tell(CASES, "c-1", wish(person=Q), actor(Q))
    circle.tell(CASES, "c-1", Submit(), actor(Q))
    circle.formed()
    circle.settle()
    assert circle.case(2).codes == ("PERKARA_TERBUKA",)
    _over(circle, 2)
    assert circle.state(CASES, "c-1").status == "submitted"


def test_two_groups_that_ask_the_same_person_get_one_case() -> None:
    circle = Circle()
    circle.formed()
    circle.formed((Q, P), group="g-2")
    circle.settle()
    assert circle.group("g-2").status == "ended"
    assert circle.group().status == "running"
    for number in (1, 2, 3):
        circle.answered(number)
    circle.settle()
    assert circle.group().status == "approved"
    assert [circle.case(n, "g-2").status for n in (1, 2)] == ["refused"] * 2


# -- before it is formed ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "who", "code"),
    [
        (SWAP, "p-stranger", "NOT_A_MEMBER"),
        (SWAP.model_copy(update={"people": (P, P)}), P, "TWICE_IN_GROUP"),
        (SWAP.model_copy(update={"people": (P, Q, R, "a", "b", "c")}), P, "GROUP_TOO_LONG"),
    ],
)
def test_what_cannot_be_opened(command: OpenGroup, who: str, code: str) -> None:
    assert Circle().ask(GROUPS, GROUP, command, who) == code


def two_agencies() -> Circle:
    """Q sits in another regency of the province."""
    circle = Circle()
    seat = Placement(agency="sigi", unit="u", post="j")
    circle.facts[Employee.KIND, Q] = Employee(status="active", placement=seat)
    for agency, kind in (("palu", "city"), ("sigi", "regency")):
        circle.facts[Agency.KIND, agency] = Agency(zone="WITA", kind=kind, province="Sulawesi Tengah")
    return circle


def test_members_of_several_agencies_each_go_the_way_of_their_own_kind() -> None:
    circle = two_agencies()
    circle.formed()
    circle.settle()
    moves = [circle.case(number).wanted.move for number in (1, 2, 3)]
    assert moves == ["intra_province", "intra_province", "one_agency"]
    for number in (1, 2, 3):
        circle.answered(number)
    circle.settle()
    assert circle.group().status == "approved"


def test_a_chain_ends_only_at_a_vacancy_that_admits_its_first_member() -> None:
    command = SWAP.model_copy(update={"people": (Q, P), "vacancy": "v-1"})
    assert two_agencies().ask(GROUPS, GROUP, command, Q) == "NOT_OPEN_TO_OTHERS"
    circle = two_agencies()
    offered = circle.facts[Vacancy.KIND, "v-1"]
    assert isinstance(offered, Vacancy)
    circle.facts[Vacancy.KIND, "v-1"] = offered.model_copy(update={"admits": ("intra_province",)})
    assert circle.ask(GROUPS, GROUP, command, Q) == ""


def test_people_of_one_post_or_gone_are_refused() -> None:
    for changed, code in (
        ({"placement": SEATS[R]}, "OWN_SEAT"),
        ({"status": "retired"}, "USIA_BUP"),
    ):
        circle = Circle()
        known = Employee(status="active", placement=SEATS[Q]).model_copy(update=changed)
        circle.facts[Employee.KIND, Q] = known
        circle.facts[Agency.KIND, "sigi"] = Agency(zone="WITA")
        assert circle.ask(GROUPS, GROUP, SWAP, P) == code


def test_an_office_may_open_it_and_only_members_agree() -> None:
    circle = Circle()
    verifier = actor("p-office", office("personnel_verifier"))
    circle.tell(GROUPS, GROUP, SWAP, verifier)
    yes = AcceptGroup(reason="ya", consent=True)
    assert circle.ask(GROUPS, GROUP, yes, "p-office") == "NOT_A_MEMBER"
    assert circle.ask(GROUPS, GROUP, AcceptGroup(reason="ya"), P) == "CONSENT_MISSING"
    assert circle.ask(GROUPS, GROUP, yes.model_copy(update={"also": ("p-x",)}), P) == "NOT_A_MEMBER"
    assert circle.ask(GROUPS, "g-none", yes, P) == "NOT_FOUND"
    assert circle.ask(GROUPS, GROUP, yes, P) == ""
    assert circle.ask(GROUPS, GROUP, DeclineGroup(), Q) == ""
    assert (circle.group().status, circle.group().code) == ("ended", "GROUP_DECLINED")
    assert {one.person for one in of(circle, GroupMemberReleased)} == {P, R}
    assert circle.ask(GROUPS, GROUP, yes, R) == "GROUP_STATE"


def test_who_agreed_to_other_seats_gets_no_case() -> None:
    """Q was moved elsewhere between the first yes and the last."""
    circle = Circle()
    circle.tell(GROUPS, GROUP, SWAP, actor(P))
    yes = AcceptGroup(reason="ya", consent=True)
    for person in (P, Q):
        assert circle.ask(GROUPS, GROUP, yes, person) == ""
    circle.facts[Employee.KIND, Q] = Employee(status="active", placement=TARGET)
    assert circle.ask(GROUPS, GROUP, yes, R) == "SEAT_CHANGED"
    assert (circle.group().status, of(circle, GroupFormed)) == ("inviting", [])


def test_time_to_agree_ends() -> None:
    circle = Circle()
    circle.tell(GROUPS, GROUP, SWAP, actor(P))
    (timer,) = GROUPS.timers(circle.group())
    assert timer.at - NOW > timedelta(days=13)
    circle.tell(GROUPS, GROUP, TimerDue(id=timer.id, name=timer.name, at=timer.at))
    assert circle.group().code == "GROUP_EXPIRED"
    assert len(of(circle, GroupMemberReleased)) == 3
    assert GROUPS.timers(circle.group()) == ()


# -- alternatives ----------------------------------------------------------------------------------------------------


def test_story_5_the_swap_of_two_that_is_left_is_found_when_they_would() -> None:
    circle = Circle()
    circle.formed(p=(R,))
    circle.settle()
    circle.ask(CASES, f"{GROUP}-2", withdraw(), Q)
    circle.settle()
    assert of(circle, GroupEnded)[0].alternatives == (Arrangement(people=(P, R)),)


def test_nobody_is_offered_a_seat_they_did_not_name() -> None:
    ring = {P: frozenset({Q}), Q: frozenset({R}), R: frozenset({P})}
    assert alternatives(ring, "", Q) == ()


def test_a_chain_goes_on_without_its_end_and_closes_over_a_gap_that_is_agreed() -> None:
    chain = {P: frozenset({""}), Q: frozenset({P}), R: frozenset({Q, P})}
    assert alternatives(chain, "v-1", R) == (Arrangement(people=(P, Q), vacancy="v-1"),)
    assert alternatives(chain, "v-1", Q) == (Arrangement(people=(P, R), vacancy="v-1"),)
    assert alternatives(chain, "v-1", P) == ()


# -- the table -------------------------------------------------------------------------------------------------------

MATRIX = """
opened          inviting -        -         -         -         -         -
invited         -        inviting -         -         -         -         -
accepted        -        inviting -         -         -         -         -
ordered         -        inviting -         -         -         -         -
heard           -        inviting -         -         -         -         -
formed          -        running  -         -         -         -         -
noted           -        -        running   asked     approved  -         -
asked           -        -        asked     -         -         -         -
approved        -        -        -         approved  -         -         -
ended           ended    ended    ended     ended     ended     -         -
member_released -        -        -         -         -         -         ended
completed       -        -        -         -         completed -         -
"""
STATES: tuple[Status, ...] = ("new", "inviting", "running", "asked", "approved", "completed", "ended")


def test_every_state_against_every_event() -> None:
    rows = {row[0]: row[1:] for row in (line.split() for line in MATRIX.strip().splitlines())}
    types = {event.TYPE.split(".")[2]: event for event in EVENTS}
    assert set(rows) == set(types)
    for name, leads in rows.items():
        said = types[name].model_validate(golden(types[name]))
        for state, to in zip(STATES, leads, strict=True):
            group = Circle().group().model_copy(update={"status": state})
            if to == "-":
                with pytest.raises(Impossible, match=name):
                    evolve(group, said)
            else:
                assert evolve(group, said).status == to


def _reached() -> tuple[dict[Status, Group], list[Event]]:
    """A group in each state, and everything that its cases said on the way."""
    reached: dict[Status, Group] = {}
    heard: list[Event] = []
    for stop, end in ((0, None), (12, None), (40, None), (40, _moved), (40, _refused_move)):
        circle = Circle()
        circle.ready()
        for _ in range(stop):
            for way in circle.waiting()[:1]:
                circle.deliver(way)
                reached[circle.group().status] = circle.group()
        for number, person in enumerate(PEOPLE, 1):
            if end is not None:
                circle.tell(CASES, f"{GROUP}-{number}", end(number, person))
        circle.settle()
        reached[circle.group().status] = circle.group()
        heard += [event for event in circle.said if getattr(event, "case", "")]
    return reached, heard


def test_every_state_against_every_message_says_only_what_the_table_allows() -> None:
    """No message, in any state, makes the group say what it may not; the ended and the completed say nothing."""
    reached, heard = _reached()
    assert set(reached) >= {"running", "asked", "approved", "completed", "ended"}
    for status, state in reached.items():
        for event in heard:
            said = GROUPS.decide(state, Message(body=event, id="m", time=NOW), Facts(Circle().facts))
            reduce(evolve, said, state)  # raises what the table does not know
            assert not (said and status in ("ended", "completed"))
    assert {step.event for step in LIFECYCLE} == set(EVENTS)


def _refused_move(number: int, person: str) -> EmployeeMoveRefused:
    return EmployeeMoveRefused(person=person, case=f"{GROUP}-{number}", decree="sk", code="USIA_BUP")


def test_withdrawing_is_the_members_own() -> None:
    circle = Circle()
    circle.formed()
    circle.settle()
    assert circle.ask(CASES, f"{GROUP}-1", Withdraw(reason="x"), Q) == "NOT_YOURS"
