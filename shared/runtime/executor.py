"""The executor: drains messages in micro-batches, decides them in memory, writes each aggregate once.

A batch is whatever has arrived, HTTP first. When messages come fast it lingers to fill a batch, for as long as the last
one took: the slower the machine, the more each write carries. When they come slowly it does not. Everything a caller
hears, and every offset, waits for the write.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from shared.kernel.decider import Command, Decider, Fact, Facts
from shared.runtime.actors import Account, Offices, actor_of
from shared.runtime.aggregate import Aggregate
from shared.runtime.document import Now
from shared.runtime.item import Item
from shared.runtime.ports import STALE, Clock, Outlet, Raw, Store, Unavailable, Workers, Write
from shared.runtime.progress import Progress
from shared.runtime.service import Service
from shared.runtime.telemetry import BATCH, PARKED, TAKEN, WRITE
from shared.runtime.together import outcome_of, together

BATCH_MAX, BATCH_BYTES, DECIDE_SECONDS = 500, 4 << 20, 0.05
LINGER_MAX, TRIES, HTTP_PATIENCE = 0.025, 30, 2.0
Key = tuple[str, str]


class Executor:
    """One per process. `submit` hands it items; `run` is its loop."""

    def __init__(  # noqa: PLR0913 - the four ports and the description are what an executor is
        self,
        service: Service,
        store: Store,
        clock: Clock,
        outlet: Outlet,
        workers: Workers,
        *,
        admin: str = "",
        batch_max: int = BATCH_MAX,
        progress: Progress | None = None,
    ) -> None:
        self.service, self.store, self.clock = service, store, clock
        self.outlet, self.workers, self.admin, self.batch_max = outlet, workers, admin, batch_max
        self.progress = progress or Progress()
        self._urgent: deque[Item] = deque()
        self._queue: deque[Item] = deque()
        self._arrived = asyncio.Event()
        self._ended = self._took = self._pause = 0.0
        self.batches, self.idle = 0, True

    def submit(self, items: Iterable[Item]) -> None:
        """Queue items; each one's future ends after the write that took it."""
        for item in items:
            (self._urgent if isinstance(item.message.body, Command) else self._queue).append(item)
        self._arrived.set()
        self.progress.wait("executor", self.waiting)

    @staticmethod
    def _time() -> float:
        return asyncio.get_running_loop().time()

    @property
    def waiting(self) -> int:
        """Items not yet in a batch."""
        return len(self._urgent) + len(self._queue)

    async def run(self) -> None:
        """Take batch after batch, for ever."""
        while True:
            while not self.waiting:
                self._arrived.clear()
                await self._arrived.wait()
            await self._linger()
            batch, began, self.idle = self._gather(), self._time(), False
            await self.process(batch)
            self.idle, self._ended = True, self._time()
            self._took = self._ended - began
            self.batches += 1
            self.progress.stamp("executor", self.waiting)
            await asyncio.sleep(0)

    async def _linger(self) -> None:
        pause = min(self._took, LINGER_MAX) + self._ended - self._time()
        if pause > 0 and self.waiting < self.batch_max:
            await asyncio.sleep(pause)
        if self._pause:
            await asyncio.sleep(self._pause)
            self._pause = 0.0

    def _gather(self) -> list[Item]:
        batch: list[Item] = []
        size = 0
        for queue in (self._urgent, self._queue):
            while queue and len(batch) < self.batch_max and size < BATCH_BYTES:
                batch.append(queue.popleft())
                size += batch[-1].size
        return batch

    # -- one batch -----------------------------------------------------------------------------------------------

    async def process(self, batch: list[Item]) -> None:
        """Load, decide, write, answer. After a store failure the items go round again: what was written shows."""
        BATCH.observe(len(batch))
        rest: list[Item] = []
        try:
            aggregates, rest = await self._decide(batch)
            self._requeue(rest)  # first: what a lost write puts back goes before it
            await self._write(aggregates)
        except Unavailable as error:
            later = {id(item) for item in rest}
            self._again([item for item in batch if id(item) not in later], error)

    async def _decide(self, batch: list[Item]) -> tuple[list[Aggregate], list[Item]]:
        wanted: dict[str, dict[str, Decider[Any]]] = defaultdict(dict)
        for item in batch:
            wanted[item.decider.name][item.aggregate] = item.decider
        facts = await self._who(batch)
        loaded = await together(self.store.load(kind, ids) for kind, ids in wanted.items())
        now = Now(self.clock.now(), self.clock.real())
        aggregates: dict[Key, Aggregate] = {}
        for kind, docs in zip(wanted, loaded, strict=True):
            for id, decider in wanted[kind].items():
                aggregates[kind, id] = Aggregate(self.service, decider, id, docs.get(id), now)
        for item in batch:
            if not item.future.done():
                self._enter(aggregates[item.decider.name, item.aggregate], item, facts)
        rest = await self._advance(list(aggregates.values()), facts)
        return list(aggregates.values()), rest

    def _enter(self, aggregate: Aggregate, item: Item, facts: dict[Key, Fact | None]) -> None:
        if item.login:
            actor = actor_of(item.login, facts, item.login == self.admin)
            item.message = replace(item.message, actor=actor)
        aggregate.items.append(item)

    async def _advance(self, aggregates: list[Aggregate], facts: dict[Key, Fact | None]) -> list[Item]:
        """Decide until nothing is missing. A long batch pauses for the others of this process; what was loaded for it
        is kept, since to load it again would make a slow database slower. Items that must see a write first go back."""
        waiting, view, began = aggregates, Facts(facts), self._time()
        rest: list[Item] = []
        while waiting:
            missing: set[tuple[type[Fact], str]] = set()
            stopped = []
            for aggregate in waiting:
                if self._time() - began > DECIDE_SECONDS:
                    await asyncio.sleep(0)
                    began = self._time()
                if refs := aggregate.advance(view):
                    missing.update(refs)
                    stopped.append(aggregate)
                else:
                    rest.extend(aggregate.items)
                    aggregate.items.clear()
            if missing:
                await self._learn(missing, facts)
                began = self._time()
            waiting = stopped
        return rest

    async def _who(self, batch: list[Item]) -> dict[Key, Fact | None]:
        """Who acts: the person of each login, and the offices they hold."""
        facts: dict[Key, Fact | None] = {}
        logins = {item.login for item in batch if item.login}
        await self._learn({(Account, login) for login in logins}, facts)
        people = {getattr(facts[Account.KIND, login], "person", "") for login in logins}
        await self._learn({(Offices, person) for person in people if person}, facts)
        return facts

    async def _learn(self, refs: set[tuple[type[Fact], str]], facts: dict[Key, Fact | None]) -> None:
        by_kind: dict[type[Fact], list[str]] = defaultdict(list)
        for model, id in sorted(refs, key=lambda ref: (ref[0].KIND, ref[1])):
            by_kind[model].append(id)
        values = await together(self.store.facts(model.KIND, ids) for model, ids in by_kind.items())
        for (model, ids), found in zip(by_kind.items(), values, strict=True):
            for id in ids:
                facts[model.KIND, id] = model.model_validate(found[id]) if id in found else None

    # -- the write and what follows ------------------------------------------------------------------------------

    async def _write(self, aggregates: list[Aggregate]) -> None:
        await self._park(aggregates)
        by_kind: dict[str, list[tuple[Aggregate, Write, dict[str, Raw]]]] = defaultdict(list)
        for aggregate in aggregates:
            fresh = aggregate.new_work() if aggregate.dirty else {}
            write = aggregate.to_write(fresh)
            if write is None:
                self._finish(aggregate, {})
            else:
                by_kind[aggregate.decider.name].append((aggregate, write, fresh))
        started = self._time()
        bulks = ((kind, [write for _, write, _ in rows]) for kind, rows in by_kind.items())
        results = await together(outcome_of(self.store.write(kind, writes)) for kind, writes in bulks)
        WRITE.observe(self._time() - started)
        for rows, outcome in zip(by_kind.values(), results, strict=True):
            for place, (aggregate, _write, fresh) in enumerate(rows):
                if isinstance(outcome, Exception):
                    self._again(self._items_of(aggregate), outcome)
                elif not outcome[place]:
                    await self._settle(aggregate)
                    self._finish(aggregate, fresh)
                else:
                    await self._lost(aggregate, outcome[place])

    async def _park(self, aggregates: list[Aggregate]) -> None:
        """Before the write, so that nothing is parked unseen. A record whose write is lost names nothing that is held:
        an operator who replays it finds that out."""
        records = [record for aggregate in aggregates for record in aggregate.parked]
        if records:
            PARKED.inc(len(records))
            await self.store.park(records)

    async def _settle(self, aggregate: Aggregate) -> None:
        """After the write; what a crash in between leaves is settled by the next try."""
        for id, status, note in aggregate.settled:
            await self.store.settle_parked(id, status, note)

    def _finish(self, aggregate: Aggregate, fresh: dict[str, Raw]) -> None:
        retried = any(item.tries for item, _ in aggregate.ended)
        if aggregate.out or (retried and aggregate.pending):
            self.outlet.offer(aggregate.decider.name, aggregate.id, [*aggregate.pending, *aggregate.out])
        if fresh:
            self.workers.offer(aggregate.decider.name, aggregate.id, fresh)
        TAKEN.inc(len(aggregate.ended))
        for item, result in aggregate.ended:
            if isinstance(result, BaseException):
                item.failed(result)
            else:
                item.done(result)
        for item, early in aggregate.early:
            self._early(item, early)

    def _early(self, item: Item, early: BaseException) -> None:
        """A command waits a little for the fact it needs; then its caller hears so."""
        item.deadline = item.deadline or self.clock.real() + HTTP_PATIENCE
        if self.clock.real() >= item.deadline:
            item.failed(early)
        else:
            asyncio.get_running_loop().call_later(0.05, self.submit, [item])

    @staticmethod
    def _items_of(aggregate: Aggregate) -> list[Item]:
        return [item for item, _ in (*aggregate.ended, *aggregate.early)]

    async def _lost(self, aggregate: Aggregate, index: str) -> None:
        """`_id`: a lost race, decide again from a fresh load. A rule's index: re-load once, then its refusal."""
        items = self._items_of(aggregate)
        if index == STALE:
            self._again(items, Unavailable("the aggregate changed too often"), lost=True)
        elif len(items) > 1:
            await self.process(items[:1])
            self._behind(items[0], items[1:])
        else:
            item = items[0]
            item.conflict, item.clashed = (index if item.clashed else ""), True
            await self.process([item])

    def _behind(self, first: Item, items: list[Item]) -> None:
        """What clashed together goes one by one, behind the first even if that one goes round again."""
        for queue in (self._urgent, self._queue):
            if queue and queue[0] is first:
                queue.popleft()
                items = [first, *items]
        self._requeue(items)

    def _again(self, items: list[Item], error: BaseException, *, lost: bool = False) -> None:
        """Round again, in order and before what came later; callers hear of a store that stays away."""
        retry = []
        for item in items:
            patience = TRIES if lost or not isinstance(item.message.body, Command) else 2
            item.tries += 1
            if isinstance(error, Unavailable) and item.tries <= patience:
                retry.append(item)
            else:
                item.failed(error)
        self._pause = 0.0 if lost else 0.05
        self._requeue(retry)

    def _requeue(self, items: list[Item]) -> None:
        for item in reversed(items):
            (self._urgent if isinstance(item.message.body, Command) else self._queue).appendleft(item)
        if items:
            self._arrived.set()
