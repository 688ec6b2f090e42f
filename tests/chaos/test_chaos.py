"""`make chaos`: a thousand transfers, sixty-three kills, each with cases in flight; the checker has the last word."""

import itertools
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.storm import BROKER, DATABASE, loaded, own_system, table, verdict
from tests.support.system import SERVICES, System

TRANSFERS, CLIENTS, KILLS, PEOPLE = 1_000, 50, 63, 12_000
VICTIMS = [f"{service}-{number}" for number in (0, 1) for service in SERVICES]
TURNS = list(itertools.islice(itertools.cycle([*VICTIMS[:5], BROKER, *VICTIMS[5:], DATABASE]), KILLS))


@pytest.fixture
def twins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[System]:
    """Two replicas of everything, on servers of this test alone."""
    with own_system(tmp_path, monkeypatch.delenv) as system:
        yield system


@pytest.mark.chaos
@pytest.mark.timeout(3600)
async def test_nothing_is_lost_or_doubled_while_everything_is_killed(twins: System) -> None:
    async with loaded(twins, PEOPLE, CLIENTS) as storm:
        began = time.monotonic()
        await storm.blow(TURNS, TRANSFERS)
        faults, evidence = await verdict(storm)
        print(f"\n{table(storm, evidence, time.monotonic() - began)}")  # noqa: T201 - the result of the run
    assert not faults, f"{len(faults)} faults:\n" + "\n".join(faults[:50])
    assert len(storm.kills) == KILLS
    assert len(storm.done) >= TRANSFERS
