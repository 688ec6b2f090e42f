"""How an agency's records stand from day to day, and what is to be mended in them, as tasks of its office. Pure.

A task is one indicator that records of the agency show. It opens when the first one does, stays open however often the
records are looked at, and closes by itself when none shows it any more. Whose records they are is looked up when asked.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from services.registry.domain.ids import Code
from shared.contracts.corrections import CorrectionGranted
from shared.contracts.quality import QualityAsked, QualityMeasured, QualityTasksOpened
from shared.kernel.decider import Command, Decider, Event, Facts, Frozen, Message, judged_on

OFFICE = "personnel_verifier"
Count = Annotated[int, Field(ge=0)]


class MendingTask(Frozen):
    """An indicator that `people` of the agency show, since that day."""

    indicator: str
    since: date
    people: int


class Mending(Frozen):
    """The last look (`on`; None: none yet), the tasks that are open, and whether the next look is wanted at once."""

    agency: str = ""
    on: date | None = None
    people: int = 0
    sound: int = 0
    tasks: tuple[MendingTask, ...] = ()
    asked: bool = False


class AskQuality(Command):
    """Let the records be looked at soon; asked twice they are looked at once."""

    agency: Code


class NoteQuality(Command):
    """What a look at the records found."""

    agency: Code
    people: Count
    sound: Count
    found: Mapping[str, Count]


def mending_id(agency: str) -> str:
    """Id of the records of an agency."""
    return f"q:{agency}"


def _decide(state: Mending, message: Message, _facts: Facts) -> list[Event]:
    today = judged_on(message.time)
    match message.body:
        case AskQuality(agency=agency) | CorrectionGranted(agency=agency):  # what that mended is no task any more
            return [] if state.asked else [QualityAsked(agency=agency, on=today)]
        case NoteQuality() as command:
            return _noted(state, command, today)
    return []


def _noted(state: Mending, command: NoteQuality, today: date) -> list[Event]:
    """The figure, and the tasks that begin and end with it; the same figure on the same day says nothing."""
    before = {task.indicator for task in state.tasks}
    now = {name for name, people in command.found.items() if people}
    measured = QualityMeasured(on=today, closed=tuple(sorted(before - now)), **command.model_dump())
    if _evolve(state, measured) == state:
        return []
    new = tuple(sorted(now - before))
    opened = QualityTasksOpened(agency=command.agency, office=OFFICE, indicators=new, count=len(new), on=today)
    return [measured, *([opened] if new else [])]


def _evolve(state: Mending, event: Event) -> Mending:
    match event:
        case QualityAsked():
            return state.model_copy(update={"agency": event.agency, "asked": True})
        case QualityMeasured():
            since = {task.indicator: task.since for task in state.tasks}
            tasks = tuple(
                MendingTask(indicator=name, since=since.get(name, event.on), people=people)
                for name, people in sorted(event.found.items())
                if people
            )
            figure = {"agency": event.agency, "on": event.on, "people": event.people, "sound": event.sound}
            return Mending.model_validate({**figure, "tasks": tasks})
    return state


def _answer(state: Mending) -> Mapping[str, Any]:
    return state.model_dump(mode="json")


MENDINGS: Decider[Mending] = Decider(
    "mendings",
    Mending,
    lambda _id: Mending(),
    _decide,
    _evolve,
    answer=_answer,
    register=True,  # everybody whose record is corrected is a source of their own
)
