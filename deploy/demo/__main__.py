"""`python -m deploy.demo generate|load|play`: invent the demo region, load it, play a transfer through it."""

import argparse
import importlib
import os
import sys
import tempfile
from pathlib import Path

from deploy.demo import files
from deploy.demo.load import LoadFailed, load
from deploy.demo.world import world


def main(arguments: list[str]) -> int:
    """The exit code: 0 done, 1 refused."""
    if arguments[:1] == ["play"]:
        return int(importlib.import_module("deploy.demo.play").main(arguments[1:]) or 0)
    asked = _parser().parse_args(arguments)
    if asked.verb == "generate":
        files.write(world(asked.people, asked.seed), asked.out)
        print(f"  {asked.people} people in {asked.out}")
        return 0
    try:
        _load(asked)
    except LoadFailed as failed:
        print(f"✗ {failed}", file=sys.stderr)
        return 1
    return 0


def _load(asked: argparse.Namespace) -> None:
    if asked.dir:
        load(asked.dir)
        return
    with tempfile.TemporaryDirectory() as folder:
        files.write(world(asked.people, asked.seed), Path(folder))
        load(Path(folder))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deploy.demo", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    generate = verbs.add_parser("generate", help="write the import files")
    loads = verbs.add_parser("load", help="load them into the running registry")
    verbs.add_parser("play", help="play one transfer")
    for verb in (generate, loads):
        verb.add_argument("--people", type=int, default=int(os.environ.get("MUTASI_DEMO_PEOPLE", "1000")))
        verb.add_argument("--seed", type=int, default=7)
    generate.add_argument("--out", type=Path, required=True)
    loads.add_argument("--dir", type=Path, help="files generated before; without it they are generated now")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
