"""Everything that a run left behind, read from the real databases and topics for the checker."""

import importlib
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from shared.address import reach
from shared.contracts.catalogue import BY_TYPE
from shared.kernel.decider import Decider, Event
from shared.runtime.mongo import connect
from shared.runtime.ports import Entry, Raw
from shared.runtime.service import Service
from tests.support.system import SERVICES

TOPICS = tuple(f"mutasi.{name}" for name in (*SERVICES, "people"))


def described(name: str) -> Service:
    """A service as it describes itself to the runtime."""
    service: Service = importlib.import_module(f"services.{name}.app").SERVICE
    return service


@dataclass(frozen=True, slots=True)
class Said:
    """One record of a topic."""

    topic: str
    partition: int
    offset: int
    id: str
    key: str
    aggregate: str
    sequence: int
    data: str


@dataclass
class Database:
    """One service's: documents by kind and id, its journal by aggregate, parked messages."""

    service: Service
    documents: dict[str, dict[str, Raw]] = field(default_factory=dict)
    journal: dict[str, list[Entry]] = field(default_factory=dict)
    parked: list[Raw] = field(default_factory=list)
    recorded: dict[str, Raw] = field(default_factory=dict)
    decrees: set[str] = field(default_factory=set)

    def decider(self, kind: str) -> Decider[Any]:
        """The decider of a kind."""
        return next(one for one in self.service.deciders if one.name == kind)

    @property
    def events(self) -> list[Entry]:
        """All journaled events."""
        return [entry for entries in self.journal.values() for entry in entries]


@dataclass
class Evidence:
    """All databases, and all records in the order in which they stand."""

    databases: dict[str, Database]
    said: list[Said]


async def collect(kafka: str, mongo: str) -> Evidence:
    """Read all of it."""
    client = connect(mongo)
    try:
        databases = {name: await _database(client, described(name)) for name in SERVICES}
    finally:
        client.close()
    said = await _records(kafka)
    words = {one.id: one.data for one in said}
    for db in databases.values():
        for entry in db.events:
            if entry.get("private"):  # the journal kept the digest only
                entry["words"] = words.get(entry["id"], "")
    return Evidence(databases, said)


async def _database(client: Any, service: Service) -> Database:
    db, found = client[f"mutasi_{service.name}"], Database(service)
    for decider in service.deciders:
        found.documents[decider.name] = {doc["_id"]: doc async for doc in db[decider.name].find()}
    journal = defaultdict(list)
    async for entry in db["journal"].find().sort([("aggregate", 1), ("sequence", 1)]):
        journal[entry["aggregate"]].append(entry)
    found.journal = dict(journal)
    found.parked = [record async for record in db["parked"].find()]
    found.recorded = {doc["_id"]: doc async for doc in db["recorded"].find()}
    found.decrees = {doc["_id"] async for doc in db["fact_decree"].find({}, {"_id": 1})}
    return found


async def places(kafka: str, topics: tuple[str, ...]) -> list[TopicPartition]:
    """All partitions of the topics."""
    admin = AIOKafkaAdminClient(**reach(kafka))
    await admin.start()
    try:
        told = await admin.describe_topics(list(topics))
    finally:
        await admin.close()
    return [TopicPartition(topic["topic"], part["partition"]) for topic in told for part in topic["partitions"]]


async def _records(kafka: str) -> list[Said]:
    consumer = AIOKafkaConsumer(**reach(kafka), auto_offset_reset="earliest")
    await consumer.start()
    try:
        parts = await places(kafka, TOPICS)
        consumer.assign(parts)
        ends, found = await consumer.end_offsets(parts), []
        while any([await consumer.position(tp) < end for tp, end in ends.items()]):
            for records in (await consumer.getmany(timeout_ms=500)).values():
                found += [_said(record) for record in records]
        return found
    finally:
        await consumer.stop()


def _said(record: Any) -> Said:
    headers = {name: value.decode() for name, value in record.headers}
    return Said(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        id=headers["ce_id"],
        key=record.key.decode(),
        aggregate=headers["ce_subject"],
        sequence=int(headers["ce_sequence"]),
        data=record.value.decode(),
    )


def said(entry: Entry) -> Event:
    """The event of a journal entry."""
    return BY_TYPE[entry["type"]].model_validate_json(entry.get("words") or entry["data"])


def told(db: Database, kind: type[Any]) -> list[Any]:
    """Journaled events of one type."""
    return [said(entry) for entry in db.events if entry["type"] == kind.TYPE]
