"""Where the big things of plans are kept, each under the hash of its bytes, and what a run is frozen from."""

import hashlib
import json
import zlib
from collections.abc import Collection, Mapping
from typing import Any

from gridfs.errors import NoFile
from motor.motor_asyncio import AsyncIOMotorDatabase, AsyncIOMotorGridFSBucket

from services.evaluation.domain.facts import Employee, Officeholder, Region, Vacancy
from services.evaluation.plan.facts import Entered, PlanPost, Proposed, Served
from shared.runtime.service import Index

Database = AsyncIOMotorDatabase[Any]
FILES = "plan_files"
PAGE = 50
INDEXES: Mapping[str, tuple[Index, ...]] = {
    "plans": (Index("by_agency", [("state.agency", 1), ("_id", 1)]),),
    f"fact_{Served.KIND}": (Index("by_month", [("value.agency", 1), ("value.month", 1)]),),
}


async def keep(db: Database, value: object) -> str:
    """Store a JSON value; the same value again is the same file. Its hash."""
    raw = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    id = hashlib.sha256(raw).hexdigest()
    if await db[f"{FILES}.files"].find_one({"_id": id}) is None:
        # What a killed process left of an upload has no entry of its own yet.
        await db[f"{FILES}.chunks"].delete_many({"files_id": id})
        await AsyncIOMotorGridFSBucket(db, FILES).upload_from_stream_with_id(id, id, zlib.compress(raw))
    return id


async def kept(db: Database, id: str) -> Any:  # noqa: ANN401 - whatever JSON was kept
    """The value under that hash. Raises LookupError if it is not there or is not what its name says."""
    try:
        stream = await AsyncIOMotorGridFSBucket(db, FILES).open_download_stream(id)
    except NoFile:
        raise LookupError(id) from None
    raw = zlib.decompress(await stream.read())
    if hashlib.sha256(raw).hexdigest() != id:
        raise LookupError(id)
    return json.loads(raw)


async def _facts(db: Database, kind: str, query: Mapping[str, object]) -> dict[str, Any]:
    return {one["_id"]: one["value"] async for one in db[f"fact_{kind}"].find({**query, "value": {"$ne": None}})}


async def material(db: Database, agency: str) -> dict[str, Any]:
    """People, posts and offices of an agency, as they are known now."""
    people = await _facts(db, Employee.KIND, {"value.profile.placement.agency": agency})
    profiles = {id: value["profile"] for id, value in people.items()}
    relatives = sorted({other for profile in profiles.values() for other in profile.get("relatives", ())})
    offices = await _facts(db, Officeholder.KIND, {"_id": {"$in": relatives}})
    posts = await _facts(db, PlanPost.KIND, {"value.agency": agency})
    held = {id: value["offices"] for id, value in offices.items()}
    regions = await _facts(db, Region.KIND, {"_id": agency})
    return {"people": profiles, "posts": posts, "offices": held, "regions": regions}


async def vacancies(db: Database, posts: Collection[str]) -> dict[str, str]:
    """The newest vacancy of each post, by what was heard last."""
    query = {"value.placement.post": {"$in": sorted(posts)}}
    found = db[f"fact_{Vacancy.KIND}"].find(query, {"value.placement.post": 1}).sort("_id", 1)
    return {one["value"]["placement"]["post"]: one["_id"] async for one in found}


async def statuses(db: Database, ids: Collection[str]) -> dict[str, dict[str, str]]:
    """Where the cases and exchanges that a plan proposed stand: `status`, and `code` of what came to nothing."""
    found = await _facts(db, Proposed.KIND, {"_id": {"$in": sorted(ids)}})
    return {id: {name: str(value.get(name, "")) for name in ("status", "code")} for id, value in found.items()}


async def entered(db: Database, cases: Collection[str], groups: Collection[str]) -> list[Entered]:
    """The moves of these cases, and of the members of these groups, that took effect."""
    members = [{"_id": {"$gt": f"{group}-", "$lt": f"{group}."}} for group in sorted(groups)]
    found = await _facts(db, Entered.KIND, {"$or": [{"_id": {"$in": sorted(cases)}}, *members]})
    return [Entered.model_validate(value) for value in found.values()]


async def served(db: Database, agency: str, months: Collection[str]) -> list[Served]:
    """What the services of an agency were like in these months."""
    found = await _facts(db, Served.KIND, {"value.agency": agency, "value.month": {"$in": sorted(months)}})
    return [Served.model_validate(value) for value in found.values()]


async def units(db: Database, posts: Collection[str]) -> set[str]:
    """The units of these posts."""
    found = await _facts(db, PlanPost.KIND, {"_id": {"$in": sorted(posts)}})
    return {str(value["unit"]) for value in found.values()}


async def plans(db: Database, agencies: Collection[str], after: str) -> list[dict[str, Any]]:
    """Plans of these agencies in the order of their ids, from the one after `after`."""
    query = {"state.agency": {"$in": list(agencies)}, "_id": {"$gt": after}}
    shown = dict.fromkeys(("state.agency", "state.title", "state.status", "state.chosen"), 1)
    found = db["plans"].find(query, shown).sort("_id", 1).limit(PAGE)
    return [{"id": one["_id"], **one["state"]} async for one in found]
