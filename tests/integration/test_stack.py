"""The native servers keep what they acknowledged through `kill -9`."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from motor.motor_asyncio import AsyncIOMotorClient

from deploy.local.backup import restore, save
from deploy.local.layout import Layout
from deploy.local.machine import native_possible
from deploy.local.process import Server
from deploy.local.stack import Stack
from deploy.local.topics import Topic, create_missing
from shared.address import reach

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    """A stack of this test alone, since it is killed."""
    if not native_possible():
        pytest.skip("the native servers are built for Linux x86-64")
    monkeypatch.delenv("MUTASI_KAFKA", raising=False)
    monkeypatch.delenv("MUTASI_MONGO", raising=False)
    stack = Stack.start(tmp_path)
    yield stack
    stack.stop()


async def _produce(bootstrap: str, topic: str, value: bytes) -> None:
    producer = AIOKafkaProducer(**reach(bootstrap), enable_idempotence=True)
    await producer.start()
    try:
        await producer.send_and_wait(topic, value, key=b"k", partition=0)
    finally:
        await producer.stop()


async def _consume(bootstrap: str, topic: str) -> bytes:
    group = f"g-{uuid.uuid4()}"
    consumer = AIOKafkaConsumer(
        topic,
        **reach(bootstrap),
        group_id=group,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    await consumer.start()
    try:
        record = await consumer.getone()
        await consumer.commit({TopicPartition(topic, record.partition): record.offset + 1})
        return bytes(record.value or b"")
    finally:
        await consumer.stop()


async def _insert_two(uri: str) -> None:
    client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(uri)
    try:
        async with await client.start_session() as session, session.start_transaction():
            await client.t.one.insert_one({"_id": 1}, session=session)
            await client.t.two.insert_one({"_id": 1}, session=session)
    finally:
        client.close()


async def _count(uri: str) -> int:
    client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(uri)
    try:
        return int(await client.t.one.count_documents({}) + await client.t.two.count_documents({}))
    finally:
        client.close()


async def test_what_was_acknowledged_survives_kill_9(own: Stack) -> None:
    """One record and one transaction, then both servers crash and come back on the same ports and data."""
    assert own.broker is not None
    assert own.mongod is not None
    topic = Topic(name="t", partitions=1, replication=1, retention_ms=-1, cleanup="delete")
    await create_missing(own.kafka, [topic])
    await _produce(own.kafka, "t", b"kept")
    await _insert_two(own.mongo)
    assert await _consume(own.kafka, "t") == b"kept"

    for server in (own.broker, own.mongod):
        before = server.pid
        server.kill9()
        assert not server.ready()
        server.restart()
        assert server.pid != before

    assert await _consume(own.kafka, "t") == b"kept"
    assert await _count(own.mongo) == 2


async def _ends(bootstrap: str, topic: str) -> int:
    consumer = AIOKafkaConsumer(**reach(bootstrap))
    await consumer.start()
    try:
        place = TopicPartition(topic, 0)
        return int((await consumer.end_offsets([place]))[place])
    finally:
        await consumer.stop()


@pytest.mark.timeout(300)
async def test_a_copy_brings_back_what_both_servers_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`make backup` and `make restore` over real data: what came after the copy is gone, what it held is there."""
    if not native_possible():
        pytest.skip("the native servers are built for Linux x86-64")
    monkeypatch.delenv("MUTASI_KAFKA", raising=False)
    monkeypatch.delenv("MUTASI_MONGO", raising=False)
    layout, file = Layout(tmp_path / "run"), tmp_path / "copy.tar.gz"
    layout.data.mkdir(parents=True)
    stack = Stack.start(layout.data)
    servers = [server for server in (stack.broker, stack.mongod) if server is not None]
    try:
        await create_missing(
            stack.kafka, [Topic(name="t", partitions=1, replication=1, retention_ms=-1, cleanup="delete")]
        )
        await _produce(stack.kafka, "t", b"kept")
        await _insert_two(stack.mongo)
        _stop(servers, layout)
        save(layout, file)
        _start(servers)
        await _produce(stack.kafka, "t", b"later")
        await _drop(stack.mongo)
        _stop(servers, layout)
        restore(layout, file)
        _start(servers)
        assert await _ends(stack.kafka, "t") == 1
        assert await _consume(stack.kafka, "t") == b"kept"
        assert await _count(stack.mongo) == 2
    finally:
        stack.stop()


def _stop(servers: list[Server], layout: Layout) -> None:
    for server in servers:
        server.stop()
    for log in layout.data.glob("*.log"):  # `make run` keeps them beside the data
        log.unlink()


def _start(servers: list[Server]) -> None:
    for server in servers:
        server.start()
    for server in servers:
        server.wait_ready()


async def _drop(uri: str) -> None:
    client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(uri)
    try:
        await client.drop_database("t")
    finally:
        client.close()


def test_given_servers_are_used_and_left_running(stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUTASI_KAFKA", stack.kafka)
    monkeypatch.setenv("MUTASI_MONGO", stack.mongo)
    given = Stack.start(tmp_path)
    assert (given.kafka, given.mongo, given.broker, given.mongod) == (stack.kafka, stack.mongo, None, None)
    given.stop()
    assert list(tmp_path.iterdir()) == []
    assert stack.broker is None or stack.broker.ready()
    assert stack.mongod is None or stack.mongod.ready()


async def test_topics_are_created_once(stack: Stack) -> None:
    """The second run finds everything there; a topic that is there already is not touched."""
    prefix = f"t{uuid.uuid4().hex}"
    topics = [
        Topic(name=f"{prefix}.{n}", partitions=n, replication=1, retention_ms=-1, cleanup="compact") for n in (1, 3)
    ]
    assert await create_missing(stack.kafka, topics[:1]) == [topics[0].name]
    assert await create_missing(stack.kafka, topics) == [topics[1].name]
    assert await create_missing(stack.kafka, topics) == []
    admin = AIOKafkaAdminClient(**reach(stack.kafka))
    await admin.start()
    described = await admin.describe_topics([topic.name for topic in topics])
    await admin.close()
    assert {topic["topic"]: len(topic["partitions"]) for topic in described} == {
        topics[0].name: 1,
        topics[1].name: 3,
    }
