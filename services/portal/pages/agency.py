"""The agency's desk: whom its units lack or have too many of, and from a shortage to a vacancy in one step."""

from datetime import date
from typing import Annotated, Any
from urllib.parse import quote
from uuid import uuid4

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.portal.web import Poster, Trouble, Visit, Visitor, refused

router = APIRouter()
Year = Annotated[int | None, Query(ge=2000, le=2100)]
UNPROCESSABLE = 422


async def desk(visit: Visit, asked: str) -> dict[str, Any]:
    """The agency whose desk is looked at, "" for none, and those to choose from: where the user holds an office."""
    actor = await visit.actor()
    agencies = sorted({held.agency for held in actor.offices})
    chosen = asked[:48] or next(iter(agencies), "")
    places = await visit.portal.views.places([chosen, *agencies])
    return {"agency": chosen, "agencies": agencies, "places": places}


def opening_of(visit: Visit) -> tuple[dict[str, Any], str]:
    """Closing date and mode as the form has them, and the field without an answer."""
    closes_on = visit.fields.get("closes_on", "")
    try:
        date.fromisoformat(closes_on)
    except ValueError:
        return {}, "closes_on"
    mode = "ranked" if visit.fields.get("mode") == "ranked" else "first_come"
    return {"closes_on": closes_on, "mode": mode}, ""


@router.get("/instansi")
async def needs(visit: Visitor, instansi: str = "", tahun: Year = None) -> Response:
    """Every unit with its staff, need and gap, the largest shortage on top."""
    values, year = await desk(visit, instansi), tahun or visit.portal.engine.now().year
    found: dict[str, Any] = {"units": [], "kp1": None}
    if values["agency"]:
        answer = await visit.ask("registry", f"/v1/agencies/{quote(values['agency'])}/workload/{year}")
        if not answer.ok:
            raise refused(answer, visit.words)
        found = dict(answer.body)
    rows = sorted(found["units"], key=lambda row: (row["gap"] is None, row["gap"], row["unit"]))
    values["places"] |= await visit.portal.views.places(row["unit"] for row in rows)
    return await visit.show("agency.html.jinja", {**values, "rows": rows, "kp1": found["kp1"], "year": year})


@router.get("/instansi/unit/{unit}")
async def unit(visit: Visitor, unit: str, tahun: Year = None) -> Response:
    """The posts of a unit, each with its gap; a shortage leads on to its vacancy."""
    visit.user  # noqa: B018 - raises SignIn
    year = tahun or visit.portal.engine.now().year
    answer = await visit.ask("registry", f"/v1/units/{quote(unit)}/workload/{year}")
    if not answer.ok:
        raise refused(answer, visit.words)
    places = await visit.portal.views.places([unit])
    return await visit.show("agency_unit.html.jinja", {"unit": answer.body, "places": places, "year": year})


@router.get("/instansi/kebutuhan/{post}")
async def need(visit: Visitor, post: str) -> Response:
    """What is known of a post's need, and the form of the vacancy that follows from it."""
    return await _need(visit, post)


@router.post("/instansi/kebutuhan/{post}")
async def publish(visit: Poster, post: str) -> Response:
    """Publish it: seats, post and purpose come from the need, as the registry knows it."""
    body, missing = opening_of(visit)
    if missing:
        return await _need(visit, post, visit.words.problem("REQUIRED") | {"where": missing})
    path = f"/v1/posts/{quote(post)}/vacancy"
    answer = await visit.command("registry", "POST", path, visit.fields.get("key", ""), body)
    if not answer.ok:
        return await _need(visit, post, dict(refused(answer, visit.words).problem))
    said = visit.words.say("Lowongan diumumkan.", "The vacancy is published.")
    return await visit.go(f"/instansi/lowongan/{quote(answer.body['id'])}", said)


async def _need(visit: Visit, post: str, problem: dict[str, Any] | None = None) -> Response:
    visit.user  # noqa: B018 - raises SignIn
    answer = await visit.ask("registry", f"/v1/posts/{quote(post)}")
    if answer.status == 404:  # noqa: PLR2004 - not found
        raise Trouble(404, visit.words.problem("NOT_FOUND"))
    series = await visit.ask("registry", f"/v1/posts/{quote(post)}/workload")
    if not (answer.ok and series.ok):
        raise refused(series if answer.ok else answer, visit.words)
    values = {"post": answer.body, "id": post, "years": series.body["years"], "problem": problem}
    values |= {"places": await visit.portal.views.places([post, answer.body["unit"]])}
    values |= {"fields": visit.fields, "key": uuid4().hex}
    return await visit.show("agency_need.html.jinja", values, UNPROCESSABLE if problem else 200)
