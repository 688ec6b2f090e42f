"""Who was told that all seats are taken: their place among those who wait, and the answer to an offered seat."""

from datetime import datetime
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response

from services.portal.domain.story import Story
from services.portal.web import Poster, Visit, refused, written

router = APIRouter()
WAITS = ("waiting", "offered")


async def place(visit: Visit, case: str, told: Story, *, own: bool) -> dict[str, Any]:
    """The own place, nothing for a case that does not wait; it is asked about refused cases only."""
    if not own or told.status not in ("refused", "contested"):
        return {}
    answer = await visit.ask("proposal", f"/v1/proposals/{quote(case)}/seat")
    if not answer.ok or answer.body["status"] not in WAITS:
        return {}
    until = answer.body["until"]
    return {**answer.body, "until": datetime.fromisoformat(until) if until else None}


@router.post("/perkara/{case}/kursi")
async def answer_offer(visit: Poster, case: str) -> Response:
    """Take the seat that became free, or leave it to who waits next."""
    accepts, key = visit.fields.get("answer") == "accept", visit.fields.get("key", "")
    path = f"/v1/proposals/{quote(case)}/seat/{'accept' if accepts else 'decline'}"
    answer = await visit.command("proposal", "POST", path, key, {})
    if not answer.ok:
        raise refused(answer, visit.words)
    yes = visit.words.say("Anda menerima kursi itu; perkara berjalan lagi.", "You took the seat; the case goes on.")
    no = visit.words.say("Anda tidak mengambil kursi itu.", "You did not take the seat.")
    return await visit.go(
        f"/perkara/{quote(case)}", (yes if accepts else no) + await written(visit, "proposal", answer)
    )
