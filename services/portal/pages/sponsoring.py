"""Proposing somebody of one's agency for a vacancy: whom, where, and why; the person is told next."""

from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

from fastapi import APIRouter
from starlette.responses import Response

from services.portal.pages.agency import desk
from services.portal.web import Poster, Visit, Visitor, refused

router = APIRouter()
TEXTS = ("purpose", "expected_result", "reason")
MANY, FORBIDDEN, UNPROCESSABLE = 200, 403, 422


@router.get("/instansi/usulan/baru")
async def ask(visit: Visitor, instansi: str = "", unit: str = "", lowongan: str = "") -> Response:
    """First the unit of the person, then everything else."""
    return await _ask(visit, instansi, unit, {"vacancy": lowongan[:120]})


@router.post("/instansi/usulan/baru")
async def draft(visit: Poster) -> Response:
    """Keep it as a draft; the person is told on the next page."""
    fields = visit.fields
    agency, unit = fields.get("instansi", ""), fields.get("unit", "")
    body = {name: fields.get(name, "") for name in ("person", "vacancy", *TEXTS)}
    if missing := [name for name, said in body.items() if not said]:
        return await _ask(visit, agency, unit, body, visit.words.problem("REQUIRED") | {"where": missing[0]})
    wish = {**body, "initiative": "agency"}
    answer = await visit.command("proposal", "POST", "/v1/proposals", fields.get("key", ""), wish)
    if not answer.ok:
        return await _ask(visit, agency, unit, body, dict(refused(answer, visit.words).problem))
    said = visit.words.say("Usulan disimpan. Beri tahu pegawainya.", "The proposal is kept. Tell the person next.")
    return await visit.go(f"/perkara/{quote(answer.body['id'])}/suara", said)


async def _ask(
    visit: Visit, agency: str, unit: str, said: dict[str, str], problem: dict[str, Any] | None = None
) -> Response:
    values = await desk(visit, agency)
    about = {"agency": values["agency"], "limit": MANY}
    units = await _items(visit, f"/v1/units?{urlencode(about)}") if values["agency"] else []
    units.sort(key=lambda one: one["name"])
    people = await _items(visit, f"/v1/people?{urlencode({'unit': unit, 'limit': MANY})}") if unit else []
    wanted = {"open": "true", "open_to": values["agency"], "limit": MANY}
    offers = await _items(visit, f"/v1/vacancies?{urlencode(wanted)}") if unit else []
    values["places"] |= await visit.portal.views.places(offer["placement"]["unit"] for offer in offers)
    values |= {"units": units, "unit": unit, "listed": people, "offers": offers, "said": said}
    return await visit.show(
        "sponsoring.html.jinja", {**values, "problem": problem, "key": uuid4().hex}, UNPROCESSABLE if problem else 200
    )


async def _items(visit: Visit, path: str) -> list[dict[str, Any]]:
    """What the registry lists; nothing of what the user may not see. Raises Trouble."""
    answer = await visit.ask("registry", path)
    if answer.status == FORBIDDEN:
        return []
    if not answer.ok:
        raise refused(answer, visit.words)
    return list(answer.body["items"])
