"""What the approval service tells: who must say yes, what they said, and the decree (SK)."""

from datetime import date, datetime
from typing import ClassVar, Literal

from shared.contracts.papers import Paper
from shared.contracts.registry import Placement
from shared.contracts.stages import Decision, Letter, PlannedStage
from shared.kernel.decider import Event
from shared.kernel.move import MoveKind


class CaseOpened(Event):
    """The chain of this attempt began; `chain` and `version` name the dated data it follows."""

    TYPE: ClassVar[str] = "mutasi.case.opened.v1"
    case: str
    attempt: int
    person: str
    chain: str
    version: str
    stages: tuple[str, ...]
    vacancy: str = ""
    zone: Literal["WIB", "WITA", "WIT"] = "WIB"
    origin: Placement | None = None
    target: Placement | None = None
    plan: tuple[PlannedStage, ...] = ()
    partners: tuple[str, ...] = ()  # members of the same swap or chain, or on the same list: parties to the case (I9)
    roster: Literal["", "emergency", "reorganisation"] = ""  # a list of people decided about as one; no person then
    paper: Paper | None = None  # the file came in on paper: where the chain goes on, and what was agreed to before


class TaskQueued(Event):
    """A task waits for whoever holds `office` (of that agency and unit) until `due`."""

    TYPE: ClassVar[str] = "mutasi.task.queued.v1"
    case: str
    task: str
    attempt: int
    person: str
    stage: str
    office: str
    agency: str
    unit: str = ""
    due: datetime
    since: datetime | None = None  # when the term began: a deadline is computed anew from it


class TaskClaimed(Event):
    """Somebody took the task on; it goes back by itself at `until`, if that is set."""

    TYPE: ClassVar[str] = "mutasi.task.claimed.v1"
    case: str
    task: str
    by: str
    on_behalf_of: str = ""
    until: datetime | None = None


class TaskReleased(Event):
    """The task went back to the queue."""

    TYPE: ClassVar[str] = "mutasi.task.released.v1"
    case: str
    task: str
    by: str
    cause: Literal["", "silence"] = ""  # silence: held too long, it went back by itself


class TaskEscalated(Event):
    """The term passed in silence; the task is overdue. Its office is told, and that of its agency which the chain names
    as superior (silence never kills)."""

    TYPE: ClassVar[str] = "mutasi.task.escalated.v1"
    case: str
    task: str
    person: str
    stage: str
    office: str
    agency: str
    unit: str = ""
    superior: str = ""  # office that is told besides


class TaskDecided(Event):
    """The task was decided, by whom, with which code and reason."""

    TYPE: ClassVar[str] = "mutasi.task.decided.v1"
    case: str
    task: str
    attempt: int
    person: str
    stage: str
    by: str
    decision: Decision
    code: str = ""
    reason: str = ""
    on_behalf_of: str = ""  # the holder for whom a substitute acted
    rule: str = ""  # the source of the stage, as its chain cites it
    members: tuple[str, ...] = ()  # all whose equal words made it, where a body decides
    letter: Letter | None = None  # what the approval rests on, in a move between agencies


class ApprovalGranted(Event):
    """The chain is through. Not yet a decree: the proposal must say that the case is still alive.

    `office` of `agency` decided, by that person; `consented` are the offices that approved before, with the `letters`
    of a move between agencies.
    """

    TYPE: ClassVar[str] = "mutasi.approval.granted.v1"
    case: str
    attempt: int
    office: str = ""
    agency: str = ""
    by: str = ""
    consented: tuple[str, ...] = ()
    letters: tuple[Letter, ...] = ()


class ApprovalRefused(Event):
    """Somebody in the chain refused, with code and reason."""

    TYPE: ClassVar[str] = "mutasi.approval.refused.v1"
    case: str
    attempt: int
    code: str
    reason: str


class ApprovalReturned(ApprovalRefused):
    """Somebody in the chain sent the file back to be mended."""

    TYPE: ClassVar[str] = "mutasi.approval.returned.v1"
    missing: tuple[str, ...] = ()  # kinds of documents that are asked for


