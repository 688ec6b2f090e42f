"""Hands out the messages of a channel: in the order of their lanes, no faster than the channel may be used.

Nothing waits in memory: what is not under way stands in the database, so a crash leaves at most `ahead` in doubt.
"""

import asyncio
import logging
from collections.abc import Coroutine, Iterable, Mapping
from contextlib import suppress
from typing import Any

from services.notification.domain.flow import Line
from services.notification.queue import Queue
from services.notification.valves import Valves
from shared.runtime.engine import Engine
from shared.runtime.ports import Unavailable
from shared.runtime.pumps import Workers
from shared.runtime.service import Effect

POLL, AWAY = 0.5, 1.0
log = logging.getLogger(__name__)


def channels(effects: Mapping[str, Effect]) -> dict[str, dict[str, Effect]]:
    """The kinds of work that wait, by the channel they belong to: `email` and `email_legal` are both e-mail's."""
    found: dict[str, dict[str, Effect]] = {}
    for kind, effect in effects.items():
        if effect.waits:
            found.setdefault(kind.removesuffix("_legal"), {})[kind] = effect
    return found


class Dispatcher:
    """One channel's, in one process."""

    def __init__(self, channel: str, line: Line, queue: Queue, valves: Valves, workers: Workers, owner: str) -> None:
        kinds = channels(workers.service.effects)[channel]
        self.channel, self.line, self.kinds, self.owner = channel, line, frozenset(kinds), owner
        self.queue, self.valves, self.workers = queue, valves, workers
        self.lease = max(effect.lease for effect in kinds.values())
        self._bell = asyncio.Event()
        workers.bells.append(self._bell)

    async def run(self) -> None:
        """For as long as the process lives."""
        while True:
            self._bell.clear()
            try:
                handed_out = await self.turn()
            except Unavailable:
                log.warning("nothing is handed out: store away", extra={"channel": self.channel})
                await asyncio.sleep(AWAY)
                continue
            if not handed_out:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._bell.wait(), POLL)

    async def turn(self) -> int:
        """Begin as many as there is room and leave for; how many."""
        running = sum(kind in self.kinds for kind in self.workers.under_way.values())
        if running + self.line.batch > self.line.ahead:
            return 0
        now = self.workers.clock.real()
        found = await self.queue.next_up(self.channel, now, self.line.batch)
        leave = await self.valves.take(self.channel, len(found)) if found else 0
        claimed = await self.queue.claim(found[:leave], self.owner, now, self.lease)
        for one in claimed:
            self.workers.start(one)
        return len(claimed)


async def dispatchers(
    engine: Engine, valves: Valves, lines: Mapping[str, Line], owner: str
) -> Iterable[Coroutine[Any, Any, None]]:
    """The loops of all channels; what this process had claimed before it died is free again."""
    queue = Queue(engine.db, engine.service)
    await queue.release(owner)
    return [Dispatcher(name, line, queue, valves, engine.workers, owner).run() for name, line in lines.items()]
