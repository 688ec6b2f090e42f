"""Interest and preference: whether the person named what is offered (B02, P05). Source: the person's own statement."""

from fractions import Fraction

from services.evaluation.domain.facts import Seen
from services.evaluation.domain.ruleset import Scoring
from services.evaluation.domain.score.part import Direction, Part, missing

DATUM = "interests that name what is offered"
DIRECTION: Direction = "rising"


def part(seen: Seen, _scoring: Scoring) -> Part:
    """One or nothing: the unit, the post, its kind or title, or one of its fields was named."""
    target, demand = seen.vacancy, seen.vacancy.requirements
    offered = {target.placement.agency, target.placement.unit, target.placement.post, target.post_title}
    offered |= {target.post_kind, *demand.education_fields, *demand.experience_fields}
    wanted = {name.casefold() for name in seen.employee.interests if name}
    if not wanted:
        return missing("1")
    return Part(", ".join(sorted(wanted)), Fraction(bool(wanted & {name.casefold() for name in offered})), "1")
