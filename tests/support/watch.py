"""Sees what services say, for a driver that waits for it."""

import asyncio
import json
import time
from contextlib import suppress

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from shared.address import reach
from shared.contracts.approval import TaskQueued
from shared.contracts.notification import MessageSent
from tests.support.evidence import places

WATCHED, STILL = ("mutasi.approval", "mutasi.notification"), 5.0


class Unfinished(Exception):
    """The deadline passed; says at which step."""


class Watch:
    """Sees what was said on the topics since it began; keeps its place, so a broker's crash hides nothing."""

    def __init__(self, servers: str) -> None:
        self._servers = servers
        self._next: dict[TopicPartition, int] = {}
        self._seen: dict[tuple[str, str], asyncio.Future[float]] = {}
        self._task: asyncio.Task[None] | None = None
        self._begun = asyncio.Event()

    async def start(self) -> None:
        """From now on."""
        self._task = asyncio.get_running_loop().create_task(self._follow())
        await self._begun.wait()

    async def stop(self) -> None:
        """Look no longer."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def until(self, what: str, id: str, deadline: float) -> float:
        """When it was seen. Raises `Unfinished` after the deadline."""
        key = what, id
        try:
            async with asyncio.timeout_at(deadline):
                return await asyncio.shield(self._future(key))
        except TimeoutError:
            raise Unfinished(f"{what} {id}") from None
        finally:
            self._seen.pop(key, None)

    def _future(self, key: tuple[str, str]) -> "asyncio.Future[float]":
        if key not in self._seen:
            self._seen[key] = asyncio.get_running_loop().create_future()
        return self._seen[key]

    async def _follow(self) -> None:
        while True:
            # A task of its own, because a consumer that is stopped early may raise a CancelledError of its own.
            await asyncio.gather(asyncio.create_task(self._sit()), return_exceptions=True)
            await asyncio.sleep(0.1)

    async def _sit(self) -> None:
        consumer = AIOKafkaConsumer(**reach(self._servers), fetch_max_wait_ms=100)
        try:
            async with asyncio.timeout(30):
                await self._place(consumer)
            await self._read(consumer)
        finally:
            await asyncio.sleep(0)
            await _quit(consumer)

    async def _place(self, consumer: AIOKafkaConsumer) -> None:
        await consumer.start()
        if not self._next:
            self._next = dict(await consumer.end_offsets(await places(self._servers, WATCHED)))
        consumer.assign(list(self._next))
        for tp, offset in self._next.items():
            consumer.seek(tp, offset)
        self._begun.set()

    async def _read(self, consumer: AIOKafkaConsumer) -> None:
        """Until nothing came for a while: a consumer may sleep through a broker's crash, so there will be another."""
        moved = time.monotonic()
        while time.monotonic() - moved < STILL:
            for tp, records in (await consumer.getmany(timeout_ms=1000)).items():
                for record in records:
                    self._note(record)
                self._next[tp] = records[-1].offset + 1
                moved = time.monotonic()

    def _note(self, record: ConsumerRecord) -> None:
        type = dict(record.headers).get("ce_type", b"").decode()
        if type == TaskQueued.TYPE:
            key = "task", str(json.loads(record.value)["task"])
        elif type == MessageSent.TYPE and b'"decree.issued"' in record.value:
            key = "decree", str(json.loads(record.value)["case"])
        else:
            return
        future = self._future(key)
        if not future.done():
            future.set_result(time.monotonic())


async def _quit(consumer: AIOKafkaConsumer) -> None:
    with suppress(KafkaError, OSError, TimeoutError):
        async with asyncio.timeout(5):
            await consumer.stop()
