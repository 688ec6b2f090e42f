"""My data: what the registry has of me, in readable groups; ask to have it corrected, and who saw my number."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from services.portal.store import ids_of
from services.portal.web import UPLOAD, FilePoster, Poster, Trouble, Visit, Visitor, refused
from shared.contracts.registry import Placement

router = APIRouter()
PAGE, MOVED, INVALID = "/data-saya", 308, 422
SEEN = 4
"""Digits of the number that a page shows without being asked."""
Problem = dict[str, Any]
Body = Mapping[str, Any]


@router.get(PAGE)
async def mine(visit: Visitor) -> Response:
    """My own record."""
    return await _show(visit)


@router.get("/corrections/mine")
async def mailed() -> Response:
    """Where the links in e-mails lead."""
    return RedirectResponse(PAGE, MOVED)


@router.post(PAGE + "/nip")
async def reveal(visit: Poster) -> Response:
    """The number in full, once; the registry writes it down."""
    person = (await visit.actor()).person
    path, key = f"/v1/people/{quote(person or '-')}/reveal", visit.fields.get("key", "")
    answer = await visit.command("registry", "POST", path, key, {})
    if not answer.ok:
        raise refused(answer, visit.words)
    return await _show(visit, nip=str(answer.body["nip"]))


@router.get(PAGE + "/perbaikan/{field}")
async def form(visit: Visitor, field: str, tentang: str = "") -> Response:
    """Ask to have one field corrected."""
    return await _form(visit, field, {"about": tentang})


@router.post(PAGE + "/perbaikan/{field}", openapi_extra=UPLOAD)
async def ask(visit: FilePoster, field: str) -> Response:
    """Hand the request in; a file is not kept, only its hash, so that it can be told again later."""
    fields = visit.fields
    missing = next((name for name in ("value", "reason") if not fields.get(name)), "")
    if missing:
        return await _form(visit, field, fields, visit.words.problem("REQUIRED") | {"where": missing})
    body = {name: fields.get(name, "") for name in ("about", "value", "reason")}
    body |= {"field": field, "evidence": sha256(visit.file).hexdigest() if visit.file else ""}
    answer = await visit.command("registry", "POST", "/v1/me/corrections", fields.get("key", ""), body)
    if not answer.ok:
        return await _form(visit, field, fields, dict(refused(answer, visit.words).problem), answer.status)
    said = ("Permintaan Anda diteruskan kepada instansi.", "Your request is handed on to your agency.")
    return await visit.go(PAGE, visit.words.say(*said))


@router.post(PAGE + "/tarik/{correction}")
async def withdraw(visit: Poster, correction: str) -> Response:
    """Take a request back."""
    path = f"/v1/me/corrections/{quote(correction)}/withdraw"
    answer = await visit.command("registry", "POST", path, visit.fields.get("key", ""))
    if not answer.ok:
        problem = refused(answer, visit.words)
        return await _show(visit, dict(problem.problem), problem.status)
    return await visit.go(PAGE, visit.words.say("Permintaan ditarik.", "The request is withdrawn."))


def masked(nip: str) -> str:
    """The number with its last digits only."""
    return "•" * (len(nip) - SEEN) + nip[-SEEN:] if nip else "–"


async def asked(visit: Visit, path: str) -> Body:
    """What the registry answers. Raises Trouble."""
    answer = await visit.ask("registry", path)
    if not answer.ok:
        raise refused(answer, visit.words)
    return answer.body


async def correctable(visit: Visit, employment: str = "PNS") -> dict[str, Body]:
    """What may be corrected, by field, in the order of the registry."""
    found = await asked(visit, f"/v1/corrections/fields?employment={quote(employment)}")
    return {one["field"]: one for one in found["fields"]}


async def _me(visit: Visit) -> Body:
    found = await asked(visit, "/v1/me")
    if not found.get("profile"):
        raise Trouble(404, visit.words.problem("NOT_LINKED"))
    return found


async def _show(visit: Visit, problem: Problem | None = None, status: int = 200, nip: str = "") -> Response:
    me, history = await _me(visit), await asked(visit, "/v1/me/corrections")
    quality = await asked(visit, "/v1/me/quality")
    fields = await correctable(visit, me["profile"]["employment"])
    seats = [Placement.model_validate(seat) for seat in (me["profile"]["placement"], *_seats(me))]
    people = {one["by"] for one in (*history["reveals"], *history["items"])}
    values = {
        "me": me,
        "profile": me["profile"],
        "known": me.get("particulars") or {},
        "nip": nip or masked((me.get("particulars") or {}).get("nip", "")),
        "shown": bool(nip),
        "fields": fields,
        "groups": grouped(fields),
        "defects": quality["defects"],
        "items": [moments(one if nip else veiled(one)) for one in history["items"]],
        "reveals": [{**one, "at": datetime.fromisoformat(one["at"])} for one in history["reveals"]],
        "places": await visit.portal.views.places(ids_of(*seats)),
        "people": await visit.portal.views.people(people),
        "now": visit.portal.engine.now(),
        "key": uuid4().hex,
        "problem": problem,
    }
    return await visit.show("record.html.jinja", values, status)


def _seats(me: Body) -> list[Body]:
    return [held["placement"] for held in me["posts"]]


def grouped(fields: Mapping[str, Body]) -> dict[str, list[Body]]:
    """The fields of each group of the page."""
    found: dict[str, list[Body]] = {}
    for one in fields.values():
        found.setdefault(one["group"], []).append(one)
    return found


def veiled(one: Body) -> dict[str, Any]:
    """A request, with the numbers that it is about masked where it is about the number."""
    if one["field"] != "nip":
        return dict(one)
    return {**one, **{name: one[name] and masked(one[name]) for name in ("was", "value")}}


def moments(one: Body) -> dict[str, Any]:
    """A request with its moments as moments."""
    named = {name: datetime.fromisoformat(one[name]) for name in ("asked_at", "due", "decided_at") if one[name]}
    return {**one, **named}


async def _form(
    visit: Visit, field: str, filled: Mapping[str, str], problem: Problem | None = None, status: int = INVALID
) -> Response:
    me = await _me(visit)
    fields = await correctable(visit, me["profile"]["employment"])
    if field not in fields:
        raise Trouble(404, visit.words.problem("NOT_FOUND"))
    values = {"one": fields[field], "filled": filled, "profile": me["profile"], "key": uuid4().hex, "problem": problem}
    return await visit.show("correction.html.jinja", values, status if problem else 200)
