"""What people of my agency asked to have corrected: decide it, with the reason and the rule; and what was decided."""

from typing import Any, Literal, NamedTuple
from urllib.parse import quote
from uuid import uuid4

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from services.portal.pages.record import asked, correctable, moments, veiled
from services.portal.web import Poster, Visit, Visitor, refused

router = APIRouter()
PAGE, MOVED, INVALID = "/perbaikan-data", 308, 422
OFFICES = ("personnel_verifier", "registrar")
"""Who mends records; whether somebody may the registry says again."""
ACTS = {"grant": "grant", "refuse": "refuse"}
View = Literal["open", "decided"]


class Page(NamedTuple):
    """Which page of which list of whose requests."""

    view: View = "open"
    agency: str = ""
    after: str = ""


@router.get(PAGE)
async def listed(visit: Visitor, lihat: View = "open", instansi: str = "", after: str = "") -> Response:
    """What waits, the earliest deadline first; or what was decided."""
    return await _show(visit, Page(lihat, instansi, after))


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
        return await _show(visit, Page(), problem, INVALID)
    path = f"/v1/people/{quote(person)}/corrections/{quote(correction)}/{ACTS[fields['decision']]}"
    body = {name: fields[name] for name in ("reason", "rule")}
    answer = await visit.command("registry", "POST", path, fields.get("key", ""), body)
    if not answer.ok:
        trouble = refused(answer, visit.words)
        return await _show(visit, Page(), {"correction": correction, **trouble.problem}, trouble.status)
    return await visit.go(PAGE, visit.words.say("Keputusan Anda disimpan.", "Your decision is kept."))


@router.post(PAGE + "/{person}/{correction}/nip")
async def reveal(visit: Poster, person: str, correction: str) -> Response:
    """The numbers of one request in full, once; the registry writes down who looked, and why."""
    path, fields = f"/v1/people/{quote(person)}/reveal", visit.fields
    why = {"reason": visit.words.say("Permintaan perbaikan NIP", "Request to correct the NIP")}
    answer = await visit.command("registry", "POST", path, fields.get("key", ""), why)
    if not answer.ok:
        raise refused(answer, visit.words)
    view: View = "decided" if fields.get("lihat") == "decided" else "open"
    return await _show(visit, Page(view, fields.get("instansi", "")), revealed=correction)


async def agencies(visit: Visit) -> list[str]:
    """Where the user mends records today."""
    actor, on = await visit.actor(), visit.portal.engine.now().date()
    held = {one.agency for one in actor.offices if one.office in OFFICES}
    return sorted(one for one in held if any(actor.holds(office, on, one) for office in OFFICES))


async def _show(
    visit: Visit, page: Page, problem: dict[str, Any] | None = None, status: int = 200, revealed: str = ""
) -> Response:
    view, agency, after = page
    mine = await agencies(visit)
    chosen = agency or next(iter(mine), "")
    found: Any = {"items": [], "next": ""}
    if chosen:
        query = f"status={view}&after={quote(after)}"
        found = await asked(visit, f"/v1/agencies/{quote(chosen)}/corrections?{query}")
    shown = [one if one["correction"] == revealed else veiled(one) for one in found["items"]]
    items = sorted((moments(one) for one in shown), key=lambda one: one["due"], reverse=view == "decided")
    places = await visit.portal.views.places([*mine, chosen, *(one["unit"] for one in items)])
    values = {
        "items": items,
        "next": found["next"],
        "view": view,
        "revealed": revealed,
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
