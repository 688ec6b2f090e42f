"""Indexes of the proposal's collections, and its read queries."""

from collections.abc import Mapping, Sequence
from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase

from shared.runtime.service import Index

PAGE = 100
INDEXES: Mapping[str, tuple[Index, ...]] = {
    "cases": (
        # A rule, not a convenience: one open case per person (Decider.conflict answers PERKARA_TERBUKA).
        Index("one_open_case", [("state.person", 1)], unique=True, partial={"state.open": True}),
        Index("contested", [("state.content.target.agency", 1), ("_id", 1)], partial={"state.status": "contested"}),
        Index("by_person", [("state.person", 1), ("_id", 1)]),
        Index("by_batch", [("state.batch", 1), ("_id", 1)], partial={"state.batch": {"$gt": ""}}),
    ),
    "assignments": (
        # A rule too: nobody is sent to two places at once (ALREADY_ASSIGNED).
        Index("one_assignment", [("state.active", 1)], unique=True, partial={"state.open": True}),
        Index("by_person", [("state.people", 1), ("_id", 1)]),
    ),
    "files": tuple(Index(f"by_{field}", [(field, 1)]) for field in ("kept_until", "person", "case")),
    "groups": (Index("by_member", [("state.members.person", 1), ("_id", 1)]),),
}


async def cases_of(db: AsyncIOMotorDatabase[Any], person: str, after: str, limit: int) -> list[Mapping[str, Any]]:
    """Documents of a person's cases in the order of their ids, from the one after `after`."""
    query = {"state.person": person, "_id": {"$gt": after}}
    found = db["cases"].find(query, {"state": 1, "sequence": 1}).sort("_id", 1).limit(limit)
    return await found.to_list(limit)


async def taken_part(
    db: AsyncIOMotorDatabase[Any], kind: str, query: Mapping[str, Any], after: str, limit: int
) -> list[Mapping[str, Any]]:
    """Documents of a kind that match, in the order of their ids, from the one after `after`."""
    found = db[kind].find({**query, "_id": {"$gt": after}}, {"state": 1, "sequence": 1}).sort("_id", 1).limit(limit)
    return await found.to_list(limit)


async def contests_at(db: AsyncIOMotorDatabase[Any], agencies: Sequence[str]) -> list[Mapping[str, Any]]:
    """Cases at these agencies that wait for a human's answer, at most `PAGE`."""
    query = {"state.content.target.agency": {"$in": list(agencies)}, "state.status": "contested"}
    return await db["cases"].find(query, {"state": 1, "sequence": 1}).sort("_id", 1).limit(PAGE).to_list(PAGE)


async def seats(db: AsyncIOMotorDatabase[Any], register: str) -> Mapping[str, Any] | None:
    """The state of a register of seats, None where nothing is known of its vacancy yet."""
    found = await db["seats"].find_one({"_id": register}, {"state": 1})
    return found["state"] if found else None


async def views(db: AsyncIOMotorDatabase[Any], register: str) -> Mapping[str, Any] | None:
    """The state of a register of looks, None where nobody looked yet."""
    found = await db["views"].find_one({"_id": register}, {"state": 1})
    return found["state"] if found else None
