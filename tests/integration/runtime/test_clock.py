"""Domain time is what the newest record of its topic says, for everybody who reads it."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer

from deploy.local.stack import Stack
from shared.address import reach
from shared.runtime.clock import DomainClock, SystemClock
from tests.integration.runtime.conftest import make_topic

pytestmark = [pytest.mark.integration, pytest.mark.timeout(60)]
YEAR = timedelta(days=365)


def shifted(clock: SystemClock) -> float:
    """Seconds between domain time and real time."""
    return clock.now().timestamp() - time.time()


async def say(stack: Stack, topic: str, *values: bytes | None) -> None:
    """Raw records for the clock."""
    producer = AIOKafkaProducer(**reach(stack.kafka))
    await producer.start()
    for value in values:
        await producer.send_and_wait(topic, value, key=b"clock")
    await producer.stop()


@pytest.fixture
async def topic(stack: Stack) -> str:
    """A clock's topic of this test alone."""
    return await make_topic(stack.kafka, 1, cleanup="compact")


@pytest.fixture
async def clock(stack: Stack, topic: str) -> AsyncIterator[DomainClock]:
    """A started clock."""
    clock = DomainClock(stack.kafka, topic)
    await clock.start()
    yield clock
    await clock.stop()


async def test_without_a_shift_it_is_real_time(clock: DomainClock) -> None:
    assert abs(shifted(clock)) < 1.0
    assert clock.now().tzinfo is UTC
    assert abs(clock.real() - time.time()) < 1.0


async def test_who_advances_sees_it_at_once_and_the_others_follow(stack: Stack, topic: str, clock: DomainClock) -> None:
    other = DomainClock(stack.kafka, topic)
    await other.start()
    to = datetime.now(UTC) + YEAR
    await clock.advance(to)
    assert to <= clock.now() < to + timedelta(seconds=10)
    await clock.advance(to + YEAR)
    await asyncio.sleep(2.0)
    assert abs((other.now() - clock.now()).total_seconds()) < 1.0
    await other.stop()


async def test_a_start_reads_the_whole_topic_first(stack: Stack, topic: str) -> None:
    shifts = [json.dumps({"at": time.time(), "offset": n * 1000, "rate": 1}).encode() for n in range(1500)]
    producer = AIOKafkaProducer(**reach(stack.kafka))
    await producer.start()
    for shift in shifts:
        await producer.send(topic, shift, key=b"clock")
    await producer.stop()
    clock = DomainClock(stack.kafka, topic)
    await clock.start()
    assert abs(shifted(clock) - 1_499_000) < 1.0
    await clock.stop()


async def test_domain_time_never_goes_back(clock: DomainClock) -> None:
    with pytest.raises(ValueError, match="is over"):
        await clock.advance(datetime.now(UTC) - YEAR)
    assert abs(shifted(clock)) < 1.0


async def test_a_rate_counts_from_the_moment_it_was_set(stack: Stack, topic: str) -> None:
    await say(stack, topic, json.dumps({"at": time.time() - 10, "offset": 100, "rate": 60}).encode())
    clock = DomainClock(stack.kafka, topic)
    await clock.start()
    first, real = clock.now(), clock.real()
    assert abs(shifted(clock) - (100 + 59 * 10)) < 59 * 5
    await asyncio.sleep(0.2)
    passed, meanwhile = (clock.now() - first).total_seconds(), clock.real() - real
    assert passed == pytest.approx(60 * meanwhile, rel=0.2)
    await clock.stop()


async def test_what_is_no_shift_changes_nothing(stack: Stack, topic: str) -> None:
    good = json.dumps({"at": time.time(), "offset": 5000, "rate": 1}).encode()
    await say(stack, topic, good, b"{not json", b"[]", b'{"at": "x", "offset": 1}', b"{}", b"\xff", None)
    clock = DomainClock(stack.kafka, topic)
    await clock.start()
    assert abs(shifted(clock) - 5000) < 1.0
    await clock.stop()


async def test_servers_without_the_topic_have_real_time(stack: Stack) -> None:
    clock = DomainClock(stack.kafka, f"none.{uuid4().hex}")
    await clock.start()
    assert abs(shifted(clock)) < 1.0
    await clock.stop()
