"""Moves: at midnight where the agency is, once, and only when everything still holds."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.registry.domain import AGENCIES, PEOPLE, POSTS, UNITS
from services.registry.domain.facts import OccupancyFact
from services.registry.domain.ids import post_id, unit_id
from services.registry.domain.offices import AssignOffice
from services.registry.domain.organisation import RegisterPost
from services.registry.domain.person import UpdatePerson
from services.registry.domain.units import RegisterUnit
from shared.contracts.approval import DecreeRevoked
from shared.contracts.registry import (
    EmployeeMoved,
    EmployeeMoveRefused,
    EmployeeMoveScheduled,
    OfficeEnded,
    Placement,
    PostOccupancyChanged,
)
from shared.kernel.decider import Facts, Message, NotYet
from shared.runtime.service import Envelope
from tests.unit.registry.shelf import AGENCY, Shelf, decree, employee, join, post, seat, town

OTHER = "198502022010011901"
LATER = datetime(2027, 6, 1, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 30, 16, tzinfo=UTC)  # 00:00 WITA on 1 December


DOCTOR = Placement(agency="surakarta", unit=unit_id("surakarta", "rsud"), post=post_id("surakarta", "doctor"))


def codes(shelf: Shelf) -> list[str]:
    """Why moves were refused."""
    return [event.code for event in shelf.of(EmployeeMoveRefused)]


def test_the_move_happens_at_midnight_of_the_agencys_zone() -> None:
    shelf = town()
    person = join(shelf)
    shelf.issued(decree(person, vacancy="v:palu:1"))
    assert shelf.of(EmployeeMoveScheduled)[0].zone == "WITA"
    shelf.advance(MIDNIGHT.replace(hour=15, minute=59))
    assert not shelf.of(EmployeeMoved)
    shelf.advance(MIDNIGHT)
    moved = shelf.of(EmployeeMoved)[0]
    assert (moved.left, moved.profile.placement) == (seat("setda", "analyst"), seat("disdukcapil", "analyst"))
    assert (moved.profile.post_since, moved.vacancy, moved.decree) == (date(2026, 12, 1), "v:palu:1", "d-1")
    assert [(e.post, e.holders) for e in shelf.of(PostOccupancyChanged)][1:] == [
        (seat("setda", "analyst").post, 0),
        (seat("disdukcapil", "analyst").post, 1),
    ]


def test_a_repeated_decree_moves_once() -> None:
    shelf = town()
    person = join(shelf)
    shelf.issued(decree(person))
    shelf.issued(decree(person))
    shelf.advance(LATER)
    shelf.issued(decree(person))
    shelf.advance(LATER)
    assert (len(shelf.of(EmployeeMoveScheduled)), len(shelf.of(EmployeeMoved))) == (1, 1)


def test_a_decree_for_a_day_that_has_passed_takes_effect_at_once() -> None:
    shelf = town()
    person = join(shelf)
    shelf.issued(decree(person, effective_on=date(2026, 11, 1)))
    shelf.advance(shelf.now)
    assert shelf.of(EmployeeMoved)[0].effective_on == date(2026, 11, 1)


def test_a_decree_that_comes_before_its_person_waits() -> None:
    shelf = town()
    with pytest.raises(NotYet):
        shelf.issued(decree("nobody-yet"))


def test_a_revoked_decree_is_dropped() -> None:
    shelf = town()
    person = join(shelf)
    shelf.issued(decree(person))
    revoked = DecreeRevoked(case="c-d-1", decree="d-1", code="X", person=person)
    for _ in range(2):
        shelf.hear(revoked, Envelope("e", revoked.TYPE, "approval/x", "x", 2, shelf.now))
    shelf.advance(LATER)
    assert codes(shelf) == ["DECREE_REVOKED"]
    assert not shelf.of(EmployeeMoved)


@pytest.mark.parametrize("status", ["unpaid_leave", "study", "suspended", "seconded", "retired", "dead"])
def test_who_is_not_active_does_not_move(status: str) -> None:
    shelf = town()
    person = join(shelf)
    shelf.issued(decree(person))
    shelf.send(PEOPLE, person, UpdatePerson.model_validate({"status": status}))
    shelf.advance(LATER)
    assert codes(shelf) == ["PERSON_NOT_ACTIVE"]


def test_e13_whoever_came_under_process_after_the_decree_does_not_move() -> None:
    """The file goes back; whether the decree is revoked or waits for the outcome is the authority's to say."""
    shelf = town()
    person = join(shelf)
    shelf.issued(decree(person))
    shelf.send(PEOPLE, person, UpdatePerson.model_validate({"under_process": True}))
    shelf.advance(LATER)
    assert codes(shelf) == ["PROSES_DISIPLIN"]


