"""Who may do what (domain rule R55): route name -> rule; a route that is not here is denied.

Whether an own request is the caller's own, and whether an office may propose, is decided with the facts in
the domain; here is who may come to the door at all.
"""

from services.proposal.domain import Assignment, Case, Document, Group, Paper, Views
from shared.contracts.assignments import Debt
from shared.kernel.documents import documents
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
    return linked(asked) and (asked.actor.person in (*letter.people, letter.by) or _sends(asked, letter))


def _sends(asked: Asked, letter: Assignment) -> bool:
    places = {(one.agency, unit) for one in (letter.origin, letter.target) if one for unit in ("", one.unit)}
    return any(asked.actor.holds(held.office, asked.on, *place) for held in asked.actor.offices for place in places)


def pays(asked: Asked, debt: Debt) -> bool:
    """Who owes the document, and the offices of both units, which may hand it in for them."""
    return asked.actor.person == debt.person or _sends(asked, asked.state)


def opens_paper(asked: Asked, debt: Debt, paper: Paper) -> bool:
    """What paid a debt is shown to who owed it, to who handed it in and to the offices of both units; a restricted one
    only to the offices its kind names, at either agency (R55)."""
    letter: Assignment = asked.state
    if asked.actor.person in (debt.person, paper.by):
        return True
    kind = documents().kind(paper.filed_as)
    if kind is None or not kind.restricted:
        return _sends(asked, letter)
    agencies = {one.agency for one in (letter.origin, letter.target) if one}
    return any(asked.actor.holds(office, asked.on, agency) for office in kind.opens for agency in agencies)


def looks_at_paper(asked: Asked) -> bool:
    """Whoever may come to the letter, as to a case (`looks`)."""
    return linked(asked) if isinstance(asked.state, Views) else of_assignment(asked)


def watches_letter(asked: Asked) -> bool:
    """The people read who looked at their own papers, and auditors do."""
    letter: Assignment = asked.state
    return linked(asked) and (asked.actor.person in letter.people or asked.actor.holds("auditor", asked.on))


def looks(asked: Asked) -> bool:
    """Whoever may come to the case. The route asks that first, then writes the look into its register."""
    return linked(asked) if isinstance(asked.state, Views) else party(asked)


def restricted(document: Document) -> bool:
    """True for what is shown to few, and written down."""
    kind = documents().kind(document.kind)
    return kind is None or kind.restricted


def opens(asked: Asked, document: Document) -> bool:
    """A restricted document is shown to the person, to who filed it, and to the offices its kind names, at an agency of
    the case (R55); once the person has moved, at the one they are in now (E24)."""
    case: Case = asked.state
    if not restricted(document) or asked.actor.person in (case.person, document.by):
        return True
    kind, content = documents().kind(document.kind), case.content
    if kind is None or content is None:
        return False
    agencies = {content.target.agency} if case.status == "completed" else {content.target.agency, content.origin.agency}
    return any(asked.actor.holds(office, asked.on, agency) for office in kind.opens for agency in agencies)


def watches(asked: Asked) -> bool:
    """The person reads who looked at their documents, and auditors do."""
    case: Case = asked.state
    return linked(asked) and (asked.actor.person == case.person or asked.actor.holds("auditor", asked.on))


POLICY: Policy = {
    # Which office may send whom where is decided in the domain, where the units are known.
    "assignment.order": linked,
    "assignment.list": linked,
    "assignment.read": of_assignment,
    "assignment.settle": of_assignment,
    # Whose debt it is, the route looks at once the letter is read.
    "debt.store": of_assignment,
    "debt.open": looks_at_paper,
    "debt.views": watches_letter,
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
    # To whom a seat is offered is known to the register, which decides.
    "seat.read": party,
    "seat.accept": linked,
    "seat.decline": linked,
    "proposal.announce": party,
    "proposal.agree": party,
    "concern.raise": party,
    "concern.answer": party,
    "talk.propose": party,
    "talk.confirm": party,
    "proposal.read": party,
    "document.kinds": linked,
    "document.list": party,
    "document.store": party,
    # Who may file which kind, check and take out is decided in the domain.
    "document.file": party,
    "document.check": party,
    "document.remove": party,
    "document.open": looks,
    "document.views": watches,
    "proposal.list": linked,
    # Of which agencies they see the answers, the query says.
    "adoption.list": linked,
}
