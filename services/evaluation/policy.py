"""Who may do what (domain rule R55): route name -> rule; a route that is not here is denied."""

from services.evaluation.domain.case import Evaluation
from services.evaluation.domain.ranking.setting import setting
from services.evaluation.domain.ranking.state import Ranking
from services.evaluation.domain.review.followups import FollowUp, OpenFollowUp
from services.evaluation.domain.review.form import form
from services.evaluation.domain.review.state import Review
from services.evaluation.domain.training.catalogue import catalogue
from services.evaluation.domain.training.trainings import Training
from shared.contracts.tasks import Mandate
from shared.kernel.decider import Office
from shared.runtime.service import Asked, Policy

AUDITOR = "auditor"


def held_today(asked: Asked) -> list[Office]:
    """The offices that the caller holds on the day."""
    return [o for o in asked.actor.offices if o.since <= asked.on and (o.until is None or asked.on < o.until)]


def concerned(state: Evaluation, held: Office | Mandate) -> bool:
    """An office of the whole agency, or of the very unit, that the person leaves or goes to."""
    places = [place for place in (state.origin, state.target) if place is not None]
    return any(held.agency == place.agency and held.unit in ("", place.unit) for place in places)


def party(asked: Asked) -> bool:
    """The person, who holds an office concerned today, and auditors."""
    state: Evaluation = asked.state
    return bool(asked.actor.person and asked.actor.person == state.person) or any(
        held.office == AUDITOR or concerned(state, held) for held in held_today(asked)
    )


def auditor(asked: Asked) -> bool:
    """Who audits: over all agencies."""
    return any(held.office == AUDITOR for held in held_today(asked))


def examiner(asked: Asked) -> bool:
    """Who audits, and the administrator, who sees of it only which cases differ."""
    return asked.actor.admin or auditor(asked)


def anybody(_asked: Asked) -> bool:
    """Whoever is signed in: the rules are public."""
    return True


def linked(asked: Asked) -> bool:
    """Whoever is linked to a person: what they are told is about themselves."""
    return bool(asked.actor.person)


def official(asked: Asked) -> bool:
    """Who holds any office today; which rules it may waive is the decider's to say."""
    return bool(held_today(asked))


def mover(asked: Asked) -> bool:
    """Whom the review is about."""
    state: Review = asked.state
    return bool(asked.actor.person and asked.actor.person == state.person)


def superior(asked: Asked) -> bool:
    """Who is asked beside the person: the superior at the unit moved to, today."""
    state: Review = asked.state
    place = state.placement
    return place is not None and asked.actor.holds(form().offices.superior, asked.on, place.agency, place.unit)


def answers(asked: Asked) -> bool:
    """The two who are asked."""
    return mover(asked) or superior(asked)


def reviews(asked: Asked) -> bool:
    """The two who are asked, whoever follows up at the agency moved to, and auditors."""
    state: Review = asked.state
    agency = state.placement.agency if state.placement else ""
    return answers(asked) or auditor(asked) or asked.actor.holds(form().offices.follow_up, asked.on, agency)


def panel(asked: Asked) -> bool:
    """Who decides on a ranking at the agency of the vacancy."""
    state: Ranking = asked.state
    return state.placement is not None and any(
        held.agency == state.placement.agency and held.office in setting().offices for held in held_today(asked)
    )


def panel_or_auditor(asked: Asked) -> bool:
    """The whole ranking is for the panel, and for auditors."""
    return panel(asked) or auditor(asked)


def offered(asked: Asked) -> bool:
    """To whom the seat is offered."""
    state: Ranking = asked.state
    return any(line.case in state.offers and line.person == asked.actor.person for line in state.lines)


def keeps(asked: Asked) -> bool:
    """Who records courses and reassessments at the agency moved to."""
    state: Training = asked.state
    return state.placement is not None and asked.actor.holds(catalogue().keeper, asked.on, state.placement.agency)


def trains(asked: Asked) -> bool:
    """The person, their superior at the new place, who records, and auditors."""
    state: Training = asked.state
    place = state.placement
    own = bool(asked.actor.person and asked.actor.person == state.person)
    boss = place is not None and asked.actor.holds(form().offices.superior, asked.on, place.agency, place.unit)
    return own or boss or keeps(asked) or auditor(asked)


def trained(asked: Asked) -> bool:
    """Who records or decides at that agency, and auditors. The state is a `Training` that names the agency."""
    state: Training = asked.state
    agency = state.placement.agency if state.placement else ""
    return keeps(asked) or auditor(asked) or asked.actor.holds("ppk", asked.on, agency)


def follows_up(asked: Asked) -> bool:
    """Who finds out why at that agency; its appointing authority (PPK) as well."""
    state: FollowUp = asked.state
    return any(asked.actor.holds(office, asked.on, state.agency) for office in (form().offices.follow_up, "ppk"))


def looks_back(asked: Asked) -> bool:
    """Who follows up or decides at that agency, and auditors. The state is a `FollowUp` that names the agency."""
    return follows_up(asked) or auditor(asked)


def opens(asked: Asked) -> bool:
    """Who follows up at the agency that the command names."""
    command = asked.command
    return isinstance(command, OpenFollowUp) and asked.actor.holds(form().offices.follow_up, asked.on, command.agency)


def records(asked: Asked) -> bool:
    """Who follows up at the agency that the command is about, or moved to."""
    agency = getattr(asked.command, "agency", "")
    if isinstance(asked.state, Review):
        agency = asked.state.placement.agency if asked.state.placement else ""
    return bool(agency) and asked.actor.holds(form().offices.follow_up, asked.on, agency)


POLICY: Policy = {
    "evaluation.explain": linked,  # a party, or standing in for one: judged by the route, which looks up the latter
    "evaluation.repeat": party,
    "evaluation.applicants": official,
    "evaluation.changes": party,
    "evaluation.training": party,
    "evaluation.preview": linked,
    "evaluation.previews": linked,
    "careers.read": party,
    "evaluation.rank": party,
    "rankings.list": official,
    "rankings.read": panel_or_auditor,
    "rankings.choose": panel,
    "rankings.accept": offered,
    "rankings.decline": offered,
    "trainings.read": trains,
    "trainings.record": keeps,
    "trainings.reassess": keeps,
    "trainings.summary": trained,
    "evaluation.waive": official,
    "audits.fairness": auditor,
    "audits.replays": examiner,
    "audits.effects": official,
    "reviews.mine": anybody,
    "reviews.read": reviews,
    "reviews.answer": answers,
    "reviews.summary": looks_back,
    "reviews.cost": records,
    "indicators.read": looks_back,
    "indicators.moves": looks_back,
    "regions.compare": official,
    "lessons.note": records,
    "lessons.list": looks_back,
    "targets.record": records,
    "targets.list": looks_back,
    "follow_ups.list": looks_back,
    "follow_ups.open": opens,
    "follow_ups.close": follows_up,
    "rules.list": anybody,
    "rules.check": official,
}
