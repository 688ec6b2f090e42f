"""What a region does better, noted for the next plan of an agency (B16, J16). Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from shared.contracts.outcomes import LessonNoted
from shared.kernel.decider import Command, Decider, Event, Facts, Frozen, Message, Refused

Code = Annotated[str, Field(min_length=1, max_length=120)]
Practice = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class NoteLesson(Command):
    """What region it comes from, what it does, and the comparison it rests on."""

    agency: Code
    region: Code
    since: date
    until: date
    practice: Practice
    basis: Mapping[str, str] = {}
    better: bool = False


class Lesson(Frozen):
    """One lesson (pelajaran)."""

    lesson: str
    agency: str = ""
    region: str = ""
    since: date | None = None
    until: date | None = None
    basis: Mapping[str, str] = {}
    practice: str = ""
    by: str = ""


def _decide(state: Lesson, message: Message, _facts: Facts) -> list[Event]:
    """Raises Refused NOT_BETTER for a region that the comparison does not find better."""
    command = message.body
    if not isinstance(command, NoteLesson) or state.agency:
        return []
    if not command.better:
        raise Refused("NOT_BETTER", where="region", status=422, region=command.region)
    told = command.model_dump(exclude={"better"})
    return [LessonNoted(lesson=state.lesson, **told, by=message.actor.login if message.actor else "")]


def _evolve(state: Lesson, event: Event) -> Lesson:
    return Lesson.model_validate(event.model_dump()) if isinstance(event, LessonNoted) else state


LESSONS: Decider[Lesson] = Decider(
    "lessons",
    Lesson,
    lambda id: Lesson(lesson=id),
    _decide,
    _evolve,
    answer=lambda state: state.model_dump(mode="json"),
)
