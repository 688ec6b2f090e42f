"""The simulation's store behaves as MongoDB does: it passes the same suite."""

import pytest

from tests.support.sim.store import MemoryStore
from tests.support.store_suite import SERVICE, Rig, StoreSuite


class TestMemoryStore(StoreSuite):
    """The suite on a clock of its own."""

    @pytest.fixture
    def rig(self) -> Rig:
        """Two connections to one memory are the same object."""
        time = [1_800_000_000.0]

        async def sleep(seconds: float) -> None:
            time[0] += seconds

        store = MemoryStore(SERVICE, lambda: time[0])
        return Rig(store, store, lambda: time[0], sleep)
