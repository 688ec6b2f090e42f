"""The slower the database, the more a batch must get done with what it loaded."""

import asyncio
import time
from collections.abc import Collection
from typing import ClassVar

from shared.kernel.decider import Decider, Event, Fact, Facts, Frozen, Message
from shared.runtime.clock import SystemClock
from shared.runtime.executor import DECIDE_SECONDS, Executor
from shared.runtime.item import Item
from shared.runtime.ports import Raw
from shared.runtime.service import Routes, Service
from tests.support.alone import Nobody
from tests.support.sim.store import MemoryStore


class Price(Fact):
    KIND: ClassVar[str] = "price"
    cents: int


class Ordered(Event):
    TYPE: ClassVar[str] = "toy.ordered.v1"
    case: str


class Order(Frozen):
    case: str
    cents: int = 0


def decide(state: Order, _message: Message, facts: Facts) -> list[Event]:
    """Looks two facts up, one after the other."""
    first, second = facts.get(Price, "a"), facts.get(Price, "b")
    return [Ordered(case=state.case)] if first and second else []


ORDERS = Decider(
    "orders", Order, lambda id: Order(case=id), decide, lambda state, _: state.model_copy(update={"cents": 1})
)
SERVICE = Service("toy", "toy", (), (ORDERS,), Routes(), facts=(Price,))


class SlowStore(MemoryStore):
    """Facts take longer than a slice of deciding lasts."""

    asked = 0

    async def facts(self, kind: str, ids: Collection[str]) -> dict[str, Raw]:
        self.asked += 1
        await asyncio.sleep(DECIDE_SECONDS * 1.5)
        return await super().facts(kind, ids)


async def test_facts_that_come_slowly_are_used_when_they_are_there() -> None:
    store, clock, nobody = SlowStore(SERVICE, time.time), SystemClock(), Nobody()
    await store.learn("price", [("a", 1, {"cents": 1}), ("b", 1, {"cents": 2})])
    executor = Executor(SERVICE, store, clock, nobody, nobody)
    loop = asyncio.get_running_loop()
    messages = [
        Message(body=Ordered(case="x"), id=str(n), time=clock.now(), source=f"toy/{n}", sequence=1) for n in range(20)
    ]
    items = [Item(ORDERS, f"o{n}", message, loop.create_future()) for n, message in enumerate(messages)]
    executor.submit(items)
    running = loop.create_task(executor.run())
    async with asyncio.timeout(5):
        await asyncio.gather(*(item.future for item in items))
    running.cancel()
    assert store.asked == 2
    assert executor.waiting == 0


async def test_a_long_batch_lets_others_have_their_turn() -> None:
    turns = 0

    def slow(state: Order, _message: Message, _facts: Facts) -> list[Event]:
        time.sleep(DECIDE_SECONDS / 4)
        return [Ordered(case=state.case)]

    kind = Decider("orders", Order, lambda id: Order(case=id), slow, lambda state, _: state)
    service = Service("toy", "toy", (), (kind,), Routes())
    store, clock, nobody = MemoryStore(service, time.time), SystemClock(), Nobody()
    executor, loop = Executor(service, store, clock, nobody, nobody), asyncio.get_running_loop()
    items = [
        Item(
            kind,
            f"o{n}",
            Message(Ordered(case="x"), str(n), clock.now(), source=f"s/{n}", sequence=1),
            loop.create_future(),
        )
        for n in range(20)
    ]

    async def other() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    counting = loop.create_task(other())
    await asyncio.sleep(0)
    before = turns
    await executor.process(items)
    counting.cancel()
    assert all(item.future.done() for item in items)
    assert turns - before >= 3
