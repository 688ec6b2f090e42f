"""Whether a count rose over what is usual for its own series: a test of the newest months. Pure; the law is scipy's.

Monthly counts scatter more than Poisson's law says (one broken system brings many complaints), so the months before
give rate and dispersion (Pearson's), and the newest months are compared with a negative binomial law of that mean and
variance; the uncertainty of the rate itself is in the variance. With a dispersion of 1 that is Poisson's law. A
`statsmodels` regression would fit the same rate and dispersion at a hundred times the cost; `scipy` has the law.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal, NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from scipy import special

from shared.kernel.calendar import add_months

_TEN_THOUSAND, _LEAST_RATE = 10_000, 0.5


class Month(NamedTuple):
    """A month ("2026-05"), what was counted, and out of how many (1 where nobody counted those)."""

    month: str
    counted: int
    exposure: int = 1


class Rise(NamedTuple):
    """The newest `months` had `observed` where `expected` was usual; so much or more comes with this `chance`."""

    months: tuple[str, ...]
    observed: int
    expected: float
    chance: float


class Terms(BaseModel):
    """What counts as a rise (`rules/signals.yaml`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    valid_from: date
    source: str
    certainty: Literal["S", "P", "C"]
    baseline_months: Annotated[int, Field(ge=12)]
    least_months: Annotated[int, Field(ge=3)]
    chance: Mapping[int, Annotated[int, Field(ge=1, le=1000)]]
    quiet_months: Annotated[int, Field(ge=1)]
    fewest_answers: Annotated[int, Field(ge=1)]


@cache
def _all() -> tuple[Terms, ...]:
    raw = yaml.safe_load(files("services.registry").joinpath("rules/signals.yaml").read_text("utf-8"))
    return tuple(sorted(TypeAdapter(tuple[Terms, ...]).validate_python(raw), key=lambda one: one.valid_from))


def terms_of(month: str) -> Terms:
    """The newest terms that count in a month; before the first ones those first ones."""
    day, known = date.fromisoformat(f"{month}-01"), _all()
    return next((one for one in reversed(known) if one.valid_from <= day), known[0])


def rise(series: Sequence[Month], terms: Terms) -> Rise | None:
    """The rise of the newest months, the series being in the order of time; None without one, or too little known."""
    for width, chance in sorted(terms.chance.items()):
        base, new = series[-terms.baseline_months - width : -width], series[-width:]
        if len(base) < terms.least_months or not _follow(new):
            continue
        found = _tested(base, new)
        if found.chance * _TEN_THOUSAND < chance:
            return found
    return None


def _follow(months: Sequence[Month]) -> bool:
    """True for months that follow each other without a gap."""
    begun = date.fromisoformat(f"{months[0].month}-01")
    return all(one.month == f"{add_months(begun, n):%Y-%m}" for n, one in enumerate(months))


def _tested(base: Sequence[Month], new: Sequence[Month]) -> Rise:
    known, coming = sum(one.exposure for one in base), sum(one.exposure for one in new)
    rate = max(sum(one.counted for one in base), _LEAST_RATE) / known
    usual = [rate * one.exposure for one in base]
    pearson = sum((one.counted - mean) ** 2 / mean for one, mean in zip(base, usual, strict=True))
    dispersion = max(1.0, pearson / (len(base) - 1))
    mean, observed = rate * coming, sum(one.counted for one in new)
    variance = mean * dispersion * (1 + coming / known)
    share = mean / variance  # below 1, as the rate is uncertain: so there is always a negative binomial law
    # The upper tail of that law; scipy.stats has it by name, and takes two seconds of every start of the service.
    chance = float(special.betainc(observed, mean * share / (1 - share), 1 - share)) if observed else 1.0
    return Rise(tuple(one.month for one in new), observed, mean, chance)
