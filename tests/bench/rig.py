"""A seeded system to measure, and one phase of it: warm-up, run, drain, what it cost."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.stack import Stack
from tests.bench.load import Load, Result, count
from tests.bench.measure import DRIVER, Counts, Stored, Usage, load_average, processes, scrape, stored
from tests.support.checker import Expected, check
from tests.support.evidence import collect
from tests.support.lifecycle import ENV, Driver, lags, seed
from tests.support.system import System, running_system

WARM_UP, PATIENCE, DRAIN_SECONDS, CONFIRMED = 100, 900.0, 300.0, 1.0  # the journal follows the topic within a moment


@dataclass
class Phase:
    """What one phase showed. `cpu` are seconds by part, up to the moment when nothing was under way any more."""

    name: str
    result: Result
    cpu: dict[str, float]
    rss_before: dict[str, float]
    rss_after: dict[str, float]
    counts: Counts
    stored: Stored
    log_bytes: int
    wall: float
    load: float
    replicas: int

    @property
    def lifecycles(self) -> int:
        """How many were completed."""
        return len(self.result.done)

    def net_per_1000(self, idle: dict[str, float]) -> float:
        """Without the driver, and without what the system takes when nobody asks anything (seconds per second)."""
        always = sum(value for name, value in idle.items() if name != DRIVER) * self.wall
        return self.cpu_per_1000(DRIVER) - always * 1000 / self.lifecycles

    def cpu_per_1000(self, *leave_out: str) -> float:
        """Processor seconds for 1,000 lifecycles, all parts but these."""
        return sum(value for name, value in self.cpu.items() if name not in leave_out) * 1000 / self.lifecycles

    def each(self, name: str, service: str = "") -> float:
        """A counter per lifecycle, over all labels, of one service or all."""
        found = (value for (at, known, _), value in self.counts.items() if known == name and service in ("", at))
        return sum(found) / self.lifecycles

    def documents(self, command: str, service: str) -> float:
        """Documents of one command per lifecycle, in all collections of a service."""
        wanted = service, "mutasi_mongo_documents", command
        found = (value for (at, name, labels), value in self.counts.items() if (at, name, *labels[:1]) == wanted)
        return sum(found) / self.lifecycles


@dataclass
class Rig:
    """A running system with applicants enough, and who drives it."""

    system: System
    driver: Driver
    applicants: Iterator[int]
    log_folder: Path | None
    phases: list[Phase] = field(default_factory=list)

    async def phase(self, name: str, load: Load, warm_up: int = WARM_UP) -> Phase:
        """Warm up, measure until everything is drained."""
        await count(self.driver, self.applicants, 20, warm_up)
        await self.drain()
        pids, began = processes(self.system), time.monotonic()
        before, counts, kept = Usage.now(pids), await scrape(self.system), await stored(self.system.stack.mongo)
        logged = self._log_bytes()
        result = await load(self.driver, self.applicants)
        busy = load_average()
        await self.drain()
        after = Usage.now(pids)
        phase = Phase(
            name=name,
            result=result,
            cpu=after.since(before),
            rss_before=before.rss,
            rss_after=after.rss,
            counts=await scrape(self.system) - counts,
            stored=await stored(self.system.stack.mongo) - kept,
            log_bytes=self._log_bytes() - logged,
            wall=time.monotonic() - began,
            load=busy,
            replicas=self.system.replicas,
        )
        self.phases.append(phase)
        return phase

    async def idle(self, seconds: float) -> dict[str, float]:
        """Processor seconds per second by part while nothing happens."""
        await self.drain()
        pids = processes(self.system)
        before, began = Usage.now(pids), time.monotonic()
        await asyncio.sleep(seconds)
        spent = Usage.now(pids).since(before)
        return {name: value / (time.monotonic() - began) for name, value in spent.items()}

    async def faults(self) -> list[str]:
        """What the checker finds wrong with everything that was done so far; a run with faults is void."""
        cases = [one.case for phase in self.phases for one in phase.result.done]
        evidence = await collect(self.system.stack.kafka, self.system.stack.mongo)
        return check(evidence, Expected(self.driver.commands, cases))

    async def drain(self) -> None:
        """Until every group has committed all there is. Raises TimeoutError."""
        async with asyncio.timeout(DRAIN_SECONDS):
            while await lags(self.system.stack.kafka):  # noqa: ASYNC110 - the broker tells nobody
                await asyncio.sleep(0.2)
        await asyncio.sleep(CONFIRMED)

    def _log_bytes(self) -> int:
        if self.log_folder is None:
            return 0
        segments = self.log_folder.glob("mutasi.*/*.log")
        return sum(segment.stat().st_size for segment in segments)


@contextmanager
def measured(stack: Stack, folder: Path, *, replicas: int = 1, batch_max: int = 0) -> Iterator[System]:
    """A system to measure. `batch_max` limits its batches; 0 leaves them as they are."""
    folder.mkdir(parents=True, exist_ok=True)
    limit = {"MUTASI_BATCH_MAX": str(batch_max)} if batch_max else {}
    env = {**ENV, **limit, "MUTASI_LOG_LEVEL": "warning"}
    with running_system(stack, folder, replicas=replicas, env=env, warm=False) as system:
        yield system


@contextmanager
def only(stack: Stack, folder: Path, *services: str) -> Iterator[System]:
    """A system of these services."""
    folder.mkdir(parents=True, exist_ok=True)
    system = System(stack, folder, env={**ENV, "MUTASI_LOG_LEVEL": "warning"}, warm=False)
    try:
        system.start(services)
        yield system
    finally:
        system.stop()


@asynccontextmanager
async def rig(system: System, people: int) -> AsyncIterator[Rig]:
    """The system with so many applicants, and who drives it."""
    driver = Driver(system, await seed(system, people), run=f"bench-{os.getpid()}", patience=PATIENCE)
    await driver.start()
    try:
        yield Rig(system, driver, iter(range(people)), _log_folder(system.stack))
    finally:
        await driver.stop()


def _log_folder(stack: Stack) -> Path | None:
    """Where the native broker keeps its segments."""
    return None if stack.broker is None else stack.broker.log.parent / "kafka" / "log"
