"""An intake and its executor over a store in memory, with nobody who publishes or does effects."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from shared.runtime.clock import SystemClock
from shared.runtime.executor import Executor
from shared.runtime.intake import Intake
from shared.runtime.ports import Entry, Raw
from shared.runtime.service import Service
from tests.support.sim.store import MemoryStore


class Nobody:
    """Publishes nothing, does nothing."""

    def offer(self, kind: str, aggregate: str, what: list[Entry] | dict[str, Raw]) -> None:
        """Forget it."""


@asynccontextmanager
async def intake_of(service: Service, store: MemoryStore) -> AsyncIterator[Intake]:
    """What takes records, for the time of the block."""
    clock, nobody = SystemClock(), Nobody()
    executor = Executor(service, store, clock, nobody, nobody)
    running = asyncio.get_running_loop().create_task(executor.run())
    yield Intake(service, store, clock, executor)
    running.cancel()
