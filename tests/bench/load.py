"""Clients in a closed loop, and arrivals in an open one whose latency counts from the moment each was due."""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator
from dataclasses import dataclass, field

from tests.support.lifecycle import Driver, Timings


@dataclass
class Result:
    """Lifecycles of one phase. `seconds` lasts from the first start to the last end, so all that is counted is done."""

    done: list[Timings] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Lifecycles completed per second."""
        return len(self.done) / self.seconds

    @property
    def to_queue(self) -> list[float]:
        """Milliseconds from the submission to the approver's queue."""
        return [(one.queued - one.submitting) * 1000 for one in self.done]

    @property
    def to_end(self) -> list[float]:
        """Milliseconds from the draft (in an open loop: from when it was due) to the message of the decree."""
        return [(one.ended - one.began) * 1000 for one in self.done]


Load = Callable[[Driver, Iterator[int]], Awaitable[Result]]
"""What a phase plays."""


async def closed(driver: Driver, applicants: Iterator[int], clients: int, seconds: float) -> Result:
    """So many clients, each beginning its next lifecycle when one ended; what is under way at the end is finished. It
    ends early when there are no applicants any more."""
    began = time.monotonic()
    result = Result()

    async def client() -> None:
        for i in applicants:
            result.done.append(await driver.lifecycle(i))
            if time.monotonic() - began > seconds:
                return

    await _all(client() for _ in range(clients))
    result.seconds = time.monotonic() - began
    return result


async def count(driver: Driver, applicants: Iterator[int], clients: int, lifecycles: int) -> Result:
    """So many lifecycles, by so many clients."""
    began = time.monotonic()
    result, rest = Result(), itertools.islice(applicants, lifecycles)

    async def client() -> None:
        for i in rest:
            result.done.append(await driver.lifecycle(i))

    await _all(client() for _ in range(clients))
    result.seconds = time.monotonic() - began
    return result


async def opened(driver: Driver, applicants: Iterator[int], per_second: float, seconds: float) -> Result:
    """One arrival after the other at a fixed pace, however slow the answers are. A late start counts as latency: what
    was due at a moment is timed from it (no coordinated omission)."""
    began = time.monotonic()
    result = Result()

    async def one(due: float) -> None:
        late = time.monotonic() - due
        timings = await driver.lifecycle(next(applicants))
        timings.began -= late
        timings.submitting -= late
        result.done.append(timings)

    async with asyncio.TaskGroup() as group:
        for n in range(int(per_second * seconds)):
            due = began + n / per_second
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            group.create_task(one(due))
    result.seconds = time.monotonic() - began
    return result


async def _all(clients: Iterable[Coroutine[None, None, None]]) -> None:
    async with asyncio.TaskGroup() as group:
        for client in clients:
            group.create_task(client)
