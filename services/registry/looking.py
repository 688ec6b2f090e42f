"""The loop that looks at the records of agencies: once a day of domain time, and soon after a file or a wish for it.

Any replica may do it, also two at once: the second one finds nothing new to say.
"""

import asyncio
import logging
from collections.abc import Coroutine, Iterable
from datetime import date
from typing import Any
from uuid import uuid4

from services.registry import store
from services.registry.domain import MENDINGS, quality
from services.registry.domain.mending import NoteQuality, mending_id
from services.registry.domain.quality import Quality, defects, together
from shared.kernel.decider import Refused, judged_on
from shared.runtime.engine import Engine
from shared.runtime.item import CommandRequest
from shared.runtime.passing import guarded
from shared.runtime.ports import Unavailable
from shared.runtime.service import Asked

EVERY, PAGE = 15.0, 200
"""Seconds between two looks for what is due; people at a time, so that requests go on in between."""
log = logging.getLogger(__name__)


def _itself(asked: Asked) -> bool:
    """The registry tells itself what it found; nobody from outside comes this way."""
    return isinstance(asked.command, NoteQuality)


async def measured(db: store.Database, agency: str, today: date) -> Quality:
    """How the records of an agency stand, in bounded memory."""
    found, after = quality.of({}), ""
    while page := await store.records(db, {"agency": agency}, after, PAGE):
        shown = {person: defects(record, today) for person, record in page.items()}
        found, after = together(found, quality.of(shown)), max(page)
        await asyncio.sleep(0)
    return found


@guarded
class Looker:
    """Looks at what is due."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def look(self) -> int:
        """How many agencies were looked at. Raises Unavailable."""
        today = judged_on(self._engine.now())
        due = await store.to_look_at(self._engine.db, today)
        for agency in due:
            found = await measured(self._engine.db, agency, today)
            await self._tell(NoteQuality(agency=agency, **found.model_dump()))
        return len(due)

    async def _tell(self, note: NoteQuality) -> None:
        said = uuid4().hex
        request = CommandRequest(
            decider=MENDINGS, aggregate=mending_id(note.agency), command=note, login="registry:itself", rule=_itself,
            key="", fingerprint="", correlation=said, trace="", expect=None, created=False,
        )  # fmt: skip
        await self._engine.command(request)


async def begin(engine: Engine) -> Iterable[Coroutine[Any, Any, None]]:
    """The loop, for as long as the process lives."""
    return (_keep_looking(Looker(engine)),)


async def _keep_looking(looker: Looker) -> None:
    while True:
        try:
            await looker.look()
        except (Unavailable, TimeoutError, Refused):
            log.warning("records could not be looked at", exc_info=True)
        await asyncio.sleep(EVERY)
