"""Two thousand worlds with faults, each checked after every step; the same seed is the same run."""

import json
import os
import subprocess
import sys
import time
from typing import Any

import pytest

SEEDS, EVENTS = 2000, 30


def start(*arguments: str, hash_seed: str = "random") -> "subprocess.Popen[str]":
    """The simulation in a process of its own."""
    command = [sys.executable, "-m", "tests.simulation", *arguments]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


def ended(process: "subprocess.Popen[str]") -> dict[str, Any]:
    """What it found."""
    said, _ = process.communicate()
    assert said, f"the simulation ended with {process.returncode} and said nothing"
    found: dict[str, Any] = json.loads(said)
    return found


@pytest.mark.timeout(600)
def test_no_seed_breaks_an_invariant() -> None:
    began = time.monotonic()
    half = SEEDS // 2
    parts = [ended(one) for one in (start("--seeds", "0", str(half)), start("--seeds", str(half), str(SEEDS)))]
    failed = [line for part in parts for line in part["failed"]]
    assert not failed, "\n".join(failed[:20])
    assert sum(part["ran"] for part in parts) == SEEDS
    events = [count for part in parts for count in part["events"]]
    assert min(events) >= EVENTS
    cpu = sum(part["cpu"] for part in parts)
    sys.stdout.write(f"{SEEDS} seeds, {sum(events)} events, {cpu:.0f} CPU-s, {time.monotonic() - began:.0f} s\n")


def test_the_same_seed_is_the_same_run() -> None:
    first, second = (start("--seed", "11", hash_seed=number) for number in ("1", "2"))
    other = start("--seed", "12")
    one, two, three = ended(first), ended(second), ended(other)
    assert one == two
    assert one["trace"] != three["trace"]
    assert one["deaths"] + two["deaths"] + three["deaths"] > 0
