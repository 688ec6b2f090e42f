"""Indicators of data quality: each one met and not, and what cannot be told is no defect."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.domain import quality
from services.registry.domain.quality import Record, defects, indicators
from shared.contracts.registry import Placement, PostRegistered, PostRequirements, Profile, UnitRegistered

TODAY = date(2026, 11, 22)
NIP = "198501012014012901"
POST = PostRegistered(
    post="p", agency="a", unit="u", title="t", kind="supervisor", structural=True, seats=1, retirement_age=58,
    requirements=PostRequirements(rank_min="III/b", education_min="35"),
)  # fmt: skip
UNIT = UnitRegistered(unit="u", agency="a", name="n", kind="k", valid_until=date(2026, 11, 23))
PROFILE = Profile(
    employment="PNS",
    placement=Placement(agency="a", unit="u", post="p"),
    post_since=date(2020, 1, 1),
    rank="III/b",
    rank_since=date(2014, 1, 1),
    education_level="40",
    education_field="x",
    performance={"2024": "good", "2025": "good"},
    retires_on=date(2026, 11, 23),
)
SOUND = Record(PROFILE, NIP, POST, UNIT)


def record(*, nip: str = NIP, post: dict[str, Any] | None = None, unit: date | None = None, **profile: Any) -> Record:
    """The sound one, but for this."""
    seat = POST.model_copy(update=post or {})
    where = UNIT.model_copy(update={"valid_until": unit} if unit else {})
    return Record(PROFILE.model_copy(update=profile), nip, seat, where)


NEW = record(nip="200001012025112901", performance={}, rank_since=None, post={"structural": False})
CASES = {
    "performance_missing": record(performance={"2025": "good"}),
    "post_unknown": SOUND._replace(post=None),
    "unit_ended": record(unit=TODAY),
    "two_holders": SOUND._replace(holders=2),
    "past_retirement": record(retires_on=TODAY),
    "leave_ended": record(status="unpaid_leave", leave_until=date(2026, 11, 21)),
    "candidate_too_long": record(employment="CPNS"),
    "rank_before_entry": record(rank_since=date(2013, 12, 31)),
    "structural_too_early": record(nip="200001012024122901", rank_since=None),
    "education_too_low": record(education_level="30"),
    "rank_too_low": record(rank="III/a"),
    "nip_unlikely": record(nip="198513012014012901"),
}


def test_every_indicator_has_its_case() -> None:
    assert list(CASES) == [one.id for one in indicators()]


def test_a_sound_record_shows_nothing() -> None:
    assert defects(SOUND, TODAY) == ()


@pytest.mark.parametrize("name", CASES)
def test_each_defect_is_found_alone(name: str) -> None:
    assert defects(CASES[name], TODAY) == (name,)


@pytest.mark.parametrize(
    ("today", "missing"),
    [(date(2027, 3, 31), False), (date(2027, 4, 1), True)],
)
def test_the_appraisal_of_last_year_is_due_from_a_month_on(today: date, missing: bool) -> None:
    kept = record(retires_on=date(2040, 1, 1), unit=date(2040, 1, 1))
    assert defects(kept, today) == (("performance_missing",) if missing else ())


@pytest.mark.parametrize(
    "kept",
    [
        record(unit=date(2026, 11, 23)),
        SOUND._replace(unit=UNIT.model_copy(update={"valid_until": None})),
        record(retires_on=TODAY, status="retired"),
        record(status="unpaid_leave", leave_until=TODAY),
        record(status="unpaid_leave"),
        SOUND._replace(holders=2, post=POST.model_copy(update={"structural": False})),
        NEW,
        NEW._replace(profile=NEW.profile.model_copy(update={"employment": "CPNS"})),
        record(nip="", performance=PROFILE.performance),
        record(education_level="35"),
        record(employment="PPPK", rank="IX", nip="198501012024211901"),
    ],
)  # fmt: skip
def test_what_is_on_the_bound_or_cannot_be_told_is_no_defect(kept: Record) -> None:
    assert defects(kept, TODAY) == ()


@given(st.dictionaries(st.text(max_size=3), st.sets(st.sampled_from([one.id for one in indicators()])), max_size=20))
def test_the_figure_counts_people(shown: dict[str, set[str]]) -> None:
    found = quality.of({person: tuple(sorted(ids)) for person, ids in shown.items()})
    assert found.people == len(shown)
    assert found.people - found.sound == sum(bool(ids) for ids in shown.values())
    assert sum(found.found.values()) == sum(len(ids) for ids in shown.values())
    assert max(found.found.values(), default=0) <= found.people - found.sound
