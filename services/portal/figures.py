"""How many moves were planned and made, by receiving agency: counted for everybody, so seldom, and kept a while."""

import time
from collections.abc import Mapping
from typing import Any, Literal

from motor.motor_asyncio import AsyncIOMotorDatabase

from shared.contracts.proposal import ProposalCompleted
from shared.runtime.service import Index

Database = AsyncIOMotorDatabase[Any]
What = Literal["planned", "made"]
KEPT_SECONDS, MANY = 600.0, 50
INDEXES: Mapping[str, tuple[Index, ...]] = {
    "fact_entry": (Index("completed", [("value.at", 1)], partial={"value.type": ProposalCompleted.TYPE}),),
    "fact_planned": (Index("by_time", [("value.at", 1)]),),
}
_OF: Mapping[What, tuple[str, Mapping[str, str], str]] = {
    "planned": ("fact_planned", {}, "_id"),
    "made": ("fact_entry", {"value.type": ProposalCompleted.TYPE}, "value.case"),
}
"""Where each is found: the collection, what narrows it down, and the field with the case."""


class Figures:
    """Counts by agency between two days, kept for some minutes."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._kept: dict[tuple[What, str, str], tuple[float, dict[str, int]]] = {}

    async def of(self, what: What, since: str, until: str) -> dict[str, int]:
        """Moves to each agency from a day up to, not including, another (both UTC)."""
        key, now = (what, since, until), time.monotonic()
        at, known = self._kept.get(key, (0.0, {}))
        if key not in self._kept or now - at > KEPT_SECONDS:
            known = await self._count(what, since, until)
            self._kept = {**dict(list(self._kept.items())[-MANY:]), key: (now, known)}
        return known

    async def _count(self, what: What, since: str, until: str) -> dict[str, int]:
        collection, narrowed, case = _OF[what]
        found = self._db[collection].aggregate(
            [
                {"$match": {**narrowed, "value.at": {"$gte": since, "$lt": until}}},
                {"$lookup": {"from": "fact_file", "localField": case, "foreignField": "_id", "as": "file"}},
                {"$unwind": "$file"},
                {"$group": {"_id": "$file.value.content.target.agency", "moves": {"$sum": 1}}},
            ]
        )
        return {row["_id"]: row["moves"] async for row in found}
