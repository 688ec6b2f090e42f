"""An event loop on virtual time: when nothing is ready, the clock jumps to the next timer. No threads, no real I/O.

It does what asyncio's own loop does, in the same order, and nothing else: a run is ten thousand small steps.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from contextvars import Context, copy_context
from heapq import heappop, heappush
from typing import Any


class Deadlock(Exception):
    """Nothing is ready and no timer is set: the simulation waits for what can never come."""


class _Call(asyncio.TimerHandle):
    """Something to call, now or at a moment."""

    __slots__ = ()

    def __init__(self, callback: Callable[..., object], args: tuple[Any, ...], context: Context | None) -> None:
        self._callback, self._args, self._context = callback, args, context or copy_context()
        self._cancelled = False

    def cancel(self) -> None:
        """It is not called."""
        self._cancelled = True


class VirtualLoop(asyncio.BaseEventLoop):
    """Deterministic: the same callbacks in the same order give the same run. `time()` starts at 0 seconds.

    What a callback raises ends the run.
    """

    def __init__(self) -> None:
        super().__init__()
        self._now, self._count = 0.0, 0
        self._soon: deque[_Call] = deque()
        self._later: list[tuple[float, int, _Call]] = []

    def time(self) -> float:
        """Virtual seconds since the start."""
        return self._now

    def call_soon(  # type: ignore[override]
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        """After what is ready already."""
        call = _Call(callback, args, context)
        self._soon.append(call)
        return call

    def call_at(  # type: ignore[override]
        self, when: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """At that moment; of two at one moment the first that was set."""
        self._count += 1
        call = _Call(callback, args, context)
        heappush(self._later, (when, self._count, call))
        return call

    def call_later(  # type: ignore[override]
        self, delay: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """After so many seconds."""
        return self.call_at(self._now + delay, callback, *args, context=context)

    def create_task(self, coro: Coroutine[Any, Any, Any], **options: Any) -> "asyncio.Task[Any]":  # type: ignore[override]
        """A task of a crashed process never ends; that is no error."""
        task: asyncio.Task[Any] = asyncio.Task(coro, loop=self, **options)
        task._log_destroy_pending = False  # type: ignore[attr-defined]
        return task

    def _run_once(self) -> None:
        """Everything that is ready, or else the next moment."""
        soon = self._soon
        if not soon:
            self._jump()
        for _ in range(len(soon)):
            call = soon.popleft()
            if not call._cancelled:
                call._context.run(call._callback, *call._args)

    def _jump(self) -> None:
        later = self._later
        if not later:
            raise Deadlock
        self._now = max(self._now, later[0][0])
        while later and later[0][0] <= self._now:
            self._soon.append(heappop(later)[2])

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