class DecreeIssued(Event):
    """The decree: number and event are one write of the register of its agency and year. `digest` is SHA-256.

    `authority` cites why `signatory` may decide (I3); `consideration` is the office whose consent was the technical
    consideration, or `waiver` cites why none was needed (I4). `move` is the kind of a move between agencies, with the
    `letters` it rests on (D11); this decree is the last of the five.
    """

    TYPE: ClassVar[str] = "mutasi.decree.issued.v1"
    case: str
    attempt: int
    decree: str
    agency: str
    year: int
    number: int
    number_text: str
    person: str
    origin: Placement
    target: Placement
    vacancy: str
    issued_on: date
    effective_on: date
    signatory: str
    digest: str
    authority: str = ""
    consideration: str = ""
    waiver: str = ""
    group: str = ""  # the swap or chain that it is a part of
    move: MoveKind | Literal[""] = ""
    letters: tuple[Letter, ...] = ()


class DecreeWithheld(Event):
    """No decree and no number: authority (I3) or technical consideration (I4) is missing, as `code` says."""

    TYPE: ClassVar[str] = "mutasi.decree.withheld.v1"
    case: str
    attempt: int
    decree: str
    agency: str
    person: str
    code: str


class DecreeRevoked(Event):
    """The decree has no effect (any more). It stays visible.

    Either its move was refused on its day (no `revocation`), or its authority revoked it (pencabutan) by a numbered
    decree of its own: then the person goes back to `origin` on `effective_on` if they moved already. `letter` is how an
    authority outside took back the decision that the decree rested on.
    """

    TYPE: ClassVar[str] = "mutasi.decree.revoked.v1"
    case: str
    decree: str
    code: str
    person: str = ""
    revocation: str = ""
    agency: str = ""
    year: int = 0
    number: int = 0
    number_text: str = ""
    issued_on: date | None = None
    effective_on: date | None = None
    origin: Placement | None = None
    target: Placement | None = None
    moved: bool = False
    consequences: tuple[str, ...] = ()
    reason: str = ""
    signatory: str = ""
    by: str = ""
    digest: str = ""
    group: str = ""
    letter: Letter | None = None


class DecreeAmended(Event):
    """Another decree, with a number of its own, changed the effective date (SK perubahan); the first stays visible.

    With `objection` it suspends the decree (penundaan pelaksanaan) for the sake of that objection, until the new date.
    """

    TYPE: ClassVar[str] = "mutasi.decree.amended.v1"
    case: str
    decree: str
    amendment: str
    person: str
    agency: str
    year: int
    number: int
    number_text: str
    issued_on: date
    was_effective_on: date
    effective_on: date
    consequences: tuple[str, ...]
    reason: str
    signatory: str
    by: str
    digest: str
    group: str = ""
    objection: str = ""


class DecreeCorrected(Event):
    """A clerical error of the printed decree was put right (ralat): number, date and effect stay.

    `part` is whose printed name was wrong; `n` counts the corrections of a decree from 1.
    """

    TYPE: ClassVar[str] = "mutasi.decree.corrected.v1"
    case: str
    decree: str
    person: str
    n: int
    part: Literal["origin_post", "origin_unit", "target_post", "target_unit"]
    wrong: str
    right: str
    reason: str
    corrected_on: date
    by: str
    consequences: tuple[str, ...] = ()


class CaseClosed(Event):
    """No task of this case stays behind; `cause` says why it ended."""

    TYPE: ClassVar[str] = "mutasi.case.closed.v1"
    case: str
    cause: str
    attempt: int = 0
    person: str = ""


EVENTS = (
    CaseOpened,
    TaskQueued,
    TaskClaimed,
    TaskReleased,
    TaskEscalated,
    TaskDecided,
    ApprovalGranted,
    ApprovalRefused,
    ApprovalReturned,
    DecreeIssued,
    DecreeWithheld,
    DecreeRevoked,
    DecreeAmended,
    DecreeCorrected,
    CaseClosed,
)
