"""The papers of one decree: their signatures, and corrections (ralat). The aggregate's id is the decree's. Pure.

A correction changes how a post or unit is written, never which one is meant, nor the number, the date or the effect.
Names and numbers of people are put right in the registry: no event of ours carries them.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import StringConstraints

from services.approval.domain.decrees.acts import original_of, revocation_id
from services.approval.domain.decrees.commands import Reason
from services.approval.domain.decrees.signatory import signing
from services.approval.domain.facts import Agency, Decree, Particulars, Revocation, Settled
from services.approval.domain.papers import signature
from services.approval.domain.papers.correction import CORRECTED, Correction, Part
from services.approval.domain.papers.signature import Numbered, Signature
from shared.contracts.approval import DecreeAmended, DecreeCorrected, DecreeIssued, DecreeRevoked
from shared.contracts.signatures import DecreeSigned, SignatureAsked
from shared.kernel.calendar import Zone
from shared.kernel.decider import (
    Command,
    Decider,
    Event,
    FactChanged,
    Facts,
    Frozen,
    Message,
    Refused,
    WorkDone,
)

Written = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


class Paper(Frozen):
    """All corrections, the oldest first, and all signatures by paper. `open`: a signed file may name the person."""

    decree: str
    corrections: tuple[Correction, ...] = ()
    case: str = ""
    person: str = ""
    agency: str = ""
    open: bool = False
    signatures: Mapping[str, Signature] = {}

    @property
    def about(self) -> dict[str, str]:
        """What every event about a signature names."""
        return {"case": self.case, "decree": self.decree, "person": self.person, "agency": self.agency}


class Correct(Command):
    """Put right how a post or a unit is written: what stands there, and what should."""

    part: Part
    wrong: Written
    right: Written
    reason: Reason


class Sign(Command):
    """Ask for the signature of a paper, after it was refused or when signing was not switched on yet."""

    paper: str


def _decide(state: Paper, message: Message, facts: Facts) -> list[Event]:
    match message.body:
        case Correct() as command:
            return _correct(state, command, message, facts)
        case Sign() as command:
            return _sign(state, command, message, facts)
        case DecreeIssued() | DecreeAmended() | DecreeRevoked() as event:
            known = signature.paper_of(event) in state.signatures
            return [] if known else [signature.asked(event)]
        case WorkDone() as result:
            return _came(state, result, facts)
        case FactChanged():
            gone = facts.get(Particulars, state.person) is None
            return signature.forgotten(state.about, state.signatures) if gone else []
    return []


def _correct(state: Paper, command: Correct, message: Message, facts: Facts) -> list[Event]:
    """Raises Refused: NOT_FOUND, OFFICE_NEEDED, KONFLIK_KEPENTINGAN, ALREADY_REVOKED, NOTHING_TO_CORRECT."""
    facts.want((Decree, state.decree), (Revocation, state.decree), (Settled, revocation_id(state.decree)))
    issued, today = _issued(state, message, facts)
    by = signing(message.actor, issued, today, facts)
    if facts.get(Revocation, state.decree) or facts.get(Settled, revocation_id(state.decree)):
        raise Refused("ALREADY_REVOKED", decree=state.decree)
    written = [done.right for done in state.corrections if done.part == command.part][-1:]
    if command.right == command.wrong or command.right in written:
        raise Refused("NOTHING_TO_CORRECT", status=422, where="right")
    return [
        DecreeCorrected(
            **issued.model_dump(include={"case", "decree", "person"}),
            **command.model_dump(),
            n=len(state.corrections) + 1,
            corrected_on=today,
            by=by,
            consequences=CORRECTED,
        )
    ]


def _sign(state: Paper, command: Sign, message: Message, facts: Facts) -> list[Event]:
    """Raises Refused: NOT_FOUND, OFFICE_NEEDED, KONFLIK_KEPENTINGAN, ALREADY_SIGNED, SIGNATURE_WAITS."""
    facts.want((Decree, state.decree), (Settled, command.paper))
    issued, today = _issued(state, message, facts)
    act = facts.get(Settled, command.paper)
    later = (act.amended or act.revoked) if act is not None else None
    event: Numbered | None = issued if command.paper == state.decree else later
    if event is None or original_of(command.paper) != state.decree:
        raise Refused("NOT_FOUND", status=404)
    by = signing(message.actor, issued, today, facts)
    known = state.signatures.get(command.paper)
    if known is not None and known.status != "refused":
        raise Refused("SIGNATURE_WAITS" if known.status == "waiting" else "ALREADY_SIGNED", paper=command.paper)
    return [signature.asked(event, known.n + 1 if known else 1, by)]


def _issued(state: Paper, message: Message, facts: Facts) -> tuple[DecreeIssued, date]:
    """The decree, and today where its agency is. Raises Refused NOT_FOUND."""
    found = facts.get(Decree, state.decree)
    if found is None:
        raise Refused("NOT_FOUND", status=404)
    return found.issued, message.time.astimezone(Zone[facts.need(Agency, found.issued.agency).zone].info).date()


def _came(state: Paper, result: WorkDone, facts: Facts) -> list[Event]:
    """Who was forgotten while the signer was at work is forgotten in the signed file too."""
    events = signature.done(state.about, state.signatures, result)
    if not events or not isinstance(events[0], DecreeSigned) or facts.get(Particulars, state.person):
        return events
    return [*events, *signature.forgotten(state.about, signature.evolve(state.signatures, events[0]))]


def _evolve(state: Paper, event: Event) -> Paper:
    if isinstance(event, DecreeCorrected):
        done = Correction(**event.model_dump(include=set(Correction.model_fields)))
        return state.model_copy(update={"corrections": (*state.corrections, done)})
    changes: dict[str, Any] = {"open": True, "signatures": signature.evolve(state.signatures, event)}
    if isinstance(event, SignatureAsked):
        changes |= event.model_dump(include={"case", "person", "agency"})
    return state.model_copy(update=changes)


PAPERS: Decider[Paper] = Decider(
    name="papers",
    state=Paper,
    initial=lambda id: Paper(decree=id),
    decide=_decide,
    evolve=_evolve,
    work=lambda state: signature.work(state.decree, state.signatures),
    answer=lambda state: state.model_dump(mode="json", exclude={"open"}),
    watches={Particulars.KIND: "person"},
)
