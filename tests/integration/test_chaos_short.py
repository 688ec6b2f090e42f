"""Ten kills of `make chaos`: each service, the broker and the database at least once, with cases in flight."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.storm import BROKER, DATABASE, loaded, own_system, table, verdict
from tests.chaos.tampered import missed
from tests.support.system import System

TURNS = [
    "proposal-0", "approval-1", BROKER, "notification-0", "evaluation-0",
    DATABASE, "registry-0", "proposal-1", BROKER, "approval-0",
]  # fmt: skip


@pytest.fixture
def twins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[System]:
    """Two replicas of those whose cases meet, on servers of this test alone; `make chaos` has two of everything."""
    with own_system(tmp_path, monkeypatch.delenv, doubled=("proposal", "approval")) as system:
        yield system


@pytest.mark.e2e
@pytest.mark.timeout(600)
async def test_ten_kills_lose_nothing_and_double_nothing(twins: System) -> None:
    async with loaded(twins, people=600, clients=12, trickle=1.0) as storm:
        began = time.monotonic()
        await storm.blow(TURNS, transfers=100)
        faults, evidence = await verdict(storm)
        print(f"\n{table(storm, evidence, time.monotonic() - began)}")  # noqa: T201 - the result of the run
    assert not faults, f"{len(faults)} faults:\n" + "\n".join(faults[:50])
    assert len(storm.kills) == len(TURNS)
    assert len(storm.done) >= 100
    assert missed(evidence, storm.expected) == []
