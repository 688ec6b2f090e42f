"""Workload analysis (analisis beban kerja, ABK): need, gap and load of posts, units and agencies. Pure.

R40-R42 of PermenPANRB 1/2020, on exact fractions: only the need of a post is rounded, half up, and the raw value stays
beside it. KP1 is the project's own measure of balance.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Annotated

from pydantic import Field, StringConstraints

from services.registry.domain.norms import Norms, Period
from shared.kernel.decider import Frozen

_HALF, _HUNDRED = Fraction(1, 2), 100


class Task(Frozen):
    """A task of a post: how often it comes in a period, and the norm time of one, in minutes (two decimals)."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    volume: Annotated[int, Field(ge=0, le=10_000_000)]
    period: Period = "year"
    minutes: Annotated[Decimal, Field(gt=0, le=75_000, decimal_places=2)]


class Post(Frozen):
    """A post as it is analysed: its tasks, None where nobody did; how many hold it (bezetting); its seats (formasi)."""

    post: str
    unit: str
    title: str = ""
    staff: Annotated[int, Field(ge=0)]
    seats: int = 0
    tasks: tuple[Task, ...] | None = None


class Need(Frozen):
    """What an analysis says of a post or a unit.

    `load` in minutes a year; `raw` and `need` in people; `gap` is staff less need (below 0: too few); `ratio` is EJ
    or EU with its class, None where nobody is there to do the work.
    """

    load: Fraction
    raw: Fraction
    need: int
    staff: int
    ratio: Fraction | None
    grade: str = ""

    @property
    def gap(self) -> int:
        """Surplus, or shortage below zero."""
        return self.staff - self.need


def load_of(tasks: Iterable[Task], norms: Norms) -> Fraction:
    """Minutes of work in a year."""
    return sum((Fraction(task.minutes) * task.volume * norms.periods[task.period] for task in tasks), Fraction(0))


def half_up(raw: Fraction) -> int:
    """The nearest whole number, a half upwards."""
    return int(raw + _HALF)


def post_need(tasks: Iterable[Task], staff: int, norms: Norms) -> Need:
    """R41 of a post with these tasks and so many holders."""
    load = load_of(tasks, norms)
    raw = load / norms.effective_minutes
    return _judged(load, raw, half_up(raw), staff, norms)


def need_of(post: Post, norms: Norms) -> Need | None:
    """The same of a post as it is analysed; None where nobody did."""
    return None if post.tasks is None else post_need(post.tasks, post.staff, norms)


def unit_need(posts: Sequence[Post], norms: Norms) -> Need:
    """R41 and R42 of a unit: the needs of its posts together, each rounded for itself, over the analysed posts."""
    known = [need for post in posts if (need := need_of(post, norms))]
    load = sum((need.load for need in known), Fraction(0))
    staff = sum(need.staff for need in known)
    return _judged(load, load / norms.effective_minutes, sum(need.need for need in known), staff, norms)


def _judged(load: Fraction, raw: Fraction, need: int, staff: int, norms: Norms) -> Need:
    ratio = load / (staff * norms.effective_minutes) if staff else None
    grade = norms.class_of(ratio) if ratio is not None else ""
    return Need(load=load, raw=raw, need=need, staff=staff, ratio=ratio, grade=grade)


class Balance(Frozen):
    """KP1 of an agency: the gaps of its units without their signs, and how uneven the load is over the units.

    `gini` is 0 when all carry the same; `spread` is the heaviest load over the lightest, None where that is 0.
    """

    gaps: int
    gini: Fraction
    spread: Fraction | None


def balance(units: Iterable[Need]) -> Balance:
    """KP1 over the units of an agency; those that nobody staffs count in the gaps only."""
    known = list(units)
    ratios = sorted(need.ratio for need in known if need.ratio is not None)
    lightest = ratios[0] if ratios else Fraction(0)
    return Balance(
        gaps=sum(abs(need.gap) for need in known),
        gini=_gini(ratios),
        spread=ratios[-1] / lightest if lightest else None,
    )


def _gini(ratios: Sequence[Fraction]) -> Fraction:
    total, many = sum(ratios, Fraction(0)), len(ratios)
    if not total:
        return Fraction(0)
    weighted = sum((place * ratio for place, ratio in enumerate(ratios, 1)), Fraction(0))
    return 2 * weighted / (many * total) - Fraction(many + 1, many)


def hundredths(value: Fraction) -> int:
    """For people and the wire: hundredths, half up."""
    return half_up(value * _HUNDRED)
