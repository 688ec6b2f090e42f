"""Shares and means with their 95 per cent intervals. Pure; the statistics are scipy's."""

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from operator import mul
from statistics import fmean, stdev, variance
from types import ModuleType
from typing import NamedTuple

LEVEL = 0.95
FEWEST = 2  # values from which a spread can be told


class Interval(NamedTuple):
    """An estimate and the bounds of its interval; bounds are None where nothing can be said of them."""

    value: float
    low: float | None
    high: float | None


@cache
def law() -> ModuleType:
    """`scipy.stats`, fetched when first asked for: it takes two seconds, for which no start of the service waits."""
    return import_module("scipy.stats")


def share(hits: int, of: int) -> Interval:
    """Share with its Wilson interval (Wilson 1927), which stays inside 0..1 for small groups too. `of` is above 0."""
    found = law().binomtest(hits, of).proportion_ci(LEVEL, method="wilson")
    return Interval(hits / of, float(found.low), float(found.high))


def mean(values: Sequence[float]) -> Interval:
    """Mean with Student's interval; without bounds for a single value. `values` is not empty."""
    middle = fmean(values)
    if len(values) < FEWEST:
        return Interval(middle, None, None)
    half = float(law().t.ppf((1 + LEVEL) / 2, len(values) - 1)) * stdev(values) / len(values) ** 0.5
    return Interval(middle, middle - half, middle + half)


def difference(first: Sequence[float], second: Sequence[float]) -> Interval:
    """Mean of the first minus mean of the second, with Welch's interval (Welch 1947); each has at least two values."""
    middle = fmean(first) - fmean(second)
    if max(first) == min(first) and max(second) == min(second):
        return Interval(middle, middle, middle)  # no spread at all: Welch divides by it
    found = law().ttest_ind(first, second, equal_var=False).confidence_interval(LEVEL)
    return Interval(middle, float(found.low), float(found.high))


def matched(first: Sequence[float], second: Sequence[float], weights: Sequence[float]) -> Interval:
    """Mean of the first minus the weighted mean of the second; the weights sum to 1.

    The interval is Welch's, where the second counts as many as its weights are worth, 1 over the sum of their squares
    (Kish 1965): who is compared with often tells no more each time. Bounds are None where that is below two.
    """
    middle = fmean(first) - sum(map(mul, second, weights))
    worth = 1 / sum(weight**2 for weight in weights)
    if len(first) < FEWEST or len(second) < FEWEST or worth < FEWEST:
        return Interval(middle, None, None)
    one, other = variance(first) / len(first), variance(second) / worth
    whole = one + other
    if not whole:
        return Interval(middle, middle, middle)  # no spread at all
    freedom = whole**2 / (one**2 / (len(first) - 1) + other**2 / (worth - 1))
    half = float(law().t.ppf((1 + LEVEL) / 2, freedom)) * whole**0.5
    return Interval(middle, middle - half, middle + half)
