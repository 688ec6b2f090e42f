"""Who may read an evaluation (domain rule R55): route name -> rule; a route that is not here is denied."""

from services.evaluation.domain.case import Evaluation
from shared.kernel.decider import Office
from shared.runtime.service import Asked, Policy

AUDITOR = "auditor"


def _concerned(state: Evaluation, held: Office) -> bool:
    """An office of the whole agency, or of the very unit, that the person leaves or goes to."""
    places = [place for place in (state.origin, state.target) if place is not None]
    return any(held.agency == place.agency and held.unit in ("", place.unit) for place in places)


def party(asked: Asked) -> bool:
    """The person, who holds an office concerned today, and auditors."""
    state: Evaluation = asked.state
    today = [o for o in asked.actor.offices if o.since <= asked.on and (o.until is None or asked.on < o.until)]
    return bool(asked.actor.person and asked.actor.person == state.person) or any(
        held.office == AUDITOR or _concerned(state, held) for held in today
    )


POLICY: Policy = {"evaluation.explain": party}
