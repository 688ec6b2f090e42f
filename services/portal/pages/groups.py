"""An exchange of seats as its members see it: who takes part, which seats, and whether I agree."""

from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from services.portal.store import ids_of
from services.portal.web import Poster, Visit, Visitor, refused
from shared.contracts.registry import Placement

router = APIRouter()
MOVED = 308


@router.get("/tukar/{group}")
async def one(visit: Visitor, group: str) -> Response:
    """The exchange as it stands."""
    return await _show(visit, group)


@router.get("/groups/{group}")
async def mailed(group: str) -> Response:
    """Where the links in e-mails lead."""
    return RedirectResponse(f"/tukar/{quote(group)}", MOVED)


@router.post("/tukar/{group}/setuju")
async def accept(visit: Poster, group: str) -> Response:
    """Agree, with the reason and the statement of consent."""
    said = {"reason": visit.fields.get("reason", ""), "consent": bool(visit.fields.get("consent"))}
    if not said["reason"]:
        return await _show(visit, group, visit.words.problem("REQUIRED") | {"where": "reason"}, 422)
    return await _answer(visit, group, "accept", said)


@router.post("/tukar/{group}/tolak")
async def decline(visit: Poster, group: str) -> Response:
    """Do not agree."""
    return await _answer(visit, group, "decline", None)


async def _answer(visit: Visit, group: str, word: str, said: dict[str, Any] | None) -> Response:
    path, key = f"/v1/groups/{quote(group)}/{word}", visit.fields.get("key", "")
    answer = await visit.command("proposal", "POST", path, key, said)
    if not answer.ok:
        trouble = refused(answer, visit.words)
        return await _show(visit, group, dict(trouble.problem), trouble.status)
    note = visit.words.say("Jawaban Anda dicatat.", "Your answer is recorded.")
    return await visit.go(f"/tukar/{quote(group)}", note)


async def _show(visit: Visit, group: str, problem: dict[str, Any] | None = None, status: int = 200) -> Response:
    answer = await visit.ask("proposal", f"/v1/groups/{quote(group)}")
    if not answer.ok:
        raise refused(answer, visit.words)
    found, actor = answer.body, await visit.actor()
    members = [
        {**row, "origin": Placement.model_validate(row["origin"]), "target": Placement.model_validate(row["target"])}
        for row in found["members"]
    ]
    places = await visit.portal.views.places(
        ids_of(*(seat for row in members for seat in (row["origin"], row["target"])))
    )
    mine = next((row for row in members if row["person"] == actor.person), None)
    values = {
        "id": group,
        "group": {**found, "until": datetime.fromisoformat(found["until"])},
        "members": members,
        "places": places,
        "people": await visit.portal.views.people(row["person"] for row in members),
        "mine": mine,
        "asked": bool(mine and found["status"] == "inviting" and not (mine["accepted"] or mine["ordered"])),
        "reason": visit.fields.get("reason", ""),
        "problem": problem,
        "key": uuid4().hex,
    }
    return await visit.show("group.html.jinja", values, status)
