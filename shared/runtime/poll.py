"""Polling that loses nothing when one record cannot be read at all."""

import asyncio
import logging
from collections import deque
from collections.abc import Collection, Mapping, Sequence

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import CorruptRecordException, RecordTooLargeError, UnsupportedCodecError
from prometheus_client import Counter

from shared.runtime.wire import UNREADABLE

BATCH, ALONE_MS = 500, 1_000  # longer than a fetch that is already under way
IDLE_MS = 500  # a poll ends with the first records; FastStream's own 10 ms would be 100 idle polls a second
UNREAD = (RecordTooLargeError, CorruptRecordException, UnsupportedCodecError, ValueError, AssertionError)
CLOSED = Counter("mutasi_partitions_closed", "Partitions with a record that cannot be read", ["consumer"])
log = logging.getLogger(__name__)
Offsets = dict[TopicPartition, int]


class Poll:
    """Stands in for a consumer's `getmany`. Over a record it cannot parse (a header name that is not UTF-8, an
    unknown compression) aiokafka forgets what it has just drained from other partitions, or steps over it. So go
    back, find the partition and hand out what comes before the record. In place of one with a foreign header name,
    which no later try can read, an empty record is handed out, for the taker to park, and the partition goes on
    behind it. Any other cause (a damaged disk, a missing codec) closes it until an operator has acted."""

    def __init__(self, name: str) -> None:
        self.closed: set[TopicPartition] = set()
        self._name = name
        self._next: Offsets = {}
        self._suspects: deque[tuple[TopicPartition, int]] = deque()
        self._stand_ins: dict[TopicPartition, ConsumerRecord] = {}
        self.ready = asyncio.Event()

    def attach(self, raw: AIOKafkaConsumer) -> None:
        """Stand in from the first poll on."""
        if getattr(raw.getmany, "__self__", None) is not self:
            self._raw, self._getmany, raw.getmany = raw, raw.getmany, self.getmany

    async def begin(self, assigned: Collection[TopicPartition]) -> Offsets:
        """Where each partition begins: after what was committed, else at its first record. Nothing is handed out
        until the caller has set `ready`."""
        first = await self._raw.beginning_offsets(assigned) if assigned else {}
        committed = {tp: await self._raw.committed(tp) for tp in assigned}
        self._next = {tp: first[tp] if offset is None else offset for tp, offset in committed.items()}
        self.closed.clear()
        self._suspects.clear()
        self._stand_ins.clear()
        return dict(self._next)

    def back(self, tp: TopicPartition, offset: int) -> None:
        """Hand this one out next."""
        self._next[tp] = offset
        self._raw.seek(tp, offset)

    async def getmany(self, *, timeout_ms: int, max_records: int) -> Mapping[TopicPartition, Sequence[ConsumerRecord]]:
        """One poll; of a single partition while the one that cannot be read is looked for."""
        if self._stand_ins:
            return self._stand_in()
        alone, most = self._suspects.popleft() if self._suspects else (None, max_records)
        only, patience = ([alone], ALONE_MS) if alone else ([], max(timeout_ms, IDLE_MS))
        try:
            found: dict[TopicPartition, list[ConsumerRecord]] = await self._getmany(
                *only, timeout_ms=patience, max_records=most
            )
            await self.ready.wait()
        except Exception as error:
            await self.ready.wait()
            for tp in self._raw.assignment() & self._next.keys():
                self._raw.seek(tp, self._next[tp])
            if not isinstance(error, UNREAD):
                raise
            self._suspect(alone, most, error)
            return {}
        if alone and found and most == 1:
            self._suspects.append((alone, 1))
        self._next |= {tp: records[-1].offset + 1 for tp, records in found.items()}
        return found

    def _stand_in(self) -> dict[TopicPartition, list[ConsumerRecord]]:
        found = {tp: [record] for tp, record in self._stand_ins.items()}
        self._stand_ins.clear()
        for tp, (record,) in found.items():
            self.back(tp, record.offset + 1)
        return found

    def _suspect(self, alone: TopicPartition | None, most: int, error: Exception) -> None:
        """Poll each alone, then the one that failed record by record; close it where it failed again."""
        if alone is None:
            for tp in self._raw.assignment() - self.closed:
                if (self._raw.highwater(tp) or self._next[tp] + 1) > self._next[tp]:
                    self._suspects.append((tp, BATCH))
        elif most > 1:
            self._suspects.append((alone, 1))
        elif isinstance(error, UnicodeDecodeError):
            self._stand_ins[alone] = _empty(alone, self._next[alone], error)
            self._suspects.append((alone, 1))  # what its sender put into the same batch meets the same error
        else:
            self.closed.add(alone)
            self._raw.pause(alone)
            CLOSED.labels(self._name).inc()
            place = f"{alone.topic}/{alone.partition}/{self._next[alone]}"
            log.critical("partition closed: a record cannot be read", extra={"place": place}, exc_info=error)


def _empty(tp: TopicPartition, offset: int, error: UnicodeDecodeError) -> ConsumerRecord:
    """Says where the record stands, and why it could not be read; its bytes stay on the topic."""
    headers = ((UNREADABLE, f"a header's name is not UTF-8: {error}".encode()),)
    return ConsumerRecord(tp.topic, tp.partition, offset, 0, 0, None, None, None, -1, -1, headers)
