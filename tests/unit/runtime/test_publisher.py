"""What was published and journaled is not published again by a batch that was loaded before."""

import asyncio
import time
from asyncio import Future
from typing import Any

import pytest

from shared.runtime import publisher as module
from shared.runtime.ports import Entry, Write
from shared.runtime.publisher import Publisher
from shared.runtime.service import Routes, Service
from tests.support.sim.store import MemoryStore

SERVICE = Service("toy", "toy", (), (), Routes())


class Bus:
    """Acknowledges at once, and keeps what it was given."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    async def send(self, entry: Entry) -> "Future[Any]":
        self.sent.append(entry["id"])
        acked: Future[Any] = asyncio.get_running_loop().create_future()
        acked.set_result(None)
        return acked

    async def renew(self) -> None:
        """Never needed."""


def entry(n: int) -> Entry:
    return {"id": f"toy:a:{n}", "key": "a", "aggregate": "a", "sequence": n, "hash": str(n), "data": "{}", "at": 0.0}


async def published(bus: Bus, store: MemoryStore, *offers: list[Entry]) -> None:
    """Each offer comes when the one before it is journaled."""
    publisher, loop = Publisher(SERVICE, store, bus), asyncio.get_running_loop()
    running = [loop.create_task(publisher.run()), loop.create_task(publisher.confirm())]
    async with asyncio.timeout(5):
        for offer in offers:
            publisher.offer("kind", "a", offer)
            while publisher.pending:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.01)
    for task in running:
        task.cancel()


async def test_a_stale_copy_of_the_outbox_is_not_sent_again() -> None:
    bus, store = Bus(), MemoryStore(SERVICE, time.time)
    await store.write("kind", [Write("a", 0, {"rev": 1}, [], [entry(1), entry(2)])])
    await published(bus, store, [entry(1)], [entry(1), entry(2)], [entry(1), entry(2)])
    assert bus.sent == ["toy:a:1", "toy:a:2"]


async def test_no_more_is_remembered_than_batches_can_be_late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REMEMBERED", 1)
    bus, store = Bus(), MemoryStore(SERVICE, time.time)
    await store.write("kind", [Write("a", 0, {"rev": 1}, [], [entry(1), entry(2)])])
    await published(bus, store, [entry(1)], [entry(2)], [entry(1)])
    assert bus.sent == ["toy:a:1", "toy:a:2", "toy:a:1"]
