"""Objecting to a decree (keberatan): the way that is open, its terms, and the form."""

from typing import Any
from urllib.parse import quote
from uuid import uuid4

from fastapi import APIRouter
from starlette.responses import Response

from services.portal import meanwhile
from services.portal.domain.story import Story, story
from services.portal.store import ids_of
from services.portal.web import Poster, Trouble, Visit, Visitor, refused, written

router = APIRouter()


async def way(visit: Visit, told: Story, *, own: bool) -> dict[str, Any]:
    """What stands open to the person concerned against the decree of their case, as its authority says; or nothing."""
    if not (own and told.decree):
        return {}
    answer = await visit.ask("approval", f"/v1/decrees/{quote(told.decree)}/objection")
    return dict(answer.body) if answer.ok else {}


@router.get("/perkara/{case}/keberatan")
async def ask(visit: Visitor, case: str) -> Response:
    """The form."""
    return await _form(visit, case)


@router.post("/perkara/{case}/keberatan")
async def file(visit: Poster, case: str) -> Response:
    """Hand it in."""
    told = story((await visit.portal.views.entries([case]))[case])
    path, key = f"/v1/decrees/{quote(told.decree or '-')}/objection", visit.fields.get("key", "")
    answer = await visit.command("approval", "POST", path, key, {"grounds": visit.fields.get("grounds", "")})
    if not answer.ok:
        problem = refused(answer, visit.words)
        return await _form(visit, case, dict(problem.problem), problem.status)
    said = visit.words.say("Keberatan Anda sudah diajukan.", "Your objection is filed.")
    return await visit.go(f"/perkara/{quote(case)}#keberatan", said + await written(visit, "approval", answer))


async def _form(visit: Visit, case: str, problem: dict[str, Any] | None = None, status: int = 200) -> Response:
    actor, views, seen = await visit.actor(), visit.portal.views, visit.portal.engine.now()
    found = await views.file(case)
    told = story((await views.entries([case]))[case])
    if found is None or found.content.person != actor.person or not told.decree:
        raise Trouble(404, visit.words.problem("NOT_FOUND"))
    places = await views.places(ids_of(found.content.target, found.content.origin))
    zone = places[found.content.origin.agency].zone
    values = {
        "case": case,
        "story": told,
        "objection": await way(visit, told, own=True),
        "zone": zone,
        "key": uuid4().hex,
        "grounds": visit.fields.get("grounds", ""),
        "seen": seen,
        "problem": await meanwhile.told(visit, case, problem, status, own=True, zone=zone),
    }
    return await visit.show("objection.html.jinja", values, status)
