"""Documents by id for many who ask within the same moment, in one round trip to the database."""

import asyncio
from collections.abc import Collection, Mapping
from typing import Any

from motor.motor_asyncio import AsyncIOMotorCollection

MOMENT = 0.002  # seconds
Raw = dict[str, Any]


class Lookup:
    """One collection's."""

    def __init__(self, collection: AsyncIOMotorCollection[Raw]) -> None:
        self._collection = collection
        self._wanted: set[str] = set()
        self._asking: asyncio.Task[Mapping[str, Raw]] | None = None

    async def one(self, id: str) -> Raw | None:
        """The document, if there is one. Raises what the read raised, to everybody in it."""
        return (await self.some((id,))).get(id)

    async def some(self, ids: Collection[str]) -> Mapping[str, Raw]:
        """Those that are there, and perhaps others that somebody else asked for."""
        self._wanted.update(ids)
        if self._asking is None:
            self._asking = asyncio.get_running_loop().create_task(self._ask())
        return await asyncio.shield(self._asking)

    async def _ask(self) -> Mapping[str, Raw]:
        await asyncio.sleep(MOMENT)
        wanted, self._wanted, self._asking = self._wanted, set(), None
        return {one["_id"]: one async for one in self._collection.find({"_id": {"$in": list(wanted)}})}
