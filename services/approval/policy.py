"""Who may see and do what (domain rule R55): route name -> rule; a route that is not here is denied.

Whether somebody may act on a task (office held or stood in for, separation of duties, claim) is decided in the domain,
with a reason of its own for each; here is who may come to the door at all.
"""

from collections.abc import Collection

from services.approval.deciders import APPOINTERS
from services.approval.domain import Case, Deputies
from shared.kernel.decider import Frozen
from shared.runtime.service import Asked, Policy


def linked(asked: Asked) -> bool:
    """Anybody whose login is linked to a person."""
    return bool(asked.actor.person)


def anybody(asked: Asked) -> bool:
    """Anybody whose login is linked to a person, and the administrator: what the law prescribes is no secret."""
    return linked(asked) or asked.actor.admin


def moved(case: Case) -> bool:
    """The person has moved: from that day on the superiors they left see nothing of them (E24)."""
    return (case.status, case.cause) == ("closed", "completed")


def _places(case: Case) -> set[tuple[str, str]]:
    """Agencies and units whose business the case is."""
    places = {(stage.agency, unit) for stage in case.plan for unit in ("", stage.unit)}
    target = case.target
    if target is not None and not case.plan:  # one of a list: the chain was that of the whole list
        places = {(target.agency, ""), (target.agency, target.unit)}
    if target is None or not moved(case):
        return places
    return {(agency, unit) for agency, unit in places if agency == target.agency and unit in ("", target.unit)}


def official(asked: Asked) -> bool:
    """Holds an office of an agency the case passes through, or of a unit of it; other units see nothing."""
    held = asked.actor.offices
    return linked(asked) and any(
        asked.actor.holds(office.office, asked.on, agency, unit)
        for office in held
        for agency, unit in _places(asked.state)
    )


def at_desk(asked: Asked) -> bool:
    """An official of the case, or whoever holds its task: a substitute, or one who left the office since."""
    case: Case = asked.state
    claimed = any(task.claimed_by == asked.actor.person for task in case.tasks)
    return linked(asked) and (claimed or official(asked))


def stands_in(case: Case, places: Collection[tuple[str, str, str]]) -> bool:
    """Whether a task that waits is at one of these desks: an office, agency and unit that somebody stands in for."""
    return any((task.office, task.agency, task.unit) in places for task in case.tasks)


def party(asked: Asked) -> bool:
    """The person whose case it is, those at its desk, and, until the move, whoever decided a task of it."""
    case: Case = asked.state
    me = asked.actor.person
    acted = me in case.acted and not moved(case)
    return linked(asked) and (me == case.person or acted or at_desk(asked))


def substitute(asked: Asked) -> bool:
    """The person who stands in, and the offices that appoint in an agency they stand in for."""
    deputies: Deputies = asked.state
    held = {(held.office, held.agency) for held in asked.actor.offices if held.office in APPOINTERS}
    here = {(office, mandate.agency) for office in APPOINTERS for mandate in deputies.mandates}
    mine = any(asked.actor.holds(office, asked.on, agency) for office, agency in held & here)
    return linked(asked) and (asked.actor.person == deputies.substitute or mine)


def ticketed(_asked: Asked) -> bool:
    """Whoever shows a ticket: the route itself checks it, and that the paper is about the person it names."""
    return True


class Of(Frozen):
    """The agency that a figure is about."""

    agency: str


def watches(asked: Asked) -> bool:
    """Who looks back at moves of the agency, and auditors."""
    state: Of = asked.state
    held = any(asked.actor.holds(office, asked.on, state.agency) for office in ("personnel_verifier", "ppk"))
    return held or asked.actor.holds("auditor", asked.on)


def compares(asked: Asked) -> bool:
    """Who looks back at moves of any agency, and auditors."""
    return any(asked.actor.holds(office, asked.on) for office in ("personnel_verifier", "ppk", "auditor"))


POLICY: Policy = {
    "speed.read": watches,
    "speed.compare": compares,
    "task.list": linked,
    "task.read": linked,  # at its desk, or standing in there: judged by the route, which looks up the latter
    "task.claim": linked,
    "task.release": at_desk,
    "task.decide": linked,
    "task.forward": linked,
    "task.ask": at_desk,
    "task.answer": party,
    "task.recall": linked,
    "task.bulk": linked,
    "case.comment": party,
    "substitute.appoint": linked,
    "substitute.end": linked,
    "substitute.read": substitute,
    "substitute.list": linked,
    "chain.explain": anybody,
    "case.list": linked,
    "case.read": party,
    "decree.read": party,
    "decree.pdf": party,
    "decree.copy": ticketed,
    "decree.layout": linked,
    # Who acts on a decree must hold the office that issued it: judged in the domain, where the decree is known.
    "decree.amend": linked,
    "decree.revoke": linked,
    "decree.correct": linked,
    "decree.sign": linked,
    "decree.inaugurate": linked,
    "objection.read": party,
    "objection.list": linked,
    # Who may object, answer and record is judged in the domain: the person concerned, the office that issued.
    "objection.file": linked,
    "objection.answer": linked,
    "objection.suspend": linked,
    "objection.court": linked,
}
