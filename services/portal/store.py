"""The portal's own database: queries over its read models, and their indexes."""

import asyncio
import time
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from motor.motor_asyncio import AsyncIOMotorDatabase

from services.portal.domain.facts import Change, Deed, Entry, File, Mandates, Paper, Particulars, Place, SignedFile
from services.portal.figures import INDEXES as FIGURES
from shared.contracts.approval import TaskQueued
from shared.contracts.registry import Placement
from shared.contracts.tasks import Mandate
from shared.kernel.decider import Actor, Fact
from shared.runtime.actors import Offices
from shared.runtime.service import Index

Database = AsyncIOMotorDatabase[Any]
F = TypeVar("F", bound=Fact)
Doing = tuple[Entry | Change, str]
"""What happened, and whose doing it was ("" for nobody's)."""
POLL_SECONDS = 0.04
COLLEAGUES = 500

INDEXES: Mapping[str, tuple[Index, ...]] = {
    **FIGURES,
    "fact_entry": (
        *FIGURES["fact_entry"],
        Index("by_case", [("value.case", 1)]),
        Index("by_source", [("value.source", 1), ("sequence", -1)]),
        Index("by_receipt", [("value.data.receipt", 1)], partial={"value.data.receipt": {"$gt": ""}}),
        Index("queued", [("value.data.office", 1), ("value.data.agency", 1)], partial={"value.type": TaskQueued.TYPE}),
    ),
    "fact_change": (Index("by_what", [("value.of", 1)]),),
    "fact_file": (Index("by_person", [("value.content.person", 1), ("_id", 1)]),),
    f"fact_{Offices.KIND}": (Index("held", [("value.offices.agency", 1), ("value.offices.office", 1)]),),
}


