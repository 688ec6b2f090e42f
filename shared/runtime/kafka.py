"""The bus and the consumers on Kafka. The only place of the runtime that names FastStream and aiokafka."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, Protocol

from aiokafka import (
    AIOKafkaConsumer,
    AIOKafkaProducer,
    ConsumerRebalanceListener,
    ConsumerRecord,
    TopicPartition,
)
from aiokafka.errors import KafkaError, RecordTooLargeError
from faststream.kafka import KafkaBroker, KafkaMessage
from faststream.middlewares import AckPolicy
from prometheus_client import Counter

from shared.runtime.ports import Entry, Record, Unavailable
from shared.runtime.wire import to_headers

SEND_SECONDS, ACK_SECONDS, SIZE_MAX = 5.0, 15.0, 900 * 1024
BATCH, TAKE_SECONDS, COMMIT_EVERY, DRAIN_SECONDS = 500, 120.0, 0.1, 5.0
BACKOFF, BACKOFF_MAX = 0.1, 5.0
WATCH_EVERY, PATIENCE = 10.0, 60.0
FAILED = Counter("mutasi_batches_failed", "Batches of records that will be read again", ["service"])
UNCOMMITTED = Counter("mutasi_commits_failed", "Commits of offsets that failed", ["service"])
log = logging.getLogger(__name__)
Parts = dict[TopicPartition, list[Record]]


class KafkaBus:
    """`ports.Bus` over one long-lived idempotent producer."""

    def __init__(self, servers: str) -> None:
        self._servers = servers
        self._producer: AIOKafkaProducer | None = None
        self._retiring: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Connect. Raises `Unavailable`."""
        producer = AIOKafkaProducer(
            bootstrap_servers=self._servers,
            enable_idempotence=True,
            acks="all",
            linger_ms=2,
            request_timeout_ms=10_000,
            max_request_size=SIZE_MAX,
        )
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await producer.start()
        except (KafkaError, OSError, TimeoutError) as error:
            self._retire(producer)
            raise Unavailable(f"no producer: {error!r}") from error
        self._producer = producer

    async def send(self, entry: Entry) -> "asyncio.Future[Any]":
        """The future of the broker's ack. It always ends: a producer whose sender died would keep it for ever."""
        if self._producer is None:
            raise Unavailable("no producer")
        try:
            async with asyncio.timeout(SEND_SECONDS):
                future: asyncio.Future[Any] = await self._producer.send(
                    entry["topic"], entry["data"].encode(), entry["key"].encode(), headers=to_headers(entry)
                )
        except (KafkaError, TimeoutError) as error:
            raise Unavailable(f"not sent: {error!r}") from error
        late = asyncio.get_running_loop().call_later(ACK_SECONDS, _give_up, future)
        future.add_done_callback(lambda _: late.cancel())
        return future

    async def renew(self) -> None:
        """Another producer. What the old one still sends are repeats: nothing follows an event without its ack."""
        old, self._producer = self._producer, None
        if old is not None:
            self._retire(old)
        await self.start()

    async def stop(self) -> None:
        """Flush and disconnect."""
        if self._producer is not None:
            self._retire(self._producer)
            self._producer = None
        await asyncio.gather(*self._retiring)

    def _retire(self, producer: AIOKafkaProducer) -> None:
        task = asyncio.get_running_loop().create_task(_stop(producer))
        self._retiring.add(task)
        task.add_done_callback(self._retiring.discard)


def _give_up(future: "asyncio.Future[Any]") -> None:
    if not future.done():
        future.set_exception(Unavailable("no ack"))


async def _stop(producer: AIOKafkaProducer) -> None:
    try:
        async with asyncio.timeout(ACK_SECONDS):
            await producer.stop()
    except (KafkaError, OSError, TimeoutError):
        log.warning("a producer did not stop in time")
        with suppress(Exception):
            await producer.client.close()


class Watched(Protocol):
    """Where a consumer says that it moves, and how much waits."""

    def wait(self, part: str, waiting: int = 1) -> None:
        """Work is there."""

    def stamp(self, part: str, waiting: int = 0) -> None:
        """Something moved."""


