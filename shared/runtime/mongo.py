"""The store on MongoDB. The only place of the runtime that names the driver."""

import asyncio
import logging
import re
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from collections.abc import Collection as Many
from datetime import UTC, datetime
from functools import wraps
from typing import Any, ParamSpec, TypeAlias, TypeVar
from uuid import uuid4

import pymongo
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorCollection, AsyncIOMotorDatabase
from prometheus_client import Counter
from pymongo import IndexModel, InsertOne, ReturnDocument, UpdateOne
from pymongo.errors import (
    BulkWriteError,
    ConnectionFailure,
    OperationFailure,
    PyMongoError,
    WriteConcernError,
)

from shared.runtime.envelope import chained
from shared.runtime.ports import STALE, Claimed, Entry, Published, Raw, Unavailable, Write, utc
from shared.runtime.service import Index, Service

Client: TypeAlias = AsyncIOMotorClient[Raw]
Database: TypeAlias = AsyncIOMotorDatabase[Raw]
Collection: TypeAlias = AsyncIOMotorCollection[Raw]

DUPLICATE = 11000
# Elections, shutdowns, lost cursors, timeouts, unmet concerns, a full disk: the same call may work later.
PASSING = {6, 7, 43, 50, 64, 79, 89, 91, 100, 112, 133, 134, 175, 189, 202, 237, 262, 9001, 10107, 11600}
PASSING |= {11601, 11602, 13435, 13436, 14031}
_OUT = {"out.0": {"$exists": True}}
_FREE = {"$lte": [{"$ifNull": ["$claimed_until", datetime.fromtimestamp(0, UTC)]}, "$$NOW"]}
_WORK_AT = {
    "$set": {"work_at": {"$min": {"$map": {"input": {"$objectToArray": "$work"}, "in": "$$this.v.until"}}}}
}
OWN = (
    Index("due", [("due_at", 1)], partial={"due_at": {"$gt": ""}}),
    Index("retries", [("held_at", 1)], partial={"held_at": {"$gt": 0}}),
    Index("work", [("work_at", 1)], partial={"work_at": {"$gt": 0}}),
    Index("waits", [("waits", 1)], partial={"waits.0": {"$exists": True}}),
    Index("out", [("claimed_until", 1)], partial=_OUT),
)
CONFLICTS = Counter("mutasi_journal_conflicts", "Events whose journaled copy has another hash")
P = ParamSpec("P")
R = TypeVar("R")
log = logging.getLogger(__name__)


def connect(uri: str) -> Client:
    """A client whose reads and writes are majority ones; every call ends within ten seconds."""
    return AsyncIOMotorClient(
        uri,
        w="majority",
        readConcernLevel="majority",
        readPreference="primary",
        retryWrites=True,
        retryReads=True,
        timeoutMS=10_000,
        serverSelectionTimeoutMS=3_000,
        connectTimeoutMS=3_000,
        appname="mutasi",
    )


def _passing(error: PyMongoError) -> bool:
    if isinstance(error, BulkWriteError):
        details = error.details or {}
        codes = {one["code"] for one in details.get("writeErrors", ())}
        return bool(details.get("writeConcernErrors")) or bool(codes & PASSING)
    if isinstance(error, ConnectionFailure | WriteConcernError) or error.timeout:
        return True
    return isinstance(error, OperationFailure) and error.code in PASSING


