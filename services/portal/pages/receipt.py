"""The receipt of what was handed in, to be kept or printed, and the deadline that runs now as a calendar file."""

from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response

from services.portal.access import allowed
from services.portal.domain.calendar import Deadline, as_ics
from services.portal.domain.story import story
from services.portal.pages.cases import fresh
from services.portal.store import ids_of
from services.portal.web import Trouble, Visitor
from shared.contracts.proposal import ProposalSubmitted
from shared.kernel.calendar import Zone

router = APIRouter()


@router.get("/perkara/{case}/tanda-terima")
async def shown(visit: Visitor, case: str) -> Response:
    """The receipt."""
    file, own = await allowed(visit, case)
    entries = (await visit.portal.views.entries([case]))[case]
    told = story(entries)
    if not (own and told.receipt):
        return await visit.go(f"/perkara/{quote(case)}")
    places = await visit.portal.views.places(ids_of(file.content.origin, file.content.target))
    received = max(entry.at for entry in entries if entry.type == ProposalSubmitted.TYPE)
    values = {"case": case, "file": file, "story": told, "places": places, "received": received, **fresh(visit)}
    return await visit.show("receipt.html.jinja", values | {"zone": places[file.content.origin.agency].zone})


@router.get("/perkara/{case}/tenggat.ics")
async def deadline(visit: Visitor, case: str) -> Response:
    """The deadline of the present stage; trouble (404) while none runs."""
    file, _ = await allowed(visit, case)
    told = story((await visit.portal.views.entries([case]))[case])
    if told.due is None or told.updated is None:
        raise Trouble(404, visit.words.problem("NOT_FOUND"))
    home, stage = file.content.origin.agency, visit.words.name("stages", told.stage)
    zone = Zone[(await visit.portal.views.places([home]))[home].zone]
    summary = visit.words.say(f"Tenggat {stage}: {told.receipt}", f"Deadline of {stage}: {told.receipt}")
    address = f"{visit.portal.doors.portal_url.rstrip('/')}/perkara/{quote(case)}"
    content = as_ics(Deadline(case=case, summary=summary, address=address, due=told.due, said=told.updated, zone=zone))
    name = {"content-disposition": f'attachment; filename="tenggat-{told.receipt or case}.ics"'}
    return visit.finish(Response(content, media_type="text/calendar; charset=utf-8", headers=name))