Take = Callable[[Sequence[Record]], Awaitable[None]]


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
        self._unclean, self._stopping, self._lost = False, False, ""
        self._seen: set[TopicPartition] = set()
        self._taken: dict[TopicPartition, int] = {}
        self._pauses: dict[TopicPartition, float] = {}
        self._generation = 0
        self._calm, self._ready = asyncio.Event(), asyncio.Event()
        self._calm.set()
        self._moved, self._lag = 0.0, 0
        self._broker = KafkaBroker(
            servers,
            consumer_only=True,
            allow_auto_create_topics=False,
            apply_types=False,
            graceful_timeout=DRAIN_SECONDS,
            metadata_max_age_ms=10_000 if pattern else 300_000,
            logger=log,
            log_level=logging.DEBUG,
        )
        self._subscriber = self._broker.subscriber(
            *topics,
            pattern=pattern or None,
            batch=True,
            batch_timeout_ms=10,
            max_records=BATCH,
            group_id=f"mutasi.{name}",
            group_instance_id=instance,
            auto_offset_reset="earliest",
            ack_policy=AckPolicy.MANUAL,
            no_reply=True,
            listener=self,
            parser=_parse,
            decoder=_undecoded,
            rebalance_timeout_ms=30_000,
            heartbeat_interval_ms=1_000,
            max_partition_fetch_bytes=4 << 20,
            fetch_max_bytes=16 << 20,
        )
        self._subscriber(self._handle)
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self, *, unclean: bool = False) -> None:
        """Join the group. After an unclean end the first records of each partition are taken one by one."""
        self._unclean, self._moved = unclean, _time()
        await self._broker.start()
        loop = asyncio.get_running_loop()
        self._tasks = [loop.create_task(self._commit_often()), loop.create_task(self._watch())]

    async def stop(self) -> None:
        """Take nothing more, wait for what is being taken, commit, leave."""
        self._stopping = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._drain()
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_SECONDS * 2):
                await self._broker.stop()

    @property
    def _raw(self) -> AIOKafkaConsumer:
        return self._subscriber.consumer

    # -- taking --------------------------------------------------------------------------------------------------

    async def _handle(self, records: Sequence[ConsumerRecord]) -> None:
        await self._ready.wait()
        if self._stopping or self._lost:
            return
        self._moved = _time()
        self._progress.stamp(f"consumer.{self._name}")
        parts: Parts = {}
        for record in records:
            parts.setdefault(TopicPartition(record.topic, record.partition), []).append(_record(record))
        generation = self._generation
        self._calm.clear()
        try:
            await self._take_parts(parts, generation)
        finally:
            self._calm.set()

    async def _take_parts(self, parts: Parts, generation: int) -> None:
        """All at once; if that fails for a reason of its own, each partition alone, so that one stops no other."""
        try:
            await self._take_one([record for part in parts.values() for record in part])
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

    async def _take_one(self, records: Sequence[Record]) -> None:
        async with asyncio.timeout(TAKE_SECONDS):
            await self._take(records)

    def _back(self, parts: Parts, generation: int, error: Exception) -> None:
        """Read these again, after a pause that doubles. Nothing is skipped."""
        FAILED.labels(self._name).inc()
        log.error(
            "records not taken", extra={"places": [part[0].place for part in parts.values()]}, exc_info=error
        )
        for tp, part in parts.items():
            if generation == self._generation and tp in self._raw.assignment():
                pause = self._pauses[tp] = min(self._pauses.get(tp, BACKOFF / 2) * 2, BACKOFF_MAX)
                self._raw.seek(tp, part[0].offset)
                self._raw.pause(tp)
                asyncio.get_running_loop().call_later(pause, self._resume, tp, generation)

    def _resume(self, tp: TopicPartition, generation: int) -> None:
        if generation == self._generation and not self._stopping:
            self._raw.resume(tp)

    # -- committing ----------------------------------------------------------------------------------------------

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
            self._taken = {tp: offset for tp, offset in self._taken.items() if offsets.get(tp) != offset}

    async def _drain(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_SECONDS):
                await self._calm.wait()
        await self._commit()

    async def on_partitions_revoked(self, _revoked: set[TopicPartition]) -> None:
        """Finish and commit what is being taken, within bounds; what comes later from it no longer counts."""
        self._ready.clear()
        await self._drain()
        self._generation += 1
        self._taken.clear()
        self._pauses.clear()

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        """Before the first record of a partition: say how far it must be taken with care."""
        self._moved = _time()
        self._guard()
        try:
            if self._unclean and assigned - self._seen:
                await self._mark(assigned - self._seen)
        finally:
            self._seen |= assigned
            self._ready.set()

    async def _mark(self, fresh: set[TopicPartition]) -> None:
        async with asyncio.timeout(DRAIN_SECONDS):
            starts, ends = await self._raw.beginning_offsets(fresh), await self._raw.end_offsets(fresh)
            for tp in fresh:
                committed = await self._raw.committed(tp)
                begin = starts[tp] if committed is None else committed
                self._careful[tp.topic, tp.partition] = min(ends[tp], begin + BATCH)

    # -- watching ------------------------------------------------------------------------------------------------

    def _guard(self) -> None:
        """aiokafka steps over a record that is too large and FastStream only logs it: stop there instead."""
        getmany = self._raw.getmany

        async def guarded(**kwargs: Any) -> Mapping[TopicPartition, Sequence[ConsumerRecord]]:
            try:
                return await getmany(**kwargs)  # type: ignore[no-any-return]
            except RecordTooLargeError as error:
                self._lost = str(error)
                log.critical("a record is too large to be read; nothing more is taken", exc_info=error)
                raise

        if getattr(getmany, "__name__", "") != "guarded":
            self._raw.getmany = guarded

    @property
    def healthy(self) -> bool:
        """False if records, or partitions, wait and nothing came for too long: the process should start anew."""
        return not self._lost and (not self._lag or _time() - self._moved < PATIENCE)

    async def behind(self) -> bool:
        """True while a record waits to be taken or is being taken. Asks the broker."""
        ends = await self._raw.end_offsets(self._raw.assignment())
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
        assigned = self._raw.assignment()
        if not self._calm.is_set():
            return 0
        probe = AIOKafkaConsumer(bootstrap_servers=self._servers)
        try:
            async with asyncio.timeout(WATCH_EVERY):
                await probe.start()
                ends = await probe.end_offsets(assigned) if assigned else {}
        finally:
            await asyncio.sleep(
                0
            )  # stopped before its tasks ever ran it would raise a CancelledError of its own
            with suppress(TimeoutError):
                async with asyncio.timeout(DRAIN_SECONDS):
                    await probe.stop()
        if not assigned:
            return len(self._raw.subscription())
        return sum([end - await self._position(tp) for tp, end in ends.items()])

    async def _position(self, tp: TopicPartition) -> int:
        """The next offset to read; -1, so that something waits, if the consumer cannot tell."""
        try:
            async with asyncio.timeout(1.0):
                return int(await self._raw.position(tp))
        except (KafkaError, TimeoutError):
            return -1


async def _parse(
    records: Sequence[ConsumerRecord], parse: Callable[[Any], Awaitable[KafkaMessage]]
) -> KafkaMessage:
    """FastStream decodes the headers of all records before the handler runs: show it one without any."""
    message = await parse((replace(records[0], headers=(), value=b""),))
    message.raw_message = records
    return message


async def _undecoded(message: KafkaMessage) -> Any:
    """Each record is decoded alone, by the intake."""
    return message.raw_message


def _record(raw: ConsumerRecord) -> Record:
    headers = tuple((name, value or b"") for name, value in raw.headers)
    return Record(raw.topic, raw.partition, raw.offset, raw.key, raw.value, headers)


def _time() -> float:
    return asyncio.get_running_loop().time()
