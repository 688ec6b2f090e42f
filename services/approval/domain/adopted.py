"""A case that began on paper: where its chain goes on, since when, and in whose hands. Pure.

It goes on at the stage that the paper names, unless a verification or consent before it is not shown on it: then at the
first of these, because without it no decree could be issued. Opinions that the paper does not show are not asked anew.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time

from services.approval.domain.desk import queue, until
from services.approval.domain.duties import colleague, party
from services.approval.domain.state import Case, evolve
from services.approval.domain.together import after, block
from services.approval.domain.turn import Turn
from shared.contracts.approval import ApprovalReturned, TaskClaimed, TaskQueued
from shared.contracts.papers import Paper
from shared.contracts.stages import PlannedStage
from shared.kernel.calendar import Zone
from shared.kernel.decider import Event, Refused

_NOON = time(12)


def go_on(turn: Turn, begun: Case, paper: Paper) -> list[Event]:
    """The tasks that wait, taken on by the holder where they may decide; or the file goes back for what it says."""
    turn = replace(turn, state=begun)
    code, reason = _wrong(turn, paper)
    if code:
        return [ApprovalReturned(case=begun.case, attempt=begun.attempt, code=code, reason=reason)]
    tasks = _queued(turn, paper)
    for task in tasks:
        begun = evolve(begun, task)
    return [*tasks, *_claimed(replace(turn, state=begun), paper)]


def _wrong(turn: Turn, paper: Paper) -> tuple[str, str]:
    """Code, and what it is about: a stage that the chain does not have before or at that of the paper, or a word of a
    party to the case (I9). Empty when nothing is."""
    plan = turn.state.plan
    ids = [stage.id for stage in plan]
    known = ids[: after(plan, turn.state.stage(paper.stage))] if paper.stage in ids else []
    for stage in (paper.stage, *(word.stage for word in paper.words)):
        if stage not in known:
            return "STAGE_UNKNOWN", f"{stage}: {', '.join(ids)}"
    return next((("KONFLIK_KEPENTINGAN", word.stage) for word in paper.words if party(turn, word.by)), ("", ""))


def _queued(turn: Turn, paper: Paper) -> list[TaskQueued]:
    """The task of the stage at which it goes on, and those beside it that have not agreed yet."""
    state = turn.state
    said = {decided.stage for decided in state.decisions} - {paper.stage}
    now = block(state.plan, _first(state, paper, said))
    return [
        queue(turn, state, n, _noon(paper.since, state.zone_of(stage.id)))
        for n, stage in enumerate(state.plan, 1)
        if stage in now and stage.id not in said
    ]


def _first(state: Case, paper: Paper, said: set[str]) -> PlannedStage:
    return next(
        stage
        for stage in state.plan
        if stage.id == paper.stage or (stage.decision != "opinion" and stage.id not in said)
    )


def _noon(day: date, zone: Zone) -> datetime:
    """That day where the stage's agency is; the hour does not count in a term of working days (R57)."""
    return datetime.combine(day, _NOON, zone.info).astimezone(UTC)


def _claimed(turn: Turn, paper: Paper) -> list[Event]:
    """By who holds the paper, if they may decide the task; if not, it waits for anybody who holds the office."""
    for task in turn.state.tasks if paper.holder else ():
        try:
            colleague(turn, task, paper.holder)
        except Refused:
            continue
        return [TaskClaimed(case=turn.state.case, task=task.task, by=paper.holder, until=until(turn, task))]
    return []
