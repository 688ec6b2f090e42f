"""How good the records of my agency are: the figure, what is to be mended since when, and in whose record."""

from typing import Any
from urllib.parse import quote
from uuid import uuid4

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from services.portal.pages.corrections import agencies
from services.portal.pages.record import asked
from services.portal.web import Poster, Trouble, Visitor, refused

router = APIRouter()
PAGE, MOVED = "/mutu-data", 308


@router.get(PAGE)
async def shown(visit: Visitor, instansi: str = "", indikator: str = "", after: str = "") -> Response:
    """The figure and the tasks of an agency; and whose records show one of the indicators, or any."""
    mine = await agencies(visit)
    chosen = instansi or next(iter(mine), "")
    values: dict[str, Any] = {"agency": chosen, "agencies": mine, "indicator": indikator, "found": None}
    people, cursor = list[dict[str, Any]](), ""
    if chosen:
        values["found"] = await asked(visit, f"/v1/agencies/{quote(chosen)}/quality")
        query = f"indicator={quote(indikator)}&after={quote(after)}"
        page = await asked(visit, f"/v1/agencies/{quote(chosen)}/quality/people?{query}")
        people, cursor = list(page["items"]), str(page["next"])
    seats = [id for one in people for id in (one["unit"], one["post"])]
    places = await visit.portal.views.places([*mine, chosen, *seats])
    names = await visit.portal.views.people(one["person"] for one in people)
    more = {"people": people, "next": cursor, "places": places, "names": names, "key": uuid4().hex}
    return await visit.show("quality.html.jinja", values | more)


@router.get("/quality")
async def mailed() -> Response:
    """Where the links in e-mails lead."""
    return RedirectResponse(PAGE, MOVED)


@router.post(PAGE)
async def look(visit: Poster) -> Response:
    """Let the records be looked at now."""
    agency = visit.fields.get("agency", "")
    if not agency:
        raise Trouble(404, visit.words.problem("NOT_FOUND"))
    path = f"/v1/agencies/{quote(agency)}/quality/look"
    answer = await visit.command("registry", "POST", path, visit.fields.get("key", ""))
    if not answer.ok:
        raise refused(answer, visit.words)
    said = ("Data akan segera diperiksa.", "The records will be looked at soon.")
    return await visit.go(f"{PAGE}?instansi={quote(agency)}", visit.words.say(*said))
