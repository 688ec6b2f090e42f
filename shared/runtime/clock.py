"""Domain time: real time, shifted by what the topic `mutasi.clock` says. Only a demo ever shifts it."""

import asyncio
import json
import logging
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError

TOPIC, READY_SECONDS = "mutasi.clock", 15.0
log = logging.getLogger(__name__)


class SystemClock:
    """Domain time is real time."""

    def now(self) -> datetime:
        """Aware, UTC."""
        return datetime.fromtimestamp(self.real(), UTC)

    def real(self) -> float:
        """Seconds since the epoch."""
        return time.time()


@dataclass
class FixedClock(SystemClock):
    """Domain time stands still at `at` until somebody sets it; real time goes on."""

    at: datetime

    def now(self) -> datetime:
        """What was set."""
        return self.at


class DomainClock(SystemClock):
    """`ports.Clock` after the newest record of the topic: {"at": real epoch, "offset": seconds, "rate": 1}."""

    def __init__(self, servers: str, topic: str = TOPIC) -> None:
        self._servers, self._place = servers, TopicPartition(topic, 0)
        self._at, self._offset, self._rate = 0.0, 0.0, 1.0
        self._consumer: AIOKafkaConsumer | None = None
        self._task: asyncio.Task[None] | None = None

    def now(self) -> datetime:
        """Real time plus the offset; with another rate, from the moment on at which it was set."""
        real = self.real()
        return datetime.fromtimestamp(real + self._offset + (real - self._at) * (self._rate - 1.0), UTC)

    async def start(self) -> None:
        """Read the whole topic, then follow it. Servers without the topic have real time."""
        consumer = AIOKafkaConsumer(bootstrap_servers=self._servers, auto_offset_reset="earliest")
        async with asyncio.timeout(READY_SECONDS):
            await consumer.start()
            if self._place.topic not in await consumer.topics():
                log.warning("no topic for the clock: domain time is real time", extra={"topic": self._place.topic})
                await consumer.stop()
                return
            consumer.assign([self._place])
            self._consumer = consumer
            end = (await consumer.end_offsets([self._place]))[self._place]
            while await consumer.position(self._place) < end:
                await self._read(200)
        self._task = asyncio.get_running_loop().create_task(self._follow())

    async def stop(self) -> None:
        """Follow no longer."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        if self._consumer is not None:
            await self._consumer.stop()

    async def advance(self, to: datetime) -> None:
        """Shift domain time forward for everybody and wait until this clock shows it. Raises `ValueError` for a
        moment that is over: domain time never goes back."""
        if to < self.now():
            raise ValueError(f"{to} is over")
        at = self.real()
        said = json.dumps({"at": at, "offset": to.timestamp() - at, "rate": 1}).encode()
        producer = AIOKafkaProducer(bootstrap_servers=self._servers, acks="all", enable_idempotence=True)
        async with asyncio.timeout(READY_SECONDS):
            await producer.start()
            try:
                await producer.send_and_wait(self._place.topic, said, key=b"clock", partition=0)
            finally:
                await producer.stop()
            while self._at < at:  # noqa: ASYNC110 - the topic says it, nobody here could set an event
                await asyncio.sleep(0.01)

    async def _follow(self) -> None:
        while True:
            try:
                await self._read(1000)
            except KafkaError as error:
                log.warning("the clock's topic is away", extra={"error": repr(error)})
                await asyncio.sleep(1.0)

    async def _read(self, wait_ms: int) -> None:
        if self._consumer is None:
            return
        for records in (await self._consumer.getmany(timeout_ms=wait_ms)).values():
            for record in records:
                try:
                    said = json.loads(record.value)
                    shift = float(said["at"]), float(said["offset"]), float(said.get("rate", 1))
                except (TypeError, ValueError, KeyError, AttributeError):
                    log.exception("no shift of the clock", extra={"offset": record.offset})
                else:
                    self._at, self._offset, self._rate = shift
