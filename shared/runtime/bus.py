"""The bus on Kafka: where events leave the process."""

import asyncio
import logging
from contextlib import suppress
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from prometheus_client import Counter

from shared.address import reach
from shared.runtime.ports import Entry, Unavailable
from shared.runtime.wire import to_headers, to_value

SEND_SECONDS, ACK_SECONDS, SIZE_MAX = 5.0, 15.0, 900 * 1024
SENT = Counter("mutasi_records_sent", "Records handed to the producer")
SENT_BYTES = Counter("mutasi_records_sent_bytes", "Their values, in bytes")
log = logging.getLogger(__name__)


class KafkaBus:
    """`ports.Bus` over one long-lived idempotent producer."""

    def __init__(self, servers: str) -> None:
        self._servers = servers
        self._producer: AIOKafkaProducer | None = None
        self._retiring: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Connect. Raises `Unavailable`."""
        producer = AIOKafkaProducer(
            **reach(self._servers), enable_idempotence=True, acks="all", linger_ms=2, request_timeout_ms=10_000,
            max_request_size=SIZE_MAX,
        )  # fmt: skip
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await producer.start()
        except (KafkaError, OSError, TimeoutError) as error:
            self._retire(producer)
            raise Unavailable(f"no producer: {error!r}") from error
        self._producer = producer

    async def send(self, entry: Entry) -> "asyncio.Future[Any]":
        """The future of the broker's ack. It always ends, even if the producer's sender has died."""
        if self._producer is None:
            raise Unavailable("no producer")
        value = to_value(entry)
        try:
            async with asyncio.timeout(SEND_SECONDS):
                future: asyncio.Future[Any] = await self._producer.send(
                    entry["topic"], value, entry["key"].encode(), headers=to_headers(entry)
                )
        except (KafkaError, TimeoutError) as error:
            raise Unavailable(f"not sent: {error!r}") from error
        SENT.inc()
        SENT_BYTES.inc(len(value or b""))
        late = asyncio.get_running_loop().call_later(ACK_SECONDS, _give_up, future)
        future.add_done_callback(lambda _: late.cancel())
        return future

    async def renew(self) -> None:
        """Another producer. What the old one still sends are repeats, since nothing overtakes an ack."""
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
