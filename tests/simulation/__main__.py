"""Replay one seed exactly, or run many: `python -m tests.simulation [--play transfer] --seed N`, `--seeds FROM TO`."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

from tests.support.sim.world import Play, World, run_seed

PLAYS = {
    "toy": ("tests.support.sim.toy", "ToyPlay", 30),
    "transfer": ("tests.support.sim.transfer", "TransferPlay", 60),
}
"""Module, class and steps of each. Loaded when asked for: the transfer's services take longer than a toy's seed."""
Run = Callable[[int], World]


def run_of(name: str) -> Run:
    """How to run a seed of that play."""
    module, play, steps = PLAYS[name]
    made: Callable[[World], Play] = getattr(import_module(module), play)
    return lambda seed: run_seed(seed, made, steps=steps)


def one(run: Run, seed: int) -> dict[str, Any]:
    """Figures of one run. Raises `Violation`."""
    world = run(seed)
    return {
        "seed": seed,
        "trace": world.checker.trace.hexdigest(),
        "events": len(world.checker.by_id),
        "copies": world.checker.copies,
        "deaths": sum(replica.deaths for replica in world.replicas),
    }


def many(name: str, seeds: Iterable[int]) -> dict[str, Any]:
    """Figures of many runs; each failing seed with what broke and the command that replays it."""
    run, failed, events, began = run_of(name), [], [], time.process_time()
    for seed in seeds:
        try:
            events.append(one(run, seed)["events"])
        except Exception as error:
            failed.append(f"{error!r} -- replay: python -m tests.simulation --play {name} --seed {seed}")
    return {"failed": failed, "ran": len(events), "events": events, "cpu": round(time.process_time() - began, 1)}


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--play", choices=PLAYS, default="toy", help="whose services: the toy's, or the transfer's")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--seed", type=int, help="run this one; its violation is shown with a traceback")
    which.add_argument("--seeds", type=int, nargs=2, metavar=("FROM", "TO"), help="run all of these but the last")
    asked = parser.parse_args()
    found = many(asked.play, range(*asked.seeds)) if asked.seeds else one(run_of(asked.play), asked.seed)
    sys.stdout.write(json.dumps(found) + "\n")
    return 1 if found.get("failed") else 0


if __name__ == "__main__":
    sys.exit(main())
