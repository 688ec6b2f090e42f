"""How long the oldest parked message has been waiting is a metric, also after a restart."""

import asyncio
import time

from prometheus_client import REGISTRY

from shared.host.app import tell_age
from shared.runtime.clock import SystemClock
from shared.runtime.service import Routes, Service
from tests.support.sim.store import MemoryStore

SERVICE = Service("toy", "toy", (), (), Routes())


async def age(store: MemoryStore) -> float:
    """What the metric says after a few looks."""
    telling = asyncio.get_running_loop().create_task(tell_age(store, SystemClock(), every=0.001))
    await asyncio.sleep(0.05)
    telling.cancel()
    return REGISTRY.get_sample_value("mutasi_parked_oldest_seconds") or 0.0


async def test_the_oldest_counts_until_somebody_resolves_it() -> None:
    store, now = MemoryStore(SERVICE, time.time), time.time()
    assert await age(store) == 0
    for id, old in (("young", 60.0), ("old", 7200.0)):
        await store.park([{"_id": id, "kind": "", "reason": "bad", "at": now - old, "status": "parked"}])
    assert 7200 <= await age(store) < 7300
    await store.settle_parked("old", "skipped", {"by": "p", "reason": "not needed"})
    assert 60 <= await age(store) < 160
