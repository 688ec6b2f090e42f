"""One task of an approver: the facts, and the decision beside them. Their queue is in `queue`, what else they may do
with a task in `desk`."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from services.portal import meanwhile
from services.portal.store import ids_of
from services.portal.web import UPLOAD, FilePoster, Poster, Trouble, Visit, Visitor, refused, written
from shared.contracts.registry import Placement
from shared.contracts.stages import PlannedStage
from shared.kernel.decider import judged_on
from shared.kernel.documents import Kind, documents

router = APIRouter()
MOVED = 308
DECISIONS = ("approve", "refuse", "return")
SAID = {
    "claim": ("Tugas Anda ambil.", "You took the task on."),
    "release": ("Tugas dilepas kembali.", "The task was put back."),
    "approve": ("Persetujuan Anda dicatat.", "Your approval is recorded."),
    "refuse": ("Ketidaksetujuan Anda dicatat.", "Your refusal is recorded."),
    "return": ("Berkas dikembalikan kepada pengusul.", "The file went back to the applicant."),
    "pending": ("Keputusan dicatat dan belum berlaku.", "The decision is recorded and does not hold yet."),
}


@router.get("/tugas/{task}")
async def one(visit: Visitor, task: str) -> Response:
    """A task: the facts, and the decision beside them."""
    return await show(visit, task)


@router.post("/tugas/{task}/ambil")
async def claim(visit: Poster, task: str) -> Response:
    """Take it on."""
    return await _do(visit, task, "claim")


@router.post("/tugas/{task}/lepas")
async def release(visit: Poster, task: str) -> Response:
    """Put it back."""
    return await _do(visit, task, "release")


@router.post("/tugas/{task}/putus", openapi_extra=UPLOAD)
async def decide(visit: FilePoster, task: str) -> Response:
    """Decide. Which code belongs to which decision is for the approval service to judge."""
    fields = visit.fields
    decision = fields.get("decision", "")
    if decision not in DECISIONS:
        problem = visit.words.problem("REQUIRED") | {"where": "decision"}
        return await show(visit, task, problem, 422)
    code = "" if decision == "approve" else fields.get(f"code_{decision}", "")
    body: dict[str, Any] = {"decision": decision, "code": code, "reason": fields.get("reason", "")}
    body["letter"] = _letter(visit, decision)
    if decision == "return":
        body["missing"] = [name.removeprefix("missing_") for name in fields if name.startswith("missing_")]
    answer = await visit.command("approval", "POST", _path(task, "decide"), fields.get("key", ""), body)
    if not answer.ok:
        trouble = refused(answer, visit.words)
        return await show(visit, task, dict(trouble.problem), trouble.status)
    if (waiting_in(answer.body, task) or {}).get("pending"):
        return await visit.go(f"/tugas/{quote(task)}", visit.words.say(*SAID["pending"]))
    said = visit.words.say(*SAID[decision]) + await written(visit, "approval", answer)
    return await visit.go("/tugas", said)


@router.get("/tasks")
async def mailed() -> Response:
    """Where the links in e-mails lead."""
    return RedirectResponse("/tugas", MOVED)


async def _do(visit: Visit, task: str, act: str) -> Response:
    answer = await visit.command("approval", "POST", _path(task, act), visit.fields.get("key", ""))
    if not answer.ok:
        trouble = refused(answer, visit.words)
        return await show(visit, task, dict(trouble.problem), trouble.status)
    said = visit.words.say(*SAID[act]) + await written(visit, "approval", answer)
    return await visit.go(f"/tugas/{quote(task)}", said)


def _letter(visit: Visit, decision: str) -> dict[str, str] | None:
    """The letter of an approval, where the form asks for one; the file itself is not kept, only its hash."""
    fields = visit.fields
    if decision != "approve" or "letter_number" not in fields:
        return None
    said = {"number": fields["letter_number"], "dated": fields.get("letter_dated", "")}
    return said | {
        "issuer": fields.get("letter_issuer", ""),
        "sha256": sha256(visit.file).hexdigest() if visit.file else "",
    }


def _path(task: str, act: str) -> str:
    return f"/v1/tasks/{quote(task)}/{act}"


def waiting_in(found: Mapping[str, Any], task: str) -> dict[str, Any] | None:
    """The task of a case that waits under this id."""
    return next((one for one in (found["task"], *found["beside"]) if one and one["task"] == task), None)


async def show(visit: Visit, task: str, problem: dict[str, Any] | None = None, status: int = 200) -> Response:
    """The page of a task, with what was refused, if anything. Raises Trouble."""
    seen = visit.portal.engine.now()  # before the question: what comes after the answer is news
    answer = await visit.ask("approval", f"/v1/tasks/{quote(task)}")
    if not answer.ok:
        raise Trouble(status, problem) if problem else refused(answer, visit.words)
    found = answer.body
    plan = [PlannedStage.model_validate(stage) for stage in found["plan"]]
    waits = waiting_in(found, task)
    stage = next((stage for stage in plan if waits and stage.id == waits["stage"]), None)
    seats = [Placement.model_validate(found[name]) for name in ("origin", "target")]
    views, actor = visit.portal.views, await visit.actor()
    places = await views.places([*ids_of(*seats), *(id for one in plan for id in (one.agency, one.unit))])
    colleagues = await _colleagues(visit, waits) if waits else []
    people = await views.people(_named(found, waits, colleagues))
    zone = places[seats[0].agency].zone
    values = {
        "task": task,
        "case": found["id"],
        "found": found,
        "waits": waits,
        "stage": stage,
        "plan": plan,
        "places": places,
        "colleagues": colleagues,
        "people": people,
        "person": people.get(found["person"], ""),
        "me": actor.person,
        "mine": waits is not None and waits["claimed_by"] == actor.person,
        "origin": seats[0],
        "target": seats[1],
        "due": datetime.fromisoformat(waits["due"]) if waits else None,
        "zone": zone,
        "seen": seen,
        "evaluation": await visit.ask("evaluation", f"/v1/evaluations/{quote(found['id'])}?lang={visit.lang}"),
        "kinds": _kinds(found["proposal"] or {}, visit.portal.engine.now()),
        "issuers": _issuers(visit, [places[seat.agency].province for seat in seats]),
        "key": uuid4().hex,
        "problem": await meanwhile.told(visit, found["id"], problem, status, own=False, zone=zone),
        "fields": visit.fields,
        "now": visit.portal.engine.now(),
        "keys": (await visit.portal.habits.of(visit.user.login)).keys,
    }
    return await visit.show("task.html.jinja", values, status)


def _named(found: Mapping[str, Any], waits: Mapping[str, Any] | None, colleagues: list[str]) -> list[str]:
    """Whose names the page says."""
    said = waits["pending"] if waits else None
    holders = [waits["claimed_by"], said["by"] if said else ""] if waits else []
    return [found["person"], *holders, *colleagues, *(one["by"] for one in (*found["comments"], *found["decisions"]))]


async def _colleagues(visit: Visit, waits: Mapping[str, Any]) -> list[str]:
    """Who else holds the office of a task today: whether they may decide it, the approval service judges."""
    place = (waits["office"], waits["agency"], waits["unit"])
    found = await visit.portal.views.holders(*place, judged_on(visit.portal.engine.now()))
    return [one for one in found if one != waits["claimed_by"]]


def _issuers(visit: Visit, provinces: list[str]) -> list[tuple[str, str]]:
    """Whose letter a clerk may have before them: authorities of the centre, and the governors of both provinces."""
    governors = [(f"governor:{one}", f"{visit.words.say('Gubernur', 'Governor of')} {one}") for one in provinces]
    centre = [(code, visit.words.name("issuers", code)) for code in ("bkn", "home_affairs", "foreign_affairs")]
    return [*centre, *dict.fromkeys(governors)]


def _kinds(proposal: dict[str, Any], now: datetime) -> list[Kind]:
    """The documents that such a move needs, which a return may ask for."""
    need = documents().need(proposal["content"]["move"], judged_on(now)) if proposal else None
    return [kind for kind in documents().kinds if need and kind.kind in (*need.submission, *need.chain)]
