"""Education: whether the field of study is one the post names (B03). Source: PP 11/2017 ps 190(4) [S]."""

from fractions import Fraction

from services.evaluation.domain.facts import Seen
from services.evaluation.domain.ruleset import Scoring
from services.evaluation.domain.score.part import Direction, Part

DATUM = "field of education"
DIRECTION: Direction = "none"  # fields have no order


def part(seen: Seen, _scoring: Scoring) -> Part:
    """One or nothing; if the post names no field, nothing is compared."""
    fields, has = seen.vacancy.requirements.education_fields, seen.employee.education_field
    share = Fraction(has in fields) if fields and has else None
    return Part(has, share, ", ".join(sorted(fields)))
