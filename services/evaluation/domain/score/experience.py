"""Experience: years in the fields the post names. Source: PP 11/2017 ps 190(4) [S]; in full at so many years [C]."""

from fractions import Fraction

from services.evaluation.domain.facts import Seen
from services.evaluation.domain.fit import relevant_years
from services.evaluation.domain.ruleset import Scoring
from services.evaluation.domain.score.part import Direction, Part, missing

DATUM = "years in a relevant field"
DIRECTION: Direction = "rising"


def part(seen: Seen, scoring: Scoring) -> Part:
    """Years up to those that count in full."""
    full = scoring.experience_full_years
    if not seen.employee.experience:
        return missing(str(full))
    years = max(0, relevant_years(seen))
    return Part(str(years), Fraction(min(years, full), full), str(full))
