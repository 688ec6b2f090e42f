"""What an indicator says: named figures with how many they rest on, or why it cannot be judged yet. Pure."""

from collections.abc import Sequence
from typing import Literal

from services.evaluation.domain.audit.fairness import SMALLEST
from services.evaluation.domain.audit.intervals import Interval, mean, share
from shared.kernel.decider import Frozen

Wait = Literal[
    "", "NOBODY_MOVED", "TOO_EARLY", "FIGURES_MISSING", "CONTROL_MISSING", "UNITS_FEW", "TOO_FEW", "NOT_RECORDED"
]


class Part(Frozen):
    """One figure over `n` people, units, cases or answers; None where it is not known or too few to be shown."""

    part: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0


class Reading(Frozen):
    """One indicator of an agency in a period; the first part is the headline. `waits` says why it cannot be judged."""

    indicator: str
    parts: tuple[Part, ...] = ()
    waits: Wait = ""


def part(name: str, found: Interval | None, n: int) -> Part:
    """A figure with its interval."""
    return Part(part=name, n=n) if found is None else Part(part=name, **found._asdict(), n=n)


def share_part(name: str, hits: int, of: int) -> Part:
    """A share with Wilson's interval, nothing of none."""
    return part(name, share(hits, of) if of else None, of)


def mean_part(name: str, values: Sequence[float]) -> Part:
    """A mean with Student's interval; opinions and ratings of fewer than five people are not shown."""
    return part(name, mean(values) if len(values) >= SMALLEST else None, len(values))


def judged(indicator: str, *parts: Part) -> Reading:
    """The reading; fewer than five under the headline cannot be judged yet, and none at all is not recorded."""
    head = parts[0].n
    waits: Wait = "" if head >= SMALLEST else "TOO_FEW" if head else "NOT_RECORDED"
    return Reading(indicator=indicator, parts=parts, waits=waits)
