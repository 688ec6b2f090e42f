"""Replay one seed exactly, or run many: `python -m tests.simulation [--play toy] --seed N`, `--seeds FROM TO`."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from importlib import import_module
from typing import Any

from tests.support.sim.play import Play
from tests.support.sim.world import World, run_seed

PLAYS = {
    "toy": ("tests.support.sim.toy", "ToyPlay", 30),
    "transfer": ("tests.support.sim.transfer", "TransferPlay", 60),
}
"""Module, class and steps of each. Loaded when asked for: the transfer's services take longer than a toy's seed."""
CHUNK = 10
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
        "copies": world.checker.copies,
        "deaths": sum(replica.deaths for replica in world.replicas),
        **world.play.figures(),
    }


def some(name: str, seeds: Iterable[int]) -> tuple[list[str], list[dict[str, Any]], float]:
    """What failed with the command that replays it, the figures of the others, and the CPU-seconds of all."""
    run, began = run_of(name), time.process_time()
    failed, figures = [], []
    for seed in seeds:
        try:
            figures.append(one(run, seed))
        except Exception as error:
            failed.append(f"{error!r} -- replay: python -m tests.simulation --play {name} --seed {seed}")
    return failed, figures, time.process_time() - began


def many(name: str, seeds: Sequence[int], workers: int) -> dict[str, Any]:
    """Figures of many runs, side by side; of what each run counts the sum and the least."""
    run_of(name)  # loaded once, for all workers
    began = time.monotonic()
    chunks = [seeds[at : at + CHUNK] for at in range(0, len(seeds), CHUNK)]
    with ProcessPoolExecutor(workers) as pool:
        parts = list(pool.map(partial(some, name), chunks))
    figures = [one for part in parts for one in part[1]]
    counted = [key for key in (figures[0] if figures else {}) if key not in ("seed", "trace")]
    return {
        "failed": [line for part in parts for line in part[0]],
        "seeds": len(figures),
        "seconds": round(time.monotonic() - began, 1),
        "cpu_ms_a_seed": round(sum(part[2] for part in parts) * 1000 / len(seeds)),
        **{key: sum(one[key] for one in figures) for key in counted},
        **{f"least_{key}": min(one[key] for one in figures) for key in counted},
    }


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument(
        "--play", choices=PLAYS, default="transfer", help="whose services: the transfer's, or the toy's"
    )
    parser.add_argument("--workers", type=int, default=2, help="processes that run seeds side by side")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--seed", type=int, help="run this one; its violation is shown with a traceback")
    which.add_argument("--seeds", type=int, nargs=2, metavar=("FROM", "TO"), help="run all of these but the last")
    asked = parser.parse_args()
    seeds = range(*asked.seeds) if asked.seeds else ()
    found = many(asked.play, seeds, asked.workers) if seeds else one(run_of(asked.play), asked.seed)
    sys.stdout.write(json.dumps(found) + "\n")
    return 1 if found.get("failed") else 0


if __name__ == "__main__":
    sys.exit(main())
