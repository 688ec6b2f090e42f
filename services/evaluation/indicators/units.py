"""Units that got people against units without moves, in windows of whole months around the moves. Pure.

The windows are those of a plan (`plan.outcome`): three months before the first move made the units stand out and are no
baseline; the baseline are the three before those; after are the first three whole months once all had effect. What is
told every month counts for a unit only where no month is missing; a survey needs one month in each window.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from services.evaluation.domain.audit.effects import Measured, change, effect
from services.evaluation.domain.audit.intervals import Interval
from services.evaluation.indicators.facts import Surveyed
from services.evaluation.indicators.reading import Reading, Wait, part
from services.evaluation.plan.facts import Entered, Served
from services.evaluation.plan.outcome import Outcome, awaited, outcome
from shared.kernel.decider import Frozen

_LEAST = -0.0001  # any fall is what is looked for: an agency's period has no one expected figure
_WORST = 10_000


class Told(NamedTuple):
    """What was counted in a month, out of how many; a higher share is worse."""

    unit: str
    month: str
    counted: float
    out_of: float


class Moves(Frozen):
    """The moves of a period that changed units: `ripe` are those whose months after are over. `touched` are all units
    that gave or got people, then or since: none of them is one to compare with."""

    ripe: tuple[Entered, ...] = ()
    touched: frozenset[str] = frozenset()
    any: bool = False


def moves_of(period: Sequence[Entered], since: Sequence[Entered], today: date) -> Moves:
    """`period` are the moves of the period, `since` all that took effect since it began."""
    across = [move for move in period if move.unit != move.left]
    ripe = tuple(move for move in across if not awaited(None, [move], today).waits)
    touched = {unit for move in (*period, *since) if move.unit != move.left for unit in (move.left, move.unit)}
    return Moves(ripe=ripe, touched=frozenset(touched), any=bool(across))


def months_of(moves: Moves, today: date) -> dict[str, tuple[str, ...]]:
    """The windows of these moves, none without a ripe one."""
    return dict(_head(moves, today).windows) if moves.ripe else {}


def complaints(moves: Moves, served: Sequence[Served], today: date) -> Reading:
    """KP2, by the same rules as the outcome of a plan."""
    if wait := _wait(moves):
        return Reading(indicator="KP2", waits=wait)
    found = outcome(_head(moves, today), moves.ripe, moves.touched, served, -1)
    if found.change is None:
        wait = "FIGURES_MISSING" if found.missing or not served else "CONTROL_MISSING"
        return Reading(indicator="KP2", waits=wait)
    return _read("KP2", found.units)


def dissatisfied(moves: Moves, served: Sequence[Served], today: date) -> Reading:
    """KP3: what is lacking of 100 points of satisfaction, the mean of the surveys of a window."""
    asked = (one for one in served if one.satisfaction is not None)
    told = [Told(one.unit, one.month, (_WORST - (one.satisfaction or 0)) / 100, 1) for one in asked]
    return compared("KP3", moves, told, today)


def pulse(indicator: str, name: str, moves: Moves, surveyed: Sequence[Surveyed], today: date) -> Reading:
    """Share of the answers of a unit that were so."""
    counted = ((one, getattr(one, name)) for one in surveyed)
    told = [Told(one.unit, one.month, count, one.answers) for one, count in counted if count is not None]
    return compared(indicator, moves, told, today)


def compared(indicator: str, moves: Moves, told: Iterable[Told], today: date) -> Reading:
    """The change of units with moves beyond that of the most similar ones without."""
    if wait := _wait(moves):
        return Reading(indicator=indicator, waits=wait)
    figures = _figures(told, _head(moves, today).windows)
    entered = {move.unit for move in moves.ripe}
    units = tuple(
        Measured(unit=unit, moved=unit in entered, **windows)
        for unit, windows in sorted(figures.items())
        if unit in entered or unit not in moves.touched
    )
    return _read(indicator, units)


def _head(moves: Moves, today: date) -> Outcome:
    return awaited(min(move.effective_on for move in moves.ripe), moves.ripe, today)


def _wait(moves: Moves) -> Wait:
    if moves.ripe:
        return ""
    return "TOO_EARLY" if moves.any else "NOBODY_MOVED"


def _figures(told: Iterable[Told], windows: Mapping[str, Sequence[str]]) -> dict[str, dict[str, float]]:
    """Unit -> window -> share, for units that told something in every window."""
    by_unit: dict[str, dict[str, Told]] = defaultdict(dict)
    for one in told:
        by_unit[one.unit][one.month] = one
    found: dict[str, dict[str, float]] = {}
    for unit, by_month in by_unit.items():
        known = {name: [by_month[month] for month in window if month in by_month] for name, window in windows.items()}
        if all(known.values()):
            found[unit] = {name: _share(months) for name, months in known.items()}
    return found


def _share(months: Sequence[Told]) -> float:
    return sum(one.counted for one in months) / sum(one.out_of for one in months)


def _read(indicator: str, units: Sequence[Measured]) -> Reading:
    means, many = change(units), sum(one.moved for one in units)
    if means is None:
        return Reading(indicator=indicator, waits="CONTROL_MISSING" if many else "FIGURES_MISSING")
    found = effect(units, _LEAST)
    parts = (
        part("effect", found.effect or Interval(means.own - means.others, None, None), many),
        part("before", Interval(means.baseline, None, None), many),
        part("change", Interval(means.own, None, None), many),
        part("others", Interval(means.others, None, None), len(units) - many),
    )
    return Reading(indicator=indicator, parts=parts, waits="" if found.effect else "UNITS_FEW")
