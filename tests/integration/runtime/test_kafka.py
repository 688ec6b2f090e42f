"""The consumer and the bus on a real broker: order, bad records, failures, restarts. Nothing is skipped."""

import asyncio
import os
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError, RecordTooLargeError

from deploy.local.stack import Stack
from shared.address import reach
from shared.runtime import kafka
from shared.runtime.kafka import Consumer, KafkaBus
from shared.runtime.ports import Entry, Record, Unavailable, utc
from shared.runtime.wire import Undecodable, attributes, envelope_of
from tests.integration.runtime.conftest import make_topic

pytestmark = [pytest.mark.integration, pytest.mark.timeout(90)]


class Watched:
    """Keeps what a consumer says of itself."""

    def __init__(self) -> None:
        self.waiting: dict[str, int] = {}

    def wait(self, part: str, waiting: int = 1) -> None:
        """Work is there."""
        self.waiting[part] = waiting

    def stamp(self, part: str, waiting: int = 0) -> None:
        """Something moved."""
        self.waiting[part] = waiting


class Sink:
    """Takes records and keeps them; `fail` may raise before anything is kept."""

    def __init__(self, fail: Callable[[Sequence[Record]], None] = lambda _records: None) -> None:
        self.records: list[Record] = []
        self.fail = fail

    async def __call__(self, records: Sequence[Record]) -> None:
        """One batch."""
        await asyncio.sleep(0)
        self.fail(records)
        self.records += records

    def values(self) -> list[bytes | None]:
        """What came, in order."""
        return [record.value for record in self.records]


def entry(topic: str, aggregate: str, sequence: int, data: str = "{}") -> Entry:
    """An event of an aggregate."""
    return {
        "id": f"s:{aggregate}:{sequence}", "type": "suite.happened.v1", "source": "s", "aggregate": aggregate,
        "key": aggregate, "sequence": sequence, "time": utc(datetime(2026, 3, 2, tzinfo=UTC)), "correlation": "c",
        "causation": "m", "actor": "p", "trace": "", "topic": topic, "data": data,
    }  # fmt: skip


async def publish(bus: KafkaBus, topic: str, values: Sequence[str], aggregate: str = "a") -> None:
    """One after another, as the publisher does."""
    for sequence, value in enumerate(values, 1):
        await (await bus.send(entry(topic, aggregate, sequence, value)))


