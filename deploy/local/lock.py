"""Only one system runs per clone: whoever holds the lock is it, and the file names its process."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from deploy.local.layout import Layout
from deploy.local.problems import Code, Problem


@contextmanager
def held(layout: Layout) -> Iterator[None]:
    """Holds the lock for the time of the block; the kernel frees it when we die."""
    with (layout.home / "up.pid").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Problem(Code.RUNNING, "mutasi is already running here.", "End it:  make stop") from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def owner(layout: Layout) -> int | None:
    """The process that runs the system, if one does."""
    try:
        with held(layout):
            return None
    except Problem:
        return int((layout.home / "up.pid").read_text())
