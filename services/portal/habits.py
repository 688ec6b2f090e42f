"""How an official likes to work at the desk: filters they named, and whether single keys act. Nobody else sees it."""

from collections.abc import Mapping
from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase

from shared.kernel.decider import Frozen

Database = AsyncIOMotorDatabase[Any]
MANY, LONGEST = 20, 60


class Filter(Frozen):
    """A filter of the queue under a name; `query` is what the page is asked with."""

    name: str
    query: Mapping[str, str]


class Habits(Frozen):
    """All of one login. Single keys are off until somebody turns them on (WCAG 2.2, 2.1.4)."""

    filters: tuple[Filter, ...] = ()
    keys: bool = False


class HabitStore:
    """Reads and writes them."""

    def __init__(self, db: Database) -> None:
        self._many = db["habits"]

    async def of(self, login: str) -> Habits:
        """Those of a login."""
        found = await self._many.find_one({"_id": login}, {"_id": 0})
        return Habits.model_validate(found or {})

    async def keep(self, login: str, name: str, query: Mapping[str, str]) -> None:
        """Keep a filter under a name; another of that name goes, and the oldest where there are too many."""
        named = Filter(name=name[:LONGEST], query=query)
        others = [one for one in (await self.of(login)).filters if one.name != named.name]
        await self._write(login, [*others, named][-MANY:])

    async def drop(self, login: str, name: str) -> None:
        """Let go of a filter."""
        await self._write(login, [one for one in (await self.of(login)).filters if one.name != name])

    async def turn_keys(self, login: str, *, on: bool) -> None:
        """Let single keys act, or not."""
        await self._many.update_one({"_id": login}, {"$set": {"keys": on}}, upsert=True)

    async def _write(self, login: str, filters: list[Filter]) -> None:
        told = {"$set": {"filters": [one.model_dump() for one in filters]}}
        await self._many.update_one({"_id": login}, told, upsert=True)