async def until(true: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait for it; the assertion names what did not come."""
    for _ in range(int(seconds / 0.02)):
        if true():
            break
        await asyncio.sleep(0.02)
    assert true()


async def committed(servers: str, group: str, topic: str, partitions: int) -> int:
    """Sum of a group's committed offsets."""
    reader = AIOKafkaConsumer(**reach(servers), group_id=group, enable_auto_commit=False)
    await reader.start()
    places = [TopicPartition(topic, number) for number in range(partitions)]
    reader.assign(places)
    total = sum([await reader.committed(place) or 0 for place in places])
    await reader.stop()
    return total


def name() -> str:
    """A group of this test alone."""
    return f"g{uuid4().hex}"


async def test_events_keep_their_order_key_and_envelope(stack: Stack, bus: KafkaBus) -> None:
    topic, sink = await make_topic(stack.kafka), Sink()
    consumer = Consumer(name(), stack.kafka, "1", sink, Watched(), topics=[topic])
    await consumer.start()
    await asyncio.gather(*(publish(bus, topic, [str(n) for n in range(50)], f"a{which}") for which in range(5)))
    await until(lambda: len(sink.records) >= 250)
    await consumer.stop()
    for which in range(5):
        mine = [record for record in sink.records if record.key == f"a{which}".encode()]
        assert [record.value for record in mine] == [str(n).encode() for n in range(50)]
        assert len({record.partition for record in mine}) == 1
        envelopes = [envelope_of(attributes(record)) for record in mine]
        assert [one.sequence for one in envelopes] == list(range(1, 51))
        assert envelopes[0].source == f"s/a{which}"


async def test_bad_records_of_every_kind_reach_the_intake_and_nobody_answers_them(stack: Stack) -> None:
    topic, reply, sink = await make_topic(stack.kafka, 1), await make_topic(stack.kafka, 1), Sink()
    producer = AIOKafkaProducer(**reach(stack.kafka))
    await producer.start()
    bad: list[tuple[bytes | None, list[tuple[str, Any]]]] = [
        (b"{not json", [("content-type", b"application/json")]),
        (b"{}", [("ce_id", b"\xff\xfe")]),
        (b"{}", [("ce_id", None)]),
        (None, []),
        (b"{}", [("reply_to", reply.encode()), ("correlation_id", b"x")]),
        (b"\x00\xff", [("content-type", b"text/plain; charset=\xff")]),
        (b"x" * 900_000, []),
        (b"good", []),
    ]
    for value, headers in bad:
        await producer.send_and_wait(topic, value, key=b"k", headers=headers)
    consumer = Consumer(name(), stack.kafka, "1", sink, Watched(), topics=[topic])
    await consumer.start()
    await until(lambda: len(sink.records) >= len(bad))
    await consumer.stop()
    await producer.stop()
    assert sink.values() == [value for value, _ in bad]
    assert [record.headers for record in sink.records] == [
        tuple((key, value or b"") for key, value in headers) for _, headers in bad
    ]
    reader = AIOKafkaConsumer(**reach(stack.kafka))
    await reader.start()
    assert list((await reader.end_offsets([TopicPartition(reply, 0)])).values()) == [0]
    await reader.stop()


@pytest.mark.parametrize("error", [Unavailable("store away"), RuntimeError("a bug"), TimeoutError()])
async def test_a_failed_batch_is_read_again_whole_and_in_order(stack: Stack, bus: KafkaBus, error: Exception) -> None:
    topic, group, calls = await make_topic(stack.kafka), name(), []

    def fail(_records: Sequence[Record]) -> None:
        calls.append(1)
        if len(calls) <= 4:
            raise error

    sink = Sink(fail)
    for which in range(6):
        await publish(bus, topic, [f"{which}.{n}" for n in range(20)], f"a{which}")
    consumer = Consumer(group, stack.kafka, "1", sink, Watched(), topics=[topic])
    await consumer.start()
    await until(lambda: len(sink.records) >= 120)
    await consumer.stop()
    assert len(sink.records) == 120
    for which in range(6):
        mine = [record.value for record in sink.records if record.key == f"a{which}".encode()]
        assert mine == [f"{which}.{n}".encode() for n in range(20)]
    assert await committed(stack.kafka, f"mutasi.{group}", topic, 3) == 120


async def test_one_partition_that_fails_stops_no_other_and_is_never_committed(stack: Stack, bus: KafkaBus) -> None:
    topic, group = await make_topic(stack.kafka, 2), name()
    tried: list[int] = []

    def fail(records: Sequence[Record]) -> None:
        if any(record.value == b"poison" for record in records):
            tried.append(len(records))
            raise RuntimeError("poison")

    sink, keys = Sink(fail), [f"a{n}" for n in range(8)]
    for key in keys:
        await publish(bus, topic, ["1", "poison" if key == "a0" else "2", "3"], key)
    consumer = Consumer(group, stack.kafka, "1", sink, Watched(), topics=[topic])
    await consumer.start()
    await until(lambda: len(tried) >= 5)
    reader = AIOKafkaConsumer(**reach(stack.kafka))
    await reader.start()
    ends = await reader.end_offsets([TopicPartition(topic, 0), TopicPartition(topic, 1)])
    await reader.stop()
    (ill,) = {place for place in ends if not any(r.partition == place.partition for r in sink.records)}
    (well,) = set(ends) - {ill}
    await until(lambda: len(sink.records) >= ends[well])
    await consumer.stop()
    assert len(sink.records) == ends[well]
    assert await committed(stack.kafka, f"mutasi.{group}", topic, 2) == ends[well]


async def test_what_was_taken_before_a_stop_is_not_read_again(stack: Stack, bus: KafkaBus) -> None:
    topic, group, first, second = await make_topic(stack.kafka), name(), Sink(), Sink()
    await publish(bus, topic, [str(n) for n in range(30)])
    consumer = Consumer(group, stack.kafka, "1", first, Watched(), topics=[topic])
    await consumer.start()
    await until(lambda: len(first.records) >= 30)
    await consumer.stop()
    await publish(bus, topic, ["after"])
    consumer = Consumer(group, stack.kafka, "1", second, Watched(), topics=[topic])
    await consumer.start()
    await until(lambda: len(second.records) >= 1)
    await consumer.stop()
    assert second.values() == [b"after"]


async def test_a_stop_waits_for_the_batch_in_hand_and_commits_it(stack: Stack, bus: KafkaBus) -> None:
    topic, group = await make_topic(stack.kafka, 1), name()
    taken: list[Record] = []
    inside = asyncio.Event()

    async def slow(records: Sequence[Record]) -> None:
        inside.set()
        await asyncio.sleep(1.0)
        taken.extend(records)

    await publish(bus, topic, ["1", "2"])
    consumer = Consumer(group, stack.kafka, "1", slow, Watched(), topics=[topic])
    await consumer.start()
    await inside.wait()
    await consumer.stop()
    assert len(taken) == 2
    assert await committed(stack.kafka, f"mutasi.{group}", topic, 1) == 2


async def test_members_come_and_go_and_nothing_is_lost(stack: Stack, bus: KafkaBus) -> None:
    topic, group, sinks = await make_topic(stack.kafka, 4), name(), [Sink(), Sink()]
    one = Consumer(group, stack.kafka, "1", sinks[0], Watched(), topics=[topic])
    two = Consumer(group, stack.kafka, "2", sinks[1], Watched(), topics=[topic])
    await one.start()
    sent = 0

    async def send(which: int) -> None:
        nonlocal sent
        for sequence in range(1, 10_000):
            await (await bus.send(entry(topic, f"a{which}", sequence)))
            sent += 1
            if len(sinks[1].records) > 200:
                return
            await asyncio.sleep(0.002)

    sending = asyncio.gather(*(send(which) for which in range(8)))
    await two.start()
    await sending
    await until(lambda: len({(r.partition, r.offset) for sink in sinks for r in sink.records}) >= sent, 30)
    await asyncio.gather(one.stop(), two.stop())
    for sink in sinks:
        for partition in range(4):
            offsets = [record.offset for record in sink.records if record.partition == partition]
            fresh = [offset for place, offset in enumerate(offsets) if offset not in offsets[:place]]
            assert fresh == sorted(fresh)
    assert await committed(stack.kafka, f"mutasi.{group}", topic, 4) == sent


async def test_after_an_unclean_end_the_first_records_are_marked(stack: Stack, bus: KafkaBus) -> None:
    topic, group = await make_topic(stack.kafka, 2), name()
    careful: dict[tuple[str, int], int] = {}
    seen: list[dict[tuple[str, int], int]] = []

    async def take(_records: Sequence[Record]) -> None:
        seen.append(dict(careful))

    await publish(bus, topic, [str(n) for n in range(7)])
    consumer = Consumer(group, stack.kafka, "1", take, Watched(), topics=[topic], careful=careful)
    await consumer.start(unclean=True)
    await until(lambda: bool(seen))
    await consumer.stop()
    assert sorted(seen[0].values()) == [0, 7]
    await publish(bus, topic, [str(n) for n in range(600)])
    consumer = Consumer(group, stack.kafka, "1", take, Watched(), topics=[topic], careful=careful)
    await consumer.start(unclean=True)
    await consumer.stop()
    assert sorted(careful.values()) == [0, 7 + kafka.BATCH]


async def test_a_clean_start_marks_nothing(stack: Stack) -> None:
    careful: dict[tuple[str, int], int] = {}
    topics = [await make_topic(stack.kafka, 2)]
    consumer = Consumer(name(), stack.kafka, "1", Sink(), Watched(), topics=topics, careful=careful)
    await consumer.start()
    await consumer.stop()
    assert careful == {}


async def test_a_beginning_that_the_broker_did_not_answer_is_tried_again(
    stack: Stack, bus: KafkaBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the broker dies right after it has assigned the partitions: no other assignment will come."""
    topic, sink = await make_topic(stack.kafka), Sink()
    await publish(bus, topic, ["1", "2"])
    consumer = Consumer(f"again.{uuid4().hex}", stack.kafka, "1", sink, Watched(), topics=[topic])
    begin, answers = consumer._poll.begin, iter([TimeoutError(), KafkaError()])

    async def late(assigned: set[TopicPartition]) -> Any:
        if error := next(answers, None):
            raise error
        return await begin(assigned)

    monkeypatch.setattr(consumer._poll, "begin", late)
    await consumer.start()
    try:
        await until(lambda: len(sink.records) == 2)
        assert sink.values() == [b"1", b"2"]
    finally:
        await consumer.stop()


async def test_a_pattern_finds_topics_that_come_later_and_no_others(stack: Stack, bus: KafkaBus) -> None:
    prefix, sink = f"p{uuid4().hex}", Sink()
    consumer = Consumer(name(), stack.kafka, "1", sink, Watched(), pattern=rf"{prefix}\.agency\.[^.]+$")
    await consumer.start()
    await make_topic(stack.kafka, 1, f"{prefix}.agency.palu")
    await make_topic(stack.kafka, 1, f"{prefix}.agency.palu.refused")
    await publish(bus, f"{prefix}.agency.palu.refused", ["refused"])
    await publish(bus, f"{prefix}.agency.palu", ["1", "2"])
    await until(lambda: len(sink.records) >= 2, 30)
    await asyncio.sleep(0.5)
    await consumer.stop()
    assert sink.values() == [b"1", b"2"]


# -- watching ------------------------------------------------------------------------------------------------


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The watchdog looks often and is impatient."""
    monkeypatch.setattr(kafka, "WATCH_EVERY", 0.3)
    monkeypatch.setattr(kafka, "PATIENCE", 1.5)


@pytest.mark.usefixtures("quick")
async def test_a_consumer_that_gets_nothing_while_records_wait_is_ill(stack: Stack, bus: KafkaBus) -> None:
    topic, sink, watched, group = await make_topic(stack.kafka, 1), Sink(), Watched(), name()
    consumer = Consumer(group, stack.kafka, "1", sink, watched, topics=[topic])
    await consumer.start()
    await publish(bus, topic, ["1"])
    await until(lambda: len(sink.records) == 1)
    await asyncio.sleep(2.0)
    assert consumer.healthy
    raw = consumer._subscriber.consumer
    assert raw is not None
    raw.pause(TopicPartition(topic, 0))
    await publish(bus, topic, ["2", "3"])
    await until(lambda: not consumer.healthy)
    assert watched.waiting[f"consumer.{group}"] == 2
    raw.resume(TopicPartition(topic, 0))
    await until(lambda: consumer.healthy)
    assert sink.values() == [b"1", b"2", b"3"]
    await consumer.stop()


@pytest.mark.usefixtures("quick")
async def test_a_consumer_without_partitions_is_ill(stack: Stack) -> None:
    topic, group = await make_topic(stack.kafka, 1), name()
    both = [Consumer(group, stack.kafka, str(n), Sink(), Watched(), topics=[topic]) for n in range(2)]
    for one in both:
        await one.start()
    await until(lambda: sorted(one.healthy for one in both) == [False, True])
    for one in both:
        await one.stop()


@pytest.mark.usefixtures("quick")
async def test_a_consumer_of_a_pattern_without_topics_is_well(stack: Stack) -> None:
    consumer = Consumer(name(), stack.kafka, "1", Sink(), Watched(), pattern=rf"{uuid4().hex}\..*")
    await consumer.start()
    await asyncio.sleep(2.5)
    assert consumer.healthy
    await consumer.stop()


async def _foreign(servers: str, topic: str, partition: int) -> None:
    """A record whose header's name is not UTF-8, from a client that is not ours."""
    script = Path(__file__).with_name("foreign.py")
    argv = [sys.executable, str(script), servers, topic, str(partition)]
    process = await asyncio.create_subprocess_exec(*argv, env={**os.environ, "AIOKAFKA_NO_EXTENSIONS": "1"})
    assert await process.wait() == 0


async def test_a_record_that_cannot_be_read_is_handed_out_empty_and_costs_no_other_record(stack: Stack) -> None:
    """aiokafka alone would forget what it drained from the other partitions, and FastStream would spin."""
    topic, group, sink = await make_topic(stack.kafka, 3), name(), Sink()
    producer = AIOKafkaProducer(**reach(stack.kafka))
    await producer.start()
    for value in range(5):
        await producer.send_and_wait(topic, b"%d" % value, partition=1)
    await _foreign(stack.kafka, topic, 1)
    await producer.send_and_wait(topic, b"behind", partition=1)
    consumer = Consumer(group, stack.kafka, "1", sink, Watched(), topics=[topic])
    await consumer.start()
    for value in range(1500):
        await producer.send(topic, b"%d" % value, partition=value % 2 * 2)
        if value % 50 == 0:
            await asyncio.sleep(0.02)
    await until(lambda: len(sink.records) >= 1507, 30)
    assert consumer.healthy
    await consumer.stop()
    await producer.stop()
    for partition, count in enumerate([750, 7, 750]):
        mine = [record.offset for record in sink.records if record.partition == partition]
        assert mine == list(range(count))
    (empty,) = [record for record in sink.records if record.value is None]
    assert (empty.partition, empty.offset) == (1, 5)
    with pytest.raises(Undecodable, match="a header's name is not UTF-8"):
        attributes(empty)
    assert await committed(stack.kafka, f"mutasi.{group}", topic, 3) == 1507


async def test_a_record_that_is_too_large_is_not_stepped_over(stack: Stack, bus: KafkaBus) -> None:
    topic, sink, group = await make_topic(stack.kafka, 1), Sink(), name()
    consumer = Consumer(group, stack.kafka, "1", sink, Watched(), topics=[topic])
    await consumer.start()
    await publish(bus, topic, ["1"])
    await until(lambda: len(sink.records) == 1)
    raw = consumer._subscriber.consumer
    assert raw is not None
    # No broker of today sends what makes aiokafka say so: do what its fetcher would then do.
    place = TopicPartition(topic, 0)
    raw._fetcher._set_error(place, RecordTooLargeError("too large"))
    raw._subscription.subscription.assignment.state_value(place).consumed_to(2)
    await publish(bus, topic, ["2", "3"])
    await until(lambda: len(sink.records) >= 3)
    await consumer.stop()
    assert sink.values() == [b"1", b"2", b"3"]
    assert await committed(stack.kafka, f"mutasi.{group}", topic, 1) == 3


# -- what a crash leaves -----------------------------------------------------------------------------------------


async def test_a_killed_consumer_is_followed_at_once_by_its_successor(stack: Stack, bus: KafkaBus) -> None:
    """Static membership: without it the group waits for the session's end, ten seconds."""
    topic, group = await make_topic(stack.kafka), name()
    script = Path(__file__).with_name("reader.py")

    async def reader() -> asyncio.subprocess.Process:
        argv = [sys.executable, str(script), stack.kafka, group, topic]
        return await asyncio.create_subprocess_exec(*argv, stdout=asyncio.subprocess.PIPE)

    first = await reader()
    await publish(bus, topic, ["1"])
    assert first.stdout is not None
    assert await first.stdout.readline() == b"1\n"
    await asyncio.sleep(3 * kafka.COMMIT_EVERY)
    first.kill()
    await first.wait()
    await publish(bus, topic, ["2"])
    second = await reader()
    assert second.stdout is not None
    said = [await second.stdout.readline() for _ in range(2)]
    second.terminate()
    await second.wait()
    assert said[0] == b"2\n"
    assert float(said[1]) < 5.0


async def _again(bus: KafkaBus, event: Entry) -> None:
    """As the publisher does: after a failure another producer, until the broker acknowledges."""
    for _ in range(30):
        try:
            await bus.renew()
            await (await bus.send(event))
        except (Unavailable, KafkaError):
            await asyncio.sleep(0.5)
        else:
            return
    pytest.fail("the broker came back and took nothing")


@pytest.mark.timeout(240)  # two servers start and one starts again
async def test_the_broker_dies_and_comes_back(own: Stack) -> None:
    """Events sent meanwhile fail; those sent again after `renew` arrive, and the consumer goes on by itself."""
    assert own.broker is not None
    topic, sink, group = await make_topic(own.kafka), Sink(), name()
    bus = KafkaBus(own.kafka)
    await bus.start()
    consumer = Consumer(group, own.kafka, "1", sink, Watched(), topics=[topic])
    await consumer.start()
    await publish(bus, topic, ["1", "2"])
    await until(lambda: len(sink.records) == 2)
    own.broker.kill9()
    began = time.monotonic()
    with pytest.raises((Unavailable, KafkaError)):
        await (await bus.send(entry(topic, "a", 3, "3")))
    with pytest.raises(Unavailable):
        await bus.renew()
    with pytest.raises(Unavailable):
        await bus.send(entry(topic, "a", 3, "3"))
    assert time.monotonic() - began < 60
    own.broker.restart()
    await _again(bus, entry(topic, "a", 3, "3"))
    await until(lambda: b"3" in sink.values(), 60)
    await consumer.stop()
    await bus.stop()
    fresh = list(dict.fromkeys(sink.values()))
    assert fresh == [b"1", b"2", b"3"]
    assert await committed(own.kafka, f"mutasi.{group}", topic, 3) == max(r.offset for r in sink.records) + 1


async def test_a_send_that_nobody_acknowledges_ends(
    bus: KafkaBus, stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A producer whose sender died would keep the future for ever."""
    monkeypatch.setattr("shared.runtime.bus.ACK_SECONDS", 0.5)
    topic = await make_topic(stack.kafka)
    await publish(bus, topic, ["1"])
    assert bus._producer is not None
    bus._producer._sender.sender_task.cancel()
    await asyncio.sleep(0.1)
    with pytest.raises(Unavailable):
        await (await bus.send(entry(topic, "a", 2, "2")))
    await bus.renew()
    await (await bus.send(entry(topic, "a", 2, "2")))


async def test_an_event_beyond_the_bound_is_not_sent(bus: KafkaBus, stack: Stack) -> None:
    topic = await make_topic(stack.kafka)
    with pytest.raises(Unavailable):
        await bus.send(entry(topic, "a", 1, "x" * 950 * 1024))
