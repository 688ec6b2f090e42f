"""What came of a plan: by hand, with every reason for which it cannot be judged yet."""

from datetime import date, timedelta

import pytest

from services.evaluation.plan.facts import Entered, Served
from services.evaluation.plan.outcome import Outcome, awaited, outcome
from services.evaluation.plan.words import outcome_said

BEGUN, EFFECT, LATER = date(2026, 11, 23), date(2027, 1, 15), date(2027, 5, 1)
MOVED = (Entered(left="disdik", unit="dukcapil", effective_on=EFFECT),)
WINDOWS = {
    "before": ("2026-05", "2026-06", "2026-07"),
    "picking": ("2026-08", "2026-09", "2026-10"),
    "after": ("2027-02", "2027-03", "2027-04"),
}


def _told(unit: str, picking: int, before: int, after: int, served: int | None = None) -> list[Served]:
    """Complaints a month in each window."""
    figures = {"picking": picking, "before": before, "after": after}
    head = {"agency": "palu", "unit": unit, "service": "ktp", "served": served}
    return [
        Served(**head, month=month, complaints=figures[name]) for name, window in WINDOWS.items() for month in window
    ]


def _judged(served: list[Served], expected: int = -30) -> Outcome:
    return outcome(awaited(BEGUN, MOVED, LATER), MOVED, ("disdik", "dukcapil"), served, expected)


def test_windows_are_whole_months_and_the_picking_ones_are_no_baseline() -> None:
    found = awaited(BEGUN, MOVED, LATER)
    assert (found.windows, found.effective_on, found.due, found.waits) == (WINDOWS, EFFECT, LATER, "")


@pytest.mark.parametrize(
    ("effective", "due"),
    [
        (date(2027, 1, 31), date(2027, 5, 1)),
        (date(2027, 12, 1), date(2028, 4, 1)),
    ],
)
def test_it_is_judged_after_ninety_days_and_three_whole_months(effective: date, due: date) -> None:
    moved = (Entered(left="disdik", unit="dukcapil", effective_on=effective),)
    early = awaited(BEGUN, moved, due - timedelta(days=1))
    assert (early.waits, early.due) == ("TOO_EARLY", due)
    assert str(due) in outcome_said(early, "en")
    assert awaited(BEGUN, moved, due).waits == ""


def test_nobody_moved_or_only_within_a_unit() -> None:
    inside = Entered(left="disdik", unit="disdik", effective_on=EFFECT)
    assert awaited(BEGUN, (), LATER).waits == awaited(BEGUN, (inside,), LATER).waits == "NOBODY_MOVED"


def test_one_unit_shows_its_figures_against_those_most_like_it_and_is_not_judged() -> None:
    """41 complaints a month, 96 when it was picked, 50 after; the others fell from 40 to 36 by themselves. Disdik gave
    people: it is no unit to compare with."""
    served = _told("dukcapil", 96, 41, 50) + _told("disdik", 10, 10, 90)
    for at in range(6):
        served += _told(f"u{at}", 60, 40, 36)
    found = _judged(served)
    assert (found.change, found.others, found.baseline, found.basis) == (9, -4, 41, "per_month")
    assert (found.waits, found.effect.verdict if found.effect else "") == ("UNITS_FEW", "cannot_be_judged")
    assert {one.unit for one in found.units} == {"dukcapil", *(f"u{at}" for at in range(6))}
    assert "+22.0%" in outcome_said(found, "en")
    assert "+31.7%" in outcome_said(found, "id")


def test_five_units_with_moves_are_judged() -> None:
    moved = tuple(Entered(left="disdik", unit=f"m{at}", effective_on=EFFECT) for at in range(6))
    served = [one for at in range(6) for one in _told(f"m{at}", 96, 60 + at, 28 + 2 * at)]
    served += [one for at in range(8) for one in _told(f"u{at}", 90, 60 + at, 58 + 2 * at)]
    found = outcome(awaited(BEGUN, moved, LATER), moved, ("disdik",), served, -30)
    assert (found.waits, found.effect.verdict if found.effect else "") == ("", "reached")


def test_what_is_missing_is_said() -> None:
    short = [one for one in _told("dukcapil", 96, 41, 50) if one.month != "2027-03"]
    found = _judged(short + _told("u1", 60, 40, 36))
    assert (found.waits, found.missing) == ("FIGURES_MISSING", ("dukcapil",))
    assert "dukcapil" in outcome_said(found, "en")
    assert _judged(_told("dukcapil", 96, 41, 50)).waits == "CONTROL_MISSING"


def test_complaints_count_against_how_often_a_service_was_given_where_all_tell_it() -> None:
    served = _told("dukcapil", 96, 40, 20, served=1000) + _told("u1", 60, 40, 36, served=2000)
    found = _judged(served)
    assert (found.basis, found.change, found.others) == ("per_thousand", -20, -2)
    mixed = _judged(_told("dukcapil", 96, 40, 20, served=1000) + _told("u1", 60, 40, 36))
    assert (mixed.basis, mixed.change, mixed.others) == ("per_month", -20, -4)
