"""The task that waits, and how events change it."""

from datetime import datetime
from typing import Any

from shared.contracts.approval import TaskClaimed, TaskReleased
from shared.contracts.stages import Decision, Letter
from shared.contracts.tasks import (
    DecisionPending,
    DecisionRecalled,
    LetterUnusable,
    TaskAnswered,
    TaskForwarded,
    TaskQuestioned,
    TaskRescheduled,
    TaskVoted,
)
from shared.kernel.decider import Event, Frozen


class Word(Frozen):
    """What somebody says to a task, for themselves or for whom they stand in."""

    by: str
    on_behalf_of: str = ""
    decision: Decision
    code: str = ""
    reason: str = ""
    letter: Letter | None = None
    missing: tuple[str, ...] = ()


class Pending(Word):
    """A decision in its grace: it holds from `effective_at` on."""

    effective_at: datetime


class Question(Frozen):
    """What the person was asked; the clock stands still with `days_left` working days, at most until `until`."""

    by: str
    question: str
    days_left: int
    until: datetime


class Task(Frozen):
    """The one task that waits. `overdue` once its term passed in silence.

    The term of `days` working days runs from `since`; `moved` once its deadline is not the first one.
    """

    task: str
    stage: str
    office: str
    agency: str
    unit: str
    due: datetime
    since: datetime | None = None
    days: int = 0
    moved: bool = False
    claimed_by: str = ""
    on_behalf_of: str = ""
    release_at: datetime | None = None
    overdue: bool = False
    asked: Question | None = None
    answers: tuple[str, ...] = ()
    pending: Pending | None = None
    votes: tuple[Word, ...] = ()
    unusable: str = ""  # why the answer of the authority's own system was of no use


class Decided(Word):
    """One decision of this attempt; `members` are all whose equal words made it. One on paper had no task here."""

    task: str
    stage: str
    members: tuple[str, ...] = ()


def worked(task: Task, event: Event) -> Task:
    """The waiting task after the event."""
    return task.model_copy(update=_held(task, event))


def _held(task: Task, event: Event) -> dict[str, Any]:
    """What changes of who works on it."""
    match event:
        case TaskClaimed():
            return {"claimed_by": event.by, "on_behalf_of": event.on_behalf_of, "release_at": event.until}
        case TaskForwarded():
            return {"claimed_by": event.to, "on_behalf_of": "", "release_at": event.until}
        case TaskReleased():
            return {"claimed_by": "", "on_behalf_of": "", "release_at": None}
        case LetterUnusable():
            return {"unusable": event.code}
        case TaskVoted():
            return {"votes": (*task.votes, Word.model_validate(event.model_dump()))}
    return _timed(task, event)


def _timed(task: Task, event: Event) -> dict[str, Any]:
    """What changes of its clock, or of the decision that waits for the end of its grace."""
    match event:
        case DecisionPending():
            return {"pending": Pending.model_validate(event.model_dump())}
        case DecisionRecalled():
            return {"pending": None}
        case TaskQuestioned():
            return {"asked": Question.model_validate(event.model_dump())}
        case TaskAnswered():
            days = task.asked.days_left if task.asked else 0
            run = {"asked": None, "since": event.since, "days": days, "due": event.due, "moved": True}
            return {**run, "answers": (*task.answers, event.answer)} if event.by else run
        case TaskRescheduled():
            return {"due": event.due, "moved": True}
    return {"overdue": True}
