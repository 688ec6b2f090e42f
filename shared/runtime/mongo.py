"""The store on MongoDB. The only place of the runtime that names the driver."""

import asyncio
import logging
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from collections.abc import Collection as Many
from datetime import UTC, datetime
from typing import Any, TypeAlias
from uuid import uuid4

import pymongo
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorCollection, AsyncIOMotorDatabase
from prometheus_client import Counter
from pymongo import IndexModel, InsertOne, ReturnDocument, UpdateOne
from pymongo.errors import BulkWriteError

from shared.runtime.commands import Counted
from shared.runtime.envelope import journaled
from shared.runtime.passing import guarded
from shared.runtime.ports import BYTES, STALE, Claimed, Entry, Published, Raw, Write, utc
from shared.runtime.service import Index, Service

Client: TypeAlias = AsyncIOMotorClient[Raw]
Database: TypeAlias = AsyncIOMotorDatabase[Raw]
Collection: TypeAlias = AsyncIOMotorCollection[Raw]
Pending: TypeAlias = list[tuple[str, list[Entry]]]

DUPLICATE, EPOCH = 11000, datetime.fromtimestamp(0, UTC)
HAS_OUT, OPEN = {"out.0": {"$exists": True}}, {"state.open": True}
FREE = {"$lte": [{"$ifNull": ["$claimed_until", EPOCH]}, "$$NOW"]}
UNTILS = {"$map": {"input": {"$objectToArray": "$work"}, "in": "$$this.v.until"}}
WORK_AT = {"$set": {"work_at": {"$min": UNTILS}}}
INDEXES = (
    Index("due", [("due_at", 1)], partial={"due_at": {"$gt": ""}}),
    Index("retries", [("held_at", 1)], partial={"held_at": {"$gt": 0}}),
    Index("work", [("work_at", 1)], partial={"work_at": {"$gt": 0}}),
    Index("waits", [("waits", 1)], partial={"waits.0": {"$exists": True}}),
    Index("out", [("claimed_until", 1)], partial=HAS_OUT),
)
CONFLICTS = Counter("mutasi_journal_conflicts", "Events whose journaled copy has another hash")
log = logging.getLogger(__name__)


def connect(uri: str) -> Client:
    """A client whose reads and writes are majority ones; no call lasts longer than ten seconds."""
    majority: Raw = {"w": "majority", "readConcernLevel": "majority", "readPreference": "primary", "timeoutMS": 10_000}
    return AsyncIOMotorClient(uri, event_listeners=[Counted()], retryWrites=True, retryReads=True, **majority)


class Collections(dict[str, Collection]):
    """Each made once: the driver's take longer to make than to ask."""

    def __init__(self, db: Database) -> None:
        super().__init__()
        self._db = db

    def __missing__(self, name: str) -> Collection:
        self[name] = self._db[name]
        return self[name]


