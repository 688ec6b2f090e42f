"""What comes back to an aggregate by itself: timers, held messages, and the results of effects."""

import asyncio
import logging
import random
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from shared.kernel.decider import Decider, Frozen, Message, WorkDone, no_timers
from shared.runtime.executor import Executor
from shared.runtime.item import Item, Retry, Tick
from shared.runtime.ports import Claimed, Clock, Raw, Store, Unavailable
from shared.runtime.service import Effect, Job, Service, TryAgain
from shared.runtime.telemetry import span

POLL, POLL_MAX, RETRY_TURNS, LIMIT, ATTEMPTS, WORK_POLL = 0.1, 0.5, 2, 200, 12, 1.0
log = logging.getLogger(__name__)


def own_item(decider: Decider[Any], aggregate: str, body: Frozen, clock: Clock, id: str, type: str) -> Item:
    """A message of our own to one aggregate."""
    message = Message(body=body, id=id, time=clock.now(), correlation=aggregate, causation=id)
    return Item(decider, aggregate, message, asyncio.get_running_loop().create_future(), type=type)


class Timers:
    """Feeds due timers (domain time) and held messages (real time) back. Any replica may: the state decides."""

    def __init__(self, service: Service, store: Store, clock: Clock, executor: Executor) -> None:
        self.service, self.store, self.clock, self.executor = service, store, clock, executor
        self._busy: set[tuple[str, str]] = set()

    async def run(self, jitter: random.Random) -> None:
        """Poll, more seldom while nothing is due; an aggregate already on its way is left out."""
        turn, pause = 0, POLL
        while True:
            await asyncio.sleep(pause * jitter.uniform(0.7, 1.3))
            turn += 1
            try:
                pause = POLL if await self.poll_timers() else min(pause * 2, POLL_MAX)
                if turn % RETRY_TURNS == 0:
                    await self.poll_held()
            except Unavailable:
                await asyncio.sleep(1.0)

    async def poll_timers(self) -> bool:
        """Feed the timers that are due now; kinds without timers are not asked. True if there were any."""
        found = False
        for decider in self.service.deciders:
            if decider.timers is not no_timers:
                due = await self.store.due(decider.name, self.clock.now(), LIMIT)
                self._feed(decider, due, Tick())
                found = found or bool(due)
        return found

    async def poll_held(self) -> None:
        """Feed what waits. Rarely: whoever learns the missing fact wakes it at once."""
        for decider in self.service.deciders:
            self._feed(decider, await self.store.retries(decider.name, self.clock.real(), LIMIT), Retry())

    def _feed(self, decider: Decider[Any], ids: Iterable[str], body: Frozen) -> None:
        items = []
        for id in ids:
            key = (id, type(body).__name__)
            if key not in self._busy:
                self._busy.add(key)
                item = own_item(decider, id, body, self.clock, f"{key[1].lower()}:{id}", "")
                item.future.add_done_callback(partial(self._fed, key))
                items.append(item)
        self.executor.submit(items)

    def _fed(self, key: tuple[str, str], future: "asyncio.Future[Any]") -> None:
        self._busy.discard(key)
        if not future.cancelled() and future.exception() is not None:
            log.warning("timer not taken", extra={"aggregate": key[0]})


