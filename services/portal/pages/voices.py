"""What an agency proposes about somebody, and what both sides say to it before it goes on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

from fastapi import APIRouter
from starlette.responses import Response

from services.portal import meanwhile
from services.portal.pages.agency import desk
from services.portal.store import ids_of
from services.portal.web import Poster, Trouble, Visit, Visitor, refused
from shared.contracts.registry import Placement

router = APIRouter()
ACTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "beri-tahu": ("announce", ("benefit", "training")),
    "setuju": ("agree", ()),
    "sampaikan": ("concerns", ("text",)),
    "jawab": ("concerns/answer", ("concern", "answer")),
    "ajak-bicara": ("talks", ("on", "about")),
    "sudah-bicara": ("talks/confirm", ("talk",)),
    "ajukan": ("submit", ()),
}
"""What may be said: the step at the proposal service, and the fields of its form."""
NUMBERS = ("concern", "talk")
UNPROCESSABLE = 422


@router.get("/instansi/usulan")
async def listed(visit: Visitor, instansi: str = "", sesudah: str = "") -> Response:
    """What an agency of the user proposes about people, with what waits for an answer."""
    values = await desk(visit, instansi)
    wanted = urlencode({"view": "agency", "agency": values["agency"], "after": sesudah})
    answer = await visit.ask("proposal", f"/v1/proposals?{wanted}")
    if not answer.ok:
        raise refused(answer, visit.words)
    rows = [{**row, "open_concerns": _unanswered(row)} for row in answer.body["items"] if row["content"]]
    seats = [Placement.model_validate(row["content"][end]) for row in rows for end in ("origin", "target")]
    values["places"] |= await visit.portal.views.places(ids_of(*seats))
    more = {"rows": rows, "people": await visit.portal.views.people(row["person"] for row in rows)}
    return await visit.show("voices.html.jinja", {**values, **more, "next": answer.body["next"]})


@router.get("/perkara/{case}/suara")
async def one(visit: Visitor, case: str) -> Response:
    """What was said so far, and what the user may say now."""
    return await _show(visit, case)


@router.post("/perkara/{case}/suara/{act}")
async def say(visit: Poster, case: str, act: str) -> Response:
    """Say it. Who may say what the proposal service judges."""
    if act not in ACTS:
        raise Trouble(404, visit.words.problem("NOT_FOUND"))
    step, names = ACTS[act]
    body = {name: visit.fields.get(name, "") for name in names}
    if missing := [name for name, said in body.items() if not said]:
        return await _show(visit, case, visit.words.problem("REQUIRED") | {"where": missing[0]}, UNPROCESSABLE)
    sent = {name: int(said) if name in NUMBERS and said.isdecimal() else said for name, said in body.items()}
    path = f"/v1/proposals/{quote(case)}/{step}"
    answer = await visit.command("proposal", "POST", path, visit.fields.get("key", ""), sent or None)
    if not answer.ok:
        trouble = refused(answer, visit.words)
        return await _show(visit, case, dict(trouble.problem), trouble.status)
    return await visit.go(f"/perkara/{quote(case)}/suara", visit.words.say("Tercatat.", "Recorded."))


def _unanswered(row: Mapping[str, Any]) -> int:
    return sum(not concern["answer"] for concern in (row["voice"] or {}).get("concerns", ()))


async def _show(visit: Visit, case: str, problem: Mapping[str, Any] | None = None, status: int = 200) -> Response:
    seen = visit.portal.engine.now()  # before the question: what comes after the answer is news
    answer = await visit.ask("proposal", f"/v1/proposals/{quote(case)}")
    if not answer.ok:
        raise refused(answer, visit.words)
    found, actor, views = answer.body, await visit.actor(), visit.portal.views
    content = found["content"]
    if not content or content["initiative"] != "agency":
        raise Trouble(404, visit.words.problem("NOT_FOUND"))
    seats = [Placement.model_validate(content[end]) for end in ("origin", "target")]
    voice = found["voice"] and {**found["voice"], "until": datetime.fromisoformat(found["voice"]["until"])}
    places = await views.places(ids_of(*seats))
    own, zone = bool(actor.person) and actor.person == found["person"], places[seats[0].agency].zone
    values = {
        "case": case,
        "found": found,
        "content": content,
        "voice": voice,
        "own": own,
        "seen": seen,
        "name": (await views.people([found["person"]])).get(found["person"], ""),
        "places": places,
        "zone": zone,
        "fields": visit.fields,
        "problem": await meanwhile.told(visit, case, problem, status, own=own, zone=zone),
        "key": uuid4().hex,
    }
    return await visit.show("voice.html.jinja", values, status)
