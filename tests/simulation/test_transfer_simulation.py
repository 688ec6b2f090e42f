"""The transfer's own services in worlds with faults; the same checks as the toy's, and those of the real domain."""

import sys
import time

import pytest

from tests.simulation.test_simulation import ended, start

SEEDS, EVENTS = 140, 30


@pytest.mark.timeout(600)
def test_no_seed_of_the_transfer_breaks_an_invariant() -> None:
    began, half = time.monotonic(), SEEDS // 2
    play = ("--play", "transfer", "--seeds")
    running = [start(*play, str(first), str(first + half)) for first in (0, half)]
    parts = [ended(one) for one in running]
    failed = [line for part in parts for line in part["failed"]]
    assert not failed, "\n".join(failed[:20])
    events = [count for part in parts for count in part["events"]]
    assert len(events) == SEEDS
    assert min(events) >= EVENTS
    cpu = sum(part["cpu"] for part in parts)
    sys.stdout.write(f"{SEEDS} seeds, {sum(events)} events, {cpu:.0f} CPU-s, {time.monotonic() - began:.0f} s\n")


@pytest.mark.timeout(300)
def test_the_same_seed_of_the_transfer_is_the_same_run() -> None:
    first, second = (start("--play", "transfer", "--seed", "7", hash_seed=number) for number in ("1", "2"))
    one, two = ended(first), ended(second)
    assert one == two
    assert one["deaths"] > 0
