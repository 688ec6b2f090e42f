"""Ranking at closing: what the panel reads and chooses, and how whoever applied answers an offered seat."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from services.portal.web import Poster, Visit, Visitor, refused, written

router = APIRouter()
MOVED = 308
CHOSEN = "pilih-"


async def place(visit: Visit, case: str) -> dict[str, Any]:
    """Where the user's own application stands in its ranking; nothing where the vacancy is not given by ranking."""
    answer = await visit.ask("evaluation", f"/v1/evaluations/{quote(case)}/rank?lang={visit.lang}")
    return _dated(answer.body, "due", "until") if answer.ok else {}


@router.get("/peringkat")
async def listed(visit: Visitor) -> Response:
    """The rankings on which the user decides."""
    answer = await visit.ask("evaluation", f"/v1/rankings?lang={visit.lang}")
    if not answer.ok:
        raise refused(answer, visit.words)
    return await visit.show("rankings.html.jinja", {"items": [_dated(item, "due") for item in answer.body["items"]]})


@router.get("/peringkat/{vacancy}")
async def one(visit: Visitor, vacancy: str) -> Response:
    """The whole order, with the form of the choice."""
    return await _show(visit, vacancy)


@router.post("/peringkat/{vacancy}")
async def choose(visit: Poster, vacancy: str) -> Response:
    """Hand in the panel's choice."""
    chosen = [name.removeprefix(CHOSEN) for name in visit.fields if name.startswith(CHOSEN)]
    version = int(visit.fields.get("version", "") or 0)
    body = {"version": version, "chosen": chosen, "reason": visit.fields.get("reason", "")}
    path = f"/v1/rankings/{quote(vacancy)}/choose"
    answer = await visit.command("evaluation", "POST", path, visit.fields.get("key", ""), body)
    if not answer.ok:
        problem = refused(answer, visit.words)
        return await _show(visit, vacancy, dict(problem.problem), problem.status)
    said = visit.words.say("Pilihan panel disimpan.", "The panel's choice is kept.")
    return await visit.go(f"/peringkat/{quote(vacancy)}", said)


@router.post("/perkara/{case}/tawaran")
async def answer_offer(visit: Poster, case: str) -> Response:
    """Take the seat that became free, or leave it to who stands next."""
    mine, accepts = await place(visit, case), visit.fields.get("answer") == "accept"
    path = f"/v1/rankings/{quote(mine.get('vacancy', '-'))}/{'accept' if accepts else 'decline'}"
    answer = await visit.command("evaluation", "POST", path, visit.fields.get("key", ""), {"case": case})
    if not answer.ok:
        raise refused(answer, visit.words)
    yes = visit.words.say("Anda menerima kursi itu; perkara berjalan lagi.", "You took the seat; the case goes on.")
    no = visit.words.say("Anda tidak mengambil kursi itu.", "You did not take the seat.")
    return await visit.go(
        f"/perkara/{quote(case)}", (yes if accepts else no) + await written(visit, "evaluation", answer)
    )


@router.get("/rankings/{vacancy}")
async def mailed(vacancy: str) -> Response:
    """Where the links in e-mails lead."""
    return RedirectResponse(f"/peringkat/{quote(vacancy)}", MOVED)


async def _show(visit: Visit, vacancy: str, problem: dict[str, Any] | None = None, status: int = 200) -> Response:
    answer = await visit.ask("evaluation", f"/v1/rankings/{quote(vacancy)}?lang={visit.lang}")
    if not answer.ok:
        raise refused(answer, visit.words)
    ranking = _dated(answer.body, "due")
    first = [line["case"] for line in ranking["lines"] if line["outcome"] != "left"][: ranking["quota"]]
    sent = {name.removeprefix(CHOSEN) for name in visit.fields if name.startswith(CHOSEN)}
    values = {
        "ranking": ranking,
        "people": await visit.portal.views.people(line["person"] for line in ranking["lines"]),
        "ticked": sent if problem else set(first),
        "reason": visit.fields.get("reason", ""),
        "problem": problem,
        "key": uuid4().hex,
    }
    return await visit.show("ranking.html.jinja", values, status)


def _dated(found: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {**found, **{name: datetime.fromisoformat(found[name]) for name in names if found.get(name)}}
