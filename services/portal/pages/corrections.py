"""What people of my agency asked to have corrected: decide it, with the reason and the rule; and what was decided."""

from typing import Any, Literal
from urllib.parse import quote
from uuid import uuid4

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from services.portal.pages.record import asked, correctable, moments
from services.portal.web import Poster, Visit, Visitor, refused

router = APIRouter()
PAGE, MOVED, INVALID = "/perbaikan-data", 308, 422
OFFICES = ("personnel_verifier", "registrar")
"""Who mends records; whether somebody may the registry says again."""
ACTS = {"grant": "grant", "refuse": "refuse"}
View = Literal["open", "decided"]


@router.get(PAGE)
async def listed(visit: Visitor, lihat: View = "open", instansi: str = "", after: str = "") -> Response:
    """What waits, the earliest deadline first; or what was decided."""
    return await _show(visit, lihat, instansi, after)


@router.get("/corrections")
async def mailed() -> Response:
    """Where the links in e-mails lead."""
    return RedirectResponse(PAGE, MOVED)


@router.post(PAGE + "/{person}/{correction}")
async def decide(visit: Poster, person: str, correction: str) -> Response:
    """Grant or refuse."""
    fields = visit.fields
    missing = next((name for name in ("decision", "reason", "rule") if not fields.get(name)), "")
    if missing or fields["decision"] not in ACTS:
        problem = visit.words.problem("REQUIRED") | {"where": missing or "decision", "correction": correction}
        return await _show(visit, "open", "", "", problem, INVALID)
    path = f"/v1/people/{quote(person)}/corrections/{quote(correction)}/{ACTS[fields['decision']]}"
    body = {name: fields[name] for name in ("reason", "rule")}
    answer = await visit.command("registry", "POST", path, fields.get("key", ""), body)
    if not answer.ok:
        trouble = refused(answer, visit.words)
        return await _show(visit, "open", "", "", {"correction": correction, **trouble.problem}, trouble.status)
    return await visit.go(PAGE, visit.words.say("Keputusan Anda disimpan.", "Your decision is kept."))


async def agencies(visit: Visit) -> list[str]:
    """Where the user mends records today."""
    actor, on = await visit.actor(), visit.portal.engine.now().date()
    held = {one.agency for one in actor.offices if one.office in OFFICES}
    return sorted(one for one in held if any(actor.holds(office, on, one) for office in OFFICES))


async def _show(
    visit: Visit, view: View, agency: str, after: str, problem: dict[str, Any] | None = None, status: int = 200
) -> Response:
    mine = await agencies(visit)
    chosen = agency or next(iter(mine), "")
    found: Any = {"items": [], "next": ""}
    if chosen:
        query = f"status={view}&after={quote(after)}"
        found = await asked(visit, f"/v1/agencies/{quote(chosen)}/corrections?{query}")
    items = sorted((moments(one) for one in found["items"]), key=lambda one: one["due"], reverse=view == "decided")
    places = await visit.portal.views.places([*mine, chosen, *(one["unit"] for one in items)])
    values = {
        "items": items,
        "next": found["next"],
        "view": view,
        "agency": chosen,
        "agencies": mine,
        "fields": await correctable(visit),
        "places": places,
        "people": await visit.portal.views.people({one["by"] for one in items}),
        "me": (await visit.actor()).person,
        "now": visit.portal.engine.now(),
        "zone": places[chosen].zone if chosen else "WIB",
        "key": uuid4().hex,
        "problem": problem,
        "filled": visit.fields,
    }
    return await visit.show("corrections.html.jinja", values, status)
