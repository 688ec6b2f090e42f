"""How often an effect is called that is none, found that was planted, and how often intervals hold the truth.

`python -m tests.bench.outcomes [WORLDS]`: simulated units, people and regions of the unit tests, by the thousand.
"""

import sys
from collections.abc import Callable, Sequence

from services.evaluation.domain.audit.effects import effect
from services.evaluation.indicators.mix import compare
from tests.unit.evaluation.test_audit import world as units
from tests.unit.indicators.test_mix import world as regions
from tests.unit.indicators.test_readings import gain

Found = tuple[float, float, float]  # estimate, low, high


def say(line: str) -> None:
    """To the terminal, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def unit_effect(seed: int, truth: float) -> Found:
    """The change against comparable units, as a share of the baseline."""
    share = effect(units(seed, truth), -0.3).share
    assert share is not None
    return share.value, share.low or 0.0, share.high or 0.0


def rating(seed: int, truth: float) -> Found:
    """KP4 in steps."""
    found = gain(seed, truth)[0]
    return found.value or 0.0, found.low or 0.0, found.high or 0.0


def table(name: str, look: Callable[[int, float], Found], truths: Sequence[float], worlds: int) -> None:
    """One line for each truth."""
    for truth in truths:
        found = [look(seed, truth) for seed in range(worlds)]
        called = sum(not low <= 0 <= high for _, low, high in found) / worlds
        held = sum(low <= truth <= high for _, low, high in found) / worlds
        mean = sum(value for value, _, _ in found) / worlds
        say(f"{name} {truth:+.2f}: mean {mean:+.3f}, told from zero {called:.1%}, interval holds the truth {held:.1%}")


def limits(odds: float, worlds: int) -> None:
    """Regions: how often one stands outside the 95 per cent limits, the first one having these odds."""
    made = [compare(regions(seed, odds)) for seed in range(worlds)]
    first = sum(one[0].standing == "better" for one in made) / worlds
    rest = [region for one in made for region in one[1:]]
    outside = sum(region.standing != "as_expected" for region in rest) / len(rest)
    held = sum((region.low or 0) <= 1 <= (region.high or 0) for region in rest) / len(rest)
    say(f"regions {odds:g}: first better {first:.1%}, others outside {outside:.1%}, interval holds 1 {held:.1%}")


def main(worlds: int) -> None:
    """Everything."""
    table("units", unit_effect, (0.0, -0.2, -0.4), worlds)
    table("ratings", rating, (0.0, 0.8), worlds)
    for odds in (1.0, 2.0, 4.0):
        limits(odds, worlds // 4)


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 1000)
