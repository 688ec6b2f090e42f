"""My career: what was, on one line of time, and what the next posts ask."""

from datetime import date
from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response

from services.portal.store import ids_of
from services.portal.web import Visit, Visitor, refused
from shared.contracts.registry import Placement

router = APIRouter()


@router.get("/karier")
async def mine(visit: Visitor) -> Response:
    """The user's own."""
    actor = await visit.actor()
    answer = await visit.ask("evaluation", f"/v1/careers/{quote(actor.person or '-')}?lang={visit.lang}")
    if not answer.ok:
        raise refused(answer, visit.words)
    career = answer.body
    steps = [{**step, "on": date.fromisoformat(step["on"])} for step in career["line"]]
    seats = [Placement.model_validate(career["placement"])]
    places = await visit.portal.views.places([*ids_of(*seats), *(one["unit"] for one in career["ahead"])])
    values = {"career": career, "steps": steps, "places": places, "papers": await _papers(visit, actor.person)}
    return await visit.show("career.html.jinja", values)


async def _papers(visit: Visit, person: str) -> dict[str, tuple[str, str]]:
    """The person's decrees: what they are numbered, and their case."""
    told = await visit.portal.views.entries(await visit.portal.views.files_of(person))
    said = [(case, entry.data) for case, entries in told.items() for entry in entries]
    return {data["decree"]: (data["number_text"], case) for case, data in said if data.get("number_text")}
