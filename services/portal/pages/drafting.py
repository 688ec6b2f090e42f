"""Beginning a mutation plan and writing its scenarios on a page: agency, needs, who may be sent, weights, limits."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from fastapi import APIRouter
from starlette.responses import Response

from services.portal.domain.scenario import Wrong, giving, scenario
from services.portal.pages.agency import desk
from services.portal.rolls import everything
from services.portal.web import Poster, Visit, Visitor, refused

router = APIRouter()
UNPROCESSABLE, PEOPLE = 422, "/v1/people"
ABOUT = ("agency", "title", "purpose", "expected_result")
Problem = Mapping[str, Any]


@router.get("/rencana/baru")
async def begin(visit: Visitor) -> Response:
    """What a plan is for, and what is expected of it."""
    return await _begin(visit)


@router.post("/rencana/baru")
async def create(visit: Poster) -> Response:
    """Begin it; its scenarios are written next."""
    fields = visit.fields
    if missing := next((name for name in ABOUT if not fields.get(name)), ""):
        return await _begin(visit, visit.words.problem("REQUIRED") | {"where": missing}, UNPROCESSABLE)
    percent = fields.get("expected_percent", "") or "0"
    if not percent.removeprefix("-").isdecimal():
        wrong = visit.words.problem("NO_NUMBER") | {"where": "expected_percent"}
        return await _begin(visit, wrong, UNPROCESSABLE)
    body = {name: fields[name] for name in ABOUT} | {"expected_percent": int(percent)}
    answer = await visit.command("evaluation", "POST", "/v1/plans", fields.get("key", ""), body)
    if not answer.ok:
        trouble = refused(answer, visit.words)
        return await _begin(visit, trouble.problem, trouble.status)
    said = visit.words.say("Rencana dibuat. Tulis skenarionya.", "The plan has begun. Write its scenario.")
    return await visit.go(f"/rencana/{quote(str(answer.body['id']))}/tulis", said)


@router.get("/rencana/{plan}/tulis")
async def write(visit: Visitor, plan: str) -> Response:
    """The form of a scenario, with the needs that the agency's workload analysis found."""
    return await _write(visit, plan)


@router.post("/rencana/{plan}/tulis")
async def keep(visit: Poster, plan: str) -> Response:
    """Keep it under its name; one that is there already is never written over."""
    found, fields = await _plan(visit, plan), visit.fields
    name = fields.get("name", "")
    if name in found["scenarios"]:
        taken = visit.words.problem("NAME_TAKEN") | {"where": "name"}
        return await _write(visit, plan, taken, UNPROCESSABLE)
    units = [fields[field] for field in sorted(fields, key=_place) if field.startswith("unit-")]
    people = {unit: [str(one["id"]) for one in await everything(visit, PEOPLE, unit)] for unit in giving(fields, units)}
    try:
        body = scenario(fields, units, people)
    except Wrong as wrong:
        code = "NO_NUMBER" if fields.get(wrong.field) and wrong.field != "name" else "REQUIRED"
        problem = visit.words.problem("BAD_NAME" if wrong.field == "name" else code) | {"where": wrong.field}
        return await _write(visit, plan, problem, UNPROCESSABLE)
    path = f"/v1/plans/{quote(plan)}/scenarios/{quote(name)}"
    answer = await visit.command("evaluation", "PUT", path, fields.get("key", ""), body, str(found["version"]))
    if not answer.ok:
        trouble = refused(answer, visit.words)
        return await _write(visit, plan, trouble.problem, trouble.status)
    said = visit.words.say(f"Skenario {name} disimpan.", f"The scenario {name} is kept.")
    return await visit.go(f"/rencana/{quote(plan)}", said)


def _place(field: str) -> int:
    number = field.rpartition("-")[2]
    return int(number) if number.isdecimal() else -1


async def _plan(visit: Visit, plan: str) -> Mapping[str, Any]:
    answer = await visit.ask("evaluation", f"/v1/plans/{quote(plan)}")
    if not answer.ok:
        raise refused(answer, visit.words)
    return answer.body


async def _begin(visit: Visit, problem: Problem | None = None, status: int = 200) -> Response:
    values = await desk(visit, visit.fields.get("agency", ""))
    return await visit.show(
        "plan_new.html.jinja", {**values, "fields": visit.fields, "problem": problem, "key": uuid4().hex}, status
    )


async def _write(visit: Visit, plan: str, problem: Problem | None = None, status: int = 200) -> Response:
    found = await _plan(visit, plan)
    year = visit.portal.engine.now().year
    answer = await visit.ask("registry", f"/v1/agencies/{quote(found['agency'])}/workload/{year}")
    if not answer.ok:
        raise refused(answer, visit.words)
    rows = sorted(answer.body["units"], key=lambda row: row["unit"])
    places = await visit.portal.views.places([found["agency"], *(row["unit"] for row in rows)])
    values = {"plan": {**found, "id": plan}, "rows": rows, "year": year, "places": places}
    more = {"fields": visit.fields, "problem": problem, "key": uuid4().hex}
    return await visit.show("scenario_new.html.jinja", {**values, **more}, status)
