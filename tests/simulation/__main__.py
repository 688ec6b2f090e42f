"""Replay one seed exactly, or run many: `python -m tests.simulation --seed N`, `--seeds FROM TO`."""

import argparse
import json
import sys
import time
from collections.abc import Iterable
from typing import Any

from tests.support.sim.toy import ToyPlay
from tests.support.sim.world import run_seed


def one(seed: int) -> dict[str, Any]:
    """Figures of one run. Raises `Violation`."""
    world = run_seed(seed, ToyPlay)
    return {
        "seed": seed,
        "trace": world.checker.trace.hexdigest(),
        "events": len(world.checker.by_id),
        "copies": world.checker.copies,
        "deaths": sum(replica.deaths for replica in world.replicas),
    }


def many(seeds: Iterable[int]) -> dict[str, Any]:
    """Figures of many runs; each failing seed with what broke and the command that replays it."""
    failed, events, began = [], [], time.process_time()
    for seed in seeds:
        try:
            events.append(one(seed)["events"])
        except Exception as error:
            failed.append(f"{error!r} -- replay: python -m tests.simulation --seed {seed}")
    return {"failed": failed, "ran": len(events), "events": events, "cpu": round(time.process_time() - began, 1)}


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--seed", type=int, help="run this one; its violation is shown with a traceback")
    which.add_argument("--seeds", type=int, nargs=2, metavar=("FROM", "TO"), help="run all of these but the last")
    asked = parser.parse_args()
    found = one(asked.seed) if asked.seed is not None else many(range(*asked.seeds))
    sys.stdout.write(json.dumps(found) + "\n")
    return 1 if found.get("failed") else 0


if __name__ == "__main__":
    sys.exit(main())
