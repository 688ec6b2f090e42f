"""What counts as a rise: on many seeded series, how often it is seen where nothing rose, and where something did."""

from collections.abc import Sequence

import numpy as np
import pytest

from services.registry.domain.rise import Month, Rise, rise, terms_of

USUAL, RISEN, BEFORE, LOOKED = 40, 60, 58, 2
TERMS = terms_of("2026-10")
Law = tuple[float, str]
LAWS: tuple[Law, ...] = ((1.0, "Poisson"), (1.5, "over-dispersed"))


def counts(rng: np.random.Generator, mean: float, months: int, dispersion: float) -> list[int]:
    """Monthly counts whose variance is that many times their mean."""
    if dispersion == 1.0:
        return [int(one) for one in rng.poisson(mean, months)]
    return [int(one) for one in rng.negative_binomial(mean / (dispersion - 1), 1 / dispersion, months)]


def months(numbers: Sequence[int]) -> list[Month]:
    """A series from January 2020 on."""
    return [Month(f"{2020 + n // 12}-{n % 12 + 1:02}", number) for n, number in enumerate(numbers)]


def seen(numbers: Sequence[int]) -> bool:
    """Whether a rise is told in one of the last months, looked at as each of them comes in."""
    series = months(numbers)
    return any(rise(series[: len(series) - left], TERMS) for left in reversed(range(LOOKED)))


def share(seeds: int, mean: float, dispersion: float) -> float:
    """Share of seeded series in which a rise is seen when the last months have that mean."""
    found = 0
    for seed in range(seeds):
        rng = np.random.default_rng([seed, round(mean), round(dispersion * 10)])
        usual = counts(rng, USUAL, BEFORE, dispersion)
        found += seen([*usual, *counts(rng, mean, LOOKED, dispersion)])
    return found / seeds


def test_of_a_thousand_series_where_nothing_rose_at_most_five_in_a_hundred_are_told() -> None:
    assert 0 < np.mean([share(500, USUAL, dispersion) for dispersion, _ in LAWS]) <= 0.05


def test_of_two_hundred_planted_rises_nine_in_ten_are_found_within_two_months() -> None:
    found = {name: share(100, RISEN, dispersion) for dispersion, name in LAWS}
    assert min(found.values()) >= 0.90, found


def test_the_rise_tells_what_was_usual_and_how_likely_it_is() -> None:
    found = rise(months([41, 39, 40, 42, 38, 40] * 6 + [96]), TERMS)
    assert found == Rise(("2023-01",), 96, 40.0, found.chance if found else 1.0)
    assert found
    assert found.chance < 1e-9


@pytest.mark.parametrize(
    ("numbers", "why"),
    [
        ([40] * 11 + [200], "too short a past"),
        ([40] * 36 + [41], "as usual"),
        ([0] * 36 + [1], "one after none"),
        ([40] * 36 + [10], "it fell"),
    ],
)
def test_what_is_no_rise(numbers: list[int], why: str) -> None:
    assert rise(months(numbers), TERMS) is None, why


def test_a_month_that_is_missing_is_not_skipped_over() -> None:
    series = [*months([40] * 24), Month("2022-03", 52), Month("2022-05", 52)]
    joined = [*months([40] * 24), Month("2022-03", 52), Month("2022-04", 52)]
    assert rise(series, TERMS) is None
    assert rise(joined, TERMS) is not None


def test_twice_the_complaints_about_twice_the_service_are_no_rise() -> None:
    busy = [Month(one.month, one.counted, 1000) for one in months([40] * 24)]
    assert rise([*busy, Month("2022-01", 80, 2000)], TERMS) is None
    assert rise([*busy, Month("2022-01", 80, 1000)], TERMS) is not None
