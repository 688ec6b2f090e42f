"""The floor: the same input and output as a measured phase, by bare aiokafka and motor in one process.

Taken from the phase's counters and journals: as many round trips of each kind with as many documents in each, the very
records that were sent, read as often as they were read, committed as often. No HTTP, no model, no decision, no waiting
of one step for another. What is left out is what idle polls ask, so the floor is lower than the same work could be.
"""

import asyncio
import itertools
import os
import time
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo import InsertOne, UpdateOne
from pymongo.errors import BulkWriteError

from deploy.local.stack import Stack
from shared.address import reach
from shared.runtime.mongo import connect
from shared.runtime.ports import Entry, Raw
from shared.runtime.wire import to_headers
from tests.bench.measure import DRIVER, Usage, load_average, servers
from tests.bench.rig import Phase
from tests.support.lifecycle import _reads as reads
from tests.support.system import SERVICES

PARTITIONS, SAMPLE, COMMIT_SECONDS, INFLIGHT = 12, 2000, 0.1, 500
WRITES = ("update", "insert")


@dataclass(frozen=True, slots=True)
class Plan:
    """One kind of round trip of one service: how many, and with how many documents each."""

    service: str
    command: str
    collection: str
    trips: int
    documents: int

    @property
    def size(self) -> int:
        """Documents of one trip."""
        return max(1, round(self.documents / self.trips))


@dataclass(frozen=True, slots=True)
class Floor:
    """What it showed, for so many lifecycles' worth."""

    lifecycles: int
    seconds: float
    cpu: dict[str, float]
    load: float

    @property
    def rate(self) -> float:
        """Lifecycles' worth per second."""
        return self.lifecycles / self.seconds

    @property
    def cpu_per_1000(self) -> float:
        """Processor seconds of client and servers."""
        return sum(self.cpu.values()) * 1000 / self.lifecycles


def plans(phase: Phase, lifecycles: int) -> list[Plan]:
    """The phase's round trips, scaled. Finds of aggregates are as many as there were batches: the rest polled."""
    scale = lifecycles / phase.lifecycles
    batches = {s: phase.counts[s, "mutasi_batch_messages_count", ()] for s in SERVICES}
    found: list[Plan] = []
    for service, name, labels in sorted(phase.counts):
        if name != "mutasi_mongo_commands":
            continue
        command, collection = labels
        trips = phase.counts[service, name, labels]
        documents = phase.counts[service, "mutasi_mongo_documents", labels]
        if command == "find" and not collection.startswith("fact_"):
            trips = min(trips, batches[service])
        if command in (*WRITES, "find") and trips and documents:
            found.append(Plan(service, command, collection, max(1, round(trips * scale)), round(documents * scale)))
    return found


async def samples(mongo: str, service: str) -> list[Entry]:
    """The newest events of a service."""
    client: AsyncIOMotorClient[Raw] = connect(mongo)
    try:
        newest = client[f"mutasi_{service}"]["journal"].find().sort("at", -1).limit(SAMPLE)
        return [entry async for entry in newest]
    finally:
        client.close()


async def run(stack: Stack, phase: Phase, lifecycles: int) -> Floor:
    """The phase's input and output again, in this process."""
    entries = {service: await samples(stack.mongo, service) for service in SERVICES}
    sent = {s: round(phase.counts[s, "mutasi_records_sent", ()] * lifecycles / phase.lifecycles) for s in SERVICES}
    await _topics(stack.kafka)
    client: AsyncIOMotorClient[Raw] = connect(stack.mongo)
    producer = AIOKafkaProducer(**reach(stack.kafka), enable_idempotence=True, acks="all", linger_ms=2)
    await producer.start()
    pids = {DRIVER: [os.getpid()]} | servers(stack)
    before, began = Usage.now(pids), time.monotonic()
    work: list[Coroutine[Any, Any, None]] = []
    for plan in plans(phase, lifecycles):
        if entries[plan.service]:
            work.append(_trips(client, plan, entries[plan.service]))
    work += [_produce(producer, service, entries[service], sent[service]) for service in SERVICES if sent[service]]
    work += [_consume(stack.kafka, service, sum(sent[told] for told in _heard(service))) for service in SERVICES]
    await asyncio.gather(*work)
    seconds, after, busy = time.monotonic() - began, Usage.now(pids), load_average()
    await producer.stop()
    for service in SERVICES:
        await client.drop_database(f"floor_{service}")
    client.close()
    return Floor(lifecycles, seconds, after.since(before), busy)


async def _topics(kafka: str) -> None:
    admin = AIOKafkaAdminClient(**reach(kafka))
    await admin.start()
    try:
        await admin.create_topics([NewTopic(f"floor.{service}", PARTITIONS, 1) for service in SERVICES])
    finally:
        await admin.close()


def _heard(service: str) -> list[str]:
    """Whose topics a service reads."""
    names = {f"mutasi.{name}": name for name in SERVICES}
    return [names[topic] for topic in reads(service) if topic in names]


async def _trips(client: AsyncIOMotorClient[Raw], plan: Plan, entries: list[Entry]) -> None:
    collection = client[f"floor_{plan.service}"][plan.collection]
    numbers = itertools.count()
    source = itertools.cycle(entries)
    for _ in range(plan.trips):
        ids = list(itertools.islice(numbers, plan.size))
        if plan.command == "find":
            await collection.find({"_id": {"$in": ids}}).to_list(None)
        else:
            await _write(plan, collection, ids, source)


async def _write(plan: Plan, collection: Any, ids: list[int], source: Iterator[Entry]) -> None:
    if plan.command == "insert":
        ops: list[Any] = [InsertOne({**next(source), "_id": f"{plan.collection}:{id}"}) for id in ids]
    else:
        # A document is written several times: every fourth write begins a new one.
        ops = [UpdateOne({"_id": id // 4}, {"$set": {"rev": id, "out": [next(source)]}}, upsert=True) for id in ids]
    try:
        await collection.bulk_write(ops, ordered=False)
    except BulkWriteError:
        raise AssertionError(f"the floor wrote something twice: {plan}") from None


async def _produce(producer: AIOKafkaProducer, service: str, entries: list[Entry], many: int) -> None:
    source = itertools.cycle(entries)
    flying: set[asyncio.Future[Any]] = set()
    for _ in range(many):
        entry = next(source)
        value, key = entry["data"].encode(), entry["key"].encode()
        flying.add(await producer.send(f"floor.{service}", value, key, headers=to_headers(entry)))
        if len(flying) >= INFLIGHT:
            _, flying = await asyncio.wait(flying, return_when=asyncio.FIRST_COMPLETED)
    await asyncio.gather(*flying)


async def _consume(kafka: str, service: str, many: int) -> None:
    consumer = AIOKafkaConsumer(
        *(f"floor.{told}" for told in _heard(service)),
        **reach(kafka),
        group_id=f"floor.{service}",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    await consumer.start()
    try:
        taken, committed = 0, time.monotonic()
        while taken < many:
            found = await consumer.getmany(timeout_ms=10, max_records=500)
            taken += sum(map(len, found.values()))
            if found and time.monotonic() - committed > COMMIT_SECONDS:
                await consumer.commit()
                committed = time.monotonic()
        await consumer.commit()
    finally:
        await consumer.stop()
