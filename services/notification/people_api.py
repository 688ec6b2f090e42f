"""What people want to be told, and what agencies have to do where no channel reaches a person, over HTTP."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from services.notification import store
from services.notification.domain import bounces
from services.notification.domain.errands import ERRANDS, Errand, Finish
from services.notification.domain.errands import answer as errand_answer
from services.notification.domain.ledger import MESSAGES, Report
from services.notification.domain.preferences import PREFERENCES, ChangePreferences
from services.notification.domain.preferences import answer as preferences_answer
from services.notification.policy import operator, personnel_of
from shared.host.http import Caller, Json
from shared.kernel.decider import Refused, judged_on
from shared.runtime.service import Asked

router = APIRouter(tags=["people"])
NOTIFICATION_BYTES = 10_000_000  # a notification may return the whole message


@router.get("/v1/preferences", name="preferences.read")
async def read(call: Caller) -> Json:
    """The caller's own, and the matrix of what may be switched off."""
    actor = await call.allow()
    version, found = await store.preferences(call.db, actor.person)
    return Json({"id": actor.person, "version": version, **preferences_answer(found)})


@router.put("/v1/preferences", name="preferences.change")
async def change(wish: ChangePreferences, call: Caller) -> Json:
    """The caller's own, all of them anew."""
    actor = await call.allow()
    return await call.send(PREFERENCES, actor.person, wish)


class Errands(BaseModel):
    """Errands by id. `next` is `after` of the following page, "" on the last."""

    items: list[Mapping[str, Any]]
    next: str


@router.get("/v1/errands", name="errand.list")
async def errands(
    call: Caller,
    status: Literal["open", "done"] = "open",
    after: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Errands:
    """Of the agencies whose personnel office the caller holds; an operator's list is everybody's."""
    actor = await call.allow()
    asked = Asked(actor, judged_on(call.now()), None)
    agencies = None if operator(asked) else personnel_of(asked)
    found = await store.errands(call.db, agencies, status, after, limit + 1)
    items = [
        {"id": one["_id"], "version": one["sequence"], **errand_answer(Errand.model_validate(one["state"]))}
        for one in found[:limit]
    ]
    return Errands(items=items, next=items[-1]["id"] if len(found) > limit else "")


@router.post("/v1/errands/{id}/done", name="errand.finish")
async def finish(id: str, told: Finish, call: Caller) -> Json:
    """It was done, with proof."""
    return await call.send(ERRANDS, id, told)


class Taken(BaseModel):
    """Messages that the notification told the end of, and those that the ledger does not know."""

    taken: list[str] = Field(default_factory=list)
    unknown: list[str] = Field(default_factory=list)


_MAIL = {"requestBody": {"required": True, "content": {"message/rfc822": {"schema": {"type": "string"}}}}}


@router.post("/v1/bounces", name="bounce.take", openapi_extra={"x-body-limit": NOTIFICATION_BYTES, **_MAIL})
async def bounce(request: Request, call: Caller) -> Taken:
    """One mail from the mailbox that bounces come to. What is no delivery notification changes nothing."""
    await call.allow()
    said = Taken()
    for told in bounces.read(await request.body()):
        report = Report(status=told.status, code=told.code, text=told.text)
        try:
            await call.send(MESSAGES, told.message, report)
            said.taken.append(told.message)
        except Refused as refused:
            if refused.code != "MESSAGE_UNKNOWN":
                raise
            said.unknown.append(told.message)
    return said
