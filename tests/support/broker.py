"""Looks into the broker, with plain aiokafka."""

import asyncio
import json
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from shared.address import reach
from tests.support.region import Region


def up_to_date(region: Region, group: str, topic: str) -> bool:
    """True when the group has committed all records of partition 0."""
    return not asyncio.run(behind(region, group, topic))


async def behind(region: Region, group: str, topic: str) -> int:
    """Records of partition 0 that the group has not committed yet."""
    admin = AIOKafkaAdminClient(**reach(region.system.stack.kafka))
    consumer = AIOKafkaConsumer(**reach(region.system.stack.kafka))
    place = TopicPartition(topic, 0)
    await admin.start()
    await consumer.start()
    try:
        committed = (await admin.list_consumer_group_offsets(group, partitions=[place]))[place].offset
        return int((await consumer.end_offsets([place]))[place] - committed)
    finally:
        await consumer.stop()
        await admin.close()


async def ends(region: Region, topic: str) -> int:
    """How many records a topic has."""
    consumer = AIOKafkaConsumer(**reach(region.system.stack.kafka))
    await consumer.start()
    try:
        return sum((await consumer.end_offsets([TopicPartition(topic, n) for n in range(12)])).values())
    finally:
        await consumer.stop()


async def refusals(region: Region, topic: str, since: int) -> list[dict[str, Any]]:
    """What was refused on the agency's own topic from that record on."""
    place, found = TopicPartition(topic, 0), []
    consumer = AIOKafkaConsumer(**reach(region.system.stack.kafka), enable_auto_commit=False)
    await consumer.start()
    try:
        consumer.assign([place])
        consumer.seek(place, since)
        end = (await consumer.end_offsets([place]))[place]
        while await consumer.position(place) < end:
            for records in (await consumer.getmany(place, timeout_ms=500)).values():
                found += [json.loads(record.value or b"{}") for record in records]
    finally:
        await consumer.stop()
    return found


async def end(region: Region, topic: str) -> int:
    """Where the next record of partition 0 will lie."""
    consumer = AIOKafkaConsumer(**reach(region.system.stack.kafka))
    await consumer.start()
    try:
        return int((await consumer.end_offsets([TopicPartition(topic, 0)]))[TopicPartition(topic, 0)])
    finally:
        await consumer.stop()


async def marks(region: Region, topic: str) -> dict[TopicPartition, int]:
    """Where each partition of a topic ends now."""
    consumer = AIOKafkaConsumer(**reach(region.system.stack.kafka))
    await consumer.start()
    try:
        return dict(await consumer.end_offsets([TopicPartition(topic, n) for n in range(12)]))
    finally:
        await consumer.stop()


async def said_since(region: Region, since: dict[TopicPartition, int]) -> list[dict[str, Any]]:
    """What was said after these marks, by the records' own time; the type of an event beside its data."""
    found: list[Any] = []
    consumer = AIOKafkaConsumer(**reach(region.system.stack.kafka), enable_auto_commit=False)
    await consumer.start()
    try:
        consumer.assign(list(since))
        for place, at in since.items():
            consumer.seek(place, at)
        ends = await consumer.end_offsets(list(since))
        while any([await consumer.position(place) < last for place, last in ends.items()]):
            for records in (await consumer.getmany(timeout_ms=500)).values():
                found += records
    finally:
        await consumer.stop()
    found.sort(key=lambda record: record.timestamp)
    return [
        {"type": dict(record.headers)["ce_type"].decode(), **json.loads(record.value)}
        for record in found
        if record.value
    ]
