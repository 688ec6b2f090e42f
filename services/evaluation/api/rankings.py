"""Ranking at closing: the own place for whoever applied, the whole order for the panel, its choice, and offers."""

from datetime import datetime
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from services.evaluation import store
from services.evaluation.api.evaluations import Accepted, Lang
from services.evaluation.deciders import EVALUATIONS, RANKINGS
from services.evaluation.domain.ranking.choice import AcceptOffer, Choose, DeclineOffer
from services.evaluation.domain.ranking.setting import setting
from services.evaluation.domain.ranking.state import Choice, Offer, Ranking, Status, ranking_id
from services.evaluation.explain import Voice, words
from services.evaluation.indicators.store import note_opened
from services.evaluation.policy import held_today
from shared.contracts.ranking import RankedLine
from shared.host.http import Caller, Json
from shared.host.problem import language
from shared.kernel.decider import Refused, judged_on
from shared.runtime.service import Asked

router = APIRouter()
Outcome = Literal["", "chosen", "not_chosen", "left", "offered", "accepted", "declined", "lapsed"]


class Rank(BaseModel):
    """Where one stands: `rank` of `size` (0 while applications are gathered), with the score of the last seat and the
    factors that decide between equal scores; nobody else is named. `until` ends an offer."""

    case: str
    vacancy: str
    status: Status
    version: int
    rank: int
    size: int
    quota: int
    score: int
    cutoff: int
    tie_break: tuple[str, ...]
    office: str
    due: datetime | None
    outcome: Outcome
    deviates: bool
    reason: str
    until: datetime | None
    text: str


def outcome_of(state: Ranking, line: RankedLine | None) -> Outcome:
    """What came of one line so far."""
    if line is None:
        return ""
    offer = state.offers.get(line.case)
    if offer is not None:
        return offer.answer or "offered"
    if state.left(line):
        return "left"
    if state.choice is None:
        return ""
    return "chosen" if line.case in state.choice.chosen else "not_chosen"


@router.get("/v1/evaluations/{case}/rank", name="evaluation.rank")
async def own(case: str, call: Caller, lang: Lang = None, accept_language: Accepted = "") -> Rank:
    """The own rank among all who were eligible; 404 where the vacancy is not given by ranking."""
    evaluated = await call.read(EVALUATIONS, case)
    state: Ranking = await _ranking(call, evaluated.vacancy)
    if evaluated.result is None or state.status == "none" or case not in state.entries:
        raise Refused("NOT_RANKED", status=404, case=case)
    line, offer = state.line(case), state.offers.get(case)
    voice = Voice(words(), "en" if (lang or language(accept_language)) == "en" else "id")
    outcome = outcome_of(state, line)
    if outcome == "not_chosen" and (await call.allow(evaluated)).person == evaluated.person:
        await note_opened(call.db, case, call.now())
    return Rank(
        case=case,
        vacancy=state.vacancy,
        status=state.status,
        version=state.version,
        rank=line.rank if line else 0,
        size=len(state.lines),
        quota=state.quota,
        score=state.entries[case].score,
        cutoff=state.cutoff,
        tie_break=tuple(voice.say("factors", name) for name in state.tie_break),
        office=state.desk or setting().offices[0],
        due=state.due,
        outcome=outcome,
        deviates=bool(state.choice and state.choice.deviates),
        reason=state.choice.reason if state.choice else "",
        until=offer.until if offer else None,
        text=voice.say("ranking", outcome or state.status),
    )


async def _ranking(call: Caller, vacancy: str) -> Ranking:
    """The ranking of a vacancy whoever asks; the caller was let to their own case."""
    found = await call.db["rankings"].find_one({"_id": ranking_id(vacancy)}, {"state": 1})
    return Ranking.model_validate(found["state"]) if found else Ranking(vacancy=vacancy)


class Line(RankedLine):
    """A line with what came of it, and until when an offer stands."""

    outcome: Outcome
    offer: Offer | None


class Whole(BaseModel):
    """The whole ranking, for the panel."""

    vacancy: str
    title: str
    agency: str
    unit: str
    status: Status
    version: int
    quota: int
    gathered: int
    cutoff: int
    tie_break: tuple[str, ...]
    due: datetime | None
    zone: str
    choice: Choice | None
    lines: tuple[Line, ...]


def _whole(state: Ranking, voice: Voice) -> Whole:
    place = state.placement
    rows = (
        Line(**line.model_dump(), outcome=outcome_of(state, line), offer=state.offers.get(line.case))
        for line in state.lines
    )
    return Whole(
        **state.model_dump(include={"vacancy", "title", "status", "version", "quota", "cutoff", "due", "zone"}),
        agency=place.agency if place else "",
        unit=place.unit if place else "",
        gathered=len(state.entries),
        tie_break=tuple(voice.say("factors", name) for name in state.tie_break),
        choice=state.choice,
        lines=tuple(rows),
    )


class Listed(BaseModel):
    """Rankings at the agencies where the caller decides."""

    items: tuple[Whole, ...]


@router.get("/v1/rankings", name="rankings.list")
async def listed(call: Caller, lang: Lang = None, accept_language: Accepted = "") -> Listed:
    """What is gathered, waits for the panel's choice, or was decided, at the agencies where the caller decides."""
    actor = await call.allow()
    today = held_today(Asked(actor, judged_on(call.now()), None))
    agencies = {held.agency for held in today if held.office in setting().offices}
    voice = Voice(words(), "en" if (lang or language(accept_language)) == "en" else "id")
    return Listed(items=tuple(_whole(state, voice) for state in await store.rankings_at(call.db, agencies)))


@router.get("/v1/rankings/{vacancy}", name="rankings.read")
async def read(vacancy: str, call: Caller, lang: Lang = None, accept_language: Accepted = "") -> Whole:
    """The whole order with what came of it, for the panel and auditors."""
    state = await call.read(RANKINGS, ranking_id(vacancy))
    return _whole(state, Voice(words(), "en" if (lang or language(accept_language)) == "en" else "id"))


@router.post("/v1/rankings/{vacancy}/choose", name="rankings.choose")
async def choose(vacancy: str, body: Choose, call: Caller) -> Json:
    """The panel's choice; a written reason where it departs from the order."""
    return await call.send(RANKINGS, ranking_id(vacancy), body)


@router.post("/v1/rankings/{vacancy}/accept", name="rankings.accept")
async def accept(vacancy: str, body: AcceptOffer, call: Caller) -> Json:
    """Take the seat that became free; the case goes on."""
    return await call.send(RANKINGS, ranking_id(vacancy), body)


@router.post("/v1/rankings/{vacancy}/decline", name="rankings.decline")
async def decline(vacancy: str, body: DeclineOffer, call: Caller) -> Json:
    """Leave it to who stands next."""
    return await call.send(RANKINGS, ranking_id(vacancy), body)
