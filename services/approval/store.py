"""Indexes of approval's collections, and its read queries."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple

from motor.motor_asyncio import AsyncIOMotorDatabase
from pymongo import ReturnDocument

from services.approval.domain import (
    Agency,
    Decree,
    Deputies,
    Deputy,
    Grant,
    History,
    Holder,
    Name,
    Paper,
    Particulars,
    Proposal,
    Revocation,
    Settled,
    original_of,
)
from services.approval.domain.inaugurations import INAUGURATIONS, Inauguration, inauguration_of
from services.approval.domain.objections.objection import PREFIX, Objection
from shared.contracts.approval import DecreeIssued, TaskQueued
from shared.contracts.tasks import Mandate
from shared.kernel.decider import Actor, Fact, Refused
from shared.runtime.service import Index

Raw = Mapping[str, Any]
Database = AsyncIOMotorDatabase[Any]
Places = set[tuple[str, str, str]]
OPEN = {"state.open": True}
DEPUTIES = 500
BESIDE = {**OPEN, "state.beside.0": {"$exists": True}}

INDEXES: Mapping[str, tuple[Index, ...]] = {
    "journal": (Index("queued", [("time", 1)], partial={"type": TaskQueued.TYPE}),),  # for the speed of steps
    "cases": (
        # The queue: equal on office, agency, unit, ordered by due and id, so MongoDB merges and never sorts.
        Index(
            "queue",
            [
                ("state.task.office", 1),
                ("state.task.agency", 1),
                ("state.task.unit", 1),
                ("state.task.due", 1),
                ("_id", 1),
            ],
            partial=OPEN,
        ),
        # The few tasks that run beside another, so that the index above stays one of single values.
        Index("beside", [("state.beside.office", 1), ("state.beside.agency", 1)], partial=BESIDE),
        Index("claimed_beside", [("state.beside.claimed_by", 1)], partial=BESIDE),
        Index("claimed", [("state.task.claimed_by", 1), ("state.task.due", 1), ("_id", 1)], partial=OPEN),
        Index("by_person", [("state.person", 1), ("_id", 1)]),
        Index("acted", [("state.acted", 1), ("_id", 1)]),
    ),
    "deputies": tuple(Index(f"of_{field}", [(f"state.mandates.{field}", 1)]) for field in ("absent", "agency")),
    "objections": (Index("waiting", [("state.status", 1), ("state.agency", 1), ("state.due", 1), ("_id", 1)]),),
}


Row = tuple[Raw, Raw]
"""A document and that one of its tasks which is meant."""


class Wanted(NamedTuple):
    """What stands in somebody's queue: tasks they claimed (no places), or of places, never of their own case; after
    the cursor, a due moment and the id of a case. `only` are fields of a task and what they must be."""

    person: str
    places: Places | None
    after: tuple[str, str] | None
    only: Mapping[str, Any] = {}

    @property
    def rows(self) -> list[dict[str, Any]]:
        """A task is one of these; one row per exact place, so that each is a range of the index in the wanted order."""
        if self.places is None:
            return [{"claimed_by": self.person, **self.only}]
        names = ("office", "agency", "unit")
        return [{**dict(zip(names, place, strict=True)), **self.only} for place in sorted(self.places)]

    def query(self, rows: list[dict[str, Any]]) -> dict[str, Any]:
        """Open cases of others for which one of the rows holds."""
        return {**OPEN, "state.person": {"$ne": self.person}, "$or": rows}

    def first(self) -> Raw:
        """Cases whose one task, or first of several, is wanted: MongoDB merges these and never sorts."""
        rows = [{f"state.task.{name}": value for name, value in row.items()} for row in self.rows]
        if self.after is None:
            return self.query(rows)
        due, id = self.after
        query = self.query([{**row, "state.task.due": {"$gte": due}} for row in rows])
        return {**query, "$nor": [{"state.task.due": due, "_id": {"$lte": id}}]}

    def beside(self) -> Raw:
        """Cases with a task beside the first that is wanted."""
        since = {"due": {"$gte": self.after[0]}} if self.after else {}
        rows = [{"state.beside": {"$elemMatch": {**row, **since}}} for row in self.rows]
        return {**self.query(rows), **BESIDE}

    def matches(self, id: str, task: Raw) -> bool:
        """Whether that task of a case is wanted."""
        there = any(all(task[name] == value for name, value in row.items()) for row in self.rows)
        return there and (self.after is None or (task["due"], id) > self.after)


def places(actor: Actor, on: date) -> Places:
    """Whose tasks somebody may see; an office of a unit also sees those of its whole agency."""
    return {
        (held.office, held.agency, unit)
        for held in actor.offices
        if actor.holds(held.office, on, held.agency, held.unit)
        for unit in ("", held.unit)
    }


async def places_stood_in(db: Database, person: str, on: date) -> Places:
    """Whose tasks a person may see as a substitute on a day: the right ends with the office of who is absent."""
    found = (await _facts(db, Deputy, [person])).get(person)
    given = found.mandates if found else ()
    holders = await _facts(db, Holder, [one.absent for one in given])
    return {
        (one.office, one.agency, unit)
        for one in given
        if one.absent in holders and one.lasts(on, holders[one.absent].offices)
        for unit in ("", one.unit)
    }


async def mandates(db: Database, absent: str, agencies: Collection[str]) -> list[tuple[str, Mandate]]:
    """Rights to act for somebody, or for anybody of these agencies, each with who holds it; at most so many people."""
    query = {"$or": [{"state.mandates.absent": absent}, {"state.mandates.agency": {"$in": sorted(agencies)}}]}
    found = db["deputies"].find(query, {"state": 1}).sort("_id", 1).limit(DEPUTIES)
    read = [Deputies.model_validate(row["state"]) async for row in found]
    return [
        (state.substitute, one)
        for state in read
        for one in state.mandates
        if one.absent == absent or one.agency in agencies
    ]


async def queue(db: Database, wanted: Wanted, limit: int) -> list[Row]:
    """Open cases with the task that waits, the earliest due first; more than the limit only where the last one of a
    page has several."""
    if not wanted.rows:
        return []
    shown = {"state.plan": 0, "state.decisions": 0, "out": 0, "held": 0, "taken": 0, "answers": 0}
    cases = db["cases"]
    first = (
        await cases.find(wanted.first(), shown).sort([("state.task.due", 1), ("_id", 1)]).limit(limit).to_list(limit)
    )
    rows: list[Row] = [(found, found["state"]["task"]) for found in first]
    async for found in cases.find(wanted.beside(), shown):
        rows += [(found, task) for task in found["state"]["beside"] if wanted.matches(found["_id"], task)]
    rows.sort(key=_place)
    return [row for n, row in enumerate(rows) if n < limit or _place(row) == _place(rows[limit - 1])]


def _place(row: Row) -> tuple[str, str]:
    found, task = row
    return str(task["due"]), str(found["_id"])


async def cases_of(
    db: Database, person: str, after: str, limit: int, role: Literal["person", "acted"] = "person"
) -> list[Raw]:
    """Documents of a person's cases, or of those they decided a task of, by id, from the one after `after`."""
    query = {f"state.{role}": person, "_id": {"$gt": after}}
    found = db["cases"].find(query, {"state": 1, "sequence": 1}).sort("_id", 1).limit(limit)
    return await found.to_list(limit)


