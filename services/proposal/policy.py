"""Who may do what (domain rule R55): route name -> rule; a route that is not here is denied.

Whether an own request is the caller's own, and whether an office may propose, is decided with the facts in
the domain; here is who may come to the door at all.
"""

from services.proposal.domain import Assignment, Case, Group
from shared.runtime.service import Asked, Policy


def linked(asked: Asked) -> bool:
    """Anybody whose login is linked to a person."""
    return bool(asked.actor.person)


def _officer(asked: Asked, case: Case) -> bool:
    """Holds an office of the case's agency, of the unit the person leaves, or of the agency they want to come to.

    Other units see nothing. Once the person has moved, agency and unit are those they are in now: who was their
    superior sees no more (E24).
    """
    if case.content is None:
        return False
    origin, target = case.content.origin, case.content.target
    places = {(target.agency, ""), (origin.agency, ""), (origin.agency, origin.unit)}
    if case.status == "completed":
        places = {(target.agency, ""), (target.agency, target.unit)}
    return any(asked.actor.holds(held.office, asked.on, *place) for held in asked.actor.offices for place in places)


def party(asked: Asked) -> bool:
    """The person, whoever drafted it, and the offices of the agency and unit."""
    case: Case = asked.state
    return linked(asked) and (asked.actor.person in (case.person, case.by) or _officer(asked, case))


def of_group(asked: Asked) -> bool:
    """The members, whoever opened it, and the offices of the agency its members sit in."""
    group: Group = asked.state
    agencies = {member.origin.agency for member in group.members}
    officer = any(
        asked.actor.holds(held.office, asked.on, agency, "") for held in asked.actor.offices for agency in agencies
    )
    return linked(asked) and (asked.actor.person in (*group.people, group.by) or officer)


def of_assignment(asked: Asked) -> bool:
    """The people of the letter, whoever ordered it, and the offices of both units and of their agencies."""
    letter: Assignment = asked.state
    places = {(one.agency, unit) for one in (letter.origin, letter.target) if one for unit in ("", one.unit)}
    officer = any(asked.actor.holds(held.office, asked.on, *place) for held in asked.actor.offices for place in places)
    return linked(asked) and (asked.actor.person in (*letter.people, letter.by) or officer)


POLICY: Policy = {
    # Which office may send whom where is decided in the domain, where the units are known.
    "assignment.order": linked,
    "assignment.list": linked,
    "assignment.read": of_assignment,
    "assignment.settle": of_assignment,
    "assignment.convert": of_assignment,
    "assignment.recall": of_assignment,
    # Who may open a group, and that only members agree, is decided in the domain, where they are known.
    "group.open": linked,
    "group.accept": linked,
    "group.decline": linked,
    "group.read": of_group,
    "group.list": linked,
    "proposal.draft": linked,
    "proposal.revise": party,
    "proposal.submit": party,
    "proposal.withdraw": party,
    # Whose case it is, and by which office a contest is answered, is decided in the domain.
    "contest.raise": linked,
    "contest.decide": linked,
    "contest.list": linked,
    "proposal.announce": party,
    "proposal.agree": party,
    "concern.raise": party,
    "concern.answer": party,
    "talk.propose": party,
    "talk.confirm": party,
    "proposal.read": party,
    "proposal.list": linked,
}
