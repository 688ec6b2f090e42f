"""How the invented people are spread: the shape of the published ASN statistics, approximately.

Taken from memory of BKN's half-yearly statistics of 2023 to 2025, rounded, not checked against a table
[P]: women are about 56 of 100; ages rise towards 45 to 55; of the PNS 1 in 100 is in golongan I, 14 in
II, 60 in III and 25 in IV; about 65 in 100 have S-1 or D-IV, 12 in 100 S-2, the rest D-III and below; of
the posts about one in ten is structural, half are functional (most of them teachers and health staff),
the rest pelaksana; about one in five ASN is PPPK. The mix of units and posts in government.yaml gives
post kinds, ranks and education; this file gives the rest. Where the demo differs: every unit has its
heads, so of 1,000 people 19 in 100 are structural and of 20,000 one in 100; golongan I is left out and
IV is rarer (15 and 5 in 100); SMA stands for all schooling below D-III.
"""

from functools import cache
from importlib.resources import files
from random import Random

import yaml
from pydantic import BaseModel, ConfigDict

WOMEN = 0.56
PPPK = 0.2  # of those in functional and staff posts
CPNS = 0.02
# (first age, weight of the five years from it)
AGES = ((25, 6), (30, 11), (35, 16), (40, 18), (45, 18), (50, 19), (55, 12))
PREDICATES = (("good", 84), ("very_good", 9), ("needs_improvement", 4), ("poor", 1), ("", 2))
STATUSES = (("active", 970), ("study", 10), ("unpaid_leave", 10), ("suspended", 2), ("seconded", 8))
BETTER_EDUCATED = 0.15  # hold one level more than the post asks for
UNDER_PROCESS, BOUND, NOT_ASSESSED, INTERESTED, MARRIED = 0.01, 0.01, 0.05, 0.3, 0.02

_MONONYM = 0.06


class _Names(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    men: list[str]
    women: list[str]
    family: list[str]


@cache
def _names() -> _Names:
    return _Names.model_validate(yaml.safe_load(files(__package__).joinpath("names.yaml").read_text("utf-8")))


def weighted(random: Random, choices: tuple[tuple[str, int], ...]) -> str:
    """One of the choices by weight."""
    return random.choices([name for name, _ in choices], [weight for _, weight in choices])[0]


def age(random: Random, youngest: int, oldest: int) -> int:
    """Full years, both ends inside, by the spread of ages."""
    years = range(youngest, oldest + 1)
    return random.choices(years, [_weight(year) for year in years])[0]


def _weight(year: int) -> int:
    return next((weight for first, weight in reversed(AGES) if year >= first), 1)


def name(random: Random, *, woman: bool) -> str:
    """A name of one to three words, without titles."""
    names = _names()
    first = random.choice(names.women if woman else names.men)
    if random.random() < _MONONYM:
        return first
    return " ".join([first, *random.sample(names.family, random.choice((1, 1, 2)))])
