"""Proposing a move: which vacancy, and what was begun before; from there one question a page (`answers`)."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from services.portal.drafts import TEXTS
from services.portal.pages.vacancies import offers_for, places_of
from services.portal.web import Poster, Trouble, Visit, Visitor

router = APIRouter()
UNPROCESSABLE = 422


@router.get("/ajukan")
async def start(visit: Visitor, lowongan: str = "", perkara: str = "") -> Response:
    """Choose a vacancy, or go on with what was begun; a draft or returned file is mended answer by answer."""
    if perkara:
        return await visit.go(f"/ajukan/{await _mend(visit, perkara)}/periksa")
    return await _show(visit, lowongan)


@router.post("/ajukan")
async def begin(visit: Poster) -> Response:
    """A new application for a vacancy."""
    actor, vacancy = await visit.actor(), visit.fields.get("vacancy", "")
    if not actor.person:
        raise Trouble(403, visit.words.problem("NOT_LINKED"))
    if not vacancy:
        return await _show(visit, "", visit.words.problem("REQUIRED"), UNPROCESSABLE)
    draft = await visit.portal.drafts.begin(actor.person, {"vacancy": vacancy[:120]})
    return await visit.go(f"/ajukan/{draft}/syarat")


async def _mend(visit: Visit, case: str) -> str:
    """The application that changes a case of the user's own."""
    actor, file = await visit.actor(), await visit.portal.views.file(case)
    if file is None or not actor.person or file.content.person != actor.person:
        raise Trouble(404, visit.words.problem("NOT_FOUND"))
    known = {"case": case, **file.content.model_dump(include={"vacancy", *TEXTS})}
    return await visit.portal.drafts.begin(actor.person, known)


async def _show(visit: Visit, chosen: str, problem: dict[str, Any] | None = None, status: int = 200) -> Response:
    actor = await visit.actor()
    offers = await offers_for(visit)
    begun = await visit.portal.drafts.of(actor.person) if actor.person else []
    titles = {offer["id"]: offer["post_title"] for offer in offers}
    values = {"offers": offers, "places": await places_of(visit, offers), "chosen": chosen, "problem": problem}
    return await visit.show("apply.html.jinja", {**values, "begun": begun, "titles": titles}, status)
