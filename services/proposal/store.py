"""Indexes of the proposal's collections, and its read queries."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase

from shared.runtime.service import Index

PAGE = 100
SIDES = ("origin", "target")
ABOUT_OTHERS = {"state.content.initiative": "agency"}
INDEXES: Mapping[str, tuple[Index, ...]] = {
    "cases": (
        # A rule, not a convenience: one open case per person (Decider.conflict answers PERKARA_TERBUKA).
        Index("one_open_case", [("state.person", 1)], unique=True, partial={"state.open": True}),
        Index("contested", [("state.content.target.agency", 1), ("_id", 1)], partial={"state.status": "contested"}),
        Index("by_person", [("state.person", 1), ("_id", 1)]),
        Index("by_batch", [("state.batch", 1), ("_id", 1)], partial={"state.batch": {"$gt": ""}}),
        *(
            Index(f"of_{side}", [(f"state.content.{side}.agency", 1), ("_id", 1)], partial=ABOUT_OTHERS)
            for side in SIDES
        ),
    ),
    "assignments": (
        # A rule too: nobody is sent to two places at once (ALREADY_ASSIGNED).
        Index("one_assignment", [("state.active", 1)], unique=True, partial={"state.open": True}),
        Index("by_person", [("state.people", 1), ("_id", 1)]),
        *(Index(f"of_{side}", [(f"state.{side}.agency", 1), ("_id", 1)]) for side in SIDES),
    ),
    "files": tuple(Index(f"by_{field}", [(field, 1)]) for field in ("kept_until", "person", "case")),
    "groups": (Index("by_member", [("state.members.person", 1), ("_id", 1)]),),
}


async def taken_part(
    db: AsyncIOMotorDatabase[Any], kind: str, query: Mapping[str, Any], after: str, limit: int
) -> list[Mapping[str, Any]]:
    """Documents of a kind that match, in the order of their ids, from the one after `after`."""
    found = db[kind].find({**query, "_id": {"$gt": after}}, {"state": 1, "sequence": 1}).sort("_id", 1).limit(limit)
    return await found.to_list(limit)


def about_others(agencies: Collection[str]) -> dict[str, Any]:
    """Cases that an agency proposed, where one of these lets go or takes in."""
    sides = [{f"state.content.{side}.agency": {"$in": sorted(agencies)}} for side in SIDES]
    return {**ABOUT_OTHERS, "$or": sides}


def letters_of(agencies: Collection[str]) -> dict[str, Any]:
    """Temporary assignments that one of these sends or receives."""
    return {"$or": [{f"state.{side}.agency": {"$in": sorted(agencies)}} for side in SIDES]}


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
