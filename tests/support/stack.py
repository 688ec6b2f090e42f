"""The real servers of one test run: own ports and data, given, in containers or native."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.machine import engine_answers
from deploy.local.stack import Stack


@contextmanager
def running_stack(data_dir: Path) -> Iterator[Stack]:
    """Kafka and MongoDB for the time of the block."""
    containers = os.environ.get("MUTASI_STACK") != "native" and engine_answers()
    stack = Stack.start(data_dir, containers=containers)
    try:
        yield stack
    finally:
        stack.stop()
