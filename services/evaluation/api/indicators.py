"""KP1-KP10 side by side with pulse, targets and cost; regions at a like mix of cases; what better ones do."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal, NamedTuple

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel

from services.evaluation.api.evaluations import Accepted, Lang
from services.evaluation.domain.review.followups import FollowUp
from services.evaluation.domain.review.reviews import REVIEWS, RecordCost
from services.evaluation.domain.review.state import Review, review_id
from services.evaluation.indicators import store
from services.evaluation.indicators.book import Book, Indicator, book
from services.evaluation.indicators.lessons import LESSONS, Code, NoteLesson, Practice
from services.evaluation.indicators.look import Period, readings
from services.evaluation.indicators.mix import Compared, compare
from services.evaluation.indicators.people import verdict_of
from services.evaluation.indicators.reading import Part, Reading
from services.evaluation.indicators.regions import cases_of, unjudged, year_before
from services.evaluation.indicators.targets import TARGETS, RecordTarget, target_id
from shared.contracts.reviews import Verdict
from shared.host.http import Call, Caller, Json
from shared.host.problem import language
from shared.kernel.decider import Refused, judged_on

router = APIRouter()
Day = Annotated[date | None, Query(ge=date(2000, 1, 1), le=date(2199, 12, 31))]
By = Annotated[Literal["agency", "province"], Query()]


class Figure(Part):
    """A figure with what it is called."""

    name: str


class Shown(BaseModel):
    """One indicator in words, with its figures; `text` says why it cannot be judged yet, "" if it is judged."""

    indicator: str
    name: str
    definition: str
    trap: str
    seeds: tuple[str, ...]
    unit: str
    better: str
    waits: str
    text: str
    figures: tuple[Figure, ...]


class Indicators(BaseModel):
    """All of them, over the moves that took effect from `since` to `until`; `basis` is where the definitions stand."""

    agency: str
    since: date
    until: date
    basis: str
    certainty: str
    items: tuple[Shown, ...]


class Span(NamedTuple):
    """A period, both days inside."""

    since: date
    until: date


def span(call: Call, since: date | None, until: date | None) -> Span:
    """The days asked for, by default the twelve months that end today. Raises Refused BAD_PERIOD."""
    last = until or judged_on(call.now())
    first = since or year_before(last)
    if first > last:
        raise Refused("BAD_PERIOD", where="since", status=422)
    return Span(first, last)


@router.get("/v1/agencies/{agency}/indicators", name="indicators.read")
async def read(
    agency: str, call: Caller, since: Day = None, until: Day = None, lang: Lang = None, accept_language: Accepted = ""
) -> Indicators:
    """What moves brought: each indicator with definition, figures, how many they rest on, and what to beware of."""
    await call.allow(FollowUp(follow_up="", agency=agency))
    days = span(call, since, until)
    found = await readings(call.db, Period(agency, *days, judged_on(call.now())))
    told = {one.indicator: one for one in found}
    chosen = "en" if (lang or language(accept_language)) == "en" else "id"
    return Indicators(
        agency=agency,
        **days._asdict(),
        basis=book().basis.citation,
        certainty=book().basis.certainty,
        items=tuple(shown(one, told[one.id], book(), chosen) for one in book().indicators),
    )


def shown(about: Indicator, reading: Reading, whole: Book, lang: str) -> Shown:
    """A reading in words of one language."""
    wait = getattr(whole.waits[reading.waits], lang) if reading.waits else ""
    named = [Figure(**one.model_dump(), name=getattr(about.parts[one.part], lang)) for one in reading.parts]
    return Shown(
        indicator=about.id,
        **{name: getattr(getattr(about, name), lang) for name in ("name", "definition", "trap")},
        **about.model_dump(include={"seeds", "unit", "better"}),
        waits=reading.waits,
        text=wait,
        figures=tuple(named),
    )


class Move(BaseModel):
    """What was expected of a move, and what was seen, by months after it; the last that says something is `verdict`."""

    case: str
    person: str
    unit: str
    effective_on: date | None
    expected_result: str
    seen: dict[int, Verdict]
    verdict: Verdict
    cost: int


class Moves(BaseModel):
    """The moves of an agency in a period."""

    agency: str
    since: date
    until: date
    items: tuple[Move, ...]


@router.get("/v1/agencies/{agency}/moves", name="indicators.moves")
async def moves(agency: str, call: Caller, since: Day = None, until: Day = None) -> Moves:
    """Expected against observed, move by move."""
    await call.allow(FollowUp(follow_up="", agency=agency))
    days = span(call, since, until)
    found = await store.reviews(call.db, *days, agency)
    return Moves(agency=agency, **days._asdict(), items=tuple(map(_move, found)))


def _move(review: Review) -> Move:
    return Move(
        **review.model_dump(include={"case", "person", "effective_on", "expected_result"}),
        unit=review.placement.unit if review.placement else "",
        seen={one.months: one.verdict for one in review.rounds if one.verdict},
        verdict=verdict_of(review),
        cost=sum(one.amount for one in review.costs),
    )


class Regions(BaseModel):
    """Regions beside each other; `unjudged` moves count for none."""

    since: date
    until: date
    by: str
    unjudged: int
    items: tuple[Compared, ...]


@router.get("/v1/regions/results", name="regions.compare")
async def regions(call: Caller, since: Day = None, until: Day = None, by: By = "agency") -> Regions:
    """Results reached against what a like mix of cases reaches over all regions, with limits that chance explains."""
    await call.allow()
    days = span(call, since, until)
    found = await store.reviews(call.db, *days)
    return Regions(**days._asdict(), by=by, unjudged=unjudged(found), items=await _compared(call, found, by))


async def _compared(call: Call, reviews: Sequence[Review], by: str) -> tuple[Compared, ...]:
    kinds = await store.kinds(call.db, {one.placement.post for one in reviews if one.placement})
    plans = await store.trainings(call.db, {one.case for one in reviews})
    hard = {plan.case: any(line.required and line.competence for line in plan.lines) for plan in plans}
    region = await store.provinces(call.db) if by == "province" else {}
    return compare(cases_of(reviews, kinds, hard, region))


class Note(BaseModel):
    """What a region does better than others, by the comparison of a period."""

    region: Code
    since: date
    until: date
    by: Literal["agency", "province"] = "agency"
    practice: Practice


@router.post("/v1/agencies/{agency}/lessons", name="lessons.note", status_code=201)
async def note(agency: Annotated[str, Path(max_length=120)], body: Note, call: Caller) -> Json:
    """Note for the agency's next plan what a region does that the comparison finds better (B16, J16)."""
    found = await store.reviews(call.db, body.since, body.until)
    region = next((one for one in await _compared(call, found, body.by) if one.region == body.region), None)
    basis: dict[str, str] = {}
    if region and region.ratio:
        basis = {"observed": f"{region.observed}", "expected": f"{region.expected:.1f}", "ratio": f"{region.ratio:.2f}"}
    told = body.model_dump(include={"region", "since", "until", "practice"})
    better = bool(region and region.standing == "better")
    command = NoteLesson.model_validate({**told, "agency": agency, "basis": basis, "better": better})
    return await call.send(LESSONS, call.new_id("l"), command)


