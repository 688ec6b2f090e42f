"""Indexes and queries of the ledger, and the local copies an effect looks into when it sends."""

import asyncio
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol, TypeVar

from motor.motor_asyncio import AsyncIOMotorDatabase
from pymongo import UpdateOne

from services.notification.domain.broadcasts import PAGE, Fetch
from services.notification.domain.contacts import Book, book_id
from services.notification.domain.facts import (
    Addresses,
    Contacts,
    Given,
    Home,
    Ledger,
    NotKnown,
    Particulars,
    Reader,
    Suspended,
    Title,
    Wishes,
    addresses_id,
    suspended_id,
)
from services.notification.domain.preferences import Preferences
from services.notification.lookups import Lookup
from services.notification.queue import LANES
from shared.contracts.broadcasts import Audience
from shared.kernel.decider import Fact, judged_on
from shared.runtime.actors import Offices
from shared.runtime.service import Index, Job

F = TypeVar("F", bound=Fact)
GATHER = 0.01  # seconds
Database = AsyncIOMotorDatabase[Any]
INDEXES: Mapping[str, tuple[Index, ...]] = {
    "messages": (
        Index("by_person", [("state.person", 1), ("state.queued_at", -1), ("_id", -1)]),
        Index("by_status", [("state.status", 1), ("state.queued_at", -1), ("_id", -1)]),
        LANES,
    ),
    f"fact_{Home.KIND}": (Index("by_place", [("value.agency", 1), ("value.unit", 1), ("_id", 1)]),),
    "errands": (Index("by_agency", [("state.status", 1), ("state.agency", 1), ("_id", 1)]),),
}


class Place(NamedTuple):
    """Where a page of messages ended: they are listed newest first."""

    queued_at: str
    id: str


async def messages(
    db: Database, person: str, statuses: Collection[str], after: Place | None, limit: int
) -> list[Mapping[str, Any]]:
    """Documents of messages, newest first; of everybody when `person` is empty."""
    query: dict[str, Any] = {"state.status": {"$in": list(statuses)}}
    if person:
        query["state.person"] = person
    if after is not None:
        same = {"state.queued_at": after.queued_at, "_id": {"$lt": after.id}}
        query["$or"] = [{"state.queued_at": {"$lt": after.queued_at}}, same]
    order = [("state.queued_at", -1), ("_id", -1)]
    found = db["messages"].find(query, {"state": 1, "sequence": 1}).sort(order).limit(limit)
    return await found.to_list(limit)


async def chosen(db: Database, status: str, template: str, limit: int) -> tuple[list[str], int]:
    """Ids of messages in that state, those of the oldest events first, and how many there are in all."""
    query = {"state.status": status, **({"state.template": template} if template else {})}
    found = db["messages"].find(query, {"_id": 1}).sort("state.queued_at", 1).limit(limit)
    return [one["_id"] for one in await found.to_list(limit)], await db["messages"].count_documents(query)


def _of_audience(audience: Audience, today: date) -> tuple[str, dict[str, Any]]:
    """Collection and query: by where people belong, or by the offices they hold that day."""
    place = {name: value for name, value in audience.model_dump(include={"agency", "unit"}).items() if value}
    if not audience.office:
        return f"fact_{Home.KIND}", {f"value.{name}": value for name, value in place.items()}
    on = today.isoformat()
    held = {"office": audience.office, **place, "since": {"$lte": on}, "until": {"$not": {"$lte": on}}}
    return f"fact_{Offices.KIND}", {"value.offices": {"$elemMatch": held}}


async def audience(db: Database, wanted: Audience, today: date, after: str, limit: int) -> list[str]:
    """Persons of an audience by id."""
    collection, query = _of_audience(wanted, today)
    found = db[collection].find({**query, "_id": {"$gt": after}}, {"_id": 1}).sort("_id", 1).limit(limit)
    return [one["_id"] for one in await found.to_list(limit)]


async def audience_size(db: Database, wanted: Audience, today: date) -> int:
    """How many they are."""
    collection, query = _of_audience(wanted, today)
    return await db[collection].count_documents({**query, "_id": {"$gt": ""}})


async def preferences(db: Database, person: str) -> tuple[int, Preferences]:
    """Version and preferences of a person; those of somebody who never changed any are version 0."""
    found = await db["preferences"].find_one({"_id": person}, {"state": 1, "sequence": 1})
    return (found["sequence"], Preferences.model_validate(found["state"])) if found else (0, Preferences(person=person))


async def contacts(db: Database, person: str) -> tuple[int, Book]:
    """Version and chat addresses (their names) of a person; those of somebody who never gave one are version 0."""
    found = await db["contacts"].find_one({"_id": book_id(person)}, {"state": 1, "sequence": 1})
    return (found["sequence"], Book.model_validate(found["state"])) if found else (0, Book(person=person))


async def errands(
    db: Database, agencies: Collection[str] | None, status: str, after: str, limit: int
) -> list[Mapping[str, Any]]:
    """Documents of errands by id; of all agencies where none are named."""
    query: dict[str, Any] = {"state.status": status, "_id": {"$gt": after}}
    if agencies is not None:
        query["state.agency"] = {"$in": list(agencies)}
    found = db["errands"].find(query, {"state": 1, "sequence": 1}).sort("_id", 1).limit(limit)
    return await found.to_list(limit)


