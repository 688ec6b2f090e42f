"""What happens at an approver's desk between claim and decision; said by the approval service on its own topic."""

from datetime import date, datetime
from typing import ClassVar

from shared.contracts.stages import Decision, Letter
from shared.kernel.decider import Actor, Event, Frozen, Office


class TaskForwarded(Event):
    """The task was handed to a colleague of the same office, with the reason; they hold it now."""

    TYPE: ClassVar[str] = "mutasi.task.forwarded.v1"
    case: str
    task: str
    by: str
    to: str
    reason: str
    until: datetime | None = None  # as in task.claimed


class TaskQuestioned(Event):
    """Information was asked for: the clock of the task stops until the answer, or until `until` (I11)."""

    TYPE: ClassVar[str] = "mutasi.task.questioned.v1"
    case: str
    task: str
    person: str
    by: str
    question: str
    days_left: int
    until: datetime


class TaskAnswered(Event):
    """The clock of the task runs again from `since`, for the working days that were left. Silence has no `by`."""

    TYPE: ClassVar[str] = "mutasi.task.answered.v1"
    case: str
    task: str
    by: str = ""
    answer: str = ""
    since: datetime
    due: datetime


class TaskRescheduled(Event):
    """A holiday announced since moved the deadline of an open task; it only ever moves later (R57)."""

    TYPE: ClassVar[str] = "mutasi.task.rescheduled.v1"
    case: str
    task: str
    due: datetime


class TaskVoted(Event):
    """A member of a body gave their word; the body decides with `quorum` equal words."""

    TYPE: ClassVar[str] = "mutasi.task.voted.v1"
    case: str
    task: str
    stage: str
    by: str
    on_behalf_of: str = ""
    decision: Decision
    code: str = ""
    reason: str = ""
    missing: tuple[str, ...] = ()  # kinds of documents that a return asks for


class DecisionPending(Event):
    """Somebody decided; it takes effect at `effective_at` unless they recall it before."""

    TYPE: ClassVar[str] = "mutasi.task.decision_pending.v1"
    case: str
    task: str
    stage: str
    by: str
    on_behalf_of: str = ""
    decision: Decision
    code: str = ""
    reason: str = ""
    effective_at: datetime
    letter: Letter | None = None
    missing: tuple[str, ...] = ()  # kinds of documents that a return asks for


class DecisionRecalled(Event):
    """Whoever decided took it back within the grace period; they hold the task again."""

    TYPE: ClassVar[str] = "mutasi.task.decision_recalled.v1"
    case: str
    task: str
    by: str


class TaskDropped(Event):
    """A task that ran beside others is not needed any more: these settled what it was for, as `cause` says."""

    TYPE: ClassVar[str] = "mutasi.task.dropped.v1"
    case: str
    task: str
    cause: str


class LetterUnusable(Event):
    """What the system of an authority outside answered, or that it does not answer us, is of no use, as `code` says.

    The task stays with the clerk.
    """

    TYPE: ClassVar[str] = "mutasi.letter.unusable.v1"
    case: str
    task: str
    stage: str
    issuer: str
    code: str


class CaseCommented(Event):
    """A party of the case wrote a comment; all parties read it."""

    TYPE: ClassVar[str] = "mutasi.case.commented.v1"
    case: str
    by: str
    text: str
    at: datetime


class Mandate(Frozen):
    """A right to act for somebody: one office of theirs, from `since` up to, not including, `until`.

    Acting heads (Plh, Plt) are not among them: they hold an office of their own, with its capacity.
    """

    id: str
    absent: str
    office: str
    agency: str
    unit: str = ""
    since: date
    until: date
    planned: bool = True

    def lasts(self, on: date, held: tuple[Office, ...]) -> bool:
        """Whether one may act by it that day: within its days, and while who is absent still holds the office; `held`
        are theirs."""
        holds = Actor(login="", offices=held).holds(self.office, on, self.agency, self.unit)
        return self.since <= on < self.until and holds


class SubstituteAppointed(Event):
    """A person may act for another; `mandates` are all the rights they hold after it."""

    TYPE: ClassVar[str] = "mutasi.substitute.appointed.v1"
    KEY: ClassVar[str] = "substitute"
    substitute: str
    mandate: Mandate
    mandates: tuple[Mandate, ...]
    by: str


class SubstituteEnded(SubstituteAppointed):
    """A right to act ended before its day; `mandates` are all the rights they hold after it."""

    TYPE: ClassVar[str] = "mutasi.substitute.ended.v1"


EVENTS = (
    TaskForwarded,
    TaskQuestioned,
    TaskAnswered,
    TaskRescheduled,
    TaskVoted,
    DecisionPending,
    DecisionRecalled,
    TaskDropped,
    LetterUnusable,
    CaseCommented,
    SubstituteAppointed,
    SubstituteEnded,
)
