"""Decisions about the training that goes with a move: planned with the move, reminded of, done, reassessed. Pure.

Source: domain needs P07, S10, S11, S19, J05, J06; indicator KP9.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from services.evaluation.domain.facts import Post
from services.evaluation.domain.review.state import ZONE
from services.evaluation.domain.training.catalogue import catalogue
from shared.contracts.registry import EmployeeMoved, Placement
from shared.contracts.training import (
    CompetenceReassessed,
    TrainingCompleted,
    TrainingDue,
    TrainingLine,
    TrainingOverdue,
    TrainingPlanned,
)
from shared.kernel.competence import HIGHEST, LOWEST
from shared.kernel.decider import Command, Decider, Event, Facts, Frozen, Message, Refused, Timer, TimerDue, judged_on

REMIND, OVER = "remind", "over"
_MORNING = time(8)


class RecordCourse(Command):
    """A course was done: on which day, the certificate's number, and what it cost in rupiah (S19)."""

    course: str
    completed_on: date
    certificate: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    cost: Annotated[int, Field(ge=0, le=10**12)]


class Reassess(Command):
    """The level that an assessment found, on which day."""

    competence: str
    level: Annotated[int, Field(ge=LOWEST, le=HIGHEST)]
    assessed_on: date


class Done(Frozen):
    """A course that was done."""

    completed_on: date
    certificate: str
    cost: int


class Found(Frozen):
    """What a reassessment found."""

    level: int
    assessed_on: date


class Training(Frozen):
    """The training plan of one move. `done`: by course; `found`: by competence."""

    id: str
    case: str = ""
    person: str = ""
    placement: Placement | None = None
    effective_on: date | None = None
    until: date | None = None
    lines: tuple[TrainingLine, ...] = ()
    done: Mapping[str, Done] = {}
    found: Mapping[str, Found] = {}
    reminded: bool = False
    over: bool = False

    @property
    def missing(self) -> tuple[str, ...]:
        """Courses that are required and not done."""
        return tuple(
            dict.fromkeys(line.course for line in self.lines if line.required and line.course not in self.done)
        )

    @property
    def ready(self) -> bool:
        """Everything required was done in time (KP9)."""
        wanted = {line.course for line in self.lines if line.required}
        return all(
            course in self.done and self.until is not None and self.done[course].completed_on <= self.until
            for course in wanted
        )

    @property
    def closed(self) -> tuple[str, ...]:
        """Competences whose gap an assessment found closed: a certificate alone closes none (KP9)."""
        return tuple(
            line.competence
            for line in self.lines
            if line.competence in self.found and self.found[line.competence].level >= line.asked
        )


def training_id(case: str) -> str:
    """Id of the training plan of a case."""
    return f"t:{case}"


def _planned(state: Training, moved: EmployeeMoved, facts: Facts) -> list[Event]:
    if state.case:
        return []
    post = facts.get(Post, moved.profile.placement.post)
    asked = post.sought.requirements.competences if post else {}
    return [
        TrainingPlanned(
            case=moved.case,
            person=moved.person,
            placement=moved.profile.placement,
            effective_on=moved.effective_on,
            until=moved.effective_on + timedelta(days=catalogue().days),
            lines=catalogue().lines(asked, moved.profile.competences),
        )
    ]


def _timer(state: Training, timer: TimerDue) -> list[Event]:
    place = state.placement
    if state.until is None or place is None or not state.missing:
        return []
    about = {"case": state.case, "person": state.person, "until": state.until, "missing": state.missing}
    due = TrainingDue.model_validate(about)
    if timer.name == REMIND:
        return [due]
    where = {"office": catalogue().keeper, "agency": place.agency, "unit": "", "at": timer.at}
    return [due, TrainingOverdue.model_validate({**about, **where})]


def _record(state: Training, command: RecordCourse, message: Message) -> list[Event]:
    if command.course not in {line.course for line in state.lines}:
        raise Refused("COURSE_NOT_PLANNED", status=422, where="course", course=command.course)
    if command.course in state.done:
        raise Refused("COURSE_DONE", where="course", course=command.course)
    _past(command.completed_on, "completed_on", message)
    return [TrainingCompleted(case=state.case, person=state.person, **command.model_dump(), by=_by(message))]


def _reassess(state: Training, command: Reassess, message: Message) -> list[Event]:
    if command.competence not in {line.competence for line in state.lines if line.competence}:
        raise Refused("COMPETENCE_NOT_PLANNED", status=422, where="competence", competence=command.competence)
    _past(command.assessed_on, "assessed_on", message)
    return [CompetenceReassessed(case=state.case, person=state.person, **command.model_dump(), by=_by(message))]


def _past(day: date, where: str, message: Message) -> None:
    if day > judged_on(message.time):
        raise Refused("DAY_NOT_COME", status=422, where=where, day=str(day))


def _by(message: Message) -> str:
    return message.actor.login if message.actor else ""


def _decide(state: Training, message: Message, facts: Facts) -> list[Event]:
    match message.body:
        case EmployeeMoved() as moved:
            return _planned(state, moved, facts)
        case TimerDue() as timer:
            return _timer(state, timer)
        case RecordCourse() as command:
            return _record(state, command, message)
        case Reassess() as command:
            return _reassess(state, command, message)
    return []


def _evolve(state: Training, event: Event) -> Training:
    match event:
        case TrainingPlanned():
            fields = ("case", "person", "placement", "effective_on", "until", "lines")
            return state.model_copy(update={name: getattr(event, name) for name in fields})
        case TrainingDue():
            return state.model_copy(update={"reminded": True})
        case TrainingOverdue():
            return state.model_copy(update={"over": True})
        case TrainingCompleted():
            done = Done(completed_on=event.completed_on, certificate=event.certificate, cost=event.cost)
            return state.model_copy(update={"done": {**state.done, event.course: done}})
        case CompetenceReassessed():
            found = Found(level=event.level, assessed_on=event.assessed_on)
            return state.model_copy(update={"found": {**state.found, event.competence: found}})
    return state


def _timers(state: Training) -> tuple[Timer, ...]:
    if state.until is None or not state.missing or state.over:
        return ()
    remind = Timer(REMIND, _at(state.until - timedelta(days=catalogue().remind)), REMIND)
    over = Timer(OVER, _at(state.until + timedelta(days=1)), OVER)
    return (over,) if state.reminded else (remind, over)


def _at(day: date) -> datetime:
    return datetime.combine(day, _MORNING, ZONE.info)


def _shown(state: Training) -> Mapping[str, Any]:
    shown = state.model_dump(mode="json", exclude={"id", "reminded", "over"})
    return {**shown, "missing": state.missing, "ready": state.ready, "closed": state.closed}


TRAININGS = Decider(
    name="trainings",
    state=Training,
    initial=lambda id: Training(id=id),
    decide=_decide,
    evolve=_evolve,
    timers=_timers,
    answer=_shown,
)