class Views:
    """Reads what the events left here."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def entries(self, cases: Collection[str]) -> dict[str, list[Entry]]:
        """The events of these cases, by case."""
        found: dict[str, list[Entry]] = {case: [] for case in cases}
        async for document in self._db["fact_entry"].find({"value.case": {"$in": list(cases)}}):
            entry = Entry.model_validate(document["value"])
            found[entry.case].append(entry)
        return found

    async def doings(self, cases: Collection[str]) -> list[tuple[Entry, str]]:
        """The events of these cases, the oldest first, and whose doing each was."""
        query = {"value.case": {"$in": list(cases)}}
        rows = [(row["_id"], Entry.model_validate(row["value"])) async for row in self._db["fact_entry"].find(query)]
        deeds = await self._facts(Deed, [id for id, _ in rows])
        told = [(entry, deeds[id].by if id in deeds else "") for id, entry in rows]
        return sorted(told, key=lambda one: (one[0].at, one[0].source, one[0].sequence))

    async def changes(self, ids: Collection[str]) -> list[Change]:
        """What was done to these vacancies, or to the documents of these cases."""
        found = self._db["fact_change"].find({"value.of": {"$in": list(ids)}})
        return [Change.model_validate(row["value"]) async for row in found]

    async def news(self, ids: Collection[str], since: datetime) -> dict[str, list[Doing]]:
        """What happened to these cases and vacancies after that moment, the newest first."""
        found: list[tuple[str, Doing]] = [(entry.case, (entry, by)) for entry, by in await self.doings(ids)]
        found += [(change.of, (change, change.by)) for change in await self.changes(ids)]
        fresh = [one for one in found if one[1][0].at > since]
        fresh.sort(key=lambda one: one[1][0].at, reverse=True)
        return {id: [doing for of, doing in fresh if of == id] for id in ids}

    async def count(self, cases: Collection[str]) -> int:
        """How many events of these cases are here."""
        return int(await self._db["fact_entry"].count_documents({"value.case": {"$in": list(cases)}}))

    async def queued(self, places: Collection[tuple[str, str]]) -> int:
        """How many tasks were ever queued for these offices of agencies, as far as events of them are here."""
        rows = [{"value.data.office": office, "value.data.agency": agency} for office, agency in set(places)]
        query = {"value.type": TaskQueued.TYPE, "$or": rows}
        return int(await self._db["fact_entry"].count_documents(query)) if rows else 0

    async def files_of(self, person: str, limit: int = 100) -> dict[str, File]:
        """What a person proposed, by case."""
        query = {"value.content.person": person}
        found = self._db["fact_file"].find(query).sort("_id", 1).limit(limit)
        return {document["_id"]: File.model_validate(document["value"]) async for document in found}

    async def file(self, case: str) -> File | None:
        """What is proposed in a case, None while its events are not here."""
        return (await self._facts(File, [case])).get(case)

    async def files(self, cases: Iterable[str]) -> dict[str, File]:
        """What is proposed in these cases, as far as their events are here."""
        return await self._facts(File, set(cases))

    async def case_of(self, receipt: str) -> str:
        """The case with this receipt number, "" for none."""
        found = await self._db["fact_entry"].find_one({"value.data.receipt": receipt}, {"value.case": 1})
        return str(found["value"]["case"]) if found else ""

    async def paper(self, digest: str) -> Paper | None:
        """What is printed on the paper with this hash of its data."""
        return (await self._facts(Paper, [digest])).get(digest)

    async def signed_file(self, sha256: str) -> str:
        """The hash of the data that a signed file carries, "" for one that we did not sign."""
        found = (await self._facts(SignedFile, [sha256])).get(sha256)
        return found.digest if found else ""

    async def places(self, ids: Iterable[str]) -> dict[str, Place]:
        """What places are called; one that nobody named yet has its id for a name."""
        wanted = {id for id in ids if id}
        return {id: Place(name=id) for id in wanted} | await self._facts(Place, wanted)

    async def people(self, ids: Iterable[str]) -> dict[str, str]:
        """What people are called; forgotten people are left out."""
        return {id: found.name for id, found in (await self._facts(Particulars, set(ids))).items()}

    async def stood_in_for(self, person: str, on: date) -> list[Mandate]:
        """For whom a person may act that day: the right ends with the office of who is absent."""
        found = (await self._facts(Mandates, [person])).get(person)
        given = found.mandates if found else ()
        held = await self._facts(Offices, [one.absent for one in given])
        return [one for one in given if one.absent in held and one.lasts(on, held[one.absent].offices)]

    async def holders(self, office: str, agency: str, unit: str, on: date) -> list[str]:
        """Who holds that office of the agency that day, of that unit where one is named: persons by id."""
        held = {"value.offices": {"$elemMatch": {"office": office, "agency": agency}}}
        found = self._db[f"fact_{Offices.KIND}"].find(held).sort("_id", 1).limit(COLLEAGUES)
        known = [(row["_id"], Offices.model_validate(row["value"])) async for row in found]
        return [id for id, of in known if Actor(login="", offices=of.offices).holds(office, on, agency, unit or None)]

    async def caught_up(self, source: str, sequence: int, seconds: float) -> bool:
        """Wait until this event of that source ("service/aggregate") is here; False if it did not come in time."""
        deadline = time.monotonic() + seconds
        query = {"value.source": source, "sequence": {"$gte": sequence}}
        while await self._db["fact_entry"].find_one(query, {"_id": 1}) is None:
            if time.monotonic() > deadline:
                return False
            await asyncio.sleep(POLL_SECONDS)
        return True

    async def _facts(self, kind: type[F], ids: Collection[str]) -> dict[str, F]:
        query = {"_id": {"$in": list(ids)}, "value": {"$ne": None}}
        return {
            document["_id"]: kind.model_validate(document["value"])
            async for document in self._db[f"fact_{kind.KIND}"].find(query)
        }


def ids_of(*placements: Placement) -> list[str]:
    """Ids of all places that these placements name."""
    return [id for placement in placements for id in (placement.agency, placement.unit, placement.post)]
