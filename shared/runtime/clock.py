"""Domain time: real time, shifted by what the topic `mutasi.clock` says. Only a demo ever shifts it."""

import asyncio
import json
import logging
import time
from contextlib import suppress
from datetime import UTC, datetime

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError

from shared.address import reach

TOPIC, SECONDS = "mutasi.clock", 15.0
FIRST_YEAR, LAST_YEAR, FASTEST, DAY = 2000, 9000, 1000.0, 86_400.0
log = logging.getLogger(__name__)


class SystemClock:
    """Domain time is real time."""

    def now(self) -> datetime:
        """Domain time, aware, UTC."""
        return datetime.fromtimestamp(self.real(), UTC)

    def real(self) -> float:
        """Seconds since the epoch."""
        return time.time()


class DomainClock(SystemClock):
    """`ports.Clock` after the newest record of the topic: {"at": real epoch, "offset": seconds, "rate": 1}."""

    def __init__(self, servers: str, topic: str = TOPIC) -> None:
        self._servers, self._place = servers, TopicPartition(topic, 0)
        self._at, self._offset, self._rate = 0.0, 0.0, 1.0
        self._changed = asyncio.Event()
        self._consumer: AIOKafkaConsumer | None = None
        self._task: asyncio.Task[None] | None = None

    def now(self) -> datetime:
        """Real time plus the offset; with a rate other than 1, faster or slower from the moment it was set."""
        real = self.real()
        return datetime.fromtimestamp(real + self._offset + (real - self._at) * (self._rate - 1.0), UTC)

    async def start(self) -> None:
        """Read the whole topic, then follow it. Servers without the topic have real time."""
        self._consumer = consumer = AIOKafkaConsumer(**reach(self._servers))
        async with asyncio.timeout(SECONDS):
            await consumer.start()
            if self._place.topic in await consumer.topics():
                consumer.assign([self._place])
                await consumer.seek_to_beginning(self._place)
                end = (await consumer.end_offsets([self._place]))[self._place]
                while await consumer.position(self._place) < end:
                    await self._read(consumer)
                self._task = asyncio.get_running_loop().create_task(self._follow(consumer))
            else:
                log.warning("domain time is real time: there is no topic", extra={"topic": self._place.topic})

    async def stop(self) -> None:
        """Follow no longer."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        if self._consumer is not None:
            await self._consumer.stop()

    async def advance(self, to: datetime) -> None:
        """Shift domain time for everybody, and wait until this clock shows it. Raises `ValueError` for the past."""
        if to < self.now():
            raise ValueError(f"{to} is over")
        at = self.real()
        said = json.dumps({"at": at, "offset": to.timestamp() - at, "rate": 1}).encode()
        producer = AIOKafkaProducer(**reach(self._servers), enable_idempotence=True)
        async with asyncio.timeout(SECONDS):
            await producer.start()
            try:
                await producer.send_and_wait(self._place.topic, said, key=b"clock", partition=0)
            finally:
                await producer.stop()
            while self._at < at:
                self._changed.clear()
                await self._changed.wait()

    async def _follow(self, consumer: AIOKafkaConsumer) -> None:
        while True:
            with suppress(KafkaError):  # the broker is away: time goes on as it was
                await self._read(consumer)
            await asyncio.sleep(0.05)

    async def _read(self, consumer: AIOKafkaConsumer) -> None:
        for records in (await consumer.getmany(timeout_ms=500)).values():
            for record in records:
                try:
                    said = json.loads(record.value)
                    shift = _sane(float(said["at"]), float(said["offset"]), float(said["rate"]))
                except (TypeError, ValueError, KeyError, OverflowError, RecursionError):
                    log.exception("this shifts no clock", extra={"offset": record.offset})
                else:
                    self._at, self._offset, self._rate = shift
                    self._changed.set()


def _sane(at: float, offset: float, rate: float) -> tuple[float, float, float]:
    """A shift to a time of ours. Raises `ValueError`, `OverflowError`: with any other nobody could tell the time."""
    year = datetime.fromtimestamp(time.time() + offset, UTC).year
    if not (FIRST_YEAR <= year < LAST_YEAR and 0 <= at <= time.time() + DAY and 0 <= rate <= FASTEST):
        raise ValueError(f"no time of ours: {at}, {offset}, {rate}")
    return at, offset, rate
