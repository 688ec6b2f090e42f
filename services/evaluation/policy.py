"""Who may do what (domain rule R55): route name -> rule; a route that is not here is denied."""

from services.evaluation.domain.case import Evaluation
from shared.kernel.decider import Office
from shared.runtime.service import Asked, Policy

AUDITOR = "auditor"


def held_today(asked: Asked) -> list[Office]:
    """The offices that the caller holds on the day."""
    return [o for o in asked.actor.offices if o.since <= asked.on and (o.until is None or asked.on < o.until)]


def _concerned(state: Evaluation, held: Office) -> bool:
    """An office of the whole agency, or of the very unit, that the person leaves or goes to."""
    places = [place for place in (state.origin, state.target) if place is not None]
    return any(held.agency == place.agency and held.unit in ("", place.unit) for place in places)


def party(asked: Asked) -> bool:
    """The person, who holds an office concerned today, and auditors."""
    state: Evaluation = asked.state
    return bool(asked.actor.person and asked.actor.person == state.person) or any(
        held.office == AUDITOR or _concerned(state, held) for held in held_today(asked)
    )


def auditor(asked: Asked) -> bool:
    """Who audits: over all agencies."""
    return any(held.office == AUDITOR for held in held_today(asked))


def anybody(_asked: Asked) -> bool:
    """Whoever is signed in: the rules are public."""
    return True


def official(asked: Asked) -> bool:
    """Who holds any office today; which rules it may waive is the decider's to say."""
    return bool(held_today(asked))


POLICY: Policy = {
    "evaluation.explain": party,
    "evaluation.repeat": party,
    "evaluation.changes": party,
    "evaluation.waive": official,
    "audits.fairness": auditor,
    "audits.effects": official,
    "rules.list": anybody,
    "rules.check": official,
}
