"""Announcements to many over HTTP: draft, look at the dry run, release."""

from collections.abc import Mapping
from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from services.notification import store
from services.notification.domain.broadcasts import BROADCASTS, Draft, Release
from shared.host.http import Caller, Json

router = APIRouter(tags=["broadcasts"])
SAMPLE = 5


@router.post("/v1/broadcasts", name="broadcast.draft", status_code=201)
async def draft(told: Draft, call: Caller) -> Json:
    """Nothing is sent yet."""
    return await call.send(BROADCASTS, call.new_id("b"), told)


@router.get("/v1/broadcasts/{id}", name="broadcast.read")
async def read(id: str, call: Caller) -> Json:
    """The words, to whom, and how many have been told so far."""
    return await call.show(BROADCASTS, id)


class DryRun(BaseModel):
    """How many would get it now, some of them, and the words."""

    count: int
    sample: list[str]
    words: Mapping[str, str]
    at: datetime


@router.get("/v1/broadcasts/{id}/audience", name="broadcast.count")
async def count(id: str, call: Caller) -> DryRun:
    """What a release would do now."""
    found = await call.read(BROADCASTS, id)
    today = call.now().date()
    many = await store.audience_size(call.db, found.audience, today)
    sample = await store.audience(call.db, found.audience, today, "", SAMPLE)
    return DryRun(count=many, sample=sample, words=found.words, at=call.now())


class Released(BaseModel):
    """How many the dry run counted: another number now is refused, so that nobody is told by surprise."""

    expected: int = Field(ge=1)


@router.post("/v1/broadcasts/{id}/release", name="broadcast.release")
async def release(id: str, told: Released, call: Caller) -> Json:
    """Send it, once; it leaves after everything else that waits."""
    found = await call.read(BROADCASTS, id)
    counted = await store.audience_size(call.db, found.audience, call.now().date())
    return await call.send(BROADCASTS, id, Release(expected=told.expected, counted=counted))
