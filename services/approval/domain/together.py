"""Stages that run at the same time, until so many of them agree or were heard (quorum). Pure.

A stage of its own is the same with one. Words against end the file as soon as too few are left to reach the quorum.
"""

from typing import Literal

from services.approval.domain.desk import queue
from services.approval.domain.state import Case
from services.approval.domain.task import Task, Word
from services.approval.domain.turn import Turn
from shared.contracts.approval import TaskQueued
from shared.contracts.stages import PlannedStage
from shared.contracts.tasks import TaskDropped

Plan = tuple[PlannedStage, ...]


def queued(turn: Turn, state: Case, n: int) -> list[TaskQueued]:
    """The n-th task of the plan, from 1, and those that run beside it."""
    count = len(block(state.plan, state.plan[n - 1]))
    return [queue(turn, state, number) for number in range(n, n + count)]


def settled(state: Case, stage: PlannedStage, word: Word) -> Literal["open", "favourable", "against"]:
    """What this word makes of its stage and those beside it: others are waited for, or the file goes on, or ends."""
    beside = block(state.plan, stage)
    said = {done.stage: done.decision for done in state.decisions} | {stage.id: word.decision}
    heard = [one for one in beside if one.id in said]
    favourable = [one for one in heard if said[one.id] == "approve" or one.decision == "opinion"]
    needed = stage.favourable or 1
    if len(favourable) >= needed:
        return "favourable"
    return "against" if len(beside) - len(heard) + len(favourable) < needed else "open"


def after(plan: Plan, stage: PlannedStage) -> int:
    """How many stages of the plan are done once this one and those beside it are."""
    return plan.index(block(plan, stage)[-1]) + 1


def dropped(state: Case, task: Task, cause: str) -> list[TaskDropped]:
    """The tasks beside this one that are not needed any more."""
    return [TaskDropped(case=state.case, task=one.task, cause=cause) for one in state.tasks if one.task != task.task]


def block(plan: Plan, stage: PlannedStage) -> Plan:
    """The stages that run at the same time as this one, which is one of them."""
    return tuple(one for one in plan if one == stage or (stage.together and one.together == stage.together))
