"""Worlds with faults, of the transfer's own services and of the toy, checked after every step and replayed exactly."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

SEEDS = {"transfer": 300, "toy": 500}
EVENTS, COMPETING = 30, 3
REACHED = {"transfer": ("decrees", "moves", "k1", "offers"), "toy": ()}
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
@pytest.mark.parametrize("play", SEEDS)
def test_no_seed_breaks_an_invariant(play: str) -> None:
    found = ended("--play", play, "--seeds", "0", str(SEEDS[play]))
    assert not found["failed"], "\n".join(found["failed"][:20])
    assert found["seeds"] == SEEDS[play]
    assert found["least_events"] >= EVENTS
    assert found["least_competing"] >= COMPETING
    assert min(found[name] for name in ("deaths", "copies", *REACHED[play])) > 0
    sys.stdout.write(f"{play}: {json.dumps(found)}\n")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("play", SEEDS)
def test_the_same_seed_is_the_same_run(play: str) -> None:
    one, two = (ended("--play", play, "--seed", "11", hash_seed=number) for number in ("1", "2"))
    assert one == two
    assert one["trace"] != ended("--play", play, "--seed", "12")["trace"]
