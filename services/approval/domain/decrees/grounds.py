"""What an act of the authority stands on besides its reason: an open objection, or another authority's letter. Pure."""

from datetime import date

from services.approval.domain.decrees.commands import Amend, Suspend
from services.approval.domain.decrees.numbering import Entry
from services.approval.domain.facts import Objected
from services.approval.domain.letters import Entered
from shared.contracts.approval import DecreeIssued
from shared.contracts.stages import Letter
from shared.kernel.calendar import Zone
from shared.kernel.decider import Refused


def suspended(command: Suspend, objected: Objected | None, entry: Entry, today: date, zone: Zone) -> Amend:
    """The same as another effective date: the first one that the agency's lead time allows after the end.

    The end is always a day, so that nothing stands still for ever; the authority may suspend again. Raises Refused:
    OBJECTION_NOT_OPEN, SUSPENSION_END (a court has no day by which it must decide, and no day that passed will do).
    """
    if objected is None or not objected.pending:
        raise Refused("OBJECTION_NOT_OPEN", decree=command.decree)
    due = objected.due.astimezone(zone.info).date() if objected.due else None
    until = command.until or due
    if until is None or until < today:
        raise Refused("SUSPENSION_END", status=422, where="until")
    return Amend(decree=command.decree, effective_on=entry.effective_on(until), reason=command.reason)


def taken_back(issued: DecreeIssued, entered: Entered | None, today: date) -> Letter | None:
    """How the authority of the kind of move took its decision back; None where the revocation is our own.

    Raises Refused: NO_OUTSIDE_DECISION (the decree rests on none), AUTHORITY_WRONG (only who decided can take it back),
    LETTER_DATE (before the decision, or of a later day).
    """
    if entered is None:
        return None
    decision = next((letter for letter in issued.letters if letter.kind == "transfer"), None)
    if decision is None:
        raise Refused("NO_OUTSIDE_DECISION", status=422, where="letter")
    stage = {"stage": "pencabutan"}
    if entered.issuer != decision.issuer:
        raise Refused("AUTHORITY_WRONG", status=422, where="letter.issuer", issuer=decision.issuer, **stage)
    if not decision.dated <= entered.dated <= today:
        bounds = {"earliest": decision.dated.isoformat(), "latest": today.isoformat()}
        raise Refused("LETTER_DATE", status=422, where="letter.dated", **bounds, **stage)
    return Letter(**entered.model_dump(), kind="transfer")
