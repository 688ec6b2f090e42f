"""What an official does with a task before deciding it: claim, release, forward, ask; and the person's answer."""

from datetime import datetime, timedelta

from services.approval.domain.commands import Answer, Ask, Claim, Forward, Release
from services.approval.domain.duties import Standing, colleague, lawful
from services.approval.domain.state import Case
from services.approval.domain.task import Task
from services.approval.domain.turn import Turn
from shared.contracts.approval import TaskClaimed, TaskQueued, TaskReleased
from shared.contracts.stages import PlannedStage
from shared.contracts.tasks import TaskAnswered, TaskForwarded, TaskQuestioned
from shared.kernel.decider import Event, Refused


def task_id(case: str, attempt: int, n: int) -> str:
    """Id of the n-th task of an attempt, from 1; anybody can derive it."""
    return f"{case}.{attempt}.{n}"


def case_of(task: str) -> str:
    """Id of the case of a task."""
    return task.rsplit(".", 2)[0]


def queue(turn: Turn, state: Case, n: int, since: datetime | None = None) -> TaskQueued:
    """The n-th task of the plan, from 1, due in the zone of its agency; its term began now, or at `since`."""
    stage, since = state.plan[n - 1], since or turn.message.time
    return TaskQueued(
        case=state.case,
        task=task_id(state.case, state.attempt, n),
        attempt=state.attempt,
        person=state.person,
        stage=stage.id,
        office=stage.office,
        agency=stage.agency,
        unit=stage.unit,
        due=_due(turn, state, stage, since),
        since=since,
    )


def _due(turn: Turn, state: Case, stage: PlannedStage, since: datetime) -> datetime:
    if stage.hours:
        return since + timedelta(hours=stage.hours)
    return turn.deadline(state.zone_of(stage.id), stage.working_days, since)


def claim(turn: Turn, command: Claim) -> list[Event]:
    """Take it on; an overdue one may be taken over, so that nobody can sit on a file."""
    task = waiting(turn.state, command.task)
    return take(turn, task, lawful(turn, task))


def take(turn: Turn, task: Task, me: Standing) -> list[Event]:
    """The claim of somebody lawful; nothing when they hold it already. Raises Refused CLAIMED_BY_ANOTHER."""
    if task.claimed_by == me.by:
        return []
    undecided(task)
    taken = TaskClaimed(
        case=turn.state.case, task=task.task, by=me.by, on_behalf_of=me.on_behalf_of, until=until(turn, task)
    )
    if not task.claimed_by:
        return [taken]
    if not task.overdue:
        raise Refused("CLAIMED_BY_ANOTHER")
    return [TaskReleased(case=turn.state.case, task=task.task, by=me.by), taken]


def release(turn: Turn, command: Release) -> list[Event]:
    """Put it back. Whoever claimed it may, also when they no longer hold the office."""
    task = waiting(turn.state, command.task)
    claimant(task, turn.actor.person)
    undecided(task)
    return [TaskReleased(case=turn.state.case, task=task.task, by=task.claimed_by)]


def forward(turn: Turn, command: Forward) -> list[Event]:
    """Hand it to a colleague who may decide it. Somebody else's claim is respected until it is overdue."""
    task = waiting(turn.state, command.task)
    me = lawful(turn, task)
    undecided(task)
    if task.claimed_by not in ("", me.by) and not task.overdue:
        raise Refused("CLAIMED_BY_ANOTHER")
    colleague(turn, task, command.to)
    if task.claimed_by == command.to:
        return []
    told = {"case": turn.state.case, "task": task.task, "by": me.by, "to": command.to, "reason": command.reason}
    return [TaskForwarded.model_validate({**told, "until": until(turn, task)})]


def ask(turn: Turn, command: Ask) -> list[Event]:
    """Ask the person; the clock stops, at most for the term of the chain, and keeps the rest of the days (R57)."""
    state, task = turn.state, waiting(turn.state, command.task)
    me = lawful(turn, task)
    claimant(task, me.by)
    undecided(task)
    days = state.stage(task.stage).answer_days
    if not days or task.asked is not None:
        raise Refused("QUESTION_NOT_POSSIBLE", open=task.asked is not None)
    zone = state.zone_of(task.stage)
    return [
        TaskQuestioned(
            case=state.case,
            task=task.task,
            person=state.person,
            by=me.by,
            question=command.question,
            days_left=turn.left(zone, task.due),
            until=turn.deadline(zone, days),
        )
    ]


def answer(turn: Turn, command: Answer) -> list[Event]:
    """The person answers what was asked of them. Raises Refused NOT_ASKED."""
    task = waiting(turn.state, command.task)
    if task.asked is None or turn.actor.person != turn.state.person:
        raise Refused("NOT_ASKED")
    return [resumed(turn, task, turn.actor.person, command.answer)]


def resumed(turn: Turn, task: Task, by: str = "", text: str = "") -> TaskAnswered:
    """The clock runs again with the days that were left when it stopped."""
    left = task.asked.days_left if task.asked else 0
    due = turn.deadline(turn.state.zone_of(task.stage), left)
    told = {"case": turn.state.case, "task": task.task, "by": by, "answer": text}
    return TaskAnswered.model_validate({**told, "since": turn.message.time, "due": due})


def waiting(state: Case, task: str) -> Task:
    """The task that waits under this id. Raises Refused NOT_FOUND, TASK_OVER."""
    if found := next((one for one in state.tasks if one.task == task), None):
        return found
    if state.status == "new":
        raise Refused("NOT_FOUND", status=404)
    raise Refused("TASK_OVER", task=task)


def claimant(task: Task, person: str) -> None:
    """Raises Refused NOT_CLAIMED_BY_YOU."""
    if task.claimed_by != person:
        raise Refused("NOT_CLAIMED_BY_YOU", status=403)


def undecided(task: Task) -> None:
    """Raises Refused DECISION_PENDING while a decision waits for the end of its grace."""
    if task.pending is not None:
        raise Refused("DECISION_PENDING", by=task.pending.by)


def until(turn: Turn, task: Task) -> datetime | None:
    """When a claim that begins now goes back by itself; None for never."""
    days = turn.state.stage(task.stage).release_days
    return turn.deadline(turn.state.zone_of(task.stage), days) if days else None
