"""Mutation plans: the studio for who plans; for who is told of one, what is planned for them, and a word on it."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from services.portal.domain.staffing import bars
from services.portal.web import Poster, Visit, Visitor, refused
from shared.kernel.calendar import Zone

router = APIRouter()
MOVED, FORBIDDEN = 308, 403
SAID = {
    "run": ("Perhitungan dimulai; muat ulang sebentar lagi.", "The run has begun; reload in a moment."),
    "cancel": ("Perhitungan dibatalkan.", "The run is called off."),
    "consult": ("Konsultasi dibuka; yang bersangkutan diberi tahu.", "The consultation is open; people are told."),
    "adopt": ("Rencana ditetapkan.", "The plan is adopted."),
    "publish": ("Gelombang diusulkan.", "The wave is proposed."),
    "circles": ("Tukar tempat diusulkan.", "The exchanges are proposed."),
    "answer": ("Jawaban dicatat.", "The answer is recorded."),
    "comment": ("Tanggapan Anda dicatat.", "Your comment is recorded."),
}


@router.get("/rencana")
async def listed(visit: Visitor, after: str = "") -> Response:
    """The plans of my agencies; none for who holds no office that sees them."""
    answer = await visit.ask("evaluation", f"/v1/plans?after={quote(after)}")
    if not answer.ok and answer.status != FORBIDDEN:
        raise refused(answer, visit.words)
    rows = answer.body["items"] if answer.ok else []
    values = {"rows": rows, "next": answer.body.get("next", ""), "planner": answer.ok}
    places = await visit.portal.views.places(row["agency"] for row in rows)
    return await visit.show("plans.html.jinja", {**values, "places": places})


@router.get("/plans/{plan}")
async def mailed(plan: str) -> Response:
    """Where the links in e-mails lead."""
    return RedirectResponse(f"/rencana/{quote(plan)}", MOVED)


@router.get("/rencana/{plan}")
async def one(visit: Visitor, plan: str) -> Response:
    """The studio for who may see all of it, my own move for everybody else."""
    return await _show(visit, plan)


@router.get("/rencana/{plan}/saya")
async def mine(visit: Visitor, plan: str) -> Response:
    """What is planned for me."""
    return await _mine(visit, plan)


@router.get("/rencana/{plan}/skenario/{name}")
async def scenario(visit: Visitor, plan: str, name: str) -> Response:
    """What a scenario came to: levels, workload of every unit, moves."""
    return await _scenario(visit, plan, name)


@router.post("/rencana/{plan}/skenario/{name}/hitung")
async def run(visit: Poster, plan: str, name: str) -> Response:
    """Compute a scenario."""
    return await _act(visit, plan, f"/scenarios/{quote(name)}/run", "run")


@router.post("/rencana/{plan}/skenario/{name}/batal")
async def cancel(visit: Poster, plan: str, name: str) -> Response:
    """Call a run off."""
    return await _act(visit, plan, f"/scenarios/{quote(name)}/cancel", "cancel")


@router.post("/rencana/{plan}/skenario/{name}/konsultasi")
async def consult(visit: Poster, plan: str, name: str) -> Response:
    """Tell those concerned and hear them until the end of a day."""
    found = await _asked(visit, _path(plan))
    zone = (await visit.portal.views.places([found["agency"]]))[found["agency"]].zone
    try:
        day = date.fromisoformat(visit.fields.get("until", ""))
    except ValueError:
        return await _scenario(visit, plan, name, visit.words.problem("REQUIRED") | {"where": "until"}, 422)
    until = datetime.combine(day, time(23, 59, 59), Zone[zone].info)
    return await _act(visit, plan, f"/scenarios/{quote(name)}/consult", "consult", {"until": until.isoformat()})


@router.post("/rencana/{plan}/jawab/{number}")
async def answer(visit: Poster, plan: str, number: int) -> Response:
    """Answer a comment."""
    return await _act(visit, plan, f"/comments/{number}/answer", "answer", {"text": visit.fields.get("text", "")})


@router.post("/rencana/{plan}/tetapkan")
async def adopt(visit: Poster, plan: str) -> Response:
    """Adopt the plan."""
    return await _act(visit, plan, "/adopt", "adopt")


@router.post("/rencana/{plan}/gelombang/{number}")
async def publish(visit: Poster, plan: str, number: int) -> Response:
    """Turn a wave into proposals, or the circles (0) into exchanges."""
    told = {name: visit.fields.get(name, "") for name in ("benefit", "training")}
    if number == 0:
        return await _act(visit, plan, "/circles/publish", "circles", told)
    return await _act(visit, plan, f"/waves/{number}/publish", "publish", told)


@router.post("/rencana/{plan}/tanggapan")
async def comment(visit: Poster, plan: str) -> Response:
    """Say what I think of being moved."""
    body = {"text": visit.fields.get("text", "")}
    said = await visit.command("evaluation", "POST", _path(plan, "/comments"), visit.fields.get("key", ""), body)
    if not said.ok:
        return await _mine(visit, plan, dict(refused(said, visit.words).problem), said.status)
    return await visit.go(f"/rencana/{quote(plan)}/saya", visit.words.say(*SAID["comment"]))


def _path(plan: str, rest: str = "") -> str:
    return f"/v1/plans/{quote(plan)}{rest}"


async def _asked(visit: Visit, path: str) -> Mapping[str, Any]:
    """What the evaluation answers. Raises Trouble."""
    found = await visit.ask("evaluation", path)
    if not found.ok:
        raise refused(found, visit.words)
    return found.body


async def _act(visit: Visit, plan: str, rest: str, word: str, body: object = None) -> Response:
    said = await visit.command("evaluation", "POST", _path(plan, rest), visit.fields.get("key", ""), body)
    if not said.ok:
        return await _show(visit, plan, dict(refused(said, visit.words).problem), said.status)
    return await visit.go(f"/rencana/{quote(plan)}", visit.words.say(*SAID[word]))


async def _show(visit: Visit, plan: str, problem: Mapping[str, Any] | None = None, status: int = 200) -> Response:
    answer = await visit.ask("evaluation", _path(plan))
    if answer.status == FORBIDDEN:
        return await _mine(visit, plan)
    if not answer.ok:
        raise refused(answer, visit.words)
    compared = await _asked(visit, _path(plan, "/compare"))
    moves = (await _asked(visit, _path(plan, "/waves")))["items"]
    values = {
        "plan": {**answer.body, "id": plan, "until": _moment(answer.body["until"])},
        "columns": compared["scenarios"],
        "units": bars(compared["units"], [one["scenario"] for one in compared["scenarios"]]),
        "moves": moves,
        "faults": await faults(visit, plan, answer.body["scenarios"]),
        "waves": sorted({move["wave"] for move in moves if not (move.get("case") or move.get("group"))}),
        "notes": (await _asked(visit, _path(plan, "/comments")))["items"],
        "outcome": (await _asked(visit, _path(plan, f"/outcome?lang={visit.lang}")))["text"],
    }
    names = await _named(visit, answer.body["agency"], compared["units"], moves, values["notes"])
    return await visit.show("plan.html.jinja", {**values, **names, "problem": problem, "key": uuid4().hex}, status)


async def faults(visit: Visit, plan: str, scenarios: Mapping[str, Any]) -> dict[str, str]:
    """Scenario -> why its run came to nothing, in words."""
    failed = [name for name, track in scenarios.items() if track["status"] == "failed"]
    paths = {name: _path(plan, f"/scenarios/{quote(name)}/result?lang={visit.lang}") for name in failed}
    return {name: (await visit.ask("evaluation", path)).body.get("detail", "") for name, path in paths.items()}


async def _scenario(
    visit: Visit, plan: str, name: str, problem: Mapping[str, Any] | None = None, status: int = 200
) -> Response:
    found = await _asked(visit, _path(plan))
    result = await _asked(visit, _path(plan, f"/scenarios/{quote(name)}/result?lang={visit.lang}"))
    units = [{**row, "after": {name: row["after"]}} for row in result["staffing"]]
    values = {"plan": {**found, "id": plan}, "name": name, "result": result, "units": bars(units, [name])}
    names = await _named(visit, found["agency"], units, result["moves"], [])
    return await visit.show("scenario.html.jinja", {**values, **names, "problem": problem, "key": uuid4().hex}, status)


async def _mine(visit: Visit, plan: str, problem: Mapping[str, Any] | None = None, status: int = 200) -> Response:
    found = await _asked(visit, _path(plan, "/mine"))
    move, until = found["move"], _moment(found["until"])
    agency = move["origin"].split(":")[1] if move["origin"].startswith("p:") else ""
    places = await visit.portal.views.places([agency, move["origin"], move["target"]])
    values = {"id": plan, "found": {**found, "until": until}, "places": places, "zone": _zone(places, agency)}
    more = {"open": bool(until and found["status"] == "consulting" and visit.portal.engine.now() <= until)}
    return await visit.show("my_plan.html.jinja", {**values, **more, "problem": problem, "key": uuid4().hex}, status)


async def _named(
    visit: Visit,
    agency: str,
    units: list[Any],
    moves: list[Any],
    notes: list[Any],
) -> dict[str, Any]:
    """What units, posts and people are called."""
    posts = [move[end] for move in moves for end in ("origin", "target")]
    places = await visit.portal.views.places([agency, *(row["unit"] for row in units), *posts])
    people = await visit.portal.views.people(row["person"] for row in (*moves, *notes))
    return {"places": places, "people": people, "zone": _zone(places, agency)}


def _zone(places: Mapping[str, Any], agency: str) -> str:
    return str(places[agency].zone) if agency in places else "WIB"


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
