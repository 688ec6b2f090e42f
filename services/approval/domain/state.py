"""The state of an approval case and how events change it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from shared.contracts.approval import (
    ApprovalGranted,
    ApprovalRefused,
    ApprovalReturned,
    CaseClosed,
    CaseOpened,
    Decision,
    DecreeRevoked,
    PlannedStage,
    TaskClaimed,
    TaskDecided,
    TaskEscalated,
    TaskQueued,
    TaskReleased,
)
from shared.contracts.registry import Placement
from shared.kernel.decider import Event, Frozen

Status = Literal["new", "open", "granted", "refused", "returned", "closed"]
FINAL = frozenset({"withdrawn", "refused", "expired", "completed"})


class Task(Frozen):
    """The one task that waits. `overdue` once its term passed in silence."""

    task: str
    stage: str
    office: str
    agency: str
    unit: str
    due: datetime
    claimed_by: str = ""
    overdue: bool = False


class Decided(Frozen):
    """One decision of this attempt."""

    task: str
    stage: str
    by: str
    decision: Decision
    code: str
    reason: str


class Case(Frozen):
    """Approval of one case. `attempt` is the newest one opened or closed; `ended` means that none can follow.

    `plan` are the stages as they were when this attempt began. `signed` is who decided last, by attempt.
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
    task: Task | None = None
    decisions: tuple[Decided, ...] = ()
    signed: Mapping[str, str] = {}
    revoked: tuple[str, ...] = ()

    def stage(self, id: str) -> PlannedStage:
        """A stage of the plan. Raises StopIteration for one that is not in it."""
        return next(stage for stage in self.plan if stage.id == id)


def evolve(state: Case, event: Event) -> Case:
    """The state after the event."""
    changes = _of_task(state, event) if isinstance(event, TASK) else _of_case(state, event)
    status = changes.get("status", state.status)
    return state.model_copy(update={**changes, "open": status == "open"})


TASK = TaskQueued | TaskClaimed | TaskReleased | TaskEscalated | TaskDecided


def _of_task(state: Case, event: Event) -> dict[str, Any]:
    match event:
        case TaskQueued():
            return {"task": Task.model_validate(event.model_dump())}
        case TaskDecided():
            return {"task": None, "decisions": (*state.decisions, Decided.model_validate(event.model_dump()))}
        case TaskClaimed():
            change: dict[str, Any] = {"claimed_by": event.by}
        case TaskReleased():
            change = {"claimed_by": ""}
        case _:
            change = {"overdue": True}
    return {"task": state.task.model_copy(update=change) if state.task else None}


def _of_case(state: Case, event: Event) -> dict[str, Any]:
    match event:
        case CaseOpened():
            return _opened(event)
        case ApprovalGranted():
            signed = {**state.signed, str(event.attempt): state.decisions[-1].by}
            return {"status": "granted", "signed": signed}
        case ApprovalReturned():
            return {"status": "returned"}
        case ApprovalRefused():
            return {"status": "refused"}
        case CaseClosed():
            ended = state.ended or event.cause in FINAL
            over = {"status": "closed", "cause": event.cause, "attempt": event.attempt}
            return {**over, "ended": ended, "task": None}
        case DecreeRevoked():
            return {"revoked": (*state.revoked, event.decree)}
    raise TypeError(f"no case hears {event.TYPE}")


def _opened(event: CaseOpened) -> dict[str, Any]:
    names = ("attempt", "person", "vacancy", "zone", "origin", "target", "chain", "version", "plan")
    return {
        **{name: getattr(event, name) for name in names},
        "status": "open",
        "cause": "",
        "task": None,
        "decisions": (),
    }
