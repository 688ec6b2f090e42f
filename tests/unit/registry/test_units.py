"""The tree of units: versions that follow each other, no cycles, and what an ended unit no longer takes."""

from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.registry.domain import PEOPLE, POSTS, UNITS, VACANCIES
from services.registry.domain.ids import post_id, unit_id, vacancy_id
from services.registry.domain.organisation import RegisterPost
from services.registry.domain.units import RegisterUnit
from services.registry.domain.vacancies import PublishVacancy
from shared.contracts.registry import EmployeeMoveRefused, UnitRegistered
from shared.kernel.decider import NotYet, Refused
from tests.unit.registry.shelf import Shelf, decree, employee, join, post, seat, town


def unit(shelf: Shelf, code: str, parent: str = "", **values: object) -> UnitRegistered:
    """Register a unit of the town; as it is known then."""
    whole = {"agency": "palu", "unit": code, "name": code, "kind": "office", "parent": parent or None, **values}
    shelf.send(UNITS, unit_id("palu", code), RegisterUnit.model_validate(whole))
    known: UnitRegistered = shelf.state(UNITS, unit_id("palu", code)).registered
    return known


def refused(shelf: Shelf, code: str, parent: str = "", **values: object) -> str:
    """The code of the refusal."""
    with pytest.raises(Refused) as caught:
        unit(shelf, code, parent, **values)
    return caught.value.code


def test_a_renamed_unit_keeps_its_code_and_its_past() -> None:
    shelf = town()
    unit(shelf, "capil", name="Dinas Catatan Sipil", valid_from="2015-01-01")
    new = unit(shelf, "capil", name="Dinas Dukcapil", valid_from="2020-06-01")
    assert (new.name, new.valid_from, new.valid_until) == ("Dinas Dukcapil", date(2020, 6, 1), None)
    (old,) = shelf.state(UNITS, "u:palu:capil").earlier
    assert (old.name, old.valid_from, old.valid_until) == ("Dinas Catatan Sipil", date(2015, 1, 1), date(2020, 6, 1))


def test_a_file_without_dates_changes_no_dates() -> None:
    shelf = town()
    unit(shelf, "capil", valid_from="2015-01-01", valid_until="2020-06-01")
    count = len(shelf.events)
    unit(shelf, "capil")
    assert len(shelf.events) == count
    assert unit(shelf, "capil", name="Capil").valid_until == date(2020, 6, 1)


def test_a_split_names_what_it_came_of() -> None:
    assert unit(town(), "capil", predecessors=("disdukcapil",)).predecessors == ("u:palu:disdukcapil",)


@pytest.mark.parametrize(
    ("dates", "code"),
    [
        ({"valid_from": "2020-01-01", "valid_until": "2020-01-01"}, "BAD_PERIOD"),
        ({"valid_from": "2018-05-31"}, "OVERLAPPING_VALIDITY"),
        ({"valid_from": "2014-01-01"}, "OVERLAPPING_VALIDITY"),
        ({"valid_from": "2026-11-23"}, "DATE_IN_FUTURE"),
    ],
)
def test_validity_that_cannot_be(dates: dict[str, Any], code: str) -> None:
    shelf = town()
    unit(shelf, "capil", valid_from="2015-01-01", valid_until="2018-06-01")
    assert refused(shelf, "capil", name="new", **dates) == code


def test_nobody_stands_above_themselves() -> None:
    shelf = town()
    unit(shelf, "a")
    unit(shelf, "b", "a")
    unit(shelf, "c", "b")
    assert refused(shelf, "a", "c") == "UNIT_CYCLE"
    assert refused(shelf, "a", "a") == "UNIT_CYCLE"
    unit(shelf, "c", "a")
    unit(shelf, "b", "c")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=30))
def test_whatever_is_asked_the_tree_stays_a_tree(asked: list[tuple[int, int]]) -> None:
    shelf = town()
    for number in range(6):
        unit(shelf, f"x{number}")
    for child, parent in asked:
        with suppress(Refused):
            unit(shelf, f"x{child}", f"x{parent}")
    for number in range(6):
        above, steps = f"u:palu:x{number}", 0
        while above:
            above, steps = shelf.state(UNITS, above).registered.parent, steps + 1
            assert steps <= 6


def test_a_parent_must_be_known_and_alive() -> None:
    shelf = town()
    with pytest.raises(NotYet, match="unit/u:palu:nowhere"):
        unit(shelf, "a", "nowhere")
    unit(shelf, "old", valid_until="2026-01-01")
    assert refused(shelf, "a", "old") == "UNIT_ENDED"


def test_a_parent_that_was_renamed_since_is_the_same_parent() -> None:
    shelf = town()
    unit(shelf, "dinkes", valid_from="2015-01-01")
    unit(shelf, "pkm", "dinkes", valid_from="2015-01-01")
    unit(shelf, "dinkes", name="Dinas Kesehatan Kota", valid_from="2020-01-01")
    assert unit(shelf, "pkm", "dinkes", name="Puskesmas", valid_from="2015-01-01").name == "Puskesmas"


def test_an_ended_unit_takes_no_post_nobody_and_no_vacancy() -> None:
    shelf = town()
    unit(shelf, "setda", valid_until="2026-11-22")
    with pytest.raises(Refused, match="UNIT_ENDED"):
        post(shelf, "setda", "new", kind="staff", seats=1)
    with pytest.raises(Refused, match="UNIT_ENDED"):
        join(shelf)
    wanted = PublishVacancy(
        agency="palu", post=seat("setda", "old").post, quota=1, closes_on=date(2026, 12, 1), purpose="need"
    )
    with pytest.raises(Refused, match="UNIT_ENDED"):
        shelf.send(VACANCIES, vacancy_id("palu", "1"), wanted)
    post(shelf, "setda", "old", kind="functional", seats=0, retirement_age=60)
    assert shelf.state(POSTS, post_id("palu", "setda-old")).registered.seats == 0


def test_e08_a_unit_that_ended_between_decree_and_day_takes_nobody() -> None:
    """E08: the move is refused on its day, and told."""
    shelf = town()
    person = join(shelf)
    shelf.issued(decree(person))
    unit(shelf, "disdukcapil", valid_until="2026-12-01")
    shelf.advance(shelf.now.replace(month=12))
    assert [event.code for event in shelf.of(EmployeeMoveRefused)] == ["JABATAN_DIHAPUS"]
    assert shelf.state(PEOPLE, person).profile.placement == seat("setda", "analyst")


def test_who_is_there_stays_known_when_the_unit_ends() -> None:
    shelf = town()
    person = join(shelf)
    unit(shelf, "setda", valid_until="2026-11-22")
    shelf.send(PEOPLE, person, employee(rank="III/d"))
    assert shelf.state(PEOPLE, person).profile.rank == "III/d"


def test_a_post_needs_its_own_kind_of_seats() -> None:
    """A negative number of seats is no number of seats."""
    with pytest.raises(ValueError, match="greater than or equal"):
        RegisterPost.model_validate(
            {"agency": "palu", "unit": "setda", "post": "x", "title": "x", "kind": "staff", "seats": -1}
        )
