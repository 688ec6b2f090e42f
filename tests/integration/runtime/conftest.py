"""Fixtures of the runtime's tests on real servers."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from deploy.local.machine import native_possible
from deploy.local.stack import Stack
from deploy.local.topics import Topic, create_missing
from shared.runtime.kafka import KafkaBus

MakeTopic = Callable[..., Awaitable[str]]


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


async def make_topic(servers: str, partitions: int = 3, name: str = "", cleanup: str = "delete") -> str:
    """A new topic; its name."""
    topic = Topic(
        name=name or f"t.{uuid4().hex}",
        partitions=partitions,
        replication=1,
        retention_ms=-1,
        cleanup=cleanup,
    )
    await create_missing(servers, [topic])
    return topic.name


@pytest.fixture
async def bus(stack: Stack) -> AsyncIterator[KafkaBus]:
    """A started bus."""
    bus = KafkaBus(stack.kafka)
    await bus.start()
    yield bus
    await bus.stop()
