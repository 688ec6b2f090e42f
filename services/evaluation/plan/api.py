"""The studio's HTTP door: scenarios, runs, explanations, consultation, adoption, waves."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import AwareDatetime, BaseModel, ValidationError

from services.evaluation.plan import store
from services.evaluation.plan.effects import solver
from services.evaluation.plan.sidebyside import compare
from services.evaluation.plan.studio.commands import (
    Adopt,
    AnswerComment,
    CancelRun,
    Comment,
    CreatePlan,
    Id,
    OpenConsultation,
    PublishCircles,
    PublishWave,
    RunScenario,
    SetScenario,
    Text,
)
from services.evaluation.plan.studio.guards import track_of
from services.evaluation.plan.studio.plans import PLANS
from services.evaluation.plan.studio.state import Track
from services.evaluation.plan.words import conflict_said, difference_said, faults_said, levels_said
from shared.contracts.scenario import (
    PlannedMove,
    Scenario,
)
from shared.host.http import Call, Caller, Json
from shared.kernel.decider import Refused

router = APIRouter()
Name = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,40}$")]
Lang = Annotated[Literal["id", "en"], Query()]
NOT_HEARD = {"status": "published"}


class Until(BaseModel):
    """How long a consultation lasts."""

    until: AwareDatetime


class Said(BaseModel):
    """A comment, or the answer to one."""

    text: Text


class Wave(BaseModel):
    """What the people gain, which training goes with it, and the open vacancy of each post; one that is not named is
    looked up."""

    benefit: Text
    training: Text
    vacancies: dict[str, Id] = {}


async def every_key(request: Request) -> None:
    """A misspelt key would silently be left out of the plan. Raises RequestValidationError."""
    try:
        Scenario.model_validate_json(await request.body(), extra="forbid")
    except ValidationError as error:
        raise RequestValidationError([{**one, "loc": ("body", *one["loc"])} for one in error.errors()]) from None


@router.post("/v1/plans", name="plan.create", status_code=201)
async def create(body: CreatePlan, call: Caller) -> Json:
    """Begin a mutation plan (rencana mutasi) of an agency."""
    return await call.send(PLANS, call.new_id("plan"), body)


@router.get("/v1/plans", name="plan.list")
async def listed(call: Caller, after: Annotated[str, Query(max_length=120)] = "") -> Json:
    """Plans of the agencies whose offices the caller holds, page by page."""
    actor = await call.allow()
    rows = await store.plans(call.db, sorted({held.agency for held in actor.offices}), after)
    return Json({"items": rows, "next": rows[-1]["id"] if len(rows) == store.PAGE else ""})


@router.get("/v1/plans/{plan}", name="plan.read")
async def read(plan: str, call: Caller) -> Json:
    """The plan with its scenarios side by side."""
    return await call.show(PLANS, plan)


@router.get("/v1/plans/{plan}/compare", name="plan.compare")
async def compared(plan: str, call: Caller) -> Json:
    """The computed scenarios side by side: levels, moves, workload per unit before and after (table, chart)."""
    return Json(compare((await call.read(PLANS, plan)).scenarios))


@router.put("/v1/plans/{plan}/scenarios/{name}", name="plan.scenario.set", dependencies=[Depends(every_key)])
async def write(plan: str, name: Name, body: Scenario, call: Caller) -> Json:
    """Write a scenario: needs, duties, wishes, locks, forbidden pairs, caps, budget."""
    return await call.send(PLANS, plan, SetScenario(name=name, scenario=body))


@router.get("/v1/plans/{plan}/scenarios/{name}", name="plan.scenario.read")
async def scenario(plan: str, name: Name, call: Caller) -> Json:
    """A scenario as it was written."""
    return Json(track_of(await call.read(PLANS, plan), name).scenario)


@router.post("/v1/plans/{plan}/scenarios/{name}/run", name="plan.run")
async def run(plan: str, name: Name, call: Caller) -> Json:
    """Compute a scenario; the plan tells when it is done."""
    return await call.send(PLANS, plan, RunScenario(name=name))


@router.post("/v1/plans/{plan}/scenarios/{name}/cancel", name="plan.cancel")
async def cancel(plan: str, name: Name, call: Caller) -> Json:
    """Call a run off."""
    return await call.send(PLANS, plan, CancelRun(name=name))


@router.get("/v1/plans/{plan}/scenarios/{name}/result", name="plan.result")
async def result(plan: str, name: Name, call: Caller, lang: Lang = "id") -> Json:
    """What was computed: levels with bound and gap, workload per unit before and after (KP1), every move."""
    track = track_of(await call.read(PLANS, plan), name)
    found = await _result(call, track, lang)
    told = {"levels": levels_said(track.levels, lang), "staffing": track.staffing, "moves": found["moves"]}
    against = conflict_said(found["conflict"], lang) if found["conflict"] else []
    head = {"status": track.outcome, "solver": track.solver, "milliseconds": track.milliseconds}
    return Json({**head, "snapshot": track.snapshot, "ruleset": track.ruleset, **told, "conflict": against})


@router.get("/v1/plans/{plan}/scenarios/{name}/explain", name="plan.explain")
async def explain(
    plan: str,
    name: Name,
    call: Caller,
    person: Annotated[str, Query(max_length=120)] = "",
    post: Annotated[str, Query(max_length=120)] = "",
    lang: Lang = "id",
) -> Json:
    """Why this person (second best and its cost); with a post, why not there; without either, what relaxing brings."""
    track = track_of(await call.read(PLANS, plan), name)
    found = await _result(call, track, lang)
    inputs = {"snapshot": await store.kept(call.db, track.snapshot), "plan": found["plan"]}
    answer = await _ask({"action": "explain", **inputs, "person": person, "seat": post})
    return Json(difference_said(answer, lang))


@router.get("/v1/plans/{plan}/scenarios/{name}/exchange", name="plan.exchange")
async def exchange(plan: str, name: Name, call: Caller, cap: Annotated[int, Query(ge=2, le=5)] = 3) -> Json:
    """The voluntary rounds DA*, YRMH-IGYT and TO-BE on the same people, and exchanges of at most `cap` members."""
    track = track_of(await call.read(PLANS, plan), name)
    if not track.snapshot:
        raise Refused("NO_PLAN_YET", where="name")
    snapshot = await store.kept(call.db, track.snapshot)
    return Json(await _ask({"action": "exchange", "snapshot": snapshot, "cap": cap}))


@router.post("/v1/plans/{plan}/scenarios/{name}/consult", name="plan.consult")
async def consult(plan: str, name: Name, body: Until, call: Caller) -> Json:
    """Tell those whom the plan moves, and hear them until then."""
    track = track_of(await call.read(PLANS, plan), name)
    moves = tuple(PlannedMove.model_validate(move) for move in (await _result(call, track))["moves"])
    return await call.send(PLANS, plan, OpenConsultation(name=name, until=body.until, result=track.result, moves=moves))


@router.get("/v1/plans/{plan}/mine", name="plan.mine")
async def mine(plan: str, call: Caller) -> Json:
    """What the plan says of the caller: where to, why, and their comments with the answers. Nobody else's."""
    state = await call.read(PLANS, plan)
    actor = await call.allow(state)
    move = next((move for move in state.told if move.person == actor.person), None)
    if move is None:
        raise Refused("NOT_IN_PLAN", status=404)
    notes = [note for note in state.notes if note.person == actor.person]
    told = state.model_dump(mode="json", include={"title", "purpose", "expected_result", "status", "until"})
    return Json({**told, "move": move, "comments": notes})