def guarded(call: Callable[P, Awaitable[R]]) -> Callable[P, Coroutine[Any, Any, R]]:
    """Errors that may pass become `Unavailable`; others are faults of ours and stay what they are."""

    @wraps(call)
    async def guard(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return await call(*args, **kwargs)
        except PyMongoError as error:
            if _passing(error):
                raise Unavailable(f"{type(error).__name__}: {error}"[:300]) from error
            raise

    return guard


class MongoStore:
    """`ports.Store` on one database: a collection per kind, `fact_<kind>`, `journal`, `parked`, and two small ones."""

    def __init__(self, db: Database, service: Service) -> None:
        self._db, self._service = db, service
        self._journal, self._parked = db["journal"], db["parked"]
        self._keys = {
            (kind, tuple(index.keys)): index.name
            for kind, indexes in service.indexes.items()
            for index in indexes
        }

    @guarded
    async def ensure(self) -> None:
        """Create all indexes. Raises `OperationFailure` if one is there under this name with other keys."""
        wanted: dict[str, list[Index]] = defaultdict(
            list, {kind: list(of) for kind, of in self._service.indexes.items()}
        )
        for decider in self._service.deciders:
            own = wanted[decider.name]
            own += OWN
            # MongoDB refuses the same keys twice, and a service's rule may be on a watched field.
            ruled = {tuple(index.keys) for index in own}
            watched = {((f"state.{name}", 1),) for name in decider.watches.values()} - ruled
            own += [Index(f"open_{keys[0][0][6:]}", keys, partial={"state.open": True}) for keys in sorted(watched)]
        wanted["journal"].append(Index("chain", [("aggregate", 1), ("sequence", 1)]))
        wanted["parked"].append(Index("age", [("status", 1), ("at", 1)]))
        with pymongo.timeout(None):  # an index over a big collection takes its time
            for kind, indexes in wanted.items():
                await self._db[kind].create_indexes([_model(index) for index in indexes])

    # -- aggregates ----------------------------------------------------------------------------------------------

    @guarded
    async def load(self, kind: str, ids: Many[str]) -> dict[str, Raw]:
        """Whole documents by id."""
        return {doc["_id"]: doc async for doc in self._db[kind].find({"_id": {"$in": list(ids)}})}

    @guarded
    async def write(self, kind: str, writes: Sequence[Write]) -> list[str]:
        """One unordered bulk. A `rev` that is gone makes the upsert insert a second `_id`: that is how it shows."""
        results = [""] * len(writes)
        if not writes:
            return results
        try:
            await self._db[kind].bulk_write([_update(write) for write in writes], ordered=False)
        except BulkWriteError as error:
            for one in _duplicates(error):
                results[one["index"]] = self._violated(kind, one)
        return results

    def _violated(self, kind: str, error: Raw) -> str:
        """Name of the violated index. The server drops the text, not the keys, when it has many errors to tell."""
        pattern = error.get("keyPattern") or {}
        if list(pattern) == ["_id"]:
            return STALE
        told = re.search(r"index: (\S+) dup key", error.get("errmsg", ""))
        return told[1] if told else self._keys.get((kind, tuple(pattern.items())), "?")

    @guarded
    async def watching(self, kind: str, name: str, ids: Many[str]) -> list[tuple[str, str]]:
        """Open aggregates whose `state.<name>` is, or holds, one of the ids."""
        query = {"state.open": True, f"state.{name}": {"$in": list(ids)}}
        found: list[tuple[str, str]] = []
        async for doc in self._db[kind].find(query, {f"state.{name}": 1}):
            value = doc["state"][name]
            named = value if isinstance(value, list) else [value]
            found += [(doc["_id"], id) for id in dict.fromkeys(named) if id in ids]
        return found

    @guarded
    async def waiting(self, kind: str, needs: Many[str]) -> list[str]:
        """Aggregates whose held messages wait for one of these."""
        query = {"waits": {"$in": list(needs)}, "waits.0": {"$exists": True}}
        return [doc["_id"] async for doc in self._db[kind].find(query, {"_id": 1})]

    @guarded
    async def due(self, kind: str, now: datetime, limit: int) -> list[str]:
        """Aggregates with a timer due, the earliest first."""
        return await self._first(kind, "due_at", {"$gt": "", "$lte": utc(now)}, limit)

    @guarded
    async def retries(self, kind: str, now: float, limit: int) -> list[str]:
        """Aggregates with a held message to try again, the earliest first."""
        return await self._first(kind, "held_at", {"$gt": 0, "$lte": now}, limit)

    async def _first(self, kind: str, field: str, condition: Raw, limit: int) -> list[str]:
        found = self._db[kind].find({field: condition}, {"_id": 1}).sort(field, 1).limit(limit)
        return [doc["_id"] async for doc in found]

    # -- facts ---------------------------------------------------------------------------------------------------

    @guarded
    async def facts(self, kind: str, ids: Many[str]) -> dict[str, Raw]:
        """Values of facts by id."""
        found = self._db[f"fact_{kind}"].find(
            {"_id": {"$in": list(ids)}, "value": {"$ne": None}}, {"value": 1}
        )
        return {doc["_id"]: doc["value"] async for doc in found}

    @guarded
    async def learn(self, kind: str, facts: Sequence[tuple[str, int, Raw | None]]) -> None:
        """Guarded upserts. A duplicate means a newer one is there, or that another process was first to insert:
        the second round, which finds the document there, tells which."""
        again: Sequence[tuple[str, int, Raw | None]] = facts
        for _round in range(2):
            ops = [
                UpdateOne(
                    {"_id": id, "sequence": {"$lt": at}},
                    {"$set": {"sequence": at, "value": value}},
                    upsert=True,
                )
                for id, at, value in again
            ]
            again = [again[index] for index in await self._bulk(f"fact_{kind}", ops)]

    async def _bulk(self, name: str, ops: Sequence[UpdateOne | InsertOne[Raw]]) -> list[int]:
        """An unordered bulk; the places of those that met a duplicate key."""
        try:
            if ops:
                await self._db[name].bulk_write(ops, ordered=False)
        except BulkWriteError as error:
            return [one["index"] for one in _duplicates(error)]
        return []

    # -- what a crash left ---------------------------------------------------------------------------------------

    @guarded
    async def sweep(
        self, kind: str, older_than: float, lease: float, limit: int
    ) -> list[tuple[str, list[Entry]]]:
        """Claim by the database's clock, so that the sweepers' own clocks do not matter."""
        many, seconds = self._db[kind], {"$divide": [{"$toLong": "$$NOW"}, 1000]}
        old = {"$lte": [{"$arrayElemAt": ["$out.at", 0]}, {"$subtract": [seconds, older_than]}]}
        found = many.find({**_OUT, "$expr": {"$and": [_FREE, old]}}, {"_id": 1}).hint("out").limit(limit)
        ids = [doc["_id"] async for doc in found]
        if not ids:
            return []
        token = uuid4().hex
        claim = {"claimed_until": {"$add": ["$$NOW", int(lease * 1000)]}, "claimed_by": token}
        await many.update_many({"_id": {"$in": ids}, "$expr": _FREE}, [{"$set": claim}])
        claimed = many.find({"_id": {"$in": ids}, "claimed_by": token}, {"out": 1})
        return [(doc["_id"], doc["out"]) async for doc in claimed if doc.get("out")]

    @guarded
    async def claim_work(self, kind: str, now: float, lease: float, limit: int) -> list[Claimed]:
        """Each document's claims are one atomic update on condition of their old lease and attempt."""
        found = (
            self._db[kind]
            .find({"work_at": {"$gt": 0, "$lte": now}}, {"work": 1})
            .sort("work_at", 1)
            .limit(limit)
        )
        late: list[tuple[str, dict[str, Raw]]] = []
        async for doc in found:
            work = {id: entry for id, entry in doc.get("work", {}).items() if entry["until"] <= now}
            late.append((doc["_id"], dict(list(work.items())[:limit])))
            limit -= len(work)
            if limit <= 0:
                break
        claims = await asyncio.gather(*(self._claim(kind, id, work, now + lease) for id, work in late))
        return [claimed for claim in claims for claimed in claim]

    async def _claim(self, kind: str, aggregate: str, work: dict[str, Raw], until: float) -> list[Claimed]:
        """What is returned still says whether the attempt before was settled; what is stored no longer does."""
        query: Raw = {"_id": aggregate}
        change: Raw = {}
        for id, entry in work.items():
            query |= {f"work.{id}.until": entry["until"], f"work.{id}.attempt": entry["attempt"]}
            change |= {f"work.{id}.until": until, f"work.{id}.attempt": entry["attempt"] + 1}
            change[f"work.{id}.settled"] = False
        done = await self._db[kind].update_one(query, [{"$set": change}, _WORK_AT] if change else [_WORK_AT])
        if not done.matched_count:
            return []
        raised = {
            id: {**entry, "until": until, "attempt": entry["attempt"] + 1} for id, entry in work.items()
        }
        return [Claimed(kind, aggregate, id, entry) for id, entry in raised.items()]

    @guarded
    async def defer_work(self, kind: str, aggregate: str, id: str, until: float) -> None:
        """The attempt is settled; the next one begins at `until`."""
        change = {"$set": {f"work.{id}.until": until, f"work.{id}.settled": True}}
        await self._db[kind].update_one(
            {"_id": aggregate, f"work.{id}": {"$exists": True}}, [change, _WORK_AT]
        )

    # -- journal -------------------------------------------------------------------------------------------------

    @guarded
    async def confirm(self, published: Sequence[Published]) -> None:
        """Journal, then pull. What is journaled with another hash is left in `out`, for somebody to look at."""
        ops = [InsertOne({**one.entry, "_id": one.entry["id"], "kind": one.kind}) for one in published]
        repeats = [published[index] for index in await self._bulk("journal", ops)]
        alien = await self._alien(repeats) if repeats else set()
        pulls: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for one in published:
            if one.entry["id"] not in alien:
                pulls[one.kind][one.aggregate].append(one.entry["id"])
        for kind, ids in pulls.items():
            await self._bulk(
                kind,
                [
                    UpdateOne({"_id": id}, {"$pull": {"out": {"id": {"$in": gone}}}})
                    for id, gone in ids.items()
                ],
            )

    async def _alien(self, repeats: Sequence[Published]) -> set[str]:
        query = {"_id": {"$in": [one.entry["id"] for one in repeats]}}
        kept = {doc["_id"]: doc["hash"] async for doc in self._journal.find(query, {"hash": 1})}
        alien = {one.entry["id"] for one in repeats if kept.get(one.entry["id"]) != one.entry["hash"]}
        for id in alien:
            CONFLICTS.inc()
            log.critical("the journal holds this event with another hash", extra={"event": id})
        return alien

    @guarded
    async def journal(self, aggregate: str) -> list[Entry]:
        """The journaled events of one aggregate, in order."""
        return [entry async for entry in self._journal.find({"aggregate": aggregate}).sort("sequence", 1)]

    @guarded
    async def verify(self, kind: str, aggregate: str) -> str:
        """What is wrong with an aggregate's history, "" if nothing is: journal and what is still in `out` together
        must be the chain whose head the document holds."""
        doc = await self._db[kind].find_one({"_id": aggregate}, {"sequence": 1, "head": 1, "out": 1}) or {}
        last, entries = doc.get("sequence", 0), {entry["sequence"]: entry for entry in doc.get("out", ())}
        journaled = {entry["sequence"]: entry for entry in await self.journal(aggregate)}
        # What came after the document was read is not looked at; a document that is gone has no "after".
        entries |= {at: entry for at, entry in journaled.items() if at <= last or not doc}
        return verify_chain([entries[at] for at in sorted(entries)], last, doc.get("head", ""))

    @guarded
    async def journaled(self, kind: str) -> list[str]:
        """Ids of all aggregates of a kind that have a document or a journal."""
        return sorted(
            {
                *await self._db[kind].distinct("_id"),
                *await self._journal.distinct("aggregate", {"kind": kind}),
            }
        )

    # -- parked, attempts, runs ----------------------------------------------------------------------------------

    @guarded
    async def park(self, records: Sequence[Raw]) -> None:
        """Upsert; the duplicate of one that was replayed or skipped is ignored."""
        await self._bulk(
            "parked",
            [
                UpdateOne({"_id": one["_id"], "status": "parked"}, {"$set": one}, upsert=True)
                for one in records
            ],
        )

    @guarded
    async def parked(self, status: str, limit: int) -> list[Raw]:
        """The oldest first."""
        return [record async for record in self._parked.find({"status": status}).sort("at", 1).limit(limit)]

    @guarded
    async def parked_one(self, id: str) -> Raw | None:
        """One parked record."""
        return await self._parked.find_one({"_id": id})

    @guarded
    async def settle_parked(self, id: str, status: str, note: Raw) -> None:
        """Mark it; the reason why it was parked stays beside the note."""
        await self._parked.update_one({"_id": id}, {"$set": {"status": status, "note": note}})

    @guarded
    async def attempt(self, id: str) -> int:
        """Count and keep the count by a majority."""
        return int((await self._swap("attempts", id, {"$inc": {"count": 1}}, ReturnDocument.AFTER))["count"])

    @guarded
    async def run_state(self, instance: str, state: str) -> str:
        """The state before, "" the first time."""
        before = await self._swap("instances", instance, {"$set": {"state": state}}, ReturnDocument.BEFORE)
        return str(before.get("state", ""))

    async def _swap(self, name: str, id: str, change: Raw, which: bool) -> Raw:
        found = await self._db[name].find_one_and_update(
            {"_id": id}, change, upsert=True, return_document=which
        )
        return found or {}


def verify_chain(entries: Sequence[Entry], sequence: int, head: str) -> str:
    """Recompute a chain; says which entry was changed, removed or cut off, "" if it is whole."""
    previous = ""
    for place, entry in enumerate(entries, 1):
        if entry["sequence"] != place:
            return f"event {place} is missing"
        if entry["prev"] != previous or entry["hash"] != chained(previous, entry):
            return f"event {place} was changed"
        previous = entry["hash"]
    if len(entries) != sequence:
        return f"the document counts {sequence} events, there are {len(entries)}"
    return "" if previous == head else f"event {sequence} is not the one the document ends with"


def _duplicates(error: BulkWriteError) -> Iterable[Raw]:
    """The duplicate keys of a bulk; raises it again if anything else went wrong in it."""
    details = error.details or {}
    errors: list[Raw] = details.get("writeErrors", [])
    if details.get("writeConcernErrors") or any(one["code"] != DUPLICATE for one in errors):
        raise error
    return errors


def _update(write: Write) -> UpdateOne:
    change: Raw = {"$set": write.set}
    if write.unset:
        change["$unset"] = dict.fromkeys(write.unset, "")
    if write.out:
        change["$push"] = {"out": {"$each": write.out}}
    return UpdateOne({"_id": write.id, "rev": write.rev}, change, upsert=True)


def _model(index: Index) -> IndexModel:
    options: Raw = {"partialFilterExpression": dict(index.partial)} if index.partial else {}
    return IndexModel(list(index.keys), name=index.name, unique=index.unique, **options)
