"""Looking back at moves (evaluasi pascamutasi): what I am asked about mine, or about people who came to my unit."""

from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from services.portal.pages.corrections import agencies
from services.portal.web import Poster, Visit, Visitor, refused

router = APIRouter()
MOVED = 308
ZONE = "WIB"  # by which the evaluation service counts the days of reviews
_OWN = frozenset({"csrf", "key", "remark"})


@router.get("/evaluasi")
async def listed(visit: Visitor) -> Response:
    """What waits for my answer, and what came of the rest."""
    return await _show(visit)


@router.get("/reviews")
async def mailed() -> Response:
    """Where the links in e-mails lead."""
    return RedirectResponse("/evaluasi", MOVED)


@router.post("/evaluasi/{case}/{months}")
async def answer(visit: Poster, case: str, months: int) -> Response:
    """Hand in my answers about one move."""
    chosen = {name: value for name, value in visit.fields.items() if name not in _OWN and value}
    body = {"months": months, "answers": chosen, "remark": visit.fields.get("remark", "")}
    path, key = f"/v1/reviews/{quote(case)}/answers", visit.fields.get("key", "")
    reply = await visit.command("evaluation", "POST", path, key, body)
    if not reply.ok:
        trouble = refused(reply, visit.words)
        return await _show(visit, {"case": case, "months": months, **trouble.problem}, trouble.status)
    said = visit.words.say("Terima kasih. Jawaban Anda disimpan.", "Thank you. Your answers are kept.")
    return await visit.go("/evaluasi", said)


@router.post("/evaluasi/tindak-lanjut")
async def close(visit: Poster) -> Response:
    """Name the cause of a shortfall, and what was found."""
    fields = visit.fields
    id, body = fields.get("follow_up", ""), {"cause": fields.get("cause", ""), "finding": fields.get("finding", "")}
    if not all((id, *body.values())):
        return await _show(visit, visit.words.problem("REQUIRED") | {"follow_up": id}, 422)
    path = f"/v1/follow-ups/{quote(id)}/close"
    reply = await visit.command("evaluation", "POST", path, fields.get("key", ""), body)
    if not reply.ok:
        trouble = refused(reply, visit.words)
        return await _show(visit, {"follow_up": id, **trouble.problem}, trouble.status)
    said = visit.words.say("Penyebab dan temuan disimpan.", "Cause and finding are kept.")
    return await visit.go("/evaluasi", said)


async def _follow_ups(visit: Visit) -> dict[str, Any]:
    """What waits for the caller's finding, at the agencies whose offices they hold; and the causes to choose from."""
    actor = await visit.actor()
    items, causes, official = list[Any](), list[Any](), False
    for agency in sorted({held.agency for held in actor.offices}):
        found = await visit.ask("evaluation", f"/v1/agencies/{quote(agency)}/follow-ups?status=open&lang={visit.lang}")
        if found.ok:
            items, causes, official = items + found.body["items"], found.body["causes"], True
    return {"follow_ups": items, "causes": causes, "official": official}


async def _show(visit: Visit, problem: dict[str, Any] | None = None, status: int = 200) -> Response:
    found = await visit.ask("evaluation", f"/v1/reviews?lang={visit.lang}")
    if not found.ok:
        raise refused(found, visit.words)
    items, follow_ups = [_item(item) for item in found.body["items"]], await _follow_ups(visit)
    cases = [*(item["case"] for item in items), *(item["title"] for item in follow_ups["follow_ups"])]
    values = {
        **follow_ups,
        "moves": await _moves(visit, cases),
        "mends": bool(await agencies(visit)),
        "people": await visit.portal.views.people(item["person"] for item in items),
        "open": [item for item in items if item["questions"]],
        "others": [item for item in items if not item["questions"]],
        "zone": ZONE,
        "problem": problem,
        "fields": visit.fields,
        "key": uuid4().hex,
    }
    return await visit.show("reviews.html.jinja", values, status)


async def _moves(visit: Visit, cases: list[str]) -> dict[str, str]:
    """What the moves are called, where they are known: who moved, unless the reader did, and to which post."""
    views, me = visit.portal.views, (await visit.actor()).person
    files = await views.files(cases)
    places = await views.places(file.content.target.post for file in files.values())
    people = await views.people(file.content.person for file in files.values())
    found = {}
    for case, file in files.items():
        who, post = people.get(file.content.person, ""), places[file.content.target.post].name
        named = f"{who}: " if who and file.content.person != me else ""
        found[case] = named + visit.words.say(f"mutasi ke {post}", f"move to {post}")
    return found


def _item(item: dict[str, Any]) -> dict[str, Any]:
    until = item["until"]
    return {
        **item,
        "due": datetime.fromisoformat(item["due"]),
        "until": datetime.fromisoformat(until) if until else None,
    }
