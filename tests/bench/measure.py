"""What a run cost: processor time and memory by process from /proc, counters of the services, bytes of the servers."""

import asyncio
import os
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
from motor.motor_asyncio import AsyncIOMotorClient
from prometheus_client.parser import text_string_to_metric_families

from deploy.local.stack import Stack
from tests.support.system import System

TICKS, PAGE = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
DRIVER, SERVERS, ORDER = "driver", ("kafka", "mongod"), ("command", "collection")
Key = tuple[str, str, tuple[str, ...]]
Counts = Counter[Key]
"""Counter values by service, name, and the labels named in `ORDER`."""


def processes(system: System) -> dict[str, list[int]]:
    """Process ids by part; servers that somebody else runs are left out."""
    found: dict[str, list[int]] = defaultdict(list)
    found[DRIVER] = [os.getpid()]
    for replica in system.running:
        found[replica.service].append(replica.server.pid)
    return dict(found) | servers(system.stack)


def servers(stack: Stack) -> dict[str, list[int]]:
    """Process ids of broker and database."""
    known = zip(SERVERS, (stack.broker, stack.mongod), strict=True)
    return {name: [server.pid] for name, server in known if server is not None}


def cpu_seconds(pids: Iterable[int]) -> float:
    """User and system time of these processes so far."""
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def rss_mb(pids: Iterable[int]) -> float:
    """Resident memory of these processes."""
    return sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE for pid in pids) / 1e6


def load_average() -> float:
    """Of the last minute: who reads wall rates must know how busy the machine was."""
    return os.getloadavg()[0]


def percentile(values: Sequence[float], percent: int) -> float:
    """By linear interpolation; 0 of nothing."""
    if len(values) < 2:
        return values[0] if values else 0.0
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


async def scrape(system: System) -> Counts:
    """All counters of all replicas, replicas of one service added up."""
    found: Counts = Counter()
    async with httpx.AsyncClient(timeout=10) as http:
        for replica in system.running:
            text = (await http.get(f"{replica.url}/metrics")).text
            for family in text_string_to_metric_families(text):
                for sample in family.samples:
                    if family.type == "counter" and sample.name.endswith("_total"):
                        labels = tuple(sample.labels[name] for name in ORDER if name in sample.labels)
                        found[replica.service, sample.name.removesuffix("_total"), labels] += int(sample.value)
                    elif sample.name in ("mutasi_batch_messages_count", "mutasi_batch_messages_sum"):
                        found[replica.service, sample.name, ()] += int(sample.value)
    return found


@dataclass(frozen=True, slots=True)
class Stored:
    """Bytes as the servers keep them: uncompressed data and compressed files of MongoDB."""

    data: int
    files: int

    def __sub__(self, other: "Stored") -> "Stored":
        return Stored(self.data - other.data, self.files - other.files)


async def stored(uri: str) -> Stored:
    """Over all databases of ours."""
    client: AsyncIOMotorClient[dict[str, object]] = AsyncIOMotorClient(uri)
    try:
        names = [name for name in await client.list_database_names() if name.startswith("mutasi_")]
        stats = await asyncio.gather(*(client[name].command("dbStats") for name in names))
        return Stored(
            sum(int(one["dataSize"]) for one in stats),
            sum(int(one["storageSize"] + one["indexSize"]) for one in stats),
        )
    finally:
        client.close()


@dataclass
class Usage:
    """Processor seconds and memory by part, at one moment."""

    cpu: dict[str, float]
    rss: dict[str, float]

    @classmethod
    def now(cls, pids: dict[str, list[int]]) -> "Usage":
        """Of these processes."""
        return cls(
            {name: cpu_seconds(some) for name, some in pids.items()},
            {name: rss_mb(some) for name, some in pids.items()},
        )

    def since(self, before: "Usage") -> dict[str, float]:
        """Processor seconds since then."""
        return {name: self.cpu[name] - before.cpu[name] for name in self.cpu}
