"""The ledger over HTTP: one sees one's own messages, operators see all and act on them; previews."""

import base64
import binascii
from collections.abc import Mapping
from typing import Annotated, Any, get_args

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from jinja2 import TemplateError
from pydantic import BaseModel

from services.notification import preview, store
from services.notification.domain.entry import Entry, Status
from services.notification.domain.ledger import MESSAGES, Cancel, Resend, See, answer
from services.notification.domain.rules import rules
from services.notification.policy import operator
from services.notification.settings import settings
from shared.host.http import Caller
from shared.kernel.decider import Refused
from shared.runtime.service import Asked

router = APIRouter(tags=["messages"])
ALL: tuple[Status, ...] = tuple(status for status in get_args(Status) if status != "new")


class Page(BaseModel):
    """Messages, newest first. `next` is the cursor of the following page, "" on the last."""

    items: list[Mapping[str, Any]]
    next: str


@router.get("/v1/messages", name="message.list")
async def listed(
    call: Caller,
    status: Annotated[list[Status], Query()] = [],  # noqa: B006 - FastAPI copies it
    cursor: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page:
    """The caller's messages; an operator's list is everybody's."""
    actor = await call.allow()
    everybody = operator(Asked(actor, call.now().date(), None))
    person = "" if everybody else actor.person
    found = await store.messages(call.db, person, status or ALL, _place(cursor), limit + 1)
    items = [_shown(one) for one in found[:limit]]
    return Page(items=items, next=_cursor(items[-1]) if len(found) > limit else "")


@router.get("/v1/messages/{id}", name="message.read")
async def read(id: str, call: Caller) -> JSONResponse:
    """One message and what became of it."""
    return await call.show(MESSAGES, id)


@router.post("/v1/messages/{id}/resend", name="message.resend")
async def resend(id: str, call: Caller) -> JSONResponse:
    """Send a message again that did not arrive, or may not have; it keeps its id."""
    return await call.send(MESSAGES, id, Resend())


@router.post("/v1/messages/{id}/cancel", name="message.cancel")
async def cancel(id: str, call: Caller) -> JSONResponse:
    """Stop a message that waits."""
    return await call.send(MESSAGES, id, Cancel())


@router.post("/v1/messages/{id}/seen", name="message.see")
async def see(id: str, call: Caller) -> JSONResponse:
    """The person has it before their eyes. Only they can say so, once."""
    return await call.send(MESSAGES, id, See())


@router.get("/v1/templates", name="template.list")
async def templates(call: Caller) -> list[preview.Shown]:
    """Who is told of what in which words, and which words are broken."""
    await call.allow()
    return preview.listed()


class Preview(BaseModel):
    """One message with invented values, as it would be sent."""

    subject: str
    text: str
    html: str
    version: str
    calendar: str


@router.get("/v1/templates/{template}", name="template.read")
async def template(template: str, call: Caller, language: preview.Language = "id") -> Preview:
    """The newest row with these words, filled with samples."""
    await call.allow()
    rows = [row for row in rules().tell if row.template == template]
    if not rows:
        raise Refused("NOT_FOUND", status=404)
    try:
        shown = preview.preview(rows[-1], language, settings().portal_url)
    except (TemplateError, KeyError, OSError) as fault:
        raise Refused("BAD_TEMPLATE", status=409, where=template, reason=str(fault)) from None
    return Preview(**shown._asdict())


def _shown(document: Mapping[str, Any]) -> Mapping[str, Any]:
    entry = Entry.model_validate(document["state"])
    return {"id": document["_id"], "version": document["sequence"], **answer(entry)}


def _cursor(item: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(f"{item['queued_at']} {item['id']}".encode()).decode()


def _place(cursor: str) -> store.Place | None:
    if not cursor:
        return None
    try:
        queued_at, id = base64.urlsafe_b64decode(cursor.encode()).decode().split(" ")
    except (binascii.Error, ValueError):
        raise Refused("BAD_CURSOR", status=400, where="cursor") from None
    return store.Place(queued_at, id)
