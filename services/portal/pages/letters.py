"""Temporary assignments in an emergency (surat tugas, K9) and reorganisations (K8) of an agency, with their people."""

from typing import Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter
from starlette.responses import Response

from services.portal.pages.agency import desk
from services.portal.store import ids_of
from services.portal.web import Visitor, refused
from shared.contracts.registry import Placement

router = APIRouter()
FORBIDDEN = 403


@router.get("/instansi/penugasan")
async def listed(visit: Visitor, instansi: str = "", sesudah: str = "") -> Response:
    """Both lists; the second only for who keeps the register of the agency."""
    values = await desk(visit, instansi)
    found = await visit.ask("proposal", f"/v1/assignments?{urlencode({'view': 'agency', 'after': sesudah})}")
    lists = await visit.ask("registry", f"/v1/reorganisations?{urlencode({'agency': values['agency'] or '-'})}")
    for answer in (found, lists):
        if not answer.ok and answer.status != FORBIDDEN:
            raise refused(answer, visit.words)
    letters: list[dict[str, Any]] = found.body.get("items", [])
    plans: list[dict[str, Any]] = lists.body.get("items", [])
    units = [letter[end]["unit"] for letter in letters for end in ("origin", "target")]
    values["places"] |= await visit.portal.views.places([*units, *(id for one in plans for id in one["units"])])
    people = await visit.portal.views.people(person for letter in letters for person in letter["people"])
    more = {"letters": letters, "plans": plans, "people": people, "next": found.body.get("next", "")}
    return await visit.show("letters.html.jinja", {**values, **more})


@router.get("/instansi/penugasan/reorganisasi/{reorganisation}")
async def reorganisation(visit: Visitor, reorganisation: str) -> Response:
    """Everybody on the list: from where to where, and what came of it."""
    visit.user  # noqa: B018 - raises SignIn
    answer = await visit.ask("registry", f"/v1/reorganisations/{quote(reorganisation)}")
    if not answer.ok:
        raise refused(answer, visit.words)
    found = answer.body
    seats = [Placement.model_validate(move[end]) for move in found["moves"] for end in ("origin", "target")]
    values = {"found": found, "people": await visit.portal.views.people(move["person"] for move in found["moves"])}
    values |= {"places": await visit.portal.views.places([*ids_of(*seats), *found["units"]])}
    return await visit.show("reorganisation.html.jinja", values)
