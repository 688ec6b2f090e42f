"""Transfers under load while services, broker and database are killed with `kill -9` in turn, and started at once."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from deploy.local.machine import native_possible
from deploy.local.process import Server
from deploy.local.stack import Stack
from shared.runtime.mongo import connect
from tests.support.checker import Expected, check
from tests.support.evidence import Evidence, collect, described
from tests.support.lifecycle import ENV, Driver, Refusal, Timings, Unfinished, lags, seed
from tests.support.messages import doubles
from tests.support.system import SERVICES, System, running_system

SEED, QUIET_SECONDS, PATIENCE, LOOK_EVERY = 20261122, 180.0, 300.0, 0.2
BROKER, DATABASE = "kafka", "mongod"


@dataclass(frozen=True, slots=True)
class Kill:
    """One kill: accepted cases without their decree's message, events not yet published, seconds until ready again."""

    victim: str
    cases: int
    outbox: int
    seconds: float


@dataclass
class Storm:
    """A load of whole transfers, and the kills that happen to it. One begins every `trickle` seconds at any time, also
    while something is down."""

    system: System
    driver: Driver
    clients: int
    trickle: float
    kills: list[Kill] = field(default_factory=list)
    idle: int = 0
    restarted: int = 0
    done: list[Timings] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    _over: bool = False
    _permits: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))

    async def blow(self, victims: Sequence[str], transfers: int) -> None:
        """Until all kills counted and so many transfers went through."""
        turns = iter(range(self.driver.population.people))
        async with asyncio.TaskGroup() as group:
            helpers = [group.create_task(self._keep()), group.create_task(self._trickle())]
            clients = [group.create_task(self._client(turns)) for _ in range(self.clients)]
            await self._strike(victims)
            while len(self.done) < transfers and not self.failed:
                self._burst()
                await asyncio.sleep(LOOK_EVERY)
            self._over = True
            self._burst()
            await asyncio.gather(*clients)
            for helper in helpers:
                helper.cancel()

    def _burst(self) -> None:
        """Let every client that waits begin another transfer."""
        if self._permits.locked():
            for _ in range(self.clients):
                self._permits.release()

    async def _trickle(self) -> None:
        while True:
            if self._permits.locked():
                self._permits.release()
            await asyncio.sleep(self.trickle)

    async def _keep(self) -> None:
        """What ended by itself is started again, as the supervisor of `make run` does."""
        while True:
            for replica in self.system.running:
                if not replica.server.alive():
                    replica.server.start()
                    self.restarted += 1
            await asyncio.sleep(LOOK_EVERY)

    async def _client(self, turns: Iterator[int]) -> None:
        while not self._over:
            await self._permits.acquire()
            i = next(turns)  # people enough are the test's business
            try:
                self.done.append(await self.driver.lifecycle(i))
            except (Refusal, Unfinished) as error:
                self.failed.append(f"transfer {i}: {error!r}")

    async def _strike(self, victims: Sequence[str]) -> None:
        chance = random.Random(SEED)
        for victim in victims:
            cases = 0
            while not cases:
                self._burst()
                await until(lambda: self.driver.in_flight >= self.clients // 2, every=0.01)
                await asyncio.sleep(chance.uniform(0.0, 0.3))
                kill = await self._kill(victim)
                cases = kill.cases
                self.idle += not cases
            self.kills.append(kill)
            print(f"  {len(self.kills):3} {kill}", flush=True)  # noqa: T201 - it takes minutes

    async def _kill(self, victim: str) -> Kill:
        server, cases, outbox = self._server(victim), self.driver.in_flight, await self._outbox()
        began, server.patience = time.monotonic(), PATIENCE
        server.kill9()
        server.start()  # here, since the thread that starts it must stay
        await asyncio.to_thread(server.wait_ready)
        return Kill(victim, cases, outbox, time.monotonic() - began)

    def _server(self, victim: str) -> Server:
        if victim == BROKER:
            return given(self.system.stack.broker)
        if victim == DATABASE:
            return given(self.system.stack.mongod)
        service, _, number = victim.rpartition("-")
        return self.system.of(service, int(number)).server

    async def _outbox(self) -> int:
        """Events written and not yet known to be published, in all services."""
        client = connect(self.system.stack.mongo)
        try:
            found = 0
            for name in SERVICES:
                for decider in described(name).deciders:
                    many = client[f"mutasi_{name}"][decider.name].find({"out.0": {"$exists": True}}, {"out.id": 1})
                    found += sum([len(doc["out"]) async for doc in many])
            return found
        finally:
            client.close()

    async def quiet(self) -> None:
        """Wait until nobody has anything left to read or to publish; what stays is for the checker to name."""
        deadline, busy = time.monotonic() + QUIET_SECONDS, True
        while busy and time.monotonic() < deadline:
            busy = bool(await lags(self.system.stack.kafka) or await self._outbox())
            await asyncio.sleep(LOOK_EVERY)

    @property
    def expected(self) -> Expected:
        """What the checker has to find."""
        return Expected(self.driver.commands, [times.case for times in self.done])


async def until(true: Callable[[], bool], every: float = LOOK_EVERY) -> None:
    """Look again and again."""
    seen = true()
    while not seen:
        await asyncio.sleep(every)
        seen = true()


def given(server: Server | None) -> Server:
    """A server of our own. Raises RuntimeError for one that somebody else runs."""
    if server is None:
        raise RuntimeError("servers that are given cannot be killed")
    return server


@contextmanager
def own_system(folder: Path, unset: Callable[..., None], doubled: Sequence[str] = SERVICES) -> Iterator[System]:
    """Two replicas of these and one of the others, on servers of this test alone, since they are killed."""
    if not native_possible():
        pytest.skip("the native servers are built for Linux x86-64")
    for name in ("MUTASI_KAFKA", "MUTASI_MONGO"):
        unset(name, raising=False)
    stack = Stack.start(folder)
    try:
        with running_system(stack, folder, doubled=tuple(doubled), env=ENV) as system:
            yield system
    finally:
        stack.stop()


@asynccontextmanager
async def loaded(system: System, people: int, clients: int, trickle: float = 0.2) -> AsyncIterator[Storm]:
    """A storm over so many applicants."""
    driver = Driver(system, await seed(system, people, crowd=25), patience=PATIENCE)
    await driver.start()
    try:
        yield Storm(system, driver, clients, trickle)
    finally:
        await driver.stop()


async def verdict(storm: Storm) -> tuple[list[str], Evidence]:
    """What went wrong: transfers that did not come through, and what the checker found once all was quiet."""
    await storm.quiet()
    evidence = await collect(storm.system.stack.kafka, storm.system.stack.mongo)
    return [*storm.failed, *check(evidence, storm.expected)], evidence


def table(storm: Storm, evidence: Evidence, seconds: float) -> str:
    """Kills by victim with what was in flight and how long each took to be back."""
    lines = [f"{'victim':16}{'kills':>6}{'cases in flight':>24}{'events unpublished':>26}{'ready again, s':>22}"]
    for victim in dict.fromkeys(kill.victim for kill in storm.kills):
        own = [kill for kill in storm.kills if kill.victim == victim]
        cases, outbox = _span([k.cases for k in own]), _span([k.outbox for k in own])
        lines.append(f"{victim:16}{len(own):>6}{cases:>24}{outbox:>26}{_span([k.seconds for k in own]):>22}")
    spans = sorted(times.ended - times.began for times in storm.done) or [0.0]
    lines += [
        f"{len(storm.kills)} kills in {seconds:.0f} s, {storm.idle} more met nothing in flight; "
        f"{storm.restarted} processes ended by themselves and were started again",
        f"{len(storm.done)} transfers, p50 {spans[len(spans) // 2]:.1f} s, longest {spans[-1]:.1f} s; "
        f"{len(storm.driver.commands)} commands accepted, {sum(t.repeats for t in storm.done)} requests repeated; "
        f"{doubles(evidence)} messages recorded twice",
    ]
    return "\n".join(lines)


def _span(values: Sequence[float]) -> str:
    middle = sorted(values)[len(values) // 2]
    return f"{min(values):.4g} / {middle:.4g} / {max(values):.4g}"
