"""On the native broker nobody comes in without a password, and everybody does only what deploy/access.yaml says."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaConnectionError, KafkaError, TopicAuthorizationFailedError

from deploy.local.access import wanted
from deploy.local.processes import SERVICES
from deploy.local.stack import Stack
from deploy.local.topics import create_missing
from shared.address import reach

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]
PALU, FORGED = "mutasi.agency.palu", b'{"post": "p:palu:setda-analis", "reference": "forged"}'


@pytest.fixture
async def doors(stack: Stack) -> Stack:
    """The broker with all topics."""
    if not stack.users:
        pytest.skip("a given broker has users and permissions of its own")
    await create_missing(stack.kafka)
    return stack


@asynccontextmanager
async def producer(address: str) -> AsyncIterator[AIOKafkaProducer]:
    """A program that writes."""
    found = AIOKafkaProducer(**reach(address), enable_idempotence=True, request_timeout_ms=5000)
    try:
        await found.start()
        yield found
    finally:
        await found.stop()


async def end(stack: Stack, topic: str) -> int:
    """Where the next record will lie."""
    consumer = AIOKafkaConsumer(**reach(stack.kafka))
    await consumer.start()
    try:
        place = TopicPartition(topic, 0)
        return int((await consumer.end_offsets([place]))[place])
    finally:
        await consumer.stop()


async def read(address: str, topic: str) -> bytes:
    """The first record, as that user."""
    consumer = AIOKafkaConsumer(
        topic, **reach(address), group_id=f"agency.palu.{uuid.uuid4()}", auto_offset_reset="earliest"
    )
    try:
        await consumer.start()
        return bytes((await consumer.getone()).value or b"")
    finally:
        await consumer.stop()


async def test_an_agency_writes_to_its_own_door_and_a_forger_to_none(doors: Stack) -> None:
    """Palu's program may; Bandung's, Palu's with a wrong password, and one without any are refused, and no record of
    theirs is there."""
    before = await end(doors, PALU)
    async with producer(doors.users["agency.palu"]) as palu:
        await palu.send_and_wait(PALU, b"{}")

    async with producer(doors.users["agency.bandung"]) as bandung:
        with pytest.raises(TopicAuthorizationFailedError):
            await bandung.send_and_wait(PALU, FORGED)
        await bandung.send_and_wait("mutasi.agency.bandung", b"{}")
    hosts = reach(doors.kafka)["bootstrap_servers"]
    for address in (f"sasl://agency.palu:guessed@{hosts}", f"sasl://agency.nobody:guessed@{hosts}", hosts):
        with pytest.raises(KafkaConnectionError):
            async with producer(address):
                pass  # pragma: no cover - nobody comes so far
    assert await end(doors, PALU) == before + 1


async def test_an_agency_reads_only_what_was_refused_to_itself(doors: Stack) -> None:
    async with producer(doors.users["registry"]) as registry:
        await registry.send_and_wait(f"{PALU}.refused", b"why")
        await registry.send_and_wait("mutasi.agency.bandung.refused", b"why")
    assert await read(doors.users["agency.palu"], f"{PALU}.refused") == b"why"
    for topic in ("mutasi.agency.bandung.refused", "mutasi.people", PALU):
        with pytest.raises(KafkaError):
            await read(doors.users["agency.palu"], topic)


async def test_a_service_says_nothing_in_the_name_of_another(doors: Stack) -> None:
    """Each writes on its own topics only; `tests/unit/local/test_access.py` compares the file that says which with what
    the services say of themselves."""
    access = wanted()
    topics = sorted({PALU, *(topic for name in SERVICES for topic in access[name].writes if "agency" not in topic)})
    before = {topic: await end(doors, topic) for topic in topics}
    for service in SERVICES:
        async with producer(doors.users[service]) as own:
            for topic in set(topics) - set(access[service].writes):
                with pytest.raises(TopicAuthorizationFailedError):
                    await own.send_and_wait(topic, b"{}", partition=0)
    assert {topic: await end(doors, topic) for topic in topics} == before
