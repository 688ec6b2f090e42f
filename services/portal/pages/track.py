"""Where a file is, by its receipt number, without signing in: the way it goes, and nothing about whose it is."""

import re

from fastapi import APIRouter
from starlette.responses import Response

from services.portal.domain.story import story
from services.portal.pages.cases import fresh
from services.portal.web import Visitor

router = APIRouter()
RECEIPT = re.compile(r"MT-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}")
UNKNOWN = 404


@router.get("/lacak")
async def track(visit: Visitor, tanda: str = "") -> Response:
    """Ask for a receipt number; with one, stage, holder, since when and until when. The number itself says nothing."""
    asked = tanda.strip().upper()[:40]
    case = await visit.portal.views.case_of(asked) if RECEIPT.fullmatch(asked) else ""
    problem = visit.words.problem("RECEIPT_UNKNOWN") if asked and not case else None
    values = {"asked": asked, "problem": problem, "story": None, "places": {}, "zone": "WIB", **fresh(visit)}
    if case:
        told = story((await visit.portal.views.entries([case]))[case])
        desks = [told.desk, *(step.desk for step in told.steps)]
        places = await visit.portal.views.places(id for desk in desks for id in (desk.agency, desk.unit))
        zones = [places[desk.agency].zone for desk in desks if desk.agency in places]
        values |= {"story": told, "places": places, "zone": zones[0] if zones else "WIB"}
    return await visit.show("track.html.jinja", values, UNKNOWN if problem else 200)
