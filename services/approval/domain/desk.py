"""Decisions about a task: claim, release, decide, and the term that passes."""

from services.approval.domain.commands import Claim, Decide, Release
from services.approval.domain.duties import lawful
from services.approval.domain.state import Case, Task
from services.approval.domain.turn import Turn
from shared.contracts.approval import (
    ApprovalGranted,
    ApprovalRefused,
    ApprovalReturned,
    PlannedStage,
    TaskClaimed,
    TaskDecided,
    TaskEscalated,
    TaskQueued,
    TaskReleased,
)
from shared.kernel.calendar import Zone
from shared.kernel.decider import Event, Refused, TimerDue


def task_id(case: str, attempt: int, n: int) -> str:
    """Id of the n-th task of an attempt, from 1; anybody can derive it."""
    return f"{case}.{attempt}.{n}"


def case_of(task: str) -> str:
    """Id of the case of a task."""
    return task.rsplit(".", 2)[0]


def queue(turn: Turn, state: Case, n: int) -> TaskQueued:
    """The n-th task of the plan, from 1, due in the zone of its case."""
    stage = state.plan[n - 1]
    return TaskQueued(
        case=state.case,
        task=task_id(state.case, state.attempt, n),
        attempt=state.attempt,
        person=state.person,
        stage=stage.id,
        office=stage.office,
        agency=stage.agency,
        unit=stage.unit,
        due=turn.deadline(Zone[state.zone], stage.working_days),
    )


def claim(turn: Turn, command: Claim) -> list[Event]:
    """Take it on; an overdue one may be taken over, so that nobody can sit on a file."""
    task = _waiting(turn.state, command.task)
    me = lawful(turn, task)
    if task.claimed_by == me:
        return []
    taken = TaskClaimed(case=turn.state.case, task=task.task, by=me)
    if not task.claimed_by:
        return [taken]
    if not task.overdue:
        raise Refused("CLAIMED_BY_ANOTHER")
    return [TaskReleased(case=turn.state.case, task=task.task, by=me), taken]


def release(turn: Turn, command: Release) -> list[Event]:
    """Put it back. Whoever claimed it may, also when they no longer hold the office."""
    task = _waiting(turn.state, command.task)
    _claimant(task, turn.actor.person)
    return [TaskReleased(case=turn.state.case, task=task.task, by=task.claimed_by)]


def decide_task(turn: Turn, command: Decide) -> list[Event]:
    """Decide the claimed task, and go on with the chain."""
    state = turn.state
    task = _waiting(state, command.task)
    me = lawful(turn, task)
    _claimant(task, me)
    stage = state.stage(task.stage)
    _justified(state, stage, command)
    decided = TaskDecided(
        case=state.case,
        task=task.task,
        attempt=state.attempt,
        person=state.person,
        stage=task.stage,
        by=me,
        decision=command.decision,
        code=command.code,
        reason=command.reason,
    )
    return [decided, _follows(turn, stage, command, me)]


def escalate(turn: Turn, due: TimerDue) -> list[Event]:
    """The term passed. Silence never decides: the task stays open, and its office is told."""
    state, task = turn.state, turn.state.task
    if task is None or task.overdue or due.id != timer_id(task):
        return []
    names = task.model_dump(include={"task", "stage", "office", "agency", "unit"})
    return [TaskEscalated(case=state.case, person=state.person, **names)]


def timer_id(task: Task) -> str:
    """Id of the deadline of a task."""
    return "due-" + "-".join(task.task.rsplit(".", 2)[1:])


def _follows(turn: Turn, stage: PlannedStage, command: Decide, me: str) -> Event:
    """An unfavourable opinion does not end a file; it is on record, and the last stage sees it."""
    state = turn.state
    about = {"case": state.case, "attempt": state.attempt}
    if command.decision == "return":
        return ApprovalReturned(**about, code=command.code, reason=command.reason)
    if command.decision == "refuse" and stage.decision != "opinion":
        return ApprovalRefused(**about, code=command.code, reason=command.reason)
    done = state.plan.index(stage) + 1
    return queue(turn, state, done + 1) if done < len(state.plan) else _granted(state, stage, me)


def _granted(state: Case, stage: PlannedStage, me: str) -> ApprovalGranted:
    """Who decided, and the offices that consented: the authority and the consideration of the decree (I3, I4)."""
    approved = [state.stage(done.stage).office for done in state.decisions if done.decision == "approve"]
    about = {"case": state.case, "attempt": state.attempt, "office": stage.office, "agency": stage.agency}
    return ApprovalGranted.model_validate({**about, "by": me, "consented": tuple(approved)})


def _justified(state: Case, stage: PlannedStage, command: Decide) -> None:
    """Raises Refused REASON_NEEDED, CODE_NOT_ALLOWED."""
    if command.decision == "approve":
        against = [done.stage for done in state.decisions if done.decision == "refuse"]
        if stage.decision == "decide" and against and not command.reason:
            raise Refused("REASON_NEEDED", status=422, where="reason", against=against)
        return
    codes = stage.refuse if command.decision == "refuse" else stage.give_back
    if command.code not in codes:
        raise Refused("CODE_NOT_ALLOWED", status=422, where="code", codes=list(codes), stage=stage.id)
    if not command.reason:
        raise Refused("REASON_NEEDED", status=422, where="reason", against=[])


def _waiting(state: Case, task: str) -> Task:
    if state.task is not None and state.task.task == task:
        return state.task
    if state.status == "new":
        raise Refused("NOT_FOUND", status=404)
    raise Refused("TASK_OVER", task=task)


def _claimant(task: Task, person: str) -> None:
    if task.claimed_by != person:
        raise Refused("NOT_CLAIMED_BY_YOU", status=403)
