"""Looking back at moves: what is asked and answered, what it says together, and what is followed up."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from services.evaluation import store
from services.evaluation.api.audits import Series
from services.evaluation.api.evaluations import Accepted, Lang
from services.evaluation.domain.audit.effects import Effect, effect
from services.evaluation.domain.review.followups import FOLLOW_UPS, CloseFollowUp, FollowUp, OpenFollowUp, Words
from services.evaluation.domain.review.form import form
from services.evaluation.domain.review.reviews import REVIEWS, AnswerReview
from services.evaluation.domain.review.state import Review, review_id
from services.evaluation.domain.review.summary import Summary, summary
from services.evaluation.indicators.store import lessons as noted
from services.evaluation.plan.studio.plans import PLANS
from services.evaluation.policy import held_today
from shared.host.http import Caller, Json
from shared.host.problem import language
from shared.kernel.decider import judged_on
from shared.runtime.service import Asked as Judged

router = APIRouter()
After = Annotated[str, Query(max_length=200)]


class Choice(BaseModel):
    """One thing that can be chosen."""

    choice: str
    text: str


class Question(BaseModel):
    """One question in words, with what can be chosen."""

    id: str
    text: str
    choices: tuple[Choice, ...]


class Item(BaseModel):
    """One look back that concerns the caller; questions while it waits for their answer."""

    case: str
    person: str
    months: int
    status: Literal["waiting", "open", "closed"]
    due: str
    until: str | None
    party: Literal["person", "superior"]
    answered: bool
    expected_result: str
    verdict: str | None
    questions: tuple[Question, ...]


class Mine(BaseModel):
    """What the caller is asked, or was."""

    items: tuple[Item, ...]


@router.get("/v1/reviews", name="reviews.mine")
async def mine(call: Caller, lang: Lang = None, accept_language: Accepted = "") -> Mine:
    """The caller's own moves looked back at, and those to their unit that wait for the superior's answer."""
    actor = await call.allow()
    today = held_today(Judged(actor, judged_on(call.now()), None))
    places = {(held.agency, held.unit) for held in today if held.office == form().offices.superior}
    found = await store.reviews_of(call.db, actor.person, places)
    english = (lang or language(accept_language)) == "en"
    return Mine(items=tuple(item for review in found for item in _items(review, actor.person, english=english)))


def _items(review: Review, person: str, *, english: bool) -> list[Item]:
    party: Literal["person", "superior"] = "person" if person == review.person else "superior"
    shown = [one for one in review.rounds if party == "person" or one.status == "open"]
    return [
        Item(
            case=review.case,
            person=review.person,
            months=one.months,
            status=one.status,
            due=review.due(one.months).isoformat(),
            until=one.until.isoformat() if one.until else None,
            party=party,
            answered=party in one.answers,
            expected_result=review.expected_result,
            verdict=one.verdict,
            questions=_questions(party, english=english) if one.status == "open" and party not in one.answers else (),
        )
        for one in shown
    ]


def _questions(party: Literal["person", "superior"], *, english: bool) -> tuple[Question, ...]:
    lang = "en" if english else "id"
    return tuple(
        Question(
            id=id,
            text=getattr(question.text, lang),
            choices=tuple(
                Choice(choice=choice, text=getattr(text, lang))
                for choice, text in form().scales[question.scale].items()
            ),
        )
        for id, question in form().asked(party).items()
    )


@router.get("/v1/reviews/{case}", name="reviews.read")
async def read(case: str, call: Caller) -> Json:
    """Where the looks back at a case stand; what each answered stays their own."""
    return await call.show(REVIEWS, review_id(case))


@router.post("/v1/reviews/{case}/answers", name="reviews.answer")
async def answer(case: str, body: AnswerReview, call: Caller) -> Json:
    """Answer, as the person or as the superior; each once, while the round is open."""
    return await call.send(REVIEWS, review_id(case), body)


class Summaries(BaseModel):
    """What the reviews of an agency say together (KP10 and the means)."""

    agency: str
    moves: int
    after: tuple[Summary, ...]


@router.get("/v1/agencies/{agency}/reviews", name="reviews.summary")
async def summarised(agency: str, call: Caller) -> Summaries:
    """How many moves reached what was expected, and how people are; fewer than five answers are suppressed."""
    await call.allow(FollowUp(follow_up="", agency=agency))
    found = await store.reviews_at(call.db, agency)
    return Summaries(agency=agency, moves=len(found), after=summary(found))


@router.get("/v1/agencies/{agency}/follow-ups", name="follow_ups.list")
async def listed(
    agency: str,
    call: Caller,
    status: Literal["", "open", "closed"] = "",
    after: After = "",
    lang: Lang = None,
    accept_language: Accepted = "",
) -> Json:
    """What was not reached, who looks into it, and what was found; with the causes that can be named."""
    await call.allow(FollowUp(follow_up="", agency=agency))
    rows = await store.follow_ups(call.db, agency, status, after)
    english = (lang or language(accept_language)) == "en"
    causes = [{"cause": code, "text": text.en if english else text.id} for code, text in form().causes.items()]
    return Json({"items": rows, "next": rows[-1]["id"] if len(rows) == store.PAGE else "", "causes": causes})


class Look(Series):
    """Several moves looked at together: units with and without moves, and what was expected of the moves."""

    unit: Annotated[str, Field(max_length=120)] = ""
    title: Words
    months: Annotated[int, Field(ge=1, le=60)]
    expected_result: Words
    cases: Annotated[tuple[str, ...], Field(min_length=1, max_length=2000)]


@router.post("/v1/agencies/{agency}/follow-ups", name="follow_ups.open", status_code=201)
async def look(agency: str, body: Look, call: Caller) -> Json:
    """Look at several moves together (A11-A13, KP2); what was not reached opens a follow-up (J10)."""
    found = effect(body.units, body.expected)
    told = body.model_dump(include={"unit", "title", "months", "expected_result", "cases"})
    command = OpenFollowUp(agency=agency, **told, verdict=found.verdict, basis=_basis(found, body.expected))
    return await call.send(FOLLOW_UPS, call.new_id("f"), command)


def _basis(found: Effect, expected: float) -> dict[str, str]:
    parts = {"expected": expected, "units": found.units, "compared": found.compared}
    if found.share:
        parts |= {name: part for name, part in found.share._asdict().items() if part is not None}
    return {name: f"{part:.4g}" for name, part in parts.items()}


@router.post("/v1/follow-ups/{id}/close", name="follow_ups.close")
async def close(id: str, body: CloseFollowUp, call: Caller) -> Json:
    """Name the cause and what was found; the next plan of the agency is shown it."""
    return await call.send(FOLLOW_UPS, id, body)


@router.get("/v1/plans/{plan}/findings", name="plan.findings")
async def findings(plan: str, call: Caller, after: After = "") -> Json:
    """For the plan's weights and placements (B16, J16): what was found where earlier moves to its agency fell short,
    and what better regions do."""
    state = await call.read(PLANS, plan)
    rows = await store.follow_ups(call.db, state.agency, "closed", after)
    lessons = [one.model_dump(mode="json") for one in await noted(call.db, state.agency)]
    return Json({"items": rows, "next": rows[-1]["id"] if len(rows) == store.PAGE else "", "lessons": lessons})
