"""Training that goes with a move: advised before it, planned with it, done, reassessed; and KP9 of an agency."""

from collections.abc import Sequence
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from services.evaluation import store
from services.evaluation.api.evaluations import Accepted, Lang
from services.evaluation.deciders import EVALUATIONS
from services.evaluation.domain.audit.intervals import Interval, share
from services.evaluation.domain.case import ZONE
from services.evaluation.domain.history import repeated
from services.evaluation.domain.judge import restored
from services.evaluation.domain.training.catalogue import catalogue
from services.evaluation.domain.training.trainings import TRAININGS, Reassess, RecordCourse, Training, training_id
from services.evaluation.store import told_until
from shared.contracts.registry import Placement
from shared.contracts.training import TrainingLine
from shared.host.http import Caller, Json
from shared.host.problem import language
from shared.kernel.decider import Refused, judged_on

router = APIRouter()


class Line(TrainingLine):
    """A line with the course in words; `hours` are lessons (JP)."""

    title: str
    hours: int


class Advice(BaseModel):
    """What the person should learn for the post they want, and by when after the effective date."""

    case: str
    days: int
    lines: tuple[Line, ...]


def said(lines: Sequence[TrainingLine], lang: str) -> tuple[Line, ...]:
    """Lines with their courses in words; a course nobody knows any more is left out."""
    courses = {course.id: course for course in catalogue().courses}
    titles = {id: course.title.en if lang == "en" else course.title.id for id, course in courses.items()}
    return tuple(
        Line(**line.model_dump(), title=titles.get(line.course, line.course), hours=courses[line.course].hours)
        for line in lines
        if line.course in courses
    )


@router.get("/v1/evaluations/{case}/training", name="evaluation.training")
async def advice(case: str, call: Caller, lang: Lang = None, accept_language: Accepted = "") -> Advice:
    """The training that would go with this move, from the facts of the last evaluation."""
    await call.read(EVALUATIONS, case)
    told, books = await told_until(call.db, case, judged_on(call.now()), ZONE)
    found = repeated(told, books)
    if found is None:
        raise Refused("NOT_EVALUATED_YET", status=404)
    seen = restored(found.event.facts, books).seen
    lines = catalogue().lines(seen.vacancy.requirements.competences, seen.employee.competences)
    return Advice(case=case, days=catalogue().days, lines=said(lines, lang or language(accept_language)))


@router.get("/v1/trainings/{case}", name="trainings.read")
async def read(case: str, call: Caller) -> Json:
    """The training plan of a move: what is due, done, and found by a reassessment."""
    return await call.show(TRAININGS, training_id(case))


@router.post("/v1/trainings/{case}/courses", name="trainings.record")
async def record(case: str, body: RecordCourse, call: Caller) -> Json:
    """Record a course that was done, with its certificate and cost."""
    return await call.send(TRAININGS, training_id(case), body)


@router.post("/v1/trainings/{case}/reassessments", name="trainings.reassess")
async def reassess(case: str, body: Reassess, call: Caller) -> Json:
    """Record the level that an assessment found after the course."""
    return await call.send(TRAININGS, training_id(case), body)


class Readiness(BaseModel):
    """KP9 of an agency. `judged` are plans whose term is over, `ready` of them had done all that is required in time;
    `gaps` were planned for, `closed` of them by a reassessment; `cost` in rupiah."""

    agency: str
    plans: int
    judged: int
    ready: int
    share: Interval | None
    verdict: Literal["judged", "cannot_be_judged"]
    gaps: int
    closed: int
    cost: int


@router.get("/v1/agencies/{agency}/trainings", name="trainings.summary")
async def summary(agency: str, call: Caller) -> Readiness:
    """Training readiness (KP9): done in time, gaps closed, and what it cost (S19)."""
    await call.allow(Training(id="", placement=Placement(agency=agency, unit="", post="")))
    plans = await store.trainings_at(call.db, agency)
    over = [one for one in plans if one.until is not None and one.until < judged_on(call.now())]
    ready = sum(one.ready for one in over)
    return Readiness(
        agency=agency,
        plans=len(plans),
        judged=len(over),
        ready=ready,
        share=share(ready, len(over)) if over else None,
        verdict="judged" if over else "cannot_be_judged",
        gaps=sum(bool(line.competence) for one in plans for line in one.lines),
        closed=sum(len(one.closed) for one in plans),
        cost=sum(done.cost for one in plans for done in one.done.values()),
    )
