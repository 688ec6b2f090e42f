"""Replay one seed exactly, or run many: `python -m tests.simulation --seed N`, `--seeds FROM TO`."""

import argparse
import json
import sys
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from tests.support.sim.transfer import TransferPlay
from tests.support.sim.world import run_seed

CHUNK = 10


def one(seed: int) -> dict[str, Any]:
    """Figures of one run. Raises `Violation`."""
    world = run_seed(seed, TransferPlay)
    return {
        "seed": seed,
        "trace": world.checker.trace.hexdigest(),
        "copies": world.checker.copies,
        "deaths": sum(replica.deaths for replica in world.replicas),
        **world.play.figures(),
    }


def some(seeds: Iterable[int]) -> tuple[list[str], list[dict[str, Any]], float]:
    """What failed with the command that replays it, the figures of the others, and the CPU-seconds of all."""
    began = time.process_time()
    failed, figures = [], []
    for seed in seeds:
        try:
            figures.append(one(seed))
        except Exception as error:
            failed.append(f"{error!r} -- replay: python -m tests.simulation --seed {seed}")
    return failed, figures, time.process_time() - began


def many(seeds: Sequence[int], workers: int) -> dict[str, Any]:
    """Figures of many runs, side by side; of what each run counts the sum and the least."""
    began = time.monotonic()
    chunks = [seeds[at : at + CHUNK] for at in range(0, len(seeds), CHUNK)]
    with ProcessPoolExecutor(workers) as pool:
        parts = list(pool.map(some, chunks))
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
    parser.add_argument("--workers", type=int, default=2, help="processes that run seeds side by side")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--seed", type=int, help="run this one; its violation is shown with a traceback")
    which.add_argument("--seeds", type=int, nargs=2, metavar=("FROM", "TO"), help="run all of these but the last")
    asked = parser.parse_args()
    seeds = range(*asked.seeds) if asked.seeds else ()
    found = many(seeds, asked.workers) if seeds else one(asked.seed)
    sys.stdout.write(json.dumps(found) + "\n")
    return 1 if found.get("failed") else 0


if __name__ == "__main__":
    sys.exit(main())
