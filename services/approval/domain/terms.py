"""The clocks of a task: its term, the answer that is waited for, the grace of a decision, a claim held too long."""

from datetime import datetime

from services.approval.domain.decisions import deemed, effective
from services.approval.domain.desk import resumed
from services.approval.domain.state import Case
from services.approval.domain.task import Task
from services.approval.domain.turn import Turn
from shared.contracts.approval import TaskEscalated, TaskReleased
from shared.contracts.tasks import TaskRescheduled
from shared.kernel.decider import Event, Timer, TimerDue


def timers(state: Case) -> tuple[Timer, ...]:
    """What the waiting tasks wait for."""
    return tuple(timer for task in state.tasks for timer in _clocks(task))


def _clocks(task: Task) -> tuple[Timer, ...]:
    """While a question or a grace runs, the other clocks of a task stand still (I11)."""
    place = "-".join(task.task.rsplit(".", 2)[1:])
    if task.pending is not None:
        return (_timer("grace", place, task.pending.effective_at),)
    if task.asked is not None:
        return (_timer("answer", place, task.asked.until),)
    held = (_timer("release", place, task.release_at),) if task.claimed_by and task.release_at else ()
    return held if task.overdue else (_deadline(place, task), *held)


def came_due(turn: Turn, due: TimerDue) -> list[Event]:
    """A clock ran out; one that is no longer waited for says nothing."""
    state = turn.state
    task = next((one for one in state.tasks if due.id in {timer.id for timer in _clocks(one)}), None)
    if task is None:
        return []
    match due.name:
        case "grace":
            return effective(turn, task, task.pending) if task.pending else []
        case "answer":
            return [resumed(turn, task)]
        case "release":
            return [TaskReleased(case=state.case, task=task.task, by=task.claimed_by, cause="silence")]
    return _passed(turn, task)


def _passed(turn: Turn, task: Task) -> list[Event]:
    """The term passed. Silence decides only where the chain cites why; else the task stays open; its office is told,
    and the superior one that the chain names.

    Holidays announced since it began count first: they move the deadline on, never back (R57).
    """
    state = turn.state
    if task.since is not None and task.days:
        again = turn.deadline(state.zone_of(task.stage), task.days, task.since)
        if again > task.due:
            return [TaskRescheduled(case=state.case, task=task.task, due=again)]
    if state.stage(task.stage).deemed:
        return deemed(turn, task)
    names = task.model_dump(include={"task", "stage", "office", "agency", "unit"})
    superior = turn.chains.superior(state.chain, state.version, task.office)
    return [TaskEscalated(case=state.case, person=state.person, superior=superior, **names)]


def _deadline(place: str, task: Task) -> Timer:
    return _timer("deadline", place, task.due) if task.moved else Timer(f"due-{place}", task.due, "deadline")


def _timer(name: str, place: str, at: datetime) -> Timer:
    """A moved clock has a new id: the moment is part of it."""
    return Timer(f"{name}-{place}-{int(at.timestamp())}", at, name)
