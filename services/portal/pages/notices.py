"""What one is told, where and when: the person's own wishes and chat addresses, kept by the notification service."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from services.portal.remote import Answer
from services.portal.web import Poster, Trouble, Visit, Visitor, refused

router = APIRouter()
PAGE, MOVED = "/pemberitahuan", 308
KEPT = ("language", "digest", "digest_at", "quiet_from", "quiet_until")
Row = Mapping[str, Any]
# What a button of a channel asks for: method and end of the path, and the field that goes with it.
ACTS = {
    "add": ("PUT", "", "address"),
    "confirm": ("POST", "/confirm", "code"),
    "remove": ("DELETE", "", ""),
    "test": ("POST", "/test", ""),
}


@router.get(PAGE)
async def read(visit: Visitor) -> Response:
    """The wishes as they are."""
    return await _page(visit)


@router.get("/notices")
async def mailed() -> Response:
    """Where the links in messages lead."""
    return RedirectResponse(PAGE, MOVED)


@router.post(PAGE)
async def change(visit: Poster) -> Response:
    """Keep them, all anew; what the page did not show stays as it was, but for channels without an address."""
    now, contacts = await _known(visit)
    columns, first = _columns(contacts), visit.fields.get("first", "email")
    wishes: dict[str, Any] = {name: visit.fields.get(name, "") for name in KEPT}
    wishes["off"] = list(_off(visit, now["rows"], columns))
    wishes["channels"] = [first, *(name for name in now["channels"] if name in columns and name != first)]
    answer = await visit.command("notification", "PUT", "/v1/preferences", visit.fields.get("key", ""), wishes)
    return await _done(visit, answer, visit.words.say("Pilihan Anda sudah disimpan.", "Your choices are saved."))


@router.post(PAGE + "/{channel}")
async def act(visit: Poster, channel: str) -> Response:
    """Give an address, tell its code, take it back, or send a test message."""
    wanted = visit.fields.get("act", "")
    if wanted not in ACTS:
        raise Trouble(404, visit.words.problem("NOT_FOUND"))
    method, end, field = ACTS[wanted]
    path, body = f"/v1/contacts/{quote(channel, safe='')}{end}", {field: visit.fields.get(field, "")} if field else None
    answer = await visit.command("notification", method, path, visit.fields.get("key", ""), body)
    return await _done(visit, answer, visit.words.name("notices", wanted))


async def _done(visit: Visit, answer: Answer, said: str) -> Response:
    if not answer.ok:
        problem = refused(answer, visit.words)
        return await _page(visit, dict(problem.problem), problem.status)
    return await visit.go(PAGE, said)


def _columns(contacts: list[Row]) -> list[str]:
    """The channels that are shown: e-mail, and where the person has an address."""
    return ["email", *(one["channel"] for one in contacts if one["verified"])]


def _off(visit: Visit, rows: list[Row], shown: list[str]) -> Iterator[str]:
    for row in rows:
        name = f"{row['category']}:{row['channel']}"
        on = name in visit.fields if row["channel"] in shown else row["on"]
        if not on and not row["locked"]:
            yield name


async def _known(visit: Visit) -> tuple[dict[str, Any], list[Row]]:
    """The wishes and the channels of this installation. Raises SignIn, Trouble."""
    wishes, contacts = [await visit.ask("notification", f"/v1/{name}") for name in ("preferences", "contacts")]
    for answer in (wishes, contacts):
        if not answer.ok:
            raise refused(answer, visit.words)
    return dict(wishes.body), [one for one in contacts.body["contacts"] if one["ready"]]


async def _page(visit: Visit, problem: dict[str, Any] | None = None, status: int = 200) -> Response:
    wishes, contacts = await _known(visit)
    columns = _columns(contacts)
    rows = {
        category: {row["channel"]: row for row in wishes["rows"] if row["category"] == category}
        for category in dict.fromkeys(row["category"] for row in wishes["rows"])
    }
    values = {"wishes": wishes, "contacts": contacts, "columns": columns, "rows": rows, "problem": problem}
    first = next((name for name in wishes["channels"] if name in columns), "email")
    return await visit.show("notices.html.jinja", {**values, "first": first, "key": uuid4().hex}, status)