@router.get("/v1/agencies/{agency}/lessons", name="lessons.list")
async def lessons(agency: str, call: Caller) -> Json:
    """What was noted for the agency's next plan, the newest first."""
    await call.allow(FollowUp(follow_up="", agency=agency))
    found = await store.lessons(call.db, agency)
    return Json({"items": [one.model_dump(mode="json") for one in found]})


@router.post("/v1/agencies/{agency}/targets", name="targets.record")
async def target(agency: str, body: RecordTarget, call: Caller) -> Json:
    """What a unit set out to reach, and later, under the same reference, what it did reach (B09, B12)."""
    if body.agency != agency:
        raise Refused("WRONG_AGENCY", where="agency", status=422)
    return await call.send(TARGETS, target_id(agency, body.unit, body.reference), body)


@router.get("/v1/agencies/{agency}/targets", name="targets.list")
async def targets(agency: str, call: Caller, since: Day = None, until: Day = None) -> Json:
    """The targets that were due in a period, and whether they were reached."""
    await call.allow(FollowUp(follow_up="", agency=agency))
    found = await store.targets(call.db, agency, *span(call, since, until))
    return Json({"items": [{"id": id, **TARGETS.answer(one)} for id, one in found]})


@router.post("/v1/reviews/{case}/costs", name="reviews.cost")
async def cost(case: str, body: RecordCost, call: Caller) -> Json:
    """What a move cost beside its training (S19)."""
    return await call.send(REVIEWS, review_id(case), body)