@guarded
class MongoStore:
    """`ports.Store` on one database: a collection per kind, `fact_<kind>`, `journal`, `parked`…"""

    def __init__(self, db: Database, service: Service) -> None:
        self._of, self._service = Collections(db), service
        self._journal, self._parked = db["journal"], db["parked"]

    async def ensure(self) -> None:
        """Create all indexes. Raises `OperationFailure` if one is there under this name with other keys."""
        wanted = defaultdict(list, {kind: list(rules) for kind, rules in self._service.indexes.items()})
        for decider in self._service.deciders:
            own = wanted[decider.name]
            # MongoDB refuses the same keys twice, and a service's rule may be on a watched field.
            ruled = {tuple(index.keys) for index in own}
            watched = {((f"state.{name}", 1),) for name in decider.watches.values()} - ruled
            own += [*INDEXES, *(Index(f"open_{k[0][0][6:]}", k, partial=OPEN) for k in sorted(watched))]
        wanted["journal"].append(Index("chain", [("aggregate", 1), ("sequence", 1)]))
        wanted["parked"].append(Index("age", [("status", 1), ("at", 1)]))
        with pymongo.timeout(0):  # no limit, as an index over a big collection takes its time; None means the client's
            for kind, indexes in wanted.items():
                await self._of[kind].create_indexes([_model(index) for index in indexes])

    async def load(self, kind: str, ids: Many[str]) -> dict[str, Raw]:
        """Whole documents by id."""
        return {doc["_id"]: doc async for doc in self._of[kind].find({"_id": {"$in": list(ids)}})}

    async def write(self, kind: str, writes: Sequence[Write]) -> list[str]:
        """A `rev` that is gone makes the upsert insert a second `_id`: that is how it shows."""
        results = [""] * len(writes)
        for error in await self._bulk(kind, [_change(write) for write in writes]):
            results[error["index"]] = self._violated(kind, error)
        return results

    def _violated(self, kind: str, error: Raw) -> str:
        """Name of the index. The server drops texts when it has many to tell, but never the keys."""
        if told := re.search(r"index: (\S+) dup key", error.get("errmsg", "")):
            return told[1]
        keys, rules = tuple(error["keyPattern"].items()), self._service.indexes.get(kind, ())
        return next((rule.name for rule in rules if tuple(rule.keys) == keys), STALE)

    async def _bulk(self, name: str, ops: Sequence[UpdateOne | InsertOne[Raw]]) -> list[Raw]:
        """One unordered bulk; its duplicate keys. Raises if anything else went wrong in it."""
        try:
            if ops:
                await self._of[name].bulk_write(ops, ordered=False)
        except BulkWriteError as error:
            details = error.details or {}
            errors: list[Raw] = details.get("writeErrors", [])
            if details.get("writeConcernErrors") or any(one["code"] != DUPLICATE for one in errors):
                raise
            return errors
        return []

    async def facts(self, kind: str, ids: Many[str]) -> dict[str, Raw]:
        """Values of facts by id."""
        query = {"_id": {"$in": list(ids)}, "value": {"$ne": None}}
        return {doc["_id"]: doc["value"] async for doc in self._of[f"fact_{kind}"].find(query, {"value": 1})}

    async def learn(self, kind: str, facts: Sequence[tuple[str, int, Raw | None]]) -> None:
        """A duplicate is a newer one that is there, or another first insert: the second round tells which."""
        facts = list({id: (id, at, value) for id, at, value in sorted(facts, key=lambda fact: fact[1])}.values())
        for _round in range(2):
            ops = [
                UpdateOne({"_id": id, "sequence": {"$lt": at}}, {"$set": {"sequence": at, "value": value}}, upsert=True)
                for id, at, value in facts
            ]
            facts = [facts[error["index"]] for error in await self._bulk(f"fact_{kind}", ops)]

    async def watching(self, kind: str, name: str, ids: Many[str]) -> list[tuple[str, str]]:
        """Open aggregates whose `state.<name>` is, or holds, one of the ids."""
        query, found = {**OPEN, f"state.{name}": {"$in": list(ids)}}, []
        async for doc in self._of[kind].find(query, {f"state.{name}": 1}):
            value = doc["state"][name]
            named = set(value if isinstance(value, list) else [value])
            found += [(doc["_id"], id) for id in named.intersection(ids)]
        return found

    async def waiting(self, kind: str, needs: Many[str]) -> list[str]:
        """Aggregates whose held messages wait for one of these."""
        query = {"waits": {"$in": list(needs)}, "waits.0": {"$exists": True}}
        return [doc["_id"] async for doc in self._of[kind].find(query, {"_id": 1})]

    async def due(self, kind: str, now: datetime, limit: int) -> list[str]:
        """Aggregates with a timer due, the earliest first."""
        return [doc["_id"] async for doc in self._upto(kind, "due_at", "", utc(now), limit)]

    async def next_due(self, kind: str) -> str | None:
        """Domain time of the earliest timer of all."""
        return next(iter([doc["due_at"] async for doc in self._upto(kind, "due_at", "", "9999", 1)]), None)

    async def retries(self, kind: str, now: float, limit: int) -> list[str]:
        """Aggregates with a held message to try again, the earliest first."""
        return [doc["_id"] async for doc in self._upto(kind, "held_at", 0, now, limit)]

    def _upto(self, kind: str, field: str, above: Any, upto: Any, limit: int) -> AsyncIterator[Raw]:
        found = self._of[kind].find({field: {"$gt": above, "$lte": upto}}, {"work": 1, "due_at": 1})
        return found.sort(field, 1).limit(limit)

    async def sweep(self, kind: str, older_than: float, lease: float, limit: int) -> Pending:
        """Claim by the database's clock, so that the sweepers' own clocks do not matter."""
        many, seconds = self._of[kind], {"$divide": [{"$toLong": "$$NOW"}, 1000]}
        old = {"$lte": [{"$arrayElemAt": ["$out.at", 0]}, {"$subtract": [seconds, older_than]}]}
        found = many.find({**HAS_OUT, "$expr": {"$and": [FREE, old]}}, {"_id": 1}).hint("out").limit(limit)
        ids, token = {"$in": [doc["_id"] async for doc in found]}, uuid4().hex
        if not ids["$in"]:
            return []
        claim = {"claimed_until": {"$add": ["$$NOW", int(lease * 1000)]}, "claimed_by": token}
        await many.update_many({"_id": ids, "$expr": FREE}, [{"$set": claim}])
        claimed = many.find({"_id": ids, "claimed_by": token}, {"out": 1})
        return [(doc["_id"], doc["out"]) async for doc in claimed if doc.get("out")]

    async def claim_work(self, kind: str, now: float, lease: float, limit: int) -> list[Claimed]:
        """Each document's claims are one atomic update on condition of their old lease and attempt."""
        late: list[tuple[str, dict[str, Raw]]] = []
        async for doc in self._upto(kind, "work_at", 0, now, limit):
            work = [(id, entry) for id, entry in doc.get("work", {}).items() if entry["until"] <= now]
            late.append((doc["_id"], dict(work[:limit])))
            limit = max(limit - len(work), 0)
        claims = await asyncio.gather(*(self._claim(kind, id, work, now + lease) for id, work in late))
        return [claimed for claim in claims for claimed in claim]

    async def _claim(self, kind: str, aggregate: str, work: dict[str, Raw], until: float) -> list[Claimed]:
        """What is returned still says whether the attempt before was settled; the stored one begins anew."""
        query: Raw = {"_id": aggregate}
        change: Raw = {}
        raised: dict[str, Raw] = {}
        for id, entry in work.items():
            raised[id] = {**entry, "until": until, "attempt": entry["attempt"] + 1}
            query |= {f"work.{id}.{name}": entry[name] for name in ("until", "attempt")}
            change |= {f"work.{id}.{name}": raised[id][name] for name in ("until", "attempt")}
            change[f"work.{id}.settled"] = False
        stages = [{"$set": change}, WORK_AT] if change else [WORK_AT]
        done = await self._of[kind].update_one(query, stages)
        return [Claimed(kind, aggregate, id, entry) for id, entry in raised.items() if done.matched_count]

    async def defer_work(self, kind: str, aggregate: str, id: str, until: float, notes: Sequence[Raw] = ()) -> None:
        """The attempt is settled; the next one begins at `until`."""
        kept = {"until": until, "settled": True, "notes": {"$literal": list(notes)}}
        change = {f"work.{id}.{name}": value for name, value in kept.items()}
        there = {f"work.{id}": {"$exists": True}}
        await self._of[kind].update_one({"_id": aggregate, **there}, [{"$set": change}, WORK_AT])

    async def confirm(self, published: Sequence[Published]) -> None:
        """Journal, then pull. What is journaled with another hash stays in `out`, for somebody to look at."""
        ops = [InsertOne({**journaled(one.entry), "_id": one.entry["id"], "kind": one.kind}) for one in published]
        repeats = [published[error["index"]].entry for error in await self._bulk("journal", ops)]
        alien = await self._alien(repeats) if repeats else set()
        pulls: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for one in published:
            if one.entry["id"] not in alien:
                pulls[one.kind][one.aggregate].append(one.entry["id"])
        for kind, gone in pulls.items():
            pull = {id: {"$pull": {"out": {"id": {"$in": ids}}}} for id, ids in gone.items()}
            await self._bulk(kind, [UpdateOne({"_id": id}, change) for id, change in pull.items()])

    async def _alien(self, repeats: Sequence[Entry]) -> set[str]:
        query = {"_id": {"$in": [entry["id"] for entry in repeats]}}
        kept = {doc["_id"]: doc["hash"] async for doc in self._journal.find(query, {"hash": 1})}
        alien = {entry["id"] for entry in repeats if kept.get(entry["id"]) != entry["hash"]}
        for id in alien:
            CONFLICTS.inc()
            log.critical("the journal holds this event with another hash", extra={"event": id})
        return alien

    async def journal(self, aggregate: str) -> list[Entry]:
        """The journaled events of one aggregate, in order."""
        return [entry async for entry in self._journal.find({"aggregate": aggregate}).sort("sequence", 1)]

    async def histories(self, kind: str, after: str, limit: int) -> list[str]:
        """Ids in order, whether of a document or of what only the journal still knows."""
        documents = self._of[kind].find({"_id": {"$gt": after}}, {"_id": 1}).sort("_id", 1).limit(limit)
        ids = {doc["_id"] async for doc in documents}
        told: set[str] = set()
        async for entry in self._journal.find({"aggregate": {"$gt": after}, "kind": kind}, {"aggregate": 1}).sort(
            "aggregate", 1
        ):
            if entry["aggregate"] not in told and len(told) == limit:
                break
            told.add(entry["aggregate"])
        return sorted(ids | told)[:limit]

    async def park(self, records: Sequence[Raw]) -> None:
        """Upsert; the duplicate of one that was replayed or skipped is ignored."""
        ops = [UpdateOne({"_id": r["_id"], "status": "parked"}, {"$set": r}, upsert=True) for r in records]
        await self._bulk("parked", ops)

    async def parked(self, status: str, limit: int) -> list[Raw]:
        """The oldest first, without their bytes: one may have megabytes."""
        return await self._parked.find({"status": status}, dict.fromkeys(BYTES, 0)).sort("at", 1).to_list(limit)

    async def parked_one(self, id: str) -> Raw | None:
        """One parked record."""
        return await self._parked.find_one({"_id": id})

    async def settle_parked(self, id: str, status: str, note: Raw) -> None:
        """Mark it; the reason why it was parked stays beside the note."""
        await self._parked.update_one({"_id": id}, {"$set": {"status": status, "note": note}})

    async def attempt(self, id: str) -> int:
        """Count, and keep the count by a majority."""
        return int((await self._swap("attempts", id, {"$inc": {"count": 1}}, ReturnDocument.AFTER))["count"])

    async def run_state(self, instance: str, state: str) -> str:
        """The state before, "" the first time."""
        before = await self._swap("instances", instance, {"$set": {"state": state}}, ReturnDocument.BEFORE)
        return str(before.get("state", ""))

    async def _swap(self, name: str, id: str, change: Raw, which: bool) -> Raw:
        found = self._of[name].find_one_and_update({"_id": id}, change, upsert=True, return_document=which)
        return await found or {}


def _change(write: Write) -> UpdateOne | InsertOne[Raw]:
    """A new document is inserted: the server takes many of them together, of upserts it takes one by one."""
    if not write.rev:
        return InsertOne({"_id": write.id, **write.set, "out": write.out})
    change: Raw = {"$set": write.set, "$push": {"out": {"$each": write.out}}}
    if write.unset:
        change["$unset"] = dict.fromkeys(write.unset, "")
    return UpdateOne({"_id": write.id, "rev": write.rev}, change, upsert=True)


def _model(index: Index) -> IndexModel:
    options: Raw = {"partialFilterExpression": dict(index.partial)} if index.partial else {}
    return IndexModel(list(index.keys), name=index.name, unique=index.unique, **options)
