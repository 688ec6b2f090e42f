"""One valve per channel: how many messages may leave now. It stands in the database, so that all processes share it and
none forgets it: a bucket of tokens against storms, and a circuit breaker for a line that fails."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from random import SystemRandom
from typing import Any

from motor.motor_asyncio import AsyncIOMotorCollection
from pymongo import ReturnDocument

from services.notification.domain.flow import Line
from shared.runtime.passing import guarded
from shared.runtime.ports import Unavailable
from shared.runtime.service import Job, TryAgain

# While one message probes a line that failed, the others wait at most so long for its end.
PROBE = 60.0
FAILING = frozenset({"UNREACHABLE", "UNANSWERED"})
# Ends of an attempt that say nothing of the line.
NEUTRAL = frozenset(
    {
        *("NOT_KNOWN", "QUIET_HOURS", "SUSPENDED", "NO_ADDRESS", "BAD_ADDRESS"),
        *("FORGOTTEN", "BAD_TEMPLATE", "BUSY", "PAPER_AWAY"),
    }
)
Raw = dict[str, Any]
Run = Callable[[Job], Awaitable[Mapping[str, Any]]]
_SECONDS: Raw = {"$divide": [{"$toLong": "$$NOW"}, 1000]}
log = logging.getLogger(__name__)


@guarded
class Valves:
    """The valves of all channels, by the database's clock. Raises Unavailable while the database is away."""

    def __init__(self, lines: Callable[[str], Line], spread: Callable[[], float] | None = None) -> None:
        self._line = lines
        self._spread = spread or (lambda: SystemRandom().uniform(0.8, 1.2))
        self._ill: dict[str, bool] = {}
        self._all: AsyncIOMotorCollection[Raw] | None = None

    def attach(self, collection: AsyncIOMotorCollection[Raw]) -> None:
        """From now on, look there."""
        self._all = collection

    async def take(self, channel: str, wanted: int) -> int:
        """Leave for so many of them; none while the channel is paused or its line is left alone, one to probe it."""
        line = self._line(channel)
        passed = {"$max": [0, {"$subtract": [_SECONDS, "$at"]}]}  # a clock that was set back takes no tokens away
        refilled = {"$add": ["$tokens", {"$multiply": [passed, line.rate]}]}
        ill = {"$gte": ["$failures", line.breaker.failures]}
        shut = {"$or": ["$paused", {"$and": [ill, {"$gt": ["$shut_until", _SECONDS]}]}]}
        most = {"$min": [{"$floor": "$tokens"}, {"$cond": [ill, 1, wanted]}]}
        probing = {"$and": [ill, {"$gt": ["$granted", 0]}]}
        stages: list[Raw] = [
            {"$set": {name: {"$ifNull": [f"${name}", first]} for name, first in _fresh(line).items()}},
            {"$set": {"tokens": {"$min": [line.burst, refilled]}, "at": _SECONDS}},
            {"$set": {"granted": {"$cond": [shut, 0, {"$max": [0, most]}]}}},
            {"$set": {"tokens": {"$subtract": ["$tokens", "$granted"]}}},
            {"$set": {"shut_until": {"$cond": [probing, _later(PROBE), "$shut_until"]}}},
            {"$set": {"probing": {"$or": [probing, "$probing"]}}},
        ]
        found = await self._change(channel, stages)
        self._ill[channel] = found["failures"] > 0
        return int(found["granted"])

    async def told(self, channel: str, code: str) -> None:
        """How an attempt ended: a line that fails is left alone for longer and longer, one that works is trusted."""
        if code in FAILING:
            self._ill[channel] = True
            found = await self._change(channel, [{"$set": {"failures": {"$add": [{"$ifNull": ["$failures", 0]}, 1]}}}])
            pause = self._line(channel).breaker.pause_after(found["failures"]) * self._spread()
            await self._change(channel, [{"$set": {"shut_until": _later(pause), "probing": False}}])
        elif self._ill.get(channel):
            self._ill[channel] = code in NEUTRAL
            await self._change(channel, [_PROBE_AGAIN if code in NEUTRAL else _TRUST])

    async def begin(self) -> None:
        """A process begins: if it died while its message probed a line, another message may."""
        await self._valves.update_many({"probing": True}, [_PROBE_AGAIN])

    async def pause(self, channel: str, *, paused: bool) -> None:
        """By an operator: nothing leaves on this channel, or everything may again; a failed line is trusted anew."""
        await self._change(channel, [{"$set": {"paused": paused}}, _TRUST])

    async def read(self) -> dict[str, Raw]:
        """All valves that were ever used, by channel."""
        return {one["_id"]: one async for one in self._valves.find({})}

    def watched(self, channel: str, run: Run) -> Run:
        """The same effect, and the valve hears how it ended."""

        async def tell(job: Job) -> Mapping[str, Any]:
            try:
                outcome = await run(job)
            except TryAgain as later:
                await self._hear(channel, later.code)
                raise
            await self._hear(channel, str(outcome.get("code", "")))
            return outcome

        return tell

    async def _hear(self, channel: str, code: str) -> None:
        """The end of the attempt is what it is, also when the valve cannot be told of it: nothing is sent again."""
        try:
            await self.told(channel, code)
        except Unavailable:
            log.warning("a valve was not told", extra={"channel": channel, "code": code})

    @property
    def _valves(self) -> AsyncIOMotorCollection[Raw]:
        if self._all is None:
            raise RuntimeError("the database is not open yet")
        return self._all

    async def _change(self, channel: str, stages: list[Raw]) -> Raw:
        after = ReturnDocument.AFTER
        found = await self._valves.find_one_and_update({"_id": channel}, stages, upsert=True, return_document=after)
        return found or {}


_TRUST: Raw = {"$set": {"failures": 0, "shut_until": 0, "probing": False}}
# The probe ended and said nothing of the line.
_PROBE_AGAIN: Raw = {"$set": {"shut_until": {"$cond": ["$probing", 0, "$shut_until"]}, "probing": False}}


def _fresh(line: Line) -> Raw:
    return {"tokens": line.burst, "at": _SECONDS, "failures": 0, "shut_until": 0, "paused": False}


def _later(seconds: float) -> Raw:
    return {"$add": [_SECONDS, seconds]}