def test_e04_who_has_reached_the_age_does_not_move() -> None:
    """E04: retirement between decree and effect."""
    shelf = town()
    person = join(shelf, birth_date=date(1968, 11, 30))  # 58 on 30 November 2026: retires on 1 December
    shelf.issued(decree(person))
    shelf.advance(LATER)
    assert codes(shelf) == ["USIA_BUP"]


def test_e05_a_move_to_a_lower_age_retires_at_once() -> None:
    """E05: the move itself changes the age of retirement."""
    shelf = town()
    person = join(shelf, code="old", birth_date=date(1968, 1, 5))
    shelf.issued(decree(person, origin=seat("setda", "old")))
    shelf.advance(LATER)
    assert codes(shelf) == ["USIA_BUP"]


@pytest.mark.parametrize(("last_day", "refused"), [("2026-11-30", ["KONTRAK_BERAKHIR"]), ("2026-12-01", [])])
def test_e17_a_contract_that_ends_first_moves_nobody(last_day: str, refused: list[str]) -> None:
    """E17: it has to last on the effective date at least, 1 December here."""
    shelf = town()
    person = join(shelf)
    shelf.issued(decree(person))
    shelf.send(PEOPLE, person, UpdatePerson.model_validate({"contract_until": last_day}))
    shelf.advance(LATER)
    assert codes(shelf) == refused
    assert len(shelf.of(EmployeeMoved)) == (0 if refused else 1)


def test_i12_release_and_start_are_one_fact_between_agencies() -> None:
    """I12: from Palu (WITA) to a post in Surakarta (WIB) the move is one event, at midnight where the receiver is; the
    seat left is free at that moment, and no earlier."""
    shelf = town()
    surakarta(shelf)
    person, doctor = join(shelf), DOCTOR.post
    shelf.issued(decree(person, target=DOCTOR))
    shelf.advance(MIDNIGHT)
    assert shelf.facts[OccupancyFact.KIND, seat("setda", "analyst").post].holders == 1  # type: ignore[union-attr]
    midnight = MIDNIGHT + timedelta(hours=1)
    shelf.advance(midnight)
    (moved,) = shelf.of(EmployeeMoved)
    assert (moved.left, moved.profile.placement) == (seat("setda", "analyst"), DOCTOR)
    held = [shelf.facts[OccupancyFact.KIND, post].holders for post in (moved.left.post, doctor)]  # type: ignore[union-attr]
    assert (held, shelf.now) == ([0, 1], midnight)


@pytest.mark.parametrize(
    ("target", "ended"),
    [
        (seat("disdukcapil", "analyst"), ["unit_head"]),
        (DOCTOR, ["unit_head", "personnel_verifier", "direct_superior"]),
    ],
)
def test_the_offices_of_the_place_that_is_left_end_with_the_move(target: Placement, ended: list[str]) -> None:
    """Rights follow the office, and the office the person: from the day of the move nobody waits for who is gone."""
    shelf = town()
    surakarta(shelf)
    person = join(shelf)
    for office, unit in (("unit_head", "setda"), ("personnel_verifier", None), ("direct_superior", "disdukcapil")):
        held = AssignOffice(office=office, agency="palu", unit=unit, since="2026-01-02")
        shelf.send(PEOPLE, person, held)
    shelf.issued(decree(person, target=target))
    shelf.advance(LATER)
    said = shelf.of(OfficeEnded)
    assert [event.office.office for event in said] == ended
    assert {event.office.until for event in said} == {date(2026, 12, 1)}
    assert [o.office for o in said[-1].offices if o.until is None] == [
        o for o in ("unit_head", "personnel_verifier", "direct_superior") if o not in ended
    ]


