"""Takes a file back as a whole: first it is made sure that nothing was decided on any of its records, then each of them
becomes what it was before."""

import asyncio
from typing import Any

from services.registry import batches
from services.registry.domain import FILES, PAPERS, PEOPLE, POSTS, UNITS
from services.registry.domain.files import ReverseFile, reversible
from services.registry.domain.imported import UndoImport
from services.registry.domain.values import Text
from services.registry.imports.run import WINDOW, Send
from services.registry.store import Database
from shared.host.http import Call, Json
from shared.kernel.decider import Decider, Frozen, Refused

_DECIDERS: dict[str, Decider[Any]] = {"units": UNITS, "posts": POSTS, "people": PEOPLE, "cases": PAPERS}


class Reverse(Frozen):
    """Why the file is taken back; names nobody."""

    reason: Text


async def reverse(call: Call, send: Send, file: str, wish: Reverse) -> Json:
    """What the file is after it was taken back. Raises Refused when something was decided on one of its records."""
    state = await call.read(FILES, file)
    reversible(state)
    if state.status != "reversed":
        decider = _DECIDERS[state.kind]
        await _undecided(call.db, decider.name, file)
        while ids := await batches.of_batch(call.db, decider.name, file, WINDOW):
            await asyncio.gather(*(send(decider, id, UndoImport(batch=file)) for id in ids))
    return await call.send(FILES, file, ReverseFile(reason=wish.reason))


async def _undecided(db: Database, kind: str, file: str) -> None:
    """Raises Refused with what stands on the file's records: something said of them since, or others that need them."""
    for count in (batches.sealed, batches.needed):
        if many := await count(db, kind, file):
            raise Refused("FILE_DECIDED", records=many)