async def _facts(db: Database, kind: type[Fact], ids: list[str]) -> dict[str, Any]:
    found = await db[f"fact_{kind.KIND}"].find({"_id": {"$in": ids}}).to_list(len(ids))
    return {row["_id"]: kind.model_validate(row["value"]) for row in found if row.get("value") is not None}


async def known(db: Database, refs: Sequence[tuple[type[Fact], str]]) -> dict[tuple[str, str], Fact | None]:
    """Facts as a decision reads them; None for what nobody told."""
    found = {kind: await _facts(db, kind, [id for other, id in refs if other is kind]) for kind, _ in refs}
    return {(kind.KIND, id): found[kind].get(id) for kind, id in refs}


async def proposal(db: Database, case: str) -> Proposal | None:
    """What was last submitted for a case."""
    return (await _facts(db, Proposal, [case])).get(case)


async def decree(db: Database, id: str) -> DecreeIssued | None:
    """A decree as it was issued."""
    found = (await _facts(db, Decree, [id])).get(id)
    return found.issued if found is not None else None


async def history(db: Database, id: str) -> History | None:
    """A decree with all that was done to it, whichever of its papers is named."""
    original = original_of(id)
    issued = await decree(db, original)
    if issued is None:
        return None
    # The ids of its acts begin with its own: a range of the primary index.
    acts = db[f"fact_{Settled.KIND}"].find({"_id": {"$gt": f"{original}-", "$lt": f"{original}."}})
    settled = [Settled.model_validate(row["value"]) async for row in acts]
    paper = await db["papers"].find_one({"_id": original}, {"state": 1})
    refused = (await _facts(db, Revocation, [original])).get(original)
    amended = [one.amended for one in settled if one.amended]
    state = Paper.model_validate(paper["state"]) if paper else Paper(decree=original)
    return History(
        issued=issued,
        amendments=tuple(sorted(amended, key=lambda act: (act.year, act.number))),
        revocation=next((one.revoked for one in settled if one.revoked), None),
        corrections=state.corrections,
        signatures=state.signatures,
        refused=refused.code if refused is not None else "",
    )