class Workers:
    """Does effects at least once and sends each result back as a message."""

    def __init__(self, service: Service, store: Store, clock: Clock) -> None:
        self.service, self.store, self.clock = service, store, clock
        self._slots = {kind: asyncio.Semaphore(effect.parallel) for kind, effect in service.effects.items()}
        self.under_way: dict[asyncio.Future[Any], str] = {}
        self._executor: Executor | None = None
        self.bells: list[asyncio.Event] = []  # rung when something waits or something ended

    def bind(self, executor: Executor) -> None:
        """Results go to this executor."""
        self._executor = executor

    @property
    def running(self) -> int:
        """Effects under way, up to the write of their result."""
        return len(self.under_way)

    def offer(self, kind: str, aggregate: str, work: dict[str, Raw]) -> None:
        """Do this work, whose first attempt was written together with the state; what waits is only told of."""
        for id, entry in work.items():
            if entry["attempt"]:
                self.start(Claimed(kind, aggregate, id, entry))
            else:
                self._ring()

    def _ring(self) -> None:
        for bell in self.bells:
            bell.set()

    async def sweep(self, jitter: random.Random) -> None:
        """Claim work whose lease ran out: its process died, or asked for another try."""
        while True:
            await asyncio.sleep(WORK_POLL * jitter.uniform(0.7, 1.3))
            try:
                await self._sweep_once()
            except Unavailable:
                log.warning("effects: store away")

    async def _sweep_once(self) -> None:
        lease = max(effect.lease for effect in self.service.effects.values())
        for decider in self.service.deciders:
            for claimed in await self.store.claim_work(decider.name, self.clock.real(), lease, LIMIT):
                self.start(claimed)

    def start(self, claimed: Claimed) -> None:
        """Do one claimed piece of work."""
        self._keep(asyncio.get_running_loop().create_task(self._do(claimed)), claimed.entry["kind"])

    def _keep(self, future: "asyncio.Future[Any]", kind: str) -> None:
        self.under_way[future] = kind
        future.add_done_callback(self._leave)

    def _leave(self, future: "asyncio.Future[Any]") -> None:
        del self.under_way[future]
        self._ring()

    async def _do(self, claimed: Claimed) -> None:
        entry = claimed.entry
        effect = self.service.effects[entry["kind"]]
        crashed = entry["attempt"] > 1 and not entry.get("settled")
        async with self._slots[entry["kind"]]:
            if self.clock.real() > entry["until"] - effect.lease / 2:
                # It waited too long for its turn: somebody else may claim it any moment, so it is put back untried.
                await self._defer(claimed, 0.0)
            elif crashed and effect.crash == "ambiguous":
                self._report(claimed, ok=False, outcome={"code": "AMBIGUOUS"})
            else:
                await self._attempt(effect, claimed)

    async def _attempt(self, effect: Effect, claimed: Claimed) -> None:
        entry, now = claimed.entry, self.clock.now()
        job = Job(claimed.id, claimed.aggregate, entry["kind"], entry["data"], entry["attempt"], now)
        try:
            with span(f"{self.service.name} effect {job.kind}", entry.get("trace", "")):
                outcome = await effect.run(job)
        except TryAgain as later:
            await self._defer(claimed, later.after, later.note)
        except Exception:
            log.exception("effect failed", extra={"aggregate": claimed.aggregate, "work": claimed.id})
            if entry["attempt"] < ATTEMPTS:
                await self._defer(claimed, min(2.0 ** entry["attempt"], 300.0))
            else:
                self._report(claimed, ok=False, outcome={"code": "EFFECT_FAILED"})
        else:
            self._report(claimed, ok=bool(outcome.get("ok", True)), outcome=outcome)

    async def _defer(self, claimed: Claimed, after: float, note: Mapping[str, Any] | None = None) -> None:
        notes, until = [*claimed.entry.get("notes", ()), *([note] if note else ())], self.clock.real() + after
        try:
            await self.store.defer_work(claimed.kind, claimed.aggregate, claimed.id, until, notes)
        except Unavailable:
            log.warning("effect not deferred: its lease will end", extra={"aggregate": claimed.aggregate})

    def _report(self, claimed: Claimed, *, ok: bool, outcome: Mapping[str, Any]) -> None:
        known = {name: claimed.entry[name] for name in ("attempt", "notes") if name in claimed.entry}
        result = WorkDone(id=claimed.id, kind=claimed.entry["kind"], ok=ok, outcome={**outcome, **known})
        decider = next(d for d in self.service.deciders if d.name == claimed.kind)
        item = own_item(
            decider, claimed.aggregate, result, self.clock, f"work:{claimed.aggregate}:{claimed.id}", "work"
        )
        item.future.add_done_callback(self._reported)
        if self._executor is not None:
            self._keep(item.future, claimed.entry["kind"])
            self._executor.submit([item])

    @staticmethod
    def _reported(future: "asyncio.Future[Any]") -> None:
        """A result that could not be taken is found again when the lease ends."""
        if not future.cancelled() and future.exception() is not None:
            log.warning("result of an effect not taken")
