"""How long the answer to a command is waited for is said with it: a person hears soon, a file may wait."""

import asyncio
import time
from collections.abc import Sequence

import pytest

from shared.kernel.decider import Command, Decider, Event, Facts, Frozen, Message
from shared.runtime.clock import SystemClock
from shared.runtime.engine import Engine, Ports
from shared.runtime.item import CommandRequest
from shared.runtime.ports import Entry, Write
from shared.runtime.service import Routes, Service
from tests.support.sim.store import MemoryStore


class Count(Command):
    """One more."""


class Counted(Event):
    TYPE = "toy.counted.v1"
    case: str


class Counter(Frozen):
    many: int = 0


def decide(_state: Counter, _message: Message, _facts: Facts) -> list[Event]:
    """Always."""
    return [Counted(case="c")]


COUNTERS = Decider(
    "counters",
    Counter,
    lambda _id: Counter(),
    decide,
    lambda state, _event: Counter(many=state.many + 1),
    answer=lambda state: state.model_dump(),
)
SERVICE = Service("toy", "toy", (), (COUNTERS,), Routes())


class Late(MemoryStore):
    """Writes when it is let."""

    let = asyncio.Event()

    async def write(self, kind: str, writes: Sequence[Write]) -> list[str]:
        await self.let.wait()
        return await super().write(kind, writes)


class Nowhere:
    """A bus that nobody listens to."""

    async def send(self, _entry: Entry) -> "asyncio.Future[None]":
        """Taken at once."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        done.set_result(None)
        return done

    async def renew(self) -> None:
        """Nothing to renew."""


def asked(id: str, patience: float) -> CommandRequest:
    """A request of somebody who waits so long."""
    return CommandRequest(
        decider=COUNTERS, aggregate=id, command=Count(), login="siti", rule=lambda _asked: True, key="", fingerprint="",
        correlation="x", trace="", expect=None, created=False, patience=patience,
    )  # fmt: skip


async def test_who_has_patience_gets_the_late_answer() -> None:
    store = Late(SERVICE, time.time)
    engine = Engine(SERVICE, Ports(store, Nowhere(), SystemClock()))
    running = asyncio.get_running_loop().create_task(engine.executor.run())
    patient = asyncio.ensure_future(engine.command(asked("a", 60)))
    with pytest.raises(TimeoutError):
        await engine.command(asked("b", 0.05))
    assert not patient.done()
    store.let.set()
    assert (await patient)[1]["many"] == 1
    running.cancel()