@router.post("/v1/plans/{plan}/comments", name="plan.comment")
async def comment(plan: str, body: Said, call: Caller) -> Json:
    """Say what one thinks of being moved, while the consultation lasts."""
    return await call.send(PLANS, plan, Comment(text=body.text))


@router.get("/v1/plans/{plan}/comments", name="plan.comments")
async def comments(plan: str, call: Caller) -> Json:
    """All comments with their answers."""
    return Json({"items": (await call.read(PLANS, plan)).notes})


@router.post("/v1/plans/{plan}/comments/{number}/answer", name="plan.answer")
async def answer(plan: str, number: int, body: Said, call: Caller) -> Json:
    """Answer a comment; a plan with unanswered ones cannot be adopted."""
    return await call.send(PLANS, plan, AnswerComment(comment=number, text=body.text))


@router.post("/v1/plans/{plan}/adopt", name="plan.adopt")
async def adopt(plan: str, call: Caller) -> Json:
    """Adopt the plan (tetapkan), when the consultation is over."""
    return await call.send(PLANS, plan, Adopt())


@router.get("/v1/plans/{plan}/waves", name="plan.waves")
async def waves(plan: str, call: Caller) -> Json:
    """The moves by wave; of a published one the cases and where they stand. Wave 0 are circles (K7): their groups."""
    state = await call.read(PLANS, plan)
    lines = {line.person: line for lines in state.waves.values() for line in lines}
    groups = {person: circle.group for circle in state.circles for person in circle.people}
    stands = await store.statuses(call.db, {*(line.case for line in lines.values()), *groups.values()})
    rows = []
    for move in state.told:
        shown: dict[str, object] = move.model_dump(mode="json")
        if line := lines.get(move.person):
            shown |= {"case": line.case, "vacancy": line.vacancy, **stands.get(line.case, NOT_HEARD)}
        if group := groups.get(move.person):
            shown |= {"group": group, **stands.get(group, NOT_HEARD)}
        rows.append(shown)
    return Json({"items": rows})


@router.post("/v1/plans/{plan}/circles/publish", name="plan.circles")
async def exchanges(plan: str, call: Caller, body: PublishCircles = PublishCircles()) -> Json:  # noqa: B008 - frozen
    """Turn the circles (wave 0) into exchanges: all of a circle move or none. Volunteers are asked; who is on duty is
    told `benefit` and `training`, and heard."""
    return await call.send(PLANS, plan, body)


@router.post("/v1/plans/{plan}/waves/{number}/publish", name="plan.publish")
async def publish(plan: str, number: Annotated[int, Path(ge=1, le=1000)], body: Wave, call: Caller) -> Json:
    """Turn a wave into the agency's proposals: each is told to its person, heard, and goes through the normal chain."""
    state = await call.read(PLANS, plan)
    posts = {move.target for move in state.told if move.wave == number}
    found = {**await store.vacancies(call.db, posts), **body.vacancies}
    told = body.model_dump(include={"benefit", "training"})
    return await call.send(PLANS, plan, PublishWave(wave=number, vacancies=found, **told))


async def _result(call: Call, track: Track, lang: str = "id") -> Any:  # noqa: ANN401 - JSON of the stored result
    if track.code:
        raise Refused(track.code, where="scenario", faults="; ".join(faults_said(track.faults, lang)))
    if not track.result:
        raise Refused("NO_PLAN_YET", where="name")
    return await store.kept(call.db, track.result)


async def _ask(question: Mapping[str, Any]) -> dict[str, Any]:
    found = await solver.ask(question)
    if not found.get("ok", True):
        raise Refused(found["code"], status=404 if found["code"] in ("NOT_IN_PLAN", "SEAT_UNKNOWN") else 409)
    return found
