"""A person is forgotten on the running system: every service that kept a name, the topic, and the registry itself."""

import asyncio
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from deploy.local.stack import Stack
from deploy.local.topics import Topic, create_missing
from services.registry.app import SERVICE
from shared.address import reach
from shared.contracts.people import PersonForgotten
from shared.host.audit import verify
from shared.runtime.mongo import MongoStore, connect
from tests.support.region import Region

pytest_plugins = ("tests.support.running",)
pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]
KEEPERS = ("notification", "approval")


async def kept(region: Region, person: str) -> dict[str, Any]:
    """What each database holds of the person: facts of the readers, the registry's document and journal."""
    client = connect(region.system.stack.mongo)
    try:
        found: dict[str, Any] = {
            name: await client[f"mutasi_{name}"]["fact_particulars"].find_one({"_id": person}) for name in KEEPERS
        }
        found["career"] = await client["mutasi_evaluation"]["fact_known"].count_documents({"value.person": person})
        store = MongoStore(client["mutasi_registry"], SERVICE)
        found["document"] = (await store.load("people", [person]))[person]
        found["journal"] = await store.journal(person)
        found["fault"] = await verify(store, "people", person)
    finally:
        client.close()
    return found


async def last_record(servers: str, topic: str, key: str) -> Any:
    """The newest record under a key."""
    consumer = AIOKafkaConsumer(**reach(servers), enable_auto_commit=False)
    await consumer.start()
    last = None
    try:
        places = [TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic) or ())]
        places = places or [TopicPartition(topic, number) for number in range(12)]
        consumer.assign(places)
        await consumer.seek_to_beginning(*places)
        ends = await consumer.end_offsets(places)
        while any([await consumer.position(place) < end for place, end in ends.items()]):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                last = next((record for record in reversed(records) if record.key == key.encode()), last)
    finally:
        await consumer.stop()
    return last


def test_a_person_is_forgotten_everywhere_and_the_chain_stays_whole(region: Region) -> None:
    person = region.get(region.colleague(), "registry", "/v1/me")["person"]
    address = f"/v1/people/{person}"
    known = region.get(region.system.admin, "registry", address)["particulars"]
    region.until(
        "all know the name", lambda: all(asyncio.run(kept(region, person))[name] for name in (*KEEPERS, "career"))
    )
    region.post("palu-registrar", "registry", f"{address}/forget", {"reason": "Masa simpan berakhir"})

    def erased() -> dict[str, Any] | None:
        found = asyncio.run(kept(region, person))
        gone = all(found[name]["value"] is None for name in KEEPERS) and not found["document"]["out"]
        gone = gone and not found["career"]
        return found if gone else None

    found = region.until("all forgot", erased)
    assert found["fault"] == ""
    assert not [word for word in (known["name"], known["nip"], known["email"]) if word in str(found)]
    assert found["journal"][-1]["type"] == PersonForgotten.TYPE
    shown = region.get(region.system.admin, "registry", address)
    assert (shown["particulars"], shown["forgotten"]) == (None, True)
    last = asyncio.run(last_record(region.system.stack.kafka, "mutasi.people", person))
    headers = dict(last.headers)
    assert (last.value, headers["ce_type"]) == (None, PersonForgotten.TYPE.encode())
    assert headers["ce_subject"] == person.encode()


@pytest.mark.wide
async def test_the_log_itself_forgets(stack: Stack) -> None:
    """The cleaner takes the words out of the log, although they lie in the segment that is written to (about 30 s)."""
    topic = Topic(
        name="forget.wide", partitions=1, replication=1, retention_ms=-1, cleanup="compact", compacted_ms=1000
    )
    await create_missing(stack.kafka, [topic])
    producer = AIOKafkaProducer(**reach(stack.kafka))
    await producer.start()
    try:
        await producer.send_and_wait(topic.name, b"Rina Lestari", key=b"p-1")
        await producer.send_and_wait(topic.name, None, key=b"p-1")
        for _ in range(90):
            await asyncio.sleep(1)
            await producer.send_and_wait(topic.name, b"x", key=b"p-2")  # a segment rolls when something comes
            if b"Rina Lestari" not in await values(stack.kafka, topic.name):
                return
    finally:
        await producer.stop()
    raise AssertionError("the name is still in the log")


async def values(servers: str, topic: str) -> list[bytes | None]:
    """All that the log still holds."""
    place, found = TopicPartition(topic, 0), []
    consumer = AIOKafkaConsumer(**reach(servers), enable_auto_commit=False)
    await consumer.start()
    try:
        consumer.assign([place])
        await consumer.seek_to_beginning(place)
        end = (await consumer.end_offsets([place]))[place]
        while await consumer.position(place) < end:
            for records in (await consumer.getmany(place, timeout_ms=200)).values():
                found += [record.value for record in records]
    finally:
        await consumer.stop()
    return found
