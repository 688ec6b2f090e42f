"""From records to items: decode each alone, learn facts, deliver, wait for the write; then offsets may be committed."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from shared.kernel.decider import Decider, Event, FactChanged, Message, NotYet, Refused
from shared.runtime.executor import Executor
from shared.runtime.held import origin
from shared.runtime.item import Full, Item, Retry
from shared.runtime.ports import Clock, Raw, Record, Store, Unavailable
from shared.runtime.pumps import own_item
from shared.runtime.service import Door, DoorCommand, Envelope, Learn, Service, To
from shared.runtime.telemetry import PARKED
from shared.runtime.wire import attributes, envelope_of, event_of, type_of

ATTEMPTS, BUSY = 3, 503
log = logging.getLogger(__name__)


class Intake:
    """Takes records of one poll. `careful` holds, per topic and partition, the offset up to which an unclean end makes
    batches of one, each announced by an attempting record, so that a record that kills the process is parked."""

    def __init__(self, service: Service, store: Store, clock: Clock, executor: Executor) -> None:
        self.service, self.store, self.clock, self.executor = service, store, clock, executor
        self.careful: dict[tuple[str, int], int] = {}

    async def take(self, records: Sequence[Record]) -> None:
        """Returns when everything is durable. Raises what keeps it from being so (the caller seeks back)."""
        calm: list[Record] = []
        for record in records:
            if record.offset >= self.careful.get((record.topic, record.partition), 0):
                calm.append(record)
                continue
            await self._take(calm)
            calm = []
            attempt = await self.store.attempt(record.place)
            await self._take([record], "the process died on it" if attempt >= ATTEMPTS else "")
        await self._take(calm)

    async def enter(self, door: Door, records: Sequence[Record]) -> None:
        """Take records at a public door. Its commands answer by events, so a refusal here is an error of ours: the
        record that meets one is parked alone, and the others go on."""
        try:
            found = [(door.read(record), record) for record in records]
            await self._through([self._asked(asked, record) for asked, record in found if asked is not None])
        except Exception as error:
            if _passes(error):
                raise
            if len(records) == 1:
                PARKED.inc()
                await self.store.park([self._unreadable(records[0], error)])
            else:
                for record in records:  # those that were taken find their answer under their key
                    await self.enter(door, [record])

    def _asked(self, asked: DoorCommand, record: Record) -> Item:
        message = Message(
            body=asked.command,
            id=f"door:{asked.key}",
            time=self.clock.now(),
            actor=asked.actor,
            correlation=record.place,
        )
        future = asyncio.get_running_loop().create_future()
        rule = self.service.policy[asked.rule]
        return Item(
            asked.decider,
            asked.aggregate,
            message,
            future,
            rule=rule,
            key=asked.key,
            keyed=True,
            fingerprint=asked.key,
            record=record,
            type=type(asked.command).__name__,
        )

    async def _take(self, records: Sequence[Record], poison: str = "") -> None:
        items: list[Item] = []
        learned: dict[str, list[tuple[str, int, Raw | None]]] = defaultdict(list)
        undecodable: list[Raw] = []
        for record in records:
            try:
                items += self._deliver(record, learned, poison)
            except Exception as error:  # whatever it is, this record alone is why: the others go on
                undecodable.append(self._unreadable(record, error))
        if undecodable:
            PARKED.inc(len(undecodable))
            await self.store.park(undecodable)
        for kind, facts in learned.items():
            await self.store.learn(kind, facts)
        items += await self._told(learned)
        await self._through(items)

    def _deliver(self, record: Record, learned: dict[str, list[Any]], poison: str) -> list[Item]:
        if (named := type_of(record)) and named not in self.service.routes.by_type:
            return []
        found = attributes(record)
        model, routes = self.service.routes.by_type[found["ce_type"]]
        envelope = envelope_of(found)
        event = event_of(model, record)
        items: list[Item] = []
        for route in routes:
            for delivery in route(event, envelope):
                if isinstance(delivery, Learn):
                    value = delivery.value.model_dump(mode="json") if delivery.value is not None else None
                    learned[delivery.fact.KIND].append((delivery.id, envelope.sequence, value))
                else:
                    items.append(self._item(delivery, event, envelope, found, record, poison))
        return items

    def _item(
        self, to: To, event: Event, envelope: Envelope, found: dict[str, str], record: Record, poison: str
    ) -> Item:
        message = Message(
            body=event,
            id=envelope.id,
            time=envelope.time,
            source=envelope.source,
            sequence=envelope.sequence,
            said=envelope.time,
            correlation=found.get("ce_correlationid", envelope.id),
            causation=found.get("ce_causationid", ""),
            trace=found.get("traceparent", ""),
        )
        size = len(record.value or b"")
        future = asyncio.get_running_loop().create_future()
        return Item(
            to.decider, to.aggregate, message, future, record=record, type=envelope.type, size=size, poison=poison
        )

    def _unreadable(self, record: Record, error: Exception) -> Raw:
        log.error("record parked: not readable", extra={"place": record.place})
        return {
            "_id": record.place,
            "kind": "",
            "aggregate": "",
            "reason": f"{type(error).__name__}: {error}"[:500],
            "at": self.clock.real(),
            "status": "parked",
            **origin(record),
        }

    async def _told(self, learned: dict[str, list[tuple[str, int, Raw | None]]]) -> list[Item]:
        """Open aggregates that name a fact hear that it changed; those that wait for it try again. A repeat of the
        event tells them again: the first run may have died between learning and telling."""
        items: list[Item] = []
        news = {kind: {id for id, _, _ in facts} for kind, facts in learned.items() if facts}
        needs = [f"{kind}/{id}" for kind, ids in news.items() for id in ids]
        for decider in self.service.deciders if needs else ():
            for kind, ids in news.items():
                items += await self._watchers(decider, kind, ids)
            for aggregate in await self.store.waiting(decider.name, needs):
                items.append(own_item(decider, aggregate, Retry(), self.clock, f"retry:{aggregate}", ""))
        return items

    async def _watchers(self, decider: Decider[Any], kind: str, ids: set[str]) -> list[Item]:
        name = decider.watches.get(kind)
        if name is None:
            return []
        return [
            own_item(decider, aggregate, FactChanged(kind=kind, id=id), self.clock, f"fact:{kind}:{id}", "fact")
            for aggregate, id in await self.store.watching(decider.name, name, ids)
        ]

    async def _through(self, items: list[Item]) -> None:
        """Wait for the write. The first failure calls the rest off, so that nothing overtakes what comes again."""
        if not items:
            return
        for item in items:
            item.future.add_done_callback(lambda future: _call_off(future, items))
        self.executor.submit(items)
        results = await asyncio.gather(*(item.future for item in items), return_exceptions=True)
        for result in results:
            if isinstance(result, Exception):
                raise result


def _call_off(future: "asyncio.Future[Any]", items: list[Item]) -> None:
    if not future.cancelled() and future.exception() is not None:
        for item in items:
            item.future.cancel()


def _passes(error: Exception) -> bool:
    """True for what another try may mend by itself."""
    if isinstance(error, Refused):
        return error.status == BUSY
    return isinstance(error, Unavailable | NotYet | Full | TimeoutError)
