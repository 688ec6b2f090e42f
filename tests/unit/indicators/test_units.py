"""Figures of units before and after: windows, who is compared with whom, and simulated units whose truth is known."""

import random
from datetime import date, timedelta

import pytest

from services.evaluation.indicators.facts import Surveyed
from services.evaluation.indicators.reading import Part, Reading
from services.evaluation.indicators.units import Moves, complaints, dissatisfied, months_of, moves_of, pulse
from services.evaluation.plan.facts import Entered, Served

EFFECT, LATER = date(2027, 1, 15), date(2027, 5, 1)
BEFORE, PICKING, AFTER = ("2026-07", "2026-08", "2026-09"), ("2026-10", "2026-11", "2026-12"), ("2027-02", "2027-04")


def entered(unit: str, left: str = "pool", on: date = EFFECT) -> Entered:
    return Entered(left=left, unit=unit, effective_on=on)


def headline(found: Reading) -> Part:
    return found.parts[0]


def test_the_windows_leave_out_the_months_that_picked_the_units() -> None:
    moves = moves_of([entered("a")], [], LATER)
    assert months_of(moves, LATER) == {"before": BEFORE, "picking": PICKING, "after": ("2027-02", "2027-03", "2027-04")}
    assert months_of(moves_of([entered("a")], [], LATER - timedelta(days=1)), LATER) == {}


@pytest.mark.parametrize(
    ("period", "today", "waits"),
    [([], LATER, "NOBODY_MOVED"), ([entered("a", "a")], LATER, "NOBODY_MOVED"), ([entered("a")], EFFECT, "TOO_EARLY")],
)
def test_it_waits_for_moves_and_for_their_months(period: list[Entered], today: date, waits: str) -> None:
    moves = moves_of(period, period, today)
    assert {complaints(moves, [], today).waits, pulse("strain", "strained", moves, [], today).waits} == {waits}


def test_without_figures_or_without_others_it_cannot_be_judged() -> None:
    moves = moves_of([entered("a")], [], LATER)
    assert complaints(moves, [], LATER).waits == "FIGURES_MISSING"
    own = [survey("a", month, 10) for month in (BEFORE[0], PICKING[0], AFTER[0])]
    assert pulse("strain", "strained", moves, [], LATER).waits == "FIGURES_MISSING"
    assert pulse("strain", "strained", moves, own, LATER).waits == "CONTROL_MISSING"


def survey(unit: str, month: str, strained: int | None) -> Surveyed:
    return Surveyed(agency="palu", unit=unit, month=month, answers=20, strained=strained)


def surveys(figures: dict[str, tuple[int, int, int]]) -> list[Surveyed]:
    return [
        survey(unit, month, many)
        for unit, told in figures.items()
        for month, many in zip((BEFORE[0], PICKING[0], AFTER[0]), told, strict=True)
    ]


def test_the_share_of_the_strained_falls_beyond_that_of_others() -> None:
    ours = {f"a{n}": (10, 12, 5) for n in range(5)}
    others = {f"b{n}": (10, 12, 9) for n in range(5)}
    moves = moves_of([entered(unit) for unit in ours], [], LATER)
    found = pulse("strain", "strained", moves, surveys(ours | others), LATER)
    by = {one.part: one.value for one in found.parts}
    assert by == {"effect": pytest.approx(-0.2), "before": 0.5, "change": -0.25, "others": pytest.approx(-0.05)}
    assert found.waits == ""


def test_a_question_that_was_not_asked_is_no_zero() -> None:
    moves = moves_of([entered("a")], [], LATER)
    told = [survey(unit, month, None) for unit in "ab" for month in (BEFORE[0], PICKING[0], AFTER[0])]
    assert pulse("strain", "strained", moves, told, LATER).waits == "FIGURES_MISSING"


def test_units_that_gave_people_or_got_some_since_are_nobody_to_compare_with() -> None:
    moves = moves_of([entered("a")], [entered("b", "c", LATER)], LATER)
    assert moves.touched == {"a", "b", "c", "pool"}
    told = surveys({unit: (10, 12, 8) for unit in ("a", "b", "c", "pool")})
    assert pulse("strain", "strained", moves, told, LATER).waits == "CONTROL_MISSING"


def test_few_units_show_their_figures_and_are_not_judged() -> None:
    moves = moves_of([entered("a")], [], LATER)
    found = pulse("strain", "strained", moves, surveys({"a": (10, 12, 5), "b": (10, 12, 10)}), LATER)
    assert (found.waits, round(headline(found).value or 0, 9), headline(found).low) == ("UNITS_FEW", -0.25, None)


def served(unit: str, month: str, complained: int, satisfaction: int | None = None) -> Served:
    return Served(
        agency="palu",
        unit=unit,
        service="ktp",
        month=month,
        complaints=complained,
        served=1000,
        satisfaction=satisfaction,
    )


def test_satisfaction_is_read_from_the_surveys_there_are() -> None:
    ours, others = [f"a{n}" for n in range(5)], [f"b{n}" for n in range(5)]
    told = [
        served(unit, month, 0, 7000 + 1000 * (unit in ours and month == AFTER[0]))
        for unit in (*ours, *others)
        for month in (BEFORE[1], PICKING[1], AFTER[0])
    ]
    found = dissatisfied(moves_of([entered(unit) for unit in ours], [], LATER), told, LATER)
    assert (headline(found).value, {one.part: one.value for one in found.parts}["before"]) == (-10, 30)


MONTHS = (*BEFORE, *PICKING, "2027-02", "2027-03", "2027-04")


def world(seed: int, truth: float, units: int = 60) -> tuple[Moves, list[Served]]:
    """A city of units that are picked at their peak, as complaints month by month; the truth is a share (-0.4)."""
    rng = random.Random(seed)
    levels = {f"u{n:03}": max(20.0, rng.gauss(60, 10)) for n in range(units)}
    told = {(u, m): max(0, round(rng.gauss(level, 20))) for u, level in levels.items() for m in MONTHS}
    peaks = sorted(levels, key=lambda unit: -sum(told[unit, month] for month in PICKING))[: units // 5]
    moved = sorted(rng.sample(peaks, len(peaks) // 2))  # a set of words has another order in every process
    for unit in moved:
        for month in MONTHS[-3:]:
            told[unit, month] = max(0, round(rng.gauss(levels[unit] * (1 + truth), 20)))
    moves = moves_of([entered(unit) for unit in moved], [], LATER)
    return moves, [served(unit, month, many) for (unit, month), many in told.items()]


WORLDS = 20


@pytest.mark.parametrize(("truth", "least", "most"), [(0.0, 0, 3), (-0.4, 15, 20)])
def test_zero_is_seldom_found_and_what_was_planted_is(truth: float, least: int, most: int) -> None:
    found = [headline(complaints(*world(seed, truth), LATER)) for seed in range(WORLDS)]
    called = sum(one.high is not None and one.high < 0 for one in found)
    assert least <= called <= most
