"""The ledger over HTTP: everybody sees their own messages, operators see all and have one sent again."""

import base64
import binascii
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from services.notification import store
from services.notification.domain.ledger import MESSAGES, Entry, Resend, answer
from services.notification.policy import operator
from shared.host.http import Caller
from shared.kernel.decider import Refused
from shared.runtime.service import Asked

router = APIRouter(tags=["messages"])
Status = Literal["queued", "sent", "failed", "ambiguous", "suppressed"]
ALL: tuple[Status, ...] = ("queued", "sent", "failed", "ambiguous", "suppressed")


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
    """Send a message again that failed, was suppressed, or may not have arrived; it keeps its id."""
    return await call.send(MESSAGES, id, Resend())


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
