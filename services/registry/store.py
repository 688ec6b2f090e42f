"""Indexes of the registry's collections, and its read queries."""

from collections.abc import Collection, Mapping
from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase

from services.registry.domain.people import LOGIN, NIP, SOLE_SEAT
from shared.runtime.service import Index

INDEXES: Mapping[str, tuple[Index, ...]] = {
    "people": (
        # Rules, not conveniences: see Decider.conflict of the people.
        Index(SOLE_SEAT, [("state.sole_seat", 1)], unique=True, partial={"state.sole_seat": {"$gt": ""}}),
        Index(NIP, [("state.nip", 1)], unique=True, partial={"state.nip": {"$gt": ""}}),
        Index(LOGIN, [("state.login", 1)], unique=True, partial={"state.login": {"$gt": ""}}),
        Index("by_agency", [("state.profile.placement.agency", 1), ("_id", 1)]),
        Index("by_unit", [("state.profile.placement.unit", 1), ("_id", 1)]),
    ),
    "units": (Index("by_agency", [("state.registered.agency", 1), ("_id", 1)]),),
    "posts": (
        Index("by_agency", [("state.registered.agency", 1), ("_id", 1)]),
        Index("by_unit", [("state.registered.unit", 1), ("_id", 1)]),
    ),
    "vacancies": (
        Index("by_agency", [("state.published.placement.agency", 1), ("_id", 1)]),
        Index("by_unit", [("state.published.placement.unit", 1), ("_id", 1)]),
        Index("open_ones", [("state.open", 1), ("_id", 1)]),
    ),
}

Database = AsyncIOMotorDatabase[Any]
Document = Mapping[str, Any]


async def page(db: Database, kind: str, query: Mapping[str, Any], after: str, limit: int) -> list[Document]:
    """Documents of a kind in the order of their ids, from the one after `after`."""
    asked = {**query, "_id": {"$gt": after}}
    found = db[kind].find(asked, {"state": 1, "sequence": 1}).sort("_id", 1).limit(limit)
    return await found.to_list(limit)


def only(prefix: str, **filters: str | bool | None) -> dict[str, Any]:
    """A query for the filters that are given; what is empty does not filter."""
    return {f"{prefix}.{name.replace('__', '.')}": value for name, value in filters.items() if value not in (None, "")}


class Shelves:
    """What an import asks the registry's own documents, which are newer than its facts."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def known(self, kind: str, ids: Collection[str]) -> Mapping[str, str]:
        """Registered agencies, units or posts among the ids; a post with the id of its unit."""
        query = {"_id": {"$in": sorted(ids)}, "state.registered": {"$ne": None}}
        found = self._db[kind].find(query, {"state.registered.unit": 1})
        return {row["_id"]: row["state"]["registered"].get("unit", "") async for row in found}

    async def persons(self, nips: Collection[str]) -> Mapping[str, str]:
        """Person ids by NIP."""
        found = self._db["people"].find({"state.nip": {"$in": sorted(nips)}}, {"state.nip": 1})
        return {row["state"]["nip"]: row["_id"] async for row in found}
