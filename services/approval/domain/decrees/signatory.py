"""Who may act on a decree: whoever holds the office that issued it, and is no party to it (I3, I9). Pure."""

from datetime import date

from services.approval.domain.facts import Employee
from shared.contracts.approval import DecreeIssued
from shared.kernel.decider import Actor, Facts, Refused


def signing(actor: Actor | None, issued: DecreeIssued, today: date, facts: Facts) -> str:
    """The person who acts for the authority of a decree.

    Raises Refused: ACCOUNT_NOT_LINKED, OFFICE_NEEDED, KONFLIK_KEPENTINGAN (PP 11/2017 ps 190(5), S).
    """
    if actor is None or not actor.person:
        raise Refused("ACCOUNT_NOT_LINKED", status=403)
    # E09: a decree is its authority's own act; an acting head (Plt, Plh) neither undoes nor changes it.
    definitive = tuple(held for held in actor.offices if held.capacity == "definitive")
    if not actor.model_copy(update={"offices": definitive}).holds(issued.signatory, today, issued.agency):
        raise Refused("OFFICE_NEEDED", status=403, office=issued.signatory, agency=issued.agency, unit="")
    facts.want((Employee, issued.person), (Employee, actor.person))
    subject, official = facts.need(Employee, issued.person), facts.get(Employee, actor.person)
    related = official is not None and issued.person in official.relatives
    if actor.person == issued.person or actor.person in subject.relatives or related:
        raise Refused("KONFLIK_KEPENTINGAN", status=403)
    return actor.person
