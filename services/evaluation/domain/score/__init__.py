"""The score: how well a person fits, in exact fractions, factor by factor; missing is not zero. Pure.

One file per factor, each with its direction. Nothing else of a person enters: no name, sex, age, faith, origin.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import floor

from services.evaluation.domain.facts import Seen, Vacancy
from services.evaluation.domain.ruleset import WHOLE, Scoring
from services.evaluation.domain.score import (
    competence,
    distance,
    education,
    experience,
    interest,
    performance,
    talent,
)
from services.evaluation.domain.score.part import Direction, Part, missing
from shared.contracts.evaluation import Factor, Score

HUNDREDTHS = 100
BEST = WHOLE * HUNDREDTHS
FACTORS: Mapping[str, Callable[[Seen, Scoring], Part]] = {
    "competence": competence.part,
    "performance": performance.part,
    "education": education.part,
    "experience": experience.part,
    "interest": interest.part,
    "talent": talent.part,
    "distance": distance.part,
}
DIRECTIONS: Mapping[str, Direction] = {
    "competence": competence.DIRECTION,
    "performance": performance.DIRECTION,
    "education": education.DIRECTION,
    "experience": experience.DIRECTION,
    "interest": interest.DIRECTION,
    "talent": talent.DIRECTION,
    "distance": distance.DIRECTION,
}
OF_THE_FIELD = ("education", "experience")
"""Not weighed where the vacancy is for development: a change of field is its point (P03)."""


def half_up(value: Fraction) -> int:
    """Round to the nearest integer, halves up."""
    return floor(value + Fraction(1, 2))


def weights(vacancy: Vacancy, scoring: Scoring) -> Mapping[str, int]:
    """The vacancy's own weights if it gives any above 0, else the default, in the order of their names."""
    own = {name: weight for name, weight in vacancy.weights.items() if weight > 0}
    usual = {str(name): weight for name, weight in scoring.weights.items() if weight > 0}
    return dict(sorted((own or usual).items()))


def score(seen: Seen, scoring: Scoring) -> Score:
    """Weighted mean of the factors known, 0..10000; a weight nothing is known for is left out and listed."""
    whole = weights(seen.vacancy, scoring)
    spared = [name for name in whole if seen.vacancy.aim == "development" and name in OF_THE_FIELD]
    weighed = {name: weight for name, weight in whole.items() if name not in spared}
    parts = {name: FACTORS[name](seen, scoring) if name in FACTORS else missing() for name in weighed}
    known = {name: part.share for name, part in parts.items() if part.share is not None}
    return Score(
        total=total(known, weighed),
        factors=tuple(_factor(name, part, weighed[name], scoring) for name, part in parts.items()),
        missing=tuple(name for name in weighed if name not in known),
        spared=tuple(spared),
    )


def total(shares: Mapping[str, Fraction], weighed: Mapping[str, int]) -> int:
    """Weighted mean of these shares in hundredths of a point, 0 if there is none."""
    whole = sum(weighed[name] for name in shares)
    reached = sum((share * weighed[name] for name, share in shares.items()), Fraction(0))
    return half_up(BEST * reached / whole) if whole else 0


def _factor(name: str, part: Part, weight: int, scoring: Scoring) -> Factor:
    return Factor(
        name=name,
        raw=part.raw,
        points=None if part.share is None else half_up(part.share * weight * HUNDREDTHS),
        weight=weight,
        source=scoring.sources.get(name, ""),
        values={"scale": part.scale, "share": "" if part.share is None else str(part.share)},
    )
