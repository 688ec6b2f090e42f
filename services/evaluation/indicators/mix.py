"""Regions compared at a like mix of cases: observed against expected results, and limits that chance explains. Pure.

Indirect standardisation: each case is expected to reach its result as often as cases like it do over all regions (its
stratum: kind of post, between agencies or not, a required course or not). O/E above 1 is better than the mix explains.
Limits of the funnel and intervals are exact: the number of results is a sum of unlike chances (Poisson binomial law),
and the interval holds every common odds ratio that the region's number does not reject (Clopper and Pearson 1934). See
Spiegelhalter 2005, Statistics in Medicine 24:1185, for funnel plots. Strata with few cases say little: a region that
alone fills a stratum is its own standard there, and counts as 1.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import exp
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special
from scipy.optimize import brentq

from services.evaluation.domain.audit.fairness import SMALLEST
from services.evaluation.domain.audit.intervals import LEVEL
from shared.kernel.decider import Frozen

FUNNEL = (0.95, 0.998)  # warning and action limits of the plot
_FARTHEST = 20.0  # as the logarithm of an odds ratio
Numbers = NDArray[np.float64]
Standing = Literal["better", "worse", "as_expected", "cannot_be_judged"]


class Case(Frozen):
    """A move that can be judged: its region, its stratum, and whether it reached its result."""

    region: str
    stratum: str
    reached: bool


class Compared(Frozen):
    """A region. `ratio` is observed over expected with its 95 per cent interval; `limits` are the ratios (low, high)
    between which chance explains it, at 95 and 99.8 per cent; nothing but the name of fewer than five cases. `standing`
    is judged by the 95 per cent limits; of many regions some fall outside by chance: a question and no proof."""

    region: str
    suppressed: bool = False
    cases: int = 0
    observed: int = 0
    expected: float = 0
    crude: float = 0
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    limits: tuple[tuple[float, float], ...] = ()
    standing: Standing = "cannot_be_judged"


def compare(cases: Sequence[Case]) -> tuple[Compared, ...]:
    """Every region, in the order of names. The order of input does not matter."""
    by_stratum, by_region = defaultdict[str, list[bool]](list), defaultdict[str, list[Case]](list)
    for one in cases:
        by_stratum[one.stratum].append(one.reached)
        by_region[one.region].append(one)
    chance = {stratum: sum(found) / len(found) for stratum, found in by_stratum.items()}
    return tuple(
        _compared(region, members, _groups(chance[one.stratum] for one in members))
        for region, members in sorted(by_region.items())
    )


def _groups(chances: Iterable[float]) -> dict[float, int]:
    """How many cases have each chance, in one order, so that sums come out the same to the last digit."""
    return dict(sorted(Counter(chances).items()))


def _compared(region: str, members: Sequence[Case], groups: Mapping[float, int]) -> Compared:
    if len(members) < SMALLEST:
        return Compared(region=region, suppressed=True)
    observed, expected = sum(one.reached for one in members), _mean(groups)
    told = Compared(
        region=region, cases=len(members), observed=observed, expected=expected, crude=observed / len(members)
    )
    if not any(0 < chance < 1 for chance in groups):
        return told
    ratio, (low, high) = observed / expected, interval(observed, groups)
    limits = tuple(_limits(groups, level) for level in FUNNEL)
    standing: Standing = "better" if ratio > limits[0][1] else "worse" if ratio < limits[0][0] else "as_expected"
    judged = {"ratio": ratio, "low": low, "high": high, "limits": limits, "standing": standing}
    return told.model_copy(update=judged)


def law(groups: Mapping[float, int]) -> Numbers:
    """Probability of 0, 1, … results where so many cases have each chance."""
    found = np.ones(1)
    for chance, many in groups.items():
        found = np.convolve(found, _binomial(many, chance))
    return found


def _binomial(many: int, chance: float) -> Numbers:
    """By logarithms, as `scipy.stats.binom` does it, which takes two seconds to fetch and twenty times as long."""
    hits = np.arange(many + 1)
    ways = special.gammaln(many + 1) - special.gammaln(hits + 1) - special.gammaln(many - hits + 1)
    found: Numbers = np.exp(ways + special.xlogy(hits, chance) + special.xlog1py(many - hits, -chance))
    return found


def _limits(groups: Mapping[float, int], level: float) -> tuple[float, float]:
    """The smallest and the largest ratio beyond which chance leads no more often than half of what the level leaves."""
    expected, summed = _mean(groups), np.cumsum(law(groups))
    tail = (1 - level) / 2
    low = int(np.searchsorted(summed, tail))
    high = int(np.searchsorted(summed, 1 - tail))
    return low / expected, high / expected


def interval(observed: int, groups: Mapping[float, int]) -> tuple[float, float]:
    """Bounds of observed over expected."""
    tail, expected = (1 - LEVEL) / 2, _mean(groups)
    certain, able = groups.get(1.0, 0), sum(many for chance, many in groups.items() if chance > 0)
    low, high = float(certain), float(able)
    if observed > certain:
        low = _mean(_at(groups, lambda moved: float(law(moved)[observed:].sum()) - tail))
    if observed < able:
        high = _mean(_at(groups, lambda moved: tail - float(law(moved)[: observed + 1].sum())))
    return low / expected, high / expected


def _at(groups: Mapping[float, int], rejected: Callable[[Mapping[float, int]], float]) -> dict[float, int]:
    """The groups with all chances moved by the one odds ratio at which the number is just not rejected."""
    found = brentq(lambda log: rejected(_moved(groups, exp(log))), -_FARTHEST, _FARTHEST, xtol=1e-9)
    return _moved(groups, exp(found))


def _moved(groups: Mapping[float, int], odds: float) -> dict[float, int]:
    return {odds * chance / (1 - chance + odds * chance): many for chance, many in groups.items()}


def _mean(groups: Mapping[float, int]) -> float:
    return sum(chance * many for chance, many in groups.items())