async def give(db: Database, person: str, channel: str, name: str, given: Given) -> None:
    """Keep an address under this name, besides the one that is verified."""
    at, said = {"_id": addresses_id(person, channel)}, {f"value.given.{name}": given.model_dump()}
    await db[f"fact_{Addresses.KIND}"].update_one(at, {"$set": said, "$setOnInsert": {"sequence": 0}}, upsert=True)


async def given(db: Database, person: str, channel: str) -> Mapping[str, Given]:
    """The addresses of a person on a channel by their names."""
    found = await db[f"fact_{Addresses.KIND}"].find_one({"_id": addresses_id(person, channel)})
    return Addresses.model_validate(found["value"]).given if found and found.get("value") else {}


async def keep(db: Database, person: str, channel: str, names: Collection[str]) -> None:
    """Forget all but these."""
    left = {name: one.model_dump() for name, one in (await given(db, person, channel)).items() if name in names}
    at = {"_id": addresses_id(person, channel), "value": {"$ne": None}}
    await db[f"fact_{Addresses.KIND}"].update_one(at, {"$set": {"value": {"given": left}}})


class Attached(Protocol):
    """A process that is connected to the service's database."""

    db: Any


class Copies:
    """The facts this service keeps, and what its channel `record` wrote."""

    def __init__(self) -> None:
        self._db: Database | None = None
        self._lookups: dict[str, Lookup] = {}
        self._lines: list[UpdateOne] = []
        self._writing: asyncio.Task[None] | None = None

    async def attach(self, process: Attached) -> None:
        """From now on, look there: the effects are described before the database is connected."""
        self._db = process.db

    @property
    def db(self) -> Database:
        """The service's database. Raises RuntimeError before `attach`: the runtime tries the effect again."""
        if self._db is None:
            raise RuntimeError("the database is not open yet")
        return self._db

    async def open_ledger(self, now: datetime, restored: str) -> None:
        """From the first start on (domain time) this ledger knows what was sent; anew from the first start after the
        database was put back from a copy."""
        ledger, since = self.db[f"fact_{Ledger.KIND}"], Ledger(since=now).model_dump(mode="json")
        first = {"sequence": 0, "value": since, "restored": restored}
        await ledger.update_one({"_id": Ledger.ID}, {"$setOnInsert": first}, upsert=True)
        again = {"_id": Ledger.ID, "restored": {"$ne": restored}}
        await ledger.update_one(again, {"$set": {"value": since, "restored": restored}})

    async def reader(self, person: str, channel: str, contact: str = "") -> Reader:
        """Particulars in the language the person wishes, and the address on that channel: the verified one, or the one
        under the name `contact` that is about to be. Raises NotKnown."""
        found = await self._of(Particulars).one(person)
        if found is None:
            raise NotKnown(person)
        if found.get("value") is None:
            return Reader(None)
        known, wishes = Particulars.model_validate(found["value"]), await self._value(Wishes, person) or Wishes()
        known = known.model_copy(update={"language": wishes.language or known.language})
        reader = Reader(known, wishes, address=known.email, known=known.version)
        if channel != "email":
            reader = await self._chat(reader, person, channel, contact)
        bounced = await self._value(Suspended, suspended_id(person, channel, reader.known))
        return reader._replace(suspended=bounced is not None)

    async def _chat(self, reader: Reader, person: str, channel: str, contact: str) -> Reader:
        verified = (await self._value(Contacts, person) or Contacts()).verified.get(channel)
        given = (await self._value(Addresses, addresses_id(person, channel)) or Addresses()).given
        name = contact or (verified.contact if verified else "")
        one = given.get(name, Given(address="", code=""))
        n = verified.n if verified is not None and verified.contact == name else 0
        return reader._replace(address=one.address, known=n, code=one.code)

    async def _value(self, fact: type[F], id: str) -> F | None:
        found = await self._of(fact).one(id)
        return fact.model_validate(found["value"]) if found and found.get("value") else None

    async def titles(self, ids: Collection[str]) -> Mapping[str, str]:
        """Titles of places; unknown ones are left out."""
        if not ids:
            return {}
        found = await self._of(Title).some(ids)
        return {id: found[id]["value"]["text"] for id in ids if id in found and found[id].get("value")}

    def _of(self, fact: type[Fact]) -> Lookup:
        if fact.KIND not in self._lookups:
            self._lookups[fact.KIND] = Lookup(self.db[f"fact_{fact.KIND}"])
        return self._lookups[fact.KIND]

    async def fan_out(self, job: Job) -> Mapping[str, list[str]]:
        """The next persons of a broadcast's audience; none is the end."""
        asked = Fetch.model_validate(job.data)
        return {"persons": await audience(self.db, asked.audience, judged_on(job.now), asked.after, PAGE)}

    async def record(self, key: str, recipient: str, channel: str) -> None:
        """Keep one message of the channel `record`; a repeat counts up. What comes within a moment is one write: a
        measurement shows the ledger, not this. Raises what the write raised, to everybody in it."""
        said = {"$set": {"recipient": recipient, "channel": channel}, "$inc": {"times": 1}}
        self._lines.append(UpdateOne({"_id": key}, said, upsert=True))
        if self._writing is None:
            self._writing = asyncio.get_running_loop().create_task(self._write())
        await asyncio.shield(self._writing)

    async def _write(self) -> None:
        await asyncio.sleep(GATHER)
        lines, self._lines, self._writing = self._lines, [], None
        await self.db["recorded"].bulk_write(lines, ordered=False)
