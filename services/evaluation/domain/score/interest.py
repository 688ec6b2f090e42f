"""Interest and preference: whether the person named what is offered (B02, P05). Source: the person's own statement."""

from fractions import Fraction

from services.evaluation.domain.facts import Seen
from services.evaluation.domain.ruleset import Scoring
from services.evaluation.domain.score.part import Direction, Part, missing
from shared.contracts.evaluation import Preference

DATUM = "interests or preferences that name what is offered"
DIRECTION: Direction = "rising"


def part(seen: Seen, _scoring: Scoring) -> Part:
    """One or nothing: the unit, the post, its kind or title, or one of its fields was named.

    The place in the person's order gives no points: who lists little would else be better off than who lists much.
    """
    ordered = [name.casefold() for name in seen.employee.preferences if name]
    wanted = {name.casefold() for name in seen.employee.interests if name}
    if not (ordered or wanted):
        return missing("1")
    told = [*(f"{place}. {name}" for place, name in enumerate(ordered, 1)), *sorted(wanted)]
    return Part(", ".join(told), Fraction(bool({*ordered, *wanted} & _offered(seen))), "1")


def preferred(seen: Seen) -> Preference | None:
    """The best place in the person's order (KP6) that names what is offered; None where no order was told."""
    ordered = [name.casefold() for name in seen.employee.preferences if name]
    if not ordered:
        return None
    offered = _offered(seen)
    rank = next((place for place, name in enumerate(ordered, 1) if name in offered), 0)
    return Preference(rank=rank, of=len(ordered))


def _offered(seen: Seen) -> set[str]:
    target, demand = seen.vacancy, seen.vacancy.requirements
    offered = {target.placement.agency, target.placement.unit, target.placement.post, target.post_title}
    return {
        name.casefold() for name in offered | {target.post_kind, *demand.education_fields, *demand.experience_fields}
    }
