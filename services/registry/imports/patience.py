"""A file is patient: nobody sits in front of it, so neither a row that is late nor a database that is away for a while
ends its import."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol, TypeVar

from shared.kernel.decider import Command, Decider
from shared.runtime.ports import Unavailable

PATIENCE, PAUSE = 600.0, 1.0  # seconds for one answer, and before the database is asked again
T = TypeVar("T")
Send = Callable[[Decider[Any], str, Command], Awaitable[Mapping[str, Any]]]
"""Runs one command and gives the answer. Raises Refused, NotYet."""


class Tell(Protocol):
    """Runs one command and gives the answer within so many seconds."""

    async def __call__(
        self, decider: Decider[Any], aggregate: str, command: Command, patience: float
    ) -> Mapping[str, Any]:
        """Raises Refused, NotYet, Unavailable, TimeoutError."""


def patient(tell: Tell) -> Send:
    """The same with the patience of a file. A row that was sent already changes nothing when it is sent again."""

    async def send(decider: Decider[Any], id: str, command: Command) -> Mapping[str, Any]:
        return await patiently(lambda: tell(decider, id, command, patience=PATIENCE))

    return send


async def patiently(ask: Callable[[], Awaitable[T]]) -> T:
    """The answer, asked for again while the database is away. Raises Unavailable when that lasts too long."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return await ask()
        except Unavailable:
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(PAUSE)
