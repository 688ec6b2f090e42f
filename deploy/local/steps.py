"""How the start-up tools talk: one line per step, ticked with its time."""

import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from deploy.local.problems import Problem


def say(line: str) -> None:
    """One line, at once."""
    print(line, flush=True)


def masked(uri: str) -> str:
    """The address without the password it may carry."""
    return re.sub(r"//[^@/]*@", "//***@", uri)


@contextmanager
def step(what: str) -> Iterator[None]:
    """Ticks the step when it is done, with the seconds it took."""
    started = time.monotonic()
    yield
    say(f"✓ {what}  {time.monotonic() - started:.1f} s")


def reported(main: Callable[[], int]) -> None:
    """Runs a tool; a problem becomes its line with the remedy and its exit code."""
    try:
        code = main()
    except Problem as problem:
        sys.stderr.write(f"{problem}\n")
        code = problem.code
    sys.exit(code)
