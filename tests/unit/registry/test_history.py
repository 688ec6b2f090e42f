"""What a person was before, numbers that change while the person stays, and who only stands in for an office."""

from datetime import date

import pytest

from services.registry.domain import PEOPLE
from services.registry.domain.ids import person_id
from services.registry.domain.limits import limits
from services.registry.domain.offices import AssignOffice
from services.registry.domain.person import ForgetPerson, UpdatePerson
from shared.contracts.people import PersonParticulars
from shared.contracts.registry import EmployeeRegistered
from shared.kernel.decider import Refused
from tests.unit.registry.shelf import NIP, Shelf, decree, employee, join, seat, town

PPPK, PNS = "199407072023212015", "199407072027032912"


def person_of(shelf: Shelf, person: str) -> dict[str, object]:
    """What is stored."""
    found: dict[str, object] = shelf.state(PEOPLE, person).model_dump()
    return found


def test_posts_follow_each_other_without_a_gap() -> None:
    shelf = town()
    person = join(shelf)
    shelf.issued(decree(person))
    shelf.advance(shelf.now.replace(month=12))
    before, now = shelf.state(PEOPLE, person).posts
    assert (before.since, before.until, before.decree) == (date(2023, 5, 2), date(2026, 12, 1), "")
    assert (now.placement, now.since, now.until) == (seat("disdukcapil", "analyst"), date(2026, 12, 1), None)
    assert now.decree == "d-1"
    shelf.send(PEOPLE, person, UpdatePerson(interests=("x",)))
    assert shelf.state(PEOPLE, person).posts == (before, now)


def test_ranks_are_kept_with_their_dates_and_a_date_is_corrected() -> None:
    shelf = town()
    person = join(shelf, rank_since="2022-04-01")
    shelf.send(PEOPLE, person, UpdatePerson(rank_since=date(2022, 10, 1)))
    shelf.send(PEOPLE, person, UpdatePerson(rank="III/d"))
    shelf.send(PEOPLE, person, UpdatePerson(rank_since=date(2026, 10, 1)))
    told = [(rank.rank, rank.since) for rank in shelf.state(PEOPLE, person).ranks]
    assert told == [("III/c", date(2022, 10, 1)), ("III/d", date(2026, 10, 1))]


def test_a_pppk_who_becomes_pns_is_the_same_person_under_another_number() -> None:
    """D03: the number changes, the history stays, and an old file finds the person and changes nothing back."""
    shelf = town()
    join(shelf, nip=PPPK, employment="PPPK", rank="IX")
    person = person_id("palu", PPPK)
    shelf.send(PEOPLE, person, UpdatePerson(nip=PNS, employment="PNS", rank="III/a"))
    state = shelf.state(PEOPLE, person)
    assert (state.nip, state.former, state.profile.employment) == (PNS, (PPPK,), "PNS")
    shelf.send(PEOPLE, person, employee(nip=PPPK))
    assert shelf.state(PEOPLE, person).nip == PNS
    assert len(shelf.of(EmployeeRegistered)) == 1
    assert [event.nip for event in shelf.of(PersonParticulars)][-1] == PNS


async def test_e15_a_person_is_found_by_every_number_they_had() -> None:
    shelf = town()
    person = join(shelf)
    shelf.send(PEOPLE, person, UpdatePerson(nip=PNS))
    assert await shelf.persons([NIP, PNS]) == {NIP: person, PNS: person}
    shelf.send(PEOPLE, person, UpdatePerson(nip=NIP))
    assert shelf.state(PEOPLE, person).former == (PNS,)
    shelf.send(PEOPLE, person, ForgetPerson(reason="Masa simpan berakhir"))
    assert not [number for number in (NIP, PNS) if number in str(person_of(shelf, person))]


@pytest.mark.parametrize(
    ("capacity", "until", "code"),
    [
        ("acting", None, "STANDS_IN_FOR_EVER"),
        ("daily", None, "STANDS_IN_FOR_EVER"),
        ("acting", "2027-05-23", "STANDS_IN_TOO_LONG"),
        ("daily", "2027-02-23", "STANDS_IN_TOO_LONG"),
        ("acting", "2027-05-22", ""),
        ("daily", "2027-02-22", ""),
        ("definitive", None, ""),
    ],
)
def test_who_stands_in_does_so_for_a_time(capacity: str, until: str | None, code: str) -> None:
    shelf = town()
    person = join(shelf)
    command = AssignOffice.model_validate(
        {"office": "unit_head", "agency": "palu", "unit": "setda", "since": "2026-11-22", "until": until}
        | {"capacity": capacity}
    )
    if code:
        with pytest.raises(Refused, match=code):
            shelf.send(PEOPLE, person, command)
    else:
        shelf.send(PEOPLE, person, command)
        assert [office.capacity for office in shelf.state(PEOPLE, person).offices] == [capacity]


def test_a_limit_is_cited_and_none_is_called_law_that_is_not() -> None:
    assert {limit.capacity for limit in limits()} == {"acting", "daily"}
    assert all(limit.source and limit.certainty == "C" for limit in limits())
