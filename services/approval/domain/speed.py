"""How long each step takes (KP5): working days from queue to decision, with and without what had to be mended. Pure.

Median and 90th percentile over the decided tasks of a stage, and how many kept the term that held when they were
decided. A question to the person (perbaikan) stops the term: those days are told apart. A percentile of few is none.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from statistics import median, quantiles

from shared.contracts.approval import TaskDecided, TaskQueued
from shared.contracts.tasks import TaskAnswered, TaskQuestioned, TaskRescheduled
from shared.kernel.calendar import Calendar
from shared.kernel.decider import Event, Frozen

SMALLEST = 5
HEARD = (TaskQueued, TaskQuestioned, TaskAnswered, TaskRescheduled, TaskDecided)


class Step(Frozen):
    """One task: the stage, `days` in all, of which `paused`, and whether it kept its term; None while undecided."""

    stage: str
    agency: str = ""
    queued: datetime
    due: datetime
    paused: int = 0
    asked: datetime | None = None
    days: int | None = None
    kept: bool = False


class Speed(Frozen):
    """A stage: how many tasks were decided, working days in all and without pauses, and how many kept their term.
    Median and percentile are None for fewer than five tasks."""

    stage: str
    tasks: int
    kept: int
    median: float | None = None
    p90: float | None = None
    own_median: float | None = None
    own_p90: float | None = None
    paused: int = 0


class Pace(Frozen):
    """The decided tasks of a month or a region: how many, how many kept their term, and working days as of a stage.
    Nothing but the name is told of one with few tasks where those are not shown."""

    name: str
    tasks: int | None = None
    kept: int | None = None
    median: float | None = None
    p90: float | None = None


def steps(told: Iterable[tuple[datetime, Event]], calendar: Calendar) -> list[Step]:
    """The decided tasks of what was said, in the order of time."""
    found: dict[str, Step] = {}
    for at, event in told:
        if isinstance(event, TaskQueued):
            found[event.task] = Step(stage=event.stage, agency=event.agency, queued=at, due=event.due)
        elif isinstance(event, HEARD) and (step := found.get(event.task)):
            found[event.task] = step.model_copy(update=_after(step, at, event, calendar))
    return [step for step in found.values() if step.days is not None]


def _after(step: Step, at: datetime, event: Event, calendar: Calendar) -> dict[str, object]:
    match event:
        case TaskQuestioned():
            return {"asked": at}
        case TaskAnswered():
            return {"asked": None, "due": event.due, "paused": step.paused + _days(step.asked or at, at, calendar)}
        case TaskRescheduled():
            return {"due": event.due}
    return {"days": _days(step.queued, at, calendar), "kept": at <= step.due}


def _days(since: datetime, until: datetime, calendar: Calendar) -> int:
    return calendar.count(calendar.day_of(since), calendar.day_of(until))


def speeds(decided: Iterable[Step]) -> tuple[Speed, ...]:
    """One for each stage, in the order of their names."""
    by_stage = defaultdict[str, list[Step]](list)
    for step in decided:
        by_stage[step.stage].append(step)
    return tuple(_speed(stage, by_stage[stage]) for stage in sorted(by_stage))


def _speed(stage: str, found: Sequence[Step]) -> Speed:
    whole = [step.days or 0 for step in found]
    own = [(step.days or 0) - step.paused for step in found]
    return Speed(
        stage=stage,
        tasks=len(found),
        kept=sum(step.kept for step in found),
        median=_median(whole),
        p90=_last(whole),
        own_median=_median(own),
        own_p90=_last(own),
        paused=sum(step.paused for step in found),
    )


def paces(decided: Iterable[Step], name: Callable[[Step], str], least: int = 1) -> tuple[Pace, ...]:
    """One for each name, in their order; of fewer than `least` tasks the name alone."""
    named = defaultdict[str, list[Step]](list)
    for step in decided:
        named[name(step)].append(step)
    return tuple(_pace(one, named[one]) if len(named[one]) >= least else Pace(name=one) for one in sorted(named))


def _pace(name: str, found: Sequence[Step]) -> Pace:
    days = [step.days or 0 for step in found]
    kept = sum(step.kept for step in found)
    return Pace(name=name, tasks=len(found), kept=kept, median=_median(days), p90=_last(days))


def _median(days: Sequence[int]) -> float | None:
    return float(median(days)) if len(days) >= SMALLEST else None


def _last(days: Sequence[int]) -> float | None:
    return quantiles(days, n=10, method="inclusive")[-1] if len(days) >= SMALLEST else None
