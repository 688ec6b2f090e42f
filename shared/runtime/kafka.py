"""Consumers on Kafka. The only place of the runtime that runs FastStream; the bus is in `bus`."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, Protocol

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from faststream.kafka import KafkaBroker, KafkaMessage
from faststream.middlewares import AckPolicy
from prometheus_client import Counter

from shared.address import reach, security
from shared.runtime.bus import KafkaBus
from shared.runtime.poll import Poll
from shared.runtime.ports import Record, Unavailable

__all__ = ["Consumer", "KafkaBus"]

BATCH, TAKE_SECONDS, COMMIT_EVERY, DRAIN_SECONDS = 500, 120.0, 0.25, 5.0
BACKOFF, BACKOFF_MAX, WATCH_EVERY, PATIENCE = 0.1, 5.0, 10.0, 60.0
FAILED = Counter("mutasi_batches_failed", "Batches of records that will be read again", ["consumer"])
BATCHES = Counter("mutasi_batches", "Batches of records that came", ["consumer"])
RECORDS = Counter("mutasi_records", "Records that came", ["consumer"])
COMMITS = Counter("mutasi_commits", "Commits of offsets", ["consumer"])
UNCOMMITTED = Counter("mutasi_commits_failed", "Commits of offsets that failed", ["consumer"])
log = logging.getLogger(__name__)
Parts = dict[TopicPartition, list[Record]]
Take = Callable[[Sequence[Record]], Awaitable[None]]


class Watched(Protocol):
    """Where a consumer says that it moves, and how much waits."""

    def wait(self, part: str, waiting: int = 1) -> None:
        """Work is there."""

    def stamp(self, part: str, waiting: int = 0) -> None:
        """Something moved."""


class Consumer(ConsumerRebalanceListener):  # type: ignore[misc]
    """Reads topics, or all topics of a pattern, in batches; commits what was taken and only that."""

    def __init__(  # noqa: PLR0913 - what is read, by whom, and who takes it
        self,
        name: str,
        servers: str,
        instance: str,
        take: Take,
        progress: Watched,
        *,
        topics: Iterable[str] = (),
        pattern: str = "",
        careful: dict[tuple[str, int], int] | None = None,
    ) -> None:
        self._name, self._servers, self._take, self._progress = name, servers, take, progress
        self._careful = careful if careful is not None else {}
        self._unclean = self._stopping = False
        self._seen: set[TopicPartition] = set()
        self._taken: dict[TopicPartition, int] = {}
        self._pauses: dict[TopicPartition, float] = {}
        self._generation, self._moved, self._lag = 0, 0.0, 0
        self._calm = asyncio.Event()
        self._calm.set()
        self._poll = Poll(name)
        self._broker = KafkaBroker(
            reach(servers)["bootstrap_servers"], security=security(servers), consumer_only=True, apply_types=False,
            allow_auto_create_topics=False, logger=log, log_level=logging.DEBUG, graceful_timeout=DRAIN_SECONDS,
            metadata_max_age_ms=10_000 if pattern else 300_000,
        )  # fmt: skip
        self._subscriber = self._broker.subscriber(
            *topics, pattern=pattern or None, group_id=f"mutasi.{name}", group_instance_id=instance,
            listener=self, batch=True, batch_timeout_ms=10, max_records=BATCH, auto_offset_reset="earliest",
            ack_policy=AckPolicy.MANUAL, no_reply=True, parser=_parse, decoder=_undecoded,
            rebalance_timeout_ms=30_000, heartbeat_interval_ms=1_000,
            max_partition_fetch_bytes=4 << 20, fetch_max_bytes=16 << 20,  # far above what a broker takes
        )  # fmt: skip
        self._subscriber(self._handle)
        self._tasks: list[asyncio.Task[None]] = []
        self._beginning: asyncio.Task[None] | None = None

    async def start(self, *, unclean: bool = False) -> None:
        """Join the group. After an unclean end the first records of each partition are taken one by one."""
        self._unclean, self._moved = unclean, _time()
        await self._broker.start()
        loop = asyncio.get_running_loop()
        self._tasks = [loop.create_task(self._commit_often()), loop.create_task(self._watch())]

    async def stop(self) -> None:
        """Take nothing more, wait for what is being taken, commit, leave."""
        self._stopping = True
        tasks = [*self._tasks, *([self._beginning] if self._beginning else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._drain()
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_SECONDS * 2):
                await self._broker.stop()

    @property
    def _raw(self) -> AIOKafkaConsumer:
        return self._subscriber.consumer

    # -- taking ----------------------------------------------------------------------------------------------

    async def _handle(self, records: Sequence[ConsumerRecord]) -> None:
        if self._stopping:
            return
        self._moved = _time()
        self._progress.stamp(f"consumer.{self._name}")
        BATCHES.labels(self._name).inc()
        RECORDS.labels(self._name).inc(len(records))
        parts: Parts = {}
        for record in records:
            parts.setdefault(TopicPartition(record.topic, record.partition), []).append(_record(record))
        self._calm.clear()
        try:
            await self._take_parts(parts, self._generation)
        finally:
            self._calm.set()

    async def _take_parts(self, parts: Parts, generation: int) -> None:
        """All at once; if that fails for a reason of its own, each partition alone: one stops no other."""
        try:
            async with asyncio.timeout(TAKE_SECONDS):
                await self._take([record for part in parts.values() for record in part])
        except Exception as error:
            if len(parts) == 1 or isinstance(error, Unavailable | TimeoutError):
                self._back(parts, generation, error)
                return
            for tp, part in parts.items():
                await self._take_parts({tp: part}, generation)
            return
        if generation == self._generation:
            self._taken |= {tp: part[-1].offset + 1 for tp, part in parts.items()}
            for tp in parts:
                self._pauses.pop(tp, None)

    def _back(self, parts: Parts, generation: int, error: Exception) -> None:
        """Read these again, after a pause that doubles. Nothing is skipped."""
        FAILED.labels(self._name).inc()
        places = [part[0].place for part in parts.values()]
        log.error("records not taken", extra={"places": places}, exc_info=error)
        for tp, part in parts.items():
            if generation == self._generation and tp in self._raw.assignment():
                pause = self._pauses[tp] = min(self._pauses.get(tp, BACKOFF / 2) * 2, BACKOFF_MAX)
                self._poll.back(tp, part[0].offset)
                self._raw.pause(tp)
                asyncio.get_running_loop().call_later(pause, self._resume, tp, generation)

    def _resume(self, tp: TopicPartition, generation: int) -> None:
        if generation == self._generation and not self._stopping and tp not in self._poll.closed:
            self._raw.resume(tp)

    # -- committing ------------------------------------------------------------------------------------------

    async def _commit_often(self) -> None:
        while True:
            await asyncio.sleep(COMMIT_EVERY)
            await self._commit()

    async def _commit(self) -> None:
        """Explicit offsets, of partitions that are still ours. What fails goes with the next one."""
        owned = self._raw.assignment()
        offsets = {tp: offset for tp, offset in self._taken.items() if tp in owned}
        if not offsets:
            return
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                await self._raw.commit(offsets)
        except (KafkaError, TimeoutError) as error:
            UNCOMMITTED.labels(self._name).inc()
            log.warning("offsets not committed", extra={"consumer": self._name, "error": repr(error)})
        else:
            COMMITS.labels(self._name).inc()
            self._taken = {tp: offset for tp, offset in self._taken.items() if offsets.get(tp) != offset}

    async def _drain(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_SECONDS):
                await self._calm.wait()
        await self._commit()

    async def on_partitions_revoked(self, _revoked: set[TopicPartition]) -> None:
        """Finish and commit what is being taken, within bounds; what comes later from it no longer counts."""
        self._poll.attach(self._raw)
        self._poll.ready.clear()
        if self._beginning is not None:
            self._beginning.cancel()
        await self._drain()
        self._generation += 1
        self._taken.clear()
        self._pauses.clear()

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        """Before the first record of a partition: say where it begins, and how far it is taken with care. Should the
        broker not answer, it is asked again behind the group's back, for no other assignment need ever come."""
        self._moved = _time()
        if not await self._begun(assigned):
            self._beginning = asyncio.get_running_loop().create_task(self._begin_later(assigned))

    async def _begin_later(self, assigned: set[TopicPartition]) -> None:
        begun = False
        while not begun:
            await asyncio.sleep(BACKOFF)
            begun = await self._begun(assigned)

    async def _begun(self, assigned: set[TopicPartition]) -> bool:
        try:
            async with asyncio.timeout(DRAIN_SECONDS * 2):
                starts = await self._poll.begin(assigned)
                fresh = assigned - self._seen if self._unclean else set()
                ends = await self._raw.end_offsets(fresh) if fresh else {}
        except (KafkaError, TimeoutError) as error:
            log.warning("partitions not begun", extra={"consumer": self._name, "error": repr(error)})
            return False
        self._careful |= {(tp.topic, tp.partition): min(ends[tp], starts[tp] + BATCH) for tp in fresh}
        self._seen |= assigned
        self._poll.ready.set()
        return True

    # -- watching --------------------------------------------------------------------------------------------

    @property
    def healthy(self) -> bool:
        """False if records or partitions wait and nothing came for too long: the process should start anew."""
        return not self._lag or _time() - self._moved < PATIENCE

    async def behind(self) -> bool:
        """True while a record waits to be taken or is being taken. Asks the broker."""
        ends = await self._raw.end_offsets(self._raw.assignment() - self._poll.closed)
        return not self._calm.is_set() or any([end > await self._position(tp) for tp, end in ends.items()])

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(WATCH_EVERY)
            try:
                self._lag = await self._look()
            except (KafkaError, OSError, TimeoutError):
                self._lag = 0  # the broker is away: patience begins when it is back
            if self._lag:
                self._progress.wait(f"consumer.{self._name}", self._lag)
            else:
                self._moved = _time()
                self._progress.stamp(f"consumer.{self._name}")

    async def _look(self) -> int:
        """How much waits, by a connection of its own, since the consumer's may be what is stuck."""
        assigned = self._raw.assignment() - self._poll.closed
        if not self._calm.is_set():
            return 0
        probe = AIOKafkaConsumer(**reach(self._servers))
        try:
            async with asyncio.timeout(WATCH_EVERY):
                await probe.start()
                ends = await probe.end_offsets(assigned) if assigned else {}
        finally:
            await asyncio.sleep(0)  # stopped before its tasks ran it would raise a CancelledError of its own
            with suppress(TimeoutError):
                async with asyncio.timeout(DRAIN_SECONDS):
                    await probe.stop()
        if not self._raw.assignment():
            return len(self._raw.subscription())
        return sum([end - await self._position(tp) for tp, end in ends.items()])

    async def _position(self, tp: TopicPartition) -> int:
        """The next offset to read; -1, so that something waits, if the consumer cannot tell."""
        try:
            async with asyncio.timeout(1.0):
                return int(await self._raw.position(tp))
        except (KafkaError, TimeoutError):
            return -1


async def _parse(records: Sequence[ConsumerRecord], parse: Callable[[Any], Awaitable[KafkaMessage]]) -> KafkaMessage:
    """FastStream decodes the headers of all records before the handler runs: show it one without any."""
    message = await parse((replace(records[0], headers=(), value=b""),))
    message.raw_message = records
    return message


async def _undecoded(message: KafkaMessage) -> object:
    """Each record is decoded alone, by the intake."""
    return message.raw_message


def _record(raw: ConsumerRecord) -> Record:
    headers = tuple((name, value or b"") for name, value in raw.headers)
    return Record(raw.topic, raw.partition, raw.offset, raw.key, raw.value, headers)


def _time() -> float:
    return asyncio.get_running_loop().time()
