"""What the proposal service tells: where a case stands. It alone says whether a case is alive."""

from datetime import date, datetime
from typing import ClassVar, Literal

from shared.contracts.documents import Filed
from shared.contracts.papers import Paper
from shared.contracts.registry import Placement
from shared.kernel.decider import Event, Frozen
from shared.kernel.move import MoveKind

Ended = Literal["evaluation", "seat", "approval", "recheck", "vacancy"]
Part = Literal["granted", "confirmed", "reserved"]


class Content(Frozen):
    """What is proposed: who, from where, to where, why, and what it is expected to bring (B08, J08)."""

    kind: Literal["one_agency"] = "one_agency"  # as the first readers know it; `move` is what counts
    initiative: Literal["own", "agency"]
    person: str
    vacancy: str
    origin: Placement
    target: Placement
    purpose: str
    expected_result: str
    reason: str
    consent: bool = False
    group: str = ""  # the swap or chain this is a part of; then the seat is a partner's and there may be no vacancy
    partners: tuple[str, ...] = ()  # the other members, who are parties to the case too
    move: MoveKind = "one_agency"  # the kind, as the two agencies make it
    awaits_ranking: bool = False  # the vacancy is given by ranking at its closing, and this case has no seat of it yet


class Human(Frozen):
    """Who decided against the system that a case goes on (UU 27/2022 ps 10), and about which rules, with the reason."""

    by: str
    office: str
    agency: str
    reason: str
    rules: tuple[str, ...] = ()


class ProposalDrafted(Event):
    """A draft exists; it is not yet an open case."""

    TYPE: ClassVar[str] = "mutasi.proposal.drafted.v1"
    case: str
    content: Content
    by: str


class ProposalRevised(ProposalDrafted):
    """A draft or a returned proposal was changed; the whole content is carried."""

    TYPE: ClassVar[str] = "mutasi.proposal.revised.v1"


class ProposalSubmitted(Event):
    """The case is open. `attempt` rises each time it is submitted again after a return."""

    TYPE: ClassVar[str] = "mutasi.proposal.submitted.v1"
    case: str
    attempt: int
    content: Content
    by: str
    receipt: str
    submitted_on: date | None = None  # at the agency; picks the rules that this case is judged by
    human: Human | None = None  # the attempt exists because a human reopened the case
    documents: tuple[Filed, ...] = ()  # what the file held when it was handed in
    missing: tuple[str, ...] = ()  # kinds that such a move needs and that it did not hold
    paper: Paper | None = None  # the file came in on paper, and goes on where that stands


class ProposalWithdrawn(Event):
    """The person or agency that proposed took it back; nothing may be decided on it any more."""

    TYPE: ClassVar[str] = "mutasi.proposal.withdrawn.v1"
    case: str
    person: str
    attempt: int
    by: str
    reason: str
    vacancy: str = ""


class ProposalReturned(Event):
    """The file came back to be mended (approver's return, or a move refused on its day) and may be submitted again."""

    TYPE: ClassVar[str] = "mutasi.proposal.returned.v1"
    case: str
    person: str
    attempt: int
    code: str
    reason: str
    vacancy: str = ""
    until: datetime | None = None  # mend and submit again by then
    missing: tuple[str, ...] = ()  # kinds of documents asked for


class ProposalRefused(Event):
    """The case ended without a move: who said so, the codes, the words."""

    TYPE: ClassVar[str] = "mutasi.proposal.refused.v1"
    case: str
    person: str
    attempt: int
    stage: Ended
    codes: tuple[str, ...]
    reason: str
    vacancy: str = ""
    unit: str = ""  # the unit that cannot spare the person (MIN_STAF_ASAL)


class ReplacementAwaited(Event):
    """The refused person waits for somebody to come to their unit, which cannot spare them now."""

    TYPE: ClassVar[str] = "mutasi.replacement.awaited.v1"
    case: str
    person: str
    unit: str
    vacancy: str = ""


class ReapplyOffered(Event):
    """Somebody came to that unit: who was refused because it could spare nobody may apply again."""

    TYPE: ClassVar[str] = "mutasi.reapply.offered.v1"
    case: str
    person: str
    unit: str
    vacancy: str = ""
    decree: str = ""  # that of who came


class ProposalNoted(Event):
    """One of the three answers that an approval needs came in; which are still missing shows from the others."""

    TYPE: ClassVar[str] = "mutasi.proposal.noted.v1"
    case: str
    attempt: int
    part: Part


class ProposalReady(Event):
    """In a group: granted, confirmed and with a seat; it can still be withdrawn, until the group asks."""

    TYPE: ClassVar[str] = "mutasi.proposal.ready.v1"
    case: str
    attempt: int
    group: str


class ProposalApproved(Event):
    """From now on nobody withdraws, only revokes: the decree may be issued. The whole content is carried."""

    TYPE: ClassVar[str] = "mutasi.proposal.approved.v1"
    case: str
    attempt: int
    content: Content


class ProposalCompleted(Event):
    """The person has moved; the case is done."""

    TYPE: ClassVar[str] = "mutasi.proposal.completed.v1"
    case: str
    person: str
    decree: str
    vacancy: str = ""


class ProposalExpired(Event):
    """A returned file was not submitted again in time."""

    TYPE: ClassVar[str] = "mutasi.proposal.expired.v1"
    case: str
    person: str
    attempt: int
    vacancy: str = ""


class SeatReserved(Event):
    """The register of a vacancy's seats holds one for this case (I5)."""

    TYPE: ClassVar[str] = "mutasi.seat.reserved.v1"
    vacancy: str
    case: str
    attempt: int


class SeatRefused(Event):
    """No seat is left for this case."""

    TYPE: ClassVar[str] = "mutasi.seat.refused.v1"
    vacancy: str
    case: str
    attempt: int
    code: str


class SeatReleased(Event):
    """The case gave its seat back; of a ranked vacancy also its claim to one, before the panel chose."""

    TYPE: ClassVar[str] = "mutasi.seat.released.v1"
    vacancy: str
    case: str
    attempt: int
    ranked: bool = False


class SeatTaken(Event):
    """The person sits on the seat: it is used for good."""

    TYPE: ClassVar[str] = "mutasi.seat.taken.v1"
    vacancy: str
    case: str


class SeatsOpened(Event):
    """The register knows the vacancy's quota."""

    TYPE: ClassVar[str] = "mutasi.seats.opened.v1"
    KEY: ClassVar[str] = "vacancy"
    vacancy: str
    quota: int
    as_of: int = 0  # the sequence of the vacancy's event that says so, which tells a repeat from news
    ranked: bool = False  # the panel of the ranking gives them


class SeatsClosed(Event):
    """The register gives no more seats: the vacancy is closed."""

    TYPE: ClassVar[str] = "mutasi.seats.closed.v1"
    KEY: ClassVar[str] = "vacancy"
    vacancy: str


EVENTS = (
    ProposalDrafted,
    ProposalRevised,
    ProposalSubmitted,
    ProposalWithdrawn,
    ProposalReturned,
    ProposalRefused,
    ProposalNoted,
    ProposalReady,
    ProposalApproved,
    ProposalCompleted,
    ProposalExpired,
    ReplacementAwaited,
    ReapplyOffered,
    SeatsOpened,
    SeatsClosed,
    SeatReserved,
    SeatRefused,
    SeatReleased,
    SeatTaken,
)
