"""Worlds with faults, checked after every step and replayed exactly."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

SEEDS, EVENTS, COMPETING = 100, 30, 3
REACHED = ("deaths", "copies", "decrees", "moves", "k1", "offers")
"""What must have happened in some of the worlds, or they prove nothing of it."""


def ended(*arguments: str, hash_seed: str = "random") -> dict[str, Any]:
    """What the simulation found, in a process of its own."""
    command = [sys.executable, "-m", "tests.simulation", *arguments]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    process = subprocess.run(command, stdout=subprocess.PIPE, text=True, env=environment, check=False)
    assert process.stdout, f"the simulation ended with {process.returncode} and said nothing"
    found: dict[str, Any] = json.loads(process.stdout)
    return found


@pytest.mark.timeout(600)
def test_no_seed_breaks_an_invariant() -> None:
    found = ended("--seeds", "0", str(SEEDS))
    assert not found["failed"], "\n".join(found["failed"][:20])
    assert found["seeds"] == SEEDS
    assert found["least_events"] >= EVENTS
    assert found["least_competing"] >= COMPETING
    assert min(found[name] for name in REACHED) > 0
    sys.stdout.write(f"{json.dumps(found)}\n")


def test_the_same_seed_is_the_same_run() -> None:
    one, two = (ended("--seed", "11", hash_seed=number) for number in ("1", "2"))
    assert one == two
    assert one["trace"] != ended("--seed", "12")["trace"]
