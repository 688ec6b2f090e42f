"""Behind the answer: publish what is pending, journal what was acknowledged, sweep up what a crash left.

An aggregate's events leave in order, n+1 only after the ack of n; all aggregates go side by side. (A register's events
for different keys are ordered by nobody, so each key is a lane of its own.) Whoever publishes an aggregate publishes
everything pending before it, so first copies stand in the log in order, whoever wrote them.
"""

import asyncio
import logging
import random
from collections import deque
from functools import partial
from typing import Any

from shared.runtime.ports import Bus, Entry, Published, Store, Unavailable
from shared.runtime.service import Service
from shared.runtime.telemetry import OUTBOX, PUBLISH_FAILED

CONFIRM_EVERY, SWEEP_EVERY, SWEEP_OLDER, SWEEP_LEASE, SWEEP_LIMIT = 0.15, 1.0, 1.0, 10.0, 200
REMEMBERED = 20_000  # events: far more than are confirmed while one batch is under way
log = logging.getLogger(__name__)
Lane = tuple[str, str, str]


class Publisher:
    """Sends pending events and confirms them. `offer` never waits."""

    def __init__(self, service: Service, store: Store, bus: Bus) -> None:
        self.service, self.store, self.bus = service, store, bus
        self._lanes: dict[Lane, deque[Entry]] = {}
        self._known: set[str] = set()
        self._done: set[str] = set()
        self._oldest: deque[str] = deque()
        self._ready: deque[Lane] = deque()
        self._acked: list[Published] = []
        self._wake, self._confirm = asyncio.Event(), asyncio.Event()
        self._broken = False
        self.failures = 0

    @property
    def pending(self) -> int:
        """Events on their way: offered and not yet confirmed."""
        return len(self._known)

    def offer(self, kind: str, aggregate: str, entries: list[Entry]) -> None:
        """Publish these, in order, leaving out what this process has in flight, and what it has confirmed since these
        were loaded."""
        for entry in entries:
            if entry["id"] in self._known or entry["id"] in self._done:
                continue
            self._known.add(entry["id"])
            lane = (kind, aggregate, entry["key"])
            waiting = self._lanes.get(lane)
            if waiting is None:
                self._lanes[lane] = deque([entry])
                self._ready.append(lane)
            else:
                waiting.append(entry)
        OUTBOX.set(len(self._known))
        self._wake.set()

    async def run(self) -> None:
        """Send the head of every lane that is ready."""
        while True:
            self._wake.clear()
            while self._ready:
                await self._send(self._ready.popleft())
            if self._broken:
                await self._mend()
            await self._wake.wait()

    async def _send(self, lane: Lane) -> None:
        if self._broken:
            return self._drop(lane)
        try:
            future = await self.bus.send(self._lanes[lane][0])
        except Unavailable:
            self._failed(lane)
        else:
            future.add_done_callback(partial(self._ended, lane))

    def _ended(self, lane: Lane, future: "asyncio.Future[Any]") -> None:
        if future.cancelled() or future.exception() is not None:
            self._failed(lane)
            return
        waiting = self._lanes[lane]
        self._acked.append(Published(lane[0], lane[1], waiting.popleft()))
        self._confirm.set()
        if waiting:
            self._ready.append(lane)
            self._wake.set()
        else:
            del self._lanes[lane]

    def _failed(self, lane: Lane) -> None:
        """Forget the lane: the sweeper, or the next write of this aggregate, offers all of it again."""
        self.failures += 1
        PUBLISH_FAILED.inc()
        self._drop(lane)
        self._broken = True
        self._wake.set()

    def _drop(self, lane: Lane) -> None:
        for entry in self._lanes.pop(lane, ()):
            self._known.discard(entry["id"])

    async def _mend(self) -> None:
        while self._ready:
            self._drop(self._ready.popleft())
        try:
            await self.bus.renew()
        except Unavailable:
            await asyncio.sleep(0.5)
            self._wake.set()
        else:
            self._broken = False

    # -- the confirmer -------------------------------------------------------------------------------------------

    async def confirm(self) -> None:
        """A few times a second: journal what was acknowledged, then pull it from `out`."""
        while True:
            await self._confirm.wait()
            await asyncio.sleep(CONFIRM_EVERY)
            self._confirm.clear()
            batch, self._acked = self._acked, []
            try:
                await self.store.confirm(batch)
            except Unavailable:
                self._acked = [*batch, *self._acked]
                self._confirm.set()
                await asyncio.sleep(0.2)
            else:
                self._remember([one.entry["id"] for one in batch])
                OUTBOX.set(len(self._known))

    def _remember(self, ids: list[str]) -> None:
        self._known.difference_update(ids)
        self._done.update(ids)
        self._oldest.extend(ids)
        while len(self._oldest) > REMEMBERED:
            self._done.discard(self._oldest.popleft())

    # -- the sweeper ---------------------------------------------------------------------------------------------

    async def sweep(self, jitter: random.Random) -> None:
        """Claim what lies in `out` for more than a second: a crash, a failed send, a write nobody heard of."""
        pause = SWEEP_EVERY
        while True:
            await asyncio.sleep(pause * jitter.uniform(0.7, 1.3))
            before = self.failures
            try:
                await self._sweep_once()
            except Unavailable:
                log.warning("sweeper: store away")
            pause = min(pause * 2, 15.0) if self.failures > before else SWEEP_EVERY

    async def _sweep_once(self) -> None:
        for decider in self.service.deciders:
            found = await self.store.sweep(decider.name, SWEEP_OLDER, SWEEP_LEASE, SWEEP_LIMIT)
            for aggregate, entries in found:
                self.offer(decider.name, aggregate, entries)