async def granted_by(db: Database, decree: str) -> str:
    """The person who decided the case that a decree came of, "" while that is not known."""
    found = (await _facts(db, Grant, [decree])).get(decree)
    return found.by if found is not None else ""


async def signed(db: Database, paper: str) -> Raw | None:
    """The signed file of a paper: `content`, its `sha256`, `signed_at`, and `by`."""
    found: Raw | None = await db["signed"].find_one({"_id": paper})
    return found


async def keep_signed(db: Database, paper: str, content: bytes, about: Raw) -> Raw:
    """Keep the file unless one was kept before; the one that counts."""
    new = {"$setOnInsert": {**about, "content": content}}
    kept: Raw = await db["signed"].find_one_and_update(
        {"_id": paper}, new, upsert=True, return_document=ReturnDocument.AFTER
    )
    return kept


async def erase_signed(db: Database, paper: str) -> None:
    """Let the file go. What stands in its place keeps a late attempt to sign from bringing it back."""
    await db["signed"].update_one({"_id": paper}, {"$unset": {"content": ""}}, upsert=True)


async def objection(db: Database, id: str) -> Objection:
    """The objection with this id; one that nobody filed is new."""
    found = await db["objections"].find_one({"_id": id}, {"state": 1})
    return Objection.model_validate(found["state"]) if found else Objection(decree=id.removeprefix(PREFIX))


async def inauguration(db: Database, decree: str) -> Inauguration:
    """The inauguration that follows a decree; one that nobody set has no day."""
    found = await db[INAUGURATIONS.name].find_one({"_id": inauguration_of(decree)}, {"state": 1})
    return Inauguration.model_validate(found["state"]) if found else Inauguration(decree=decree)


async def objections(db: Database, agencies: Sequence[str], limit: int) -> list[Objection]:
    """Those that wait for an answer of these agencies, the earliest due first; at most so many."""
    query = {"state.status": "open", "state.agency": {"$in": list(agencies)}}
    found = db["objections"].find(query, {"state": 1}).sort([("state.due", 1), ("_id", 1)]).limit(limit)
    return [Objection.model_validate(row["state"]) async for row in found]


async def agency_zone(db: Database, id: str) -> str:
    """Time zone of an agency. Raises Refused NOT_FOUND for one that nobody registered."""
    found = (await _facts(db, Agency, [id])).get(id)
    if found is None:
        raise Refused("NOT_FOUND", status=404)
    return str(found.zone)


async def names(db: Database, places: list[str]) -> dict[str, str]:
    """Names of units and posts by id; what nobody named keeps its id."""
    found = await _facts(db, Name, places)
    return {id: found[id].name if id in found else id for id in places}


async def agency_name(db: Database, id: str) -> str:
    """Name of an agency, or its id."""
    found = (await _facts(db, Agency, [id])).get(id)
    return found.name if found is not None and found.name else id


async def people(db: Database, ids: list[str]) -> dict[str, Particulars]:
    """Particulars by person; forgotten people are left out."""
    return await _facts(db, Particulars, ids)