def surakarta(shelf: Shelf) -> None:
    """Another agency with one seat."""
    shelf.send(AGENCIES, "surakarta", AGENCY.model_copy(update={"agency": "surakarta", "zone": "WIB"}))
    rsud = RegisterUnit(agency="surakarta", unit="rsud", name="rsud", kind="office")
    shelf.send(UNITS, unit_id("surakarta", "rsud"), rsud)
    wanted = {"agency": "surakarta", "unit": "rsud", "post": "doctor", "title": "d", "kind": "functional", "seats": 1}
    shelf.send(POSTS, post_id("surakarta", "doctor"), RegisterPost.model_validate({**wanted, "retirement_age": 58}))


def test_a_move_to_a_higher_age_retires_later() -> None:
    shelf = town()
    person = join(shelf)
    shelf.issued(decree(person, target=seat("disdukcapil", "old")))
    shelf.advance(LATER)
    assert shelf.of(EmployeeMoved)[0].profile.retires_on == date(2050, 4, 1)


def test_a_post_that_is_gone_refuses_the_move() -> None:
    shelf = town()
    person = join(shelf)
    nowhere = Placement(agency="palu", unit=seat("setda", "head").unit, post="p:palu:gone")
    shelf.issued(decree(person, target=nowhere))
    shelf.advance(LATER)
    assert codes(shelf) == ["JABATAN_DIHAPUS"]


def test_of_two_decrees_for_one_day_the_first_decides() -> None:
    shelf = town()
    person = join(shelf)
    shelf.issued(decree(person, "z-first"))
    shelf.issued(decree(person, "a-second", target=seat("disdukcapil", "old")))
    shelf.advance(LATER)
    assert [event.decree for event in shelf.of(EmployeeMoved)] == ["z-first"]
    refused = [(event.decree, event.code) for event in shelf.of(EmployeeMoveRefused)]
    assert refused == [("a-second", "OTHER_MOVE")]


def test_i2_who_left_the_origin_before_does_not_move_from_it() -> None:
    shelf = town()
    person = join(shelf)
    shelf.issued(decree(person, "first", effective_on=date(2026, 11, 24)))
    shelf.issued(decree(person, "second", target=seat("disdukcapil", "old")))
    shelf.advance(LATER)
    assert codes(shelf) == ["ORIGIN_CHANGED"]


def test_e07_a_full_post_refuses_the_move() -> None:
    shelf = town()
    person = join(shelf)
    single = post(shelf, "disdukcapil", "single", kind="staff", seats=1)
    join(shelf, nip=OTHER, unit="disdukcapil", code="single")
    shelf.issued(decree(person, target=seat("disdukcapil", "single")))
    shelf.advance(LATER)
    assert codes(shelf) == ["FORMASI_PENUH"]
    assert single == seat("disdukcapil", "single").post


def test_a_structural_post_is_never_held_by_two_even_when_the_count_lags() -> None:
    shelf = town()
    person = join(shelf)
    shelf.issued(decree(person, target=seat("disdukcapil", "head")))
    command = employee(nip=OTHER, unit="disdukcapil", code="head")
    # The other takes the seat, and the registry has not heard itself say so.
    message = Message(body=command, id="m", time=shelf.now)
    said = PEOPLE.decide(PEOPLE.initial("other"), message, Facts(shelf.facts))
    state = PEOPLE.initial("other")
    for event in said:
        state = PEOPLE.evolve(state, event)
    shelf.states["people"]["other"] = state
    shelf.advance(LATER)
    assert codes(shelf) == ["FORMASI_PENUH"]
    assert shelf.state(PEOPLE, person).moves == ()
