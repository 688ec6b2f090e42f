"""Performance: the predicates of the last closed years. Source: PermenPANRB 6/2022 [S]; points of each [C]."""

from fractions import Fraction

from services.evaluation.domain.facts import Seen
from services.evaluation.domain.predicates import RATINGS, closed_years
from services.evaluation.domain.ruleset import WHOLE, Scoring
from services.evaluation.domain.score.part import Direction, Part, missing
from shared.kernel.performance import Predicate

DATUM = "predicate of a rated year"
DIRECTION: Direction = "rising"


def part(seen: Seen, scoring: Scoring) -> Part:
    """Mean of the points of the known predicates."""
    ratings = seen.employee.performance
    years = closed_years(seen.on, scoring.performance_years, ratings)
    known = [RATINGS[ratings[year]] for year in years if ratings.get(year) in RATINGS]
    scale = ", ".join(f"{code.value} {scoring.performance[code]}" for code in Predicate)
    if not known:
        return missing(scale)
    points = sum(scoring.performance[code] for code in known)
    return Part(", ".join(code.value for code in known), Fraction(points, len(known) * WHOLE), scale)
