"""The state of a case and how events change it."""

from datetime import datetime
from hashlib import sha256
from typing import Any

from services.proposal.domain.lifecycle import ALIVE, Impossible, Status, after
from services.proposal.domain.papers import FILING, Document, filed
from services.proposal.domain.spoken import SPOKEN, Voice, spoken
from shared.contracts.adoption import ProposalAdopted, ProposalNotAdopted
from shared.contracts.contest import ContestDecided, ContestEscalated, ProposalContested
from shared.contracts.overbooking import ProposalResumed, ProposalSuspended
from shared.contracts.papers import Paper
from shared.contracts.plan import (
    PlanLineRefused,
)
from shared.contracts.proposal import (
    Content,
    Part,
    ProposalApproved,
    ProposalCompleted,
    ProposalDrafted,
    ProposalExpired,
    ProposalNoted,
    ProposalReady,
    ProposalRefused,
    ProposalReturned,
    ProposalSubmitted,
    ProposalWithdrawn,
)
from shared.contracts.voice import ProposalHeard
from shared.kernel.decider import Event, Frozen


class Case(Frozen):
    """One person's move (perkara). `open` is true from the first submission to the end.

    `granted`, `confirmed` and `reserved` are the answers of approval, evaluation and seats to this attempt,
    kept apart, so that they may come in any order. `until` is the last moment to submit a returned file, `suspended`
    the last one to get a seat again that others took. `paper` is the paper file that it was adopted from, `batch` the
    imported file that brought it.
    """

    case: str
    status: Status = "new"
    open: bool = False
    person: str = ""
    vacancy: str = ""
    attempt: int = 0
    by: str = ""
    content: Content | None = None
    receipt: str = ""
    granted: bool = False
    confirmed: bool = False
    reserved: bool = False
    until: datetime | None = None
    suspended: datetime | None = None
    stage: str = ""
    codes: tuple[str, ...] = ()
    reason: str = ""
    decree: str = ""
    voice: Voice | None = None
    documents: tuple[Document, ...] = ()
    filed: int = 0  # the number of the document that was filed last
    paper: Paper | None = None
    batch: str = ""
    missing: tuple[str, ...] = ()  # kinds that the submission did without, or that were asked for at the return

    @property
    def parts(self) -> tuple[Part, ...]:
        """The answers that an approval needs. The seat of a partner is theirs to leave, so nobody else reserves it."""
        return ("granted", "confirmed", "reserved") if self.vacancy else ("granted", "confirmed")

    @property
    def ready(self) -> bool:
        """All answers are in."""
        return all(getattr(self, part) for part in self.parts)

    @property
    def group(self) -> str:
        """The swap or chain it is a part of."""
        return self.content.group if self.content else ""

    @property
    def wanted(self) -> Content:
        """What is proposed. Only asked of a case that was drafted."""
        if self.content is None:
            raise ValueError(f"case {self.case} was never drafted")
        return self.content


def evolve(state: Case, event: Event) -> Case:
    """The state after the event. Raises lifecycle.Impossible for one that may not be said in this state."""
    if isinstance(event, FILING):
        return _filed(state, event)
    status = after(state.status, event)
    if isinstance(event, SPOKEN):
        return state.model_copy(update={"status": status, "voice": spoken(state.voice, state.person, event)})
    return state.model_copy(update={**_changes(event), "status": status, "open": status in ALIVE})


def _filed(state: Case, event: FILING) -> Case:
    """A document changes nothing about where the case stands."""
    if state.content is None:
        raise Impossible(state.status, type(event))
    return state.model_copy(
        update={"documents": filed(state.documents, event), "filed": max(state.filed, event.document)}
    )


def _changes(event: Event) -> dict[str, Any]:
    """The fields that change, besides the status."""
    match event:
        case ProposalDrafted() | ProposalAdopted():
            return _written(event)
        case ProposalSubmitted():
            return _submitted(event)
        case ProposalNoted():
            return {event.part: True}
        case ProposalApproved() | ProposalReady():
            return {"granted": True, "confirmed": True, "reserved": True}
        case ProposalReturned():
            told = {"until": event.until, "codes": (event.code,), "reason": event.reason}
            return {**told, "missing": event.missing}
        case _:
            return _ended(event)


def _written(event: ProposalDrafted | ProposalAdopted) -> dict[str, Any]:
    """Drafted, adopted or revised; who drafted it stays."""
    content = event.content
    changes: dict[str, Any] = {"content": content, "person": content.person, "vacancy": content.vacancy}
    if isinstance(event, ProposalAdopted):
        return {**changes, "by": event.by, "paper": event.paper, "batch": event.batch}
    return changes if event.TYPE != ProposalDrafted.TYPE else {**changes, "by": event.by}


def _submitted(event: ProposalSubmitted) -> dict[str, Any]:
    answers = {"granted": False, "confirmed": False, "reserved": False}
    told = {"until": None, "suspended": None, "stage": "", "codes": (), "reason": "", "missing": event.missing}
    content = {"content": event.content, "person": event.content.person, "vacancy": event.content.vacancy}
    return {"attempt": event.attempt, "receipt": event.receipt, **content, **answers, **told}


def _ended(event: Event) -> dict[str, Any]:
    match event:
        case ProposalRefused():  # an offer that can be kept no more ends an attempt that never was handed in
            return {"attempt": event.attempt, "stage": event.stage, "codes": event.codes, "reason": event.reason}
        case ProposalWithdrawn():
            return {"reason": event.reason, "until": None}
        case ProposalCompleted():
            return {"decree": event.decree}
        case ProposalExpired():
            return {"until": None}
        case PlanLineRefused() | ProposalNotAdopted():
            return _never(event)
    return _looked_at(event)


def _never(event: PlanLineRefused | ProposalNotAdopted) -> dict[str, Any]:
    """Over before it began: the line of a plan, or a paper file."""
    about = {"person": event.person, "codes": (event.code,)}
    if isinstance(event, ProposalNotAdopted):
        return {**about, "stage": "paper", "paper": event.paper, "batch": event.batch}
    return {**about, "stage": "plan"}


def _looked_at(event: Event) -> dict[str, Any]:
    """Heard out, contested, or without its seat for a while. Where a human upholds a refusal it is theirs; the codes
    stay those of the rules."""
    match event:
        case ProposalSuspended():
            return {"suspended": event.until, "reserved": False}
        case ProposalResumed():
            return {"suspended": None}
        case ProposalHeard():
            return {}
        case ProposalContested() | ContestEscalated():
            return {"until": event.until}
        case ContestDecided():
            return {"until": None, "stage": "human", "reason": event.reason}
    raise TypeError(f"no case hears {event.TYPE}")


def receipt(case: str) -> str:
    """Receipt number (nomor tanda terima), derived from the case's id; it says nothing about the person."""
    digits = sha256(case.encode()).hexdigest()[:12].upper()
    return f"MT-{digits[:4]}-{digits[4:8]}-{digits[8:]}"
