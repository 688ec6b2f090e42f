"""What an operator does to many messages at once, and to a channel as a whole, over HTTP."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from services.notification import store
from services.notification.domain.flow import flow
from services.notification.domain.ledger import MESSAGES, Cancel, Resend
from services.notification.queue import counted
from services.notification.valves import Valves
from shared.host.http import Caller
from shared.kernel.decider import Refused

router = APIRouter(tags=["flow"])
LARGEST = 500


class Bulk(BaseModel):
    """Resend (which releases what is stale) or cancel (which drops it) messages of one state, and of one template."""

    act: Literal["resend", "cancel"]
    status: Literal["stale", "failed", "ambiguous", "suppressed", "bounced", "cancelled", "queued"]
    template: str = Field(default="", max_length=100)
    limit: int = Field(default=LARGEST, ge=1, le=LARGEST)


class Done(BaseModel):
    """How many it was done to, how many had moved on meanwhile, and how many are left in that state."""

    done: int
    refused: int
    left: int


@router.post("/v1/messages/bulk", name="message.bulk")
async def bulk(asked: Bulk, call: Caller) -> Done:
    """Those of the oldest events first; asked again until none is left."""
    await call.allow()
    ids, many = await store.chosen(call.db, asked.status, asked.template, asked.limit)
    command = Resend() if asked.act == "resend" else Cancel()
    ends = await asyncio.gather(*(call.send(MESSAGES, id, command) for id in ids), return_exceptions=True)
    faults = [end for end in ends if isinstance(end, BaseException)]
    for fault in faults:
        if not isinstance(fault, Refused):
            raise fault
    return Done(done=len(ids) - len(faults), refused=len(faults), left=many - len(ids))


class Channel(BaseModel):
    """One channel: who waits in which lane, whether it is paused, and until when its line is left alone."""

    channel: str
    waiting: Mapping[str, int]
    paused: bool
    failures: int
    shut_until: datetime | None


def _valves(call: Caller) -> Valves:
    valves = Valves(flow().line)
    valves.attach(call.db["valves"])
    return valves


@router.get("/v1/channels", name="channel.list")
async def channels(call: Caller) -> list[Channel]:
    """Every channel that has a line of its own, or was ever used."""
    await call.allow()
    return await _channels(call)


@router.post("/v1/channels/{channel}/pause", name="channel.pause")
async def pause(channel: str, call: Caller) -> list[Channel]:
    """Nothing leaves on this channel; what is due waits."""
    return await _turned(call, channel, paused=True)


@router.post("/v1/channels/{channel}/resume", name="channel.resume")
async def resume(channel: str, call: Caller) -> list[Channel]:
    """Everything may leave again, also where the line had failed."""
    return await _turned(call, channel, paused=False)


async def _turned(call: Caller, channel: str, *, paused: bool) -> list[Channel]:
    await call.allow()
    if channel not in {one.channel for one in await _channels(call)}:
        raise Refused("NOT_FOUND", status=404)
    await _valves(call).pause(channel, paused=paused)
    return await _channels(call)


async def _channels(call: Caller) -> list[Channel]:
    waiting, turned = await counted(call.db), await _valves(call).read()
    return [
        Channel(
            channel=name,
            waiting={flow().lanes[lane]: many for lane, many in sorted(waiting.get(name, {}).items())},
            paused=bool(turned.get(name, {}).get("paused")),
            failures=turned.get(name, {}).get("failures", 0),
            shut_until=turned.get(name, {}).get("shut_until") or None,
        )
        for name in sorted({*flow().channels, *waiting, *turned})
    ]
