"""Where files are kept: one document per case, or debt of an assignment, and SHA-256, whole, in MongoDB; what neither
names is swept.

A file is stored before a command names it, so a crash between the two leaves a file without a name and never a name
without a file: storing and naming both move `kept_until` ahead, and the sweeper takes only what is past it and not
named. These moments are of real time, as leases are: a moved demo clock takes nothing between the two.
"""

import asyncio
import logging
import time
from collections.abc import Collection, Coroutine, Iterable, Mapping
from typing import Any, Protocol

from motor.motor_asyncio import AsyncIOMotorDatabase

from services.proposal.deciders import RULES
from services.proposal.domain import Forgotten, debt_id
from shared.kernel.decider import Refused
from shared.runtime.passing import guarded
from shared.runtime.ports import Unavailable

LARGEST = 5_000_000
"""Bytes of one file; MongoDB keeps a document of up to 16 MB."""
FILES, BATCH, EVERY = 60, 200, 5.0
TERM = RULES.documents.unnamed_hours * 3600.0
Raw = Mapping[str, Any]
Database = AsyncIOMotorDatabase[Any]
log = logging.getLogger(__name__)


class Attached(Protocol):
    """A process that is connected to the service's database."""

    db: Any


def place_of(case: str, sha256: str) -> str:
    """Where a file of a case is. Two cases share none: who knows a hash has not the right to the file."""
    return f"{case}/{sha256}"


@guarded
class Shelf:
    """The files of one service. Every method raises Unavailable while the database is away."""

    def __init__(self, db: Database) -> None:
        self._db, self._files = db, db["files"]

    async def store(self, case: str, person: str, sha256: str, media: str, content: bytes) -> None:
        """Keep the file, once; `person` is whom the case is about. Raises Refused FILES_FULL."""
        if await self._files.count_documents({"case": case, "sha256": {"$ne": sha256}}, limit=FILES) >= FILES:
            raise Refused("FILES_FULL", limit=FILES)
        about = {"case": case, "person": person, "sha256": sha256, "media": media, "size": len(content)}
        later = {"kept_until": time.time() + TERM}
        change = {"$max": later, "$setOnInsert": {**about, "content": content}}
        await self._files.update_one({"_id": place_of(case, sha256)}, change, upsert=True)

    async def named(self, case: str, sha256: str) -> Raw:
        """Media and size of a file that is about to be named, which keeps it. Raises Refused FILE_UNKNOWN."""
        later = {"$max": {"kept_until": time.time() + TERM}}
        shown = {"media": 1, "size": 1}
        found: Raw | None = await self._files.find_one_and_update({"_id": place_of(case, sha256)}, later, shown)
        if found is None:
            raise Refused("FILE_UNKNOWN", status=422, where="sha256")
        return found

    async def content_of(self, case: str, sha256: str) -> bytes:
        """The file. Raises Refused FILE_ERASED."""
        found = await self._files.find_one({"_id": place_of(case, sha256)}, {"content": 1})
        if found is None:
            raise Refused("FILE_ERASED", status=404)
        return bytes(found["content"])

    async def let_go(self, case: str, sha256: str) -> None:
        """Nobody waits for this one any more; it goes with the next sweep unless the case still names it."""
        await self._files.update_one({"_id": place_of(case, sha256)}, {"$set": {"kept_until": 0.0}})

    async def sweep(self, now: float) -> int:
        """Erase what is past its term and not named, and look at what is named again after another; how many went."""
        shown = {"case": 1, "sha256": 1, "kept_until": 1}
        due = await self._files.find({"kept_until": {"$lt": now}}, shown).limit(BATCH).to_list(BATCH)
        names = await self._named_by({one["case"] for one in due})
        gone = 0
        for one in due:
            as_seen = {"_id": one["_id"], "kept_until": one["kept_until"]}  # whoever names it now moves that moment
            if one["sha256"] in names.get(one["case"], ()):
                await self._files.update_one(as_seen, {"$set": {"kept_until": now + TERM}})
            else:
                gone += (await self._files.delete_one(as_seen)).deleted_count
        return gone

    async def _named_by(self, cases: Collection[str]) -> dict[str, set[str]]:
        found = self._db["cases"].find({"_id": {"$in": list(cases)}}, {"state.documents.sha256": 1})
        named = {
            case["_id"]: {one["sha256"] for one in case.get("state", {}).get("documents", ())} async for case in found
        }
        return named | await self._settled_by({case.rpartition(".")[0] for case in cases} - {""})

    async def _settled_by(self, assignments: Iterable[str]) -> dict[str, set[str]]:
        found = self._db["assignments"].find({"_id": {"$in": list(assignments)}}, {"state.settled": 1})
        return {
            debt_id(one["_id"], n): {paper["sha256"]}
            async for one in found
            for n, paper in one.get("state", {}).get("settled", {}).items()
        }

    async def forget(self) -> int:
        """Erase the files of whoever was forgotten, also those that came after; how many went."""
        of = {"from": "files", "localField": "_id", "foreignField": "person", "as": "files"}
        one: list[Raw] = [{"$limit": 1}, {"$project": {"_id": 1}}]
        steps: list[Raw] = [
            {"$lookup": {**of, "pipeline": one}},
            {"$match": {"files.0": {"$exists": True}}},
            {"$project": {"_id": 1}},
        ]
        people = [fact["_id"] async for fact in self._db[f"fact_{Forgotten.KIND}"].aggregate(steps)]
        return int((await self._files.delete_many({"person": {"$in": people}})).deleted_count) if people else 0


async def begin(process: Attached) -> Iterable[Coroutine[Any, Any, None]]:
    """The loop that sweeps."""
    return (_keep_sweeping(Shelf(process.db)),)


async def _keep_sweeping(shelf: Shelf) -> None:
    while True:
        try:
            if gone := await shelf.sweep(time.time()) + await shelf.forget():
                log.info("files erased", extra={"files": gone})
        except Unavailable:
            log.warning("files could not be swept", exc_info=True)
        await asyncio.sleep(EVERY)
