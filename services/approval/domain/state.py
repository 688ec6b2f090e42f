"""The state of an approval case and how events change it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Literal

from services.approval.domain.task import Decided, Task, worked
from shared.contracts.approval import (
    ApprovalGranted,
    ApprovalRefused,
    ApprovalReturned,
    CaseClosed,
    CaseOpened,
    DecreeIssued,
    DecreeRevoked,
    TaskClaimed,
    TaskDecided,
    TaskEscalated,
    TaskQueued,
    TaskReleased,
)
from shared.contracts.papers import Paper
from shared.contracts.registry import Placement
from shared.contracts.rosters import RosterApproved, RosterRefused
from shared.contracts.stages import Letter, PlannedStage
from shared.contracts.tasks import (
    CaseCommented,
    DecisionPending,
    DecisionRecalled,
    LetterUnusable,
    TaskAnswered,
    TaskDropped,
    TaskForwarded,
    TaskQuestioned,
    TaskRescheduled,
    TaskVoted,
)
from shared.kernel.calendar import Zone
from shared.kernel.decider import Event, Frozen

Status = Literal["new", "open", "granted", "refused", "returned", "closed"]
ON_PAPER = "ON_PAPER"
FINAL = frozenset({"withdrawn", "refused", "expired", "completed"})


class Comment(Frozen):
    """What a party of the case wrote."""

    by: str
    at: datetime
    text: str


class Case(Frozen):
    """Approval of one case. `attempt` is the newest one opened or closed; `ended` means that none can follow.

    `plan` are the stages as they were when this attempt began. `signed` is who decided last, by attempt. `acted` are
    all who decided a task of any attempt. `task` waits, and so do those `beside` it, where stages run at the same time.
    `paper` is the paper file that this attempt goes on from.
    """

    case: str
    status: Status = "new"
    open: bool = False
    ended: bool = False
    cause: str = ""
    attempt: int = 0
    person: str = ""
    vacancy: str = ""
    zone: Literal["WIB", "WITA", "WIT"] = "WIB"
    origin: Placement | None = None
    target: Placement | None = None
    chain: str = ""
    version: str = ""
    plan: tuple[PlannedStage, ...] = ()
    partners: tuple[str, ...] = ()
    paper: Paper | None = None
    roster: Literal["", "emergency", "reorganisation"] = ""
    task: Task | None = None
    beside: tuple[Task, ...] = ()
    decisions: tuple[Decided, ...] = ()
    signed: Mapping[str, str] = {}
    revoked: tuple[str, ...] = ()
    acted: tuple[str, ...] = ()
    comments: tuple[Comment, ...] = ()

    @property
    def letters(self) -> tuple[Letter, ...]:
        """Those that this attempt has, in the order of the chain."""
        return tuple(decided.letter for decided in self.decisions if decided.letter)

    @property
    def tasks(self) -> tuple[Task, ...]:
        """All that wait."""
        return (self.task, *self.beside) if self.task else ()

    def zone_of(self, stage: str) -> Zone:
        """Where the days of a stage are counted: where its agency is (R57)."""
        found = next((one.zone for one in self.plan if one.id == stage), "")
        return Zone[found or self.zone]

    def stage(self, id: str) -> PlannedStage:
        """A stage of the plan. Raises StopIteration for one that is not in it."""
        return next(stage for stage in self.plan if stage.id == id)


OfTask = (
    TaskQueued
    | TaskClaimed
    | TaskReleased
    | TaskForwarded
    | TaskQuestioned
    | TaskAnswered
    | TaskVoted
    | DecisionPending
    | DecisionRecalled
    | LetterUnusable
    | TaskRescheduled
    | TaskEscalated
    | TaskDecided
    | TaskDropped
)


def evolve(state: Case, event: Event) -> Case:
    """The state after the event. A paper of a decree for several is handed on; of who has no case of their own, because
    they were on a list, it is all that is known."""
    if isinstance(event, DecreeIssued):
        kept = ("attempt", "person", "origin", "target")
        return state if state.plan else state.model_copy(update={name: getattr(event, name) for name in kept})
    changes = _of_task(state, event) if isinstance(event, OfTask) else _of_case(state, event)
    status = changes.get("status", state.status)
    return state.model_copy(update={**changes, "open": status == "open"})


def _of_task(state: Case, event: OfTask) -> dict[str, Any]:
    match event:
        case TaskQueued():
            days = state.stage(event.stage).working_days if state.plan else 0
            task = Task.model_validate({**event.model_dump(), "days": days})
            return _waiting((*state.tasks, task))
        case TaskDecided():
            acted = dict.fromkeys(filter(None, (*state.acted, event.by, *event.members)))
            decided = Decided.model_validate(event.model_dump())
            left = _waiting(_without(state, event.task))
            return {**left, "decisions": (*state.decisions, decided), "acted": tuple(acted)}
        case TaskDropped():
            return _waiting(_without(state, event.task))
    return _waiting(tuple(worked(task, event) if task.task == event.task else task for task in state.tasks))


def _without(state: Case, task: str) -> tuple[Task, ...]:
    return tuple(one for one in state.tasks if one.task != task)


def _waiting(tasks: tuple[Task, ...]) -> dict[str, Any]:
    return {"task": tasks[0] if tasks else None, "beside": tasks[1:]}


def _of_case(state: Case, event: Event) -> dict[str, Any]:
    match event:
        case CaseOpened():
            return _opened(event)
        case ApprovalGranted():
            signed = {**state.signed, str(event.attempt): state.decisions[-1].by}
            return {"status": "granted", "signed": signed}
        case ApprovalReturned() | ApprovalRefused() | RosterApproved() | RosterRefused():
            return {"status": VERDICT[event.TYPE]}
        case CaseClosed():
            ended = state.ended or event.cause in FINAL
            over = {"status": "closed", "cause": event.cause, "attempt": event.attempt}
            return {**over, "ended": ended, **_waiting(()), "person": state.person or event.person}
        case CaseCommented():
            written = Comment.model_validate(event.model_dump())
            return {"comments": (*state.comments, written)}
        case DecreeRevoked():
            return {"revoked": (*state.revoked, event.decree)}
    raise TypeError(f"no case hears {event.TYPE}")


VERDICT: Mapping[str, Status] = {
    ApprovalReturned.TYPE: "returned",
    ApprovalRefused.TYPE: "refused",
    RosterRefused.TYPE: "refused",
    RosterApproved.TYPE: "granted",
}


def _opened(event: CaseOpened) -> dict[str, Any]:
    names = (
        "attempt",
        "person",
        "vacancy",
        "zone",
        "origin",
        "target",
        "chain",
        "version",
        "plan",
        "partners",
        "paper",
        "roster",
    )
    return {
        **{name: getattr(event, name) for name in names},
        "status": "open",
        "cause": "",
        "ended": False,
        **_waiting(()),
        "decisions": tuple(_on_paper(event)),
    }


def _on_paper(event: CaseOpened) -> Iterator[Decided]:
    """What the paper file shows was agreed to, in the order of the chain; a letter is shown by its number."""
    words = {word.stage: word for word in event.paper.words} if event.paper else {}
    for stage in event.plan:
        word = words.get(stage.id)
        if word and (word.number or not stage.letter):
            letter = {"kind": stage.letter, "issuer": stage.issuer, "number": word.number, "dated": word.on}
            said = {"stage": stage.id, "by": word.by, "letter": letter if stage.letter else None}
            yield Decided.model_validate({"task": "", "decision": "approve", "code": ON_PAPER, **said})
