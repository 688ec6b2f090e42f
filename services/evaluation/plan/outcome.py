"""Did a plan help: complaints of the units that got people, against a baseline and against units it left alone. Pure.

Months are told as wholes, so windows are whole months: `picking` the last ones before the plan was begun, which made
the units stand out; `before` those before them, the baseline; `after` the first whole ones once all moves had taken
effect, judged no sooner than ninety days after that (story 2). A figure is complaints per 1,000 services where every
month of every unit says how often it served, otherwise complaints a month; never one for this unit and one for that.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal

from services.evaluation.domain.audit.effects import Effect, Measured, change, effect
from services.evaluation.plan.facts import Entered, Served
from shared.kernel.decider import Frozen

MONTHS, WAIT = 3, timedelta(days=90)
Basis = Literal["per_thousand", "per_month"]
Waits = Literal["", "NOBODY_MOVED", "TOO_EARLY", "FIGURES_MISSING", "CONTROL_MISSING", "UNITS_FEW"]
Window = tuple[str, ...]


class Outcome(Frozen):
    """What is known today. `waits` says why it cannot be judged yet, "" if it is judged. `missing` are units that got
    people and have no figures for some month. `change` is how the figure of the units with moves changed, `others` how
    that of the units most like them did by themselves, both on average; what is left over is the effect."""

    effective_on: date | None = None
    due: date | None = None
    windows: Mapping[str, Window] = {}
    basis: Basis = "per_month"
    units: tuple[Measured, ...] = ()
    missing: tuple[str, ...] = ()
    change: float | None = None
    others: float | None = None
    baseline: float | None = None
    effect: Effect | None = None
    waits: Waits = ""


def awaited(begun: date | None, moved: Sequence[Entered], today: date) -> Outcome:
    """What is known before any figure is looked at: since when the plan has effect, and from when it can be judged."""
    if not any(move.unit != move.left for move in moved):
        return Outcome(waits="NOBODY_MOVED")
    effective = max(move.effective_on for move in moved)
    windows = _windows(begun or effective, effective)
    due = max(effective + WAIT, _first(windows["after"][-1], 1))
    return Outcome(effective_on=effective, due=due, windows=windows, waits="TOO_EARLY" if today < due else "")


def outcome(
    head: Outcome, moved: Sequence[Entered], touched: Iterable[str], served: Sequence[Served], expected: int
) -> Outcome:
    """What came of it. `moved` are the plan's moves that took effect, `touched` all units it takes from or gives to;
    `expected` is the change in per cent (-30) that was named when the plan was begun."""
    entered = {move.unit for move in moved if move.unit != move.left}
    basis, figures = _figures(served, head.windows)
    missing = tuple(sorted(entered - figures.keys()))
    units = tuple(
        Measured(unit=unit, moved=unit in entered, **windows)
        for unit, windows in sorted(figures.items())
        if unit in entered or unit not in {*touched, *(move.left for move in moved)}
    )
    found = head.model_copy(update={"basis": basis, "units": units, "missing": missing})
    means = change(units)
    if means is None:
        return found.model_copy(update={"waits": "FIGURES_MISSING" if missing else "CONTROL_MISSING"})
    judged = effect(units, expected / 100)
    waits = "UNITS_FEW" if judged.verdict == "cannot_be_judged" else ""
    told = {"change": means.own, "others": means.others, "baseline": means.baseline}
    return found.model_copy(update={**told, "effect": judged, "waits": waits})


def _windows(begun: date, effective: date) -> dict[str, Window]:
    starts = {"before": (begun, -2 * MONTHS), "picking": (begun, -MONTHS), "after": (effective, 1)}
    return {
        name: tuple(_first(f"{day:%Y-%m}", first + at).strftime("%Y-%m") for at in range(MONTHS))
        for name, (day, first) in starts.items()
    }


def _first(month: str, later: int) -> date:
    """The first day of the month so many months later."""
    year, number = divmod(int(month[:4]) * 12 + int(month[5:]) - 1 + later, 12)
    return date(year, number + 1, 1)


def _figures(served: Sequence[Served], windows: Mapping[str, Window]) -> tuple[Basis, dict[str, dict[str, float]]]:
    """Unit -> window -> figure, over the services that were told for every month; units without any are left out."""
    months = {month for window in windows.values() for month in window}
    told: dict[tuple[str, str], dict[str, Served]] = defaultdict(dict)
    for one in served:
        if one.month in months:
            told[one.unit, one.service][one.month] = one
    whole: dict[str, list[Mapping[str, Served]]] = defaultdict(list)
    for (unit, _), by_month in told.items():
        if by_month.keys() >= months:
            whole[unit].append(by_month)
    counted = all(one.served for services in whole.values() for by_month in services for one in by_month.values())
    basis: Basis = "per_thousand" if counted else "per_month"
    return basis, {
        unit: {name: _figure([s[m] for s in services for m in window], basis) for name, window in windows.items()}
        for unit, services in whole.items()
    }


def _figure(told: Sequence[Served], basis: Basis) -> float:
    complaints = sum(one.complaints for one in told)
    if basis == "per_month":
        return complaints / MONTHS
    return 1000 * complaints / sum(one.served or 0 for one in told)
