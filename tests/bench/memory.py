"""Does memory stay flat: resident size by process after each part of many lifecycles."""

from collections.abc import AsyncIterator

from tests.bench import load
from tests.bench.measure import DRIVER, Usage, processes
from tests.bench.rig import Rig

CLIENTS, PARTS, LEAST, GROWTH = 100, 10, 3, 1.10


async def grown(bench: Rig, lifecycles: int) -> AsyncIterator[dict[str, float]]:
    """Megabytes by process after each tenth of the lifecycles, drained."""
    for _ in range(PARTS):
        await load.count(bench.driver, bench.applicants, CLIENTS, lifecycles // PARTS)
        await bench.drain()
        yield Usage.now(processes(bench.system)).rss


def leaks(sizes: list[dict[str, float]]) -> list[str]:
    """Services that still grew by more than a tenth after the first parts, in which caches and allocators fill up."""
    settled, last = sizes[LEAST - 1], sizes[-1]
    kept = [name for name in last if name not in (DRIVER, "kafka", "mongod")]
    return [
        f"{name}: {settled[name]:.0f} -> {last[name]:.0f} MB" for name in kept if last[name] > settled[name] * GROWTH
    ]
