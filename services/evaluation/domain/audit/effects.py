"""Did the moves help? Units with moves against units without, before and after, with regression to the mean. Pure.

A unit is picked for moves because its complaints peaked, and a peak falls by itself: before and after alone call that
a success (KP2). Two things are done about it. The window that picked the unit is no baseline: the baseline is another
one, by other figures. And each unit is compared with units without moves that stood like it in the window that picked:
what those changed by themselves is taken off (difference in differences on matched units).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from services.evaluation.domain.audit.intervals import Interval, matched, mean
from shared.kernel.decider import Frozen

Verdict = Literal["reached", "partly", "not_reached", "cannot_be_judged"]
THINNEST = 5  # units on either side; fewer cannot be judged yet
NEAREST = 5  # comparison units of each unit with moves


class Measured(Frozen):
    """A unit's figure (complaints per 1,000 services, say; lower is better) in three windows: that which picked units
    for moves, the baseline, and after the moves. `moved`: it had moves."""

    unit: str
    moved: bool
    picking: float
    before: float
    after: float


class Effect(Frozen):
    """Change of the units with moves beyond that of comparable ones (negative: it fell by more), with its interval;
    `raw` is before and after alone, for comparison. `units` had moves, `compared` are the comparison units used."""

    units: int
    compared: int
    raw: Interval | None = None
    effect: Interval | None = None
    share: Interval | None = None
    verdict: Verdict
    follow_up: bool


class Change(NamedTuple):
    """From before to after: of a unit with moves, of the units most like it, and the unit's figure before."""

    own: float
    others: float
    baseline: float


def effect(measured: Sequence[Measured], expected: float) -> Effect:
    """The effect against the expected one: a share of the baseline, as in -0.3 for "30 per cent fewer".

    Reached: the interval keeps below zero and the estimate is at least as good as expected. Partly: below zero, but
    less than expected. Not reached: the interval holds zero, or the figure rose. Without five units on either side
    it cannot be judged yet, which is no success. Whatever is not reached opens a follow-up (J10).
    """
    units = sorted((one for one in measured if one.moved), key=lambda one: one.unit)
    others = sorted((one for one in measured if not one.moved), key=lambda one: one.unit)
    if len(units) < THINNEST or len(others) < THINNEST:
        return Effect(units=len(units), compared=len(others), verdict="cannot_be_judged", follow_up=False)
    near = {unit.unit: _nearest(unit, others) for unit in units}
    pairs = [_pair(unit, near[unit.unit]) for unit in units]
    used = {other.unit for found in near.values() for other in found}
    found = _beyond(units, near)
    baseline = sum(pair.baseline for pair in pairs) / len(pairs)
    relative = Interval(*(None if part is None else part / baseline for part in found)) if baseline else None  # type: ignore[arg-type]
    verdict = _verdict(relative, expected)
    return Effect(
        units=len(units),
        compared=len(used),
        raw=mean([pair.own for pair in pairs]),
        effect=found,
        share=relative,
        verdict=verdict,
        follow_up=verdict in ("partly", "not_reached"),
    )


def change(measured: Sequence[Measured]) -> Change | None:
    """The means over the units with moves, however few; None without any, or without one to compare with."""
    others = [one for one in measured if not one.moved]
    pairs = [_pair(one, _nearest(one, others)) for one in measured if one.moved and others]
    return Change(*(sum(column) / len(pairs) for column in zip(*pairs, strict=True))) if pairs else None


def _nearest(unit: Measured, others: Sequence[Measured]) -> list[Measured]:
    return sorted(others, key=lambda other: (abs(other.picking - unit.picking), other.unit))[:NEAREST]


def _pair(unit: Measured, near: Sequence[Measured]) -> Change:
    others = sum(other.after - other.before for other in near) / len(near)
    return Change(unit.after - unit.before, others, unit.before)


def _beyond(units: Sequence[Measured], near: Mapping[str, Sequence[Measured]]) -> Interval:
    """Mean of the matched differences; as wide as comparison units that serve several times leave it."""
    served = Counter(other for found in near.values() for other in found)
    weights = [many / served.total() for many in served.values()]
    return matched([u.after - u.before for u in units], [u.after - u.before for u in served], weights)


def _verdict(share: Interval | None, expected: float) -> Verdict:
    if share is None or share.high is None:
        return "cannot_be_judged"
    if share.high >= 0:
        return "not_reached"
    return "reached" if share.value <= expected else "partly"
