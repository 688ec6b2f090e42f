"""The solver's own process: one question as JSON on standard input, its answer on standard output.

It limits its memory, ends with the process that asked (also when that one is killed, and while it still loads the
solvers, which takes longest), and touches no server.
"""

import json
import os
import resource
import sys
import threading
import time
from importlib import import_module


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.2)
    os._exit(1)


def main() -> None:
    """`python -m services.evaluation.plan.process MEGABYTES PARENT`."""
    megabytes, parent = int(sys.argv[1]), int(sys.argv[2])
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    worker = import_module("services.evaluation.plan.worker")
    json.dump(worker.answer(json.load(sys.stdin)), sys.stdout)


if __name__ == "__main__":
    main()
