"""Who may see and do what (domain rule R55): route name -> rule; a route that is not here is denied.

Whether an official may act on a task (office, separation of duties, claim) is decided in the domain, with a
reason of its own for each; here is who may come to the door at all.
"""

from services.approval.domain import Case
from shared.runtime.service import Asked, Policy


def linked(asked: Asked) -> bool:
    """Anybody whose login is linked to a person."""
    return bool(asked.actor.person)


def official(asked: Asked) -> bool:
    """Holds an office of an agency the case passes through, or of a unit of it; other units see nothing."""
    case: Case = asked.state
    places = {(stage.agency, unit) for stage in case.plan for unit in ("", stage.unit)}
    held = asked.actor.offices
    return linked(asked) and any(
        asked.actor.holds(office.office, asked.on, agency, unit) for office in held for agency, unit in places
    )


def at_desk(asked: Asked) -> bool:
    """An official of the case, or whoever holds its task still and wants to put it back."""
    case: Case = asked.state
    claimed = case.task is not None and case.task.claimed_by == asked.actor.person
    return linked(asked) and (claimed or official(asked))


def party(asked: Asked) -> bool:
    """The person whose case it is, its officials, and whoever decided a stage of it."""
    case: Case = asked.state
    me = asked.actor.person
    return linked(asked) and (me == case.person or official(asked) or any(d.by == me for d in case.decisions))


POLICY: Policy = {
    "task.list": linked,
    "task.read": official,
    "task.claim": official,
    "task.release": at_desk,
    "task.decide": official,
    "case.list": linked,
    "case.read": party,
    "decree.read": party,
    "decree.pdf": party,
}
