"""An event loop on virtual time: when nothing is ready, the clock jumps to the next timer. No threads, no real I/O."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any


class Deadlock(Exception):
    """Nothing is ready and no timer is set: the simulation waits for what can never come."""


class _Jump(selectors.SelectSelector):
    """A selector without files, which moves the loop's clock instead of sleeping."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise Deadlock
        if timeout > 0:
            self.now += timeout
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """Deterministic: the same callbacks in the same order give the same run. `time()` starts at 0 seconds."""

    def __init__(self) -> None:
        self._jump = _Jump()
        super().__init__(self._jump)
        self.set_task_factory(_quiet)  # type: ignore[arg-type]

    def time(self) -> float:
        """Virtual seconds since the start."""
        return self._jump.now

    def _make_self_pipe(self) -> None:
        """Nobody wakes this loop from outside."""

    def _close_self_pipe(self) -> None:
        """There is none."""

    def _process_events(self, event_list: list[Any]) -> None:
        """There are none."""

    def finish(self) -> None:
        """End everything that still runs, and the loop."""
        for _ in range(5):
            tasks = asyncio.all_tasks(self)
            if not tasks:
                break
            for task in tasks:
                task.cancel()
            self.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self.close()


def _quiet(loop: asyncio.AbstractEventLoop, coro: "Coroutine[Any, Any, Any]", **options: Any) -> "asyncio.Task[Any]":
    """A task of a crashed process never ends; that is no error."""
    task: asyncio.Task[Any] = asyncio.Task(coro, loop=loop, **options)
    task._log_destroy_pending = False  # type: ignore[attr-defined]
    return task
