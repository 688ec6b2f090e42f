"""Distance: how far the move goes, in steps of organisation and map. Points of each: setting of the project [C]."""

from fractions import Fraction

from services.evaluation.domain.facts import Seen
from services.evaluation.domain.ruleset import WHOLE, Scoring, Step
from services.evaluation.domain.score.part import Direction, Part, missing

DATUM = "distance between the seat left and the seat wanted"
DIRECTION: Direction = "falling"


def step(seen: Seen) -> Step | None:
    """How far, None while the provinces of two agencies are not known."""
    origin, target = seen.employee.placement, seen.vacancy.placement
    if origin.agency == target.agency:
        return "same_unit" if origin.unit == target.unit else "same_agency"
    regions = [seen.regions[agency] for agency in (origin.agency, target.agency) if agency in seen.regions]
    provinces = [region.province for region in regions if region.province]
    if len(provinces) < len((origin, target)):
        return None
    return "same_province" if provinces[0] == provinces[1] else "elsewhere"


def part(seen: Seen, scoring: Scoring) -> Part:
    """Points of the step."""
    scale = ", ".join(f"{name} {points}" for name, points in scoring.distance.items())
    found = step(seen)
    return missing(scale) if found is None else Part(found, Fraction(scoring.distance[found], WHOLE), scale)
