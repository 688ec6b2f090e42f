"""Indexes of the registry's collections, and its read queries."""

from collections.abc import AsyncIterator, Collection, Mapping
from datetime import date
from typing import Annotated, Any, Literal

from motor.motor_asyncio import AsyncIOMotorDatabase
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.registry.domain.mending import Mending, mending_id
from services.registry.domain.people import LOGIN, NIP, SOLE_SEAT
from services.registry.domain.quality import Record
from services.registry.domain.values import GRADES, Day, Rank
from services.registry.domain.workload import Post, Task
from shared.contracts.registry import PostRegistered, Profile, UnitRegistered
from shared.kernel.rank import Grade, PppkGrade
from shared.runtime.service import Index

BATCH = "state.imported.batch"
BY_BATCH = Index("by_batch", [(BATCH, 1), ("_id", 1)], partial={BATCH: {"$gt": ""}})
DEMANDED = "state.registered.requirements.competences"
_SITS, _ASKED = "state.profile.placement.agency", "state.corrections.0"
INDEXES: Mapping[str, tuple[Index, ...]] = {
    "people": (
        # Rules, not conveniences: see Decider.conflict of the people.
        Index(SOLE_SEAT, [("state.sole_seat", 1)], unique=True, partial={"state.sole_seat": {"$gt": ""}}),
        Index(NIP, [("state.nip", 1)], unique=True, partial={"state.nip": {"$gt": ""}}),
        Index("by_former", [("state.former", 1)], partial={"state.former.0": {"$exists": True}}),
        Index(LOGIN, [("state.login", 1)], unique=True, partial={"state.login": {"$gt": ""}}),
        Index("by_agency", [("state.profile.placement.agency", 1), ("_id", 1)]),
        Index("by_unit", [("state.profile.placement.unit", 1), ("_id", 1)]),
        BY_BATCH,
        Index("by_correction", [(_SITS, 1), ("_id", 1)], partial={_ASKED: {"$exists": True}}),
    ),
    "reorganisations": (Index("by_agency", [("state.agency", 1), ("_id", 1)]),),
    "agencies": (Index("by_province", [("state.registered.province", 1)]),),
    "units": (Index("by_agency", [("state.registered.agency", 1), ("_id", 1)]), BY_BATCH),
    "posts": (
        Index("by_agency", [("state.registered.agency", 1), ("_id", 1)]),
        Index("by_unit", [("state.registered.unit", 1), ("_id", 1)]),
        Index("by_competence", [(f"{DEMANDED}.$**", 1)]),
        BY_BATCH,
    ),
    "needs": (
        Index("by_post", [("state.assessed.post", 1), ("state.assessed.year", 1)]),
        Index("by_unit", [("state.assessed.unit", 1), ("state.assessed.year", 1)]),
        Index("by_agency", [("state.assessed.agency", 1), ("state.assessed.year", 1)]),
    ),
    "papers": (BY_BATCH,),
    "signals": (Index("by_unit", [("state.unit", 1), ("_id", 1)]), Index("by_post", [("state.post", 1), ("_id", 1)])),
    "vacancies": (
        Index("by_agency", [("state.published.placement.agency", 1), ("_id", 1)]),
        Index("by_unit", [("state.published.placement.unit", 1), ("_id", 1)]),
        Index("by_kind", [("state.published.post_kind", 1), ("_id", 1)]),
        Index("open_ones", [("state.open", 1), ("_id", 1)]),
        Index("by_closing", [("state.open", 1), ("state.published.closes_on", 1), ("_id", 1)]),
    ),
}

_CURSOR = "~"
Filter = Annotated[str, StringConstraints(max_length=160)]
Database = AsyncIOMotorDatabase[Any]
Document = Mapping[str, Any]


async def page(
    db: Database, kind: str, query: Mapping[str, Any], after: str, limit: int, by: str = ""
) -> list[Document]:
    """Documents of a kind in the order of `by` and their ids, from the one after the cursor `after` (see `cursor`)."""
    at, _, id = after.rpartition(_CURSOR) if by else ("", "", after)
    asked: dict[str, Any] = {"$and": [query, {"_id": {"$gt": id}}]}
    if by and after:
        # The lower bound alone is what the index is entered at; the rest only leaves out what was shown.
        asked = {"$and": [query, {by: {"$gte": at}}, {"$or": [{by: {"$gt": at}}, {"_id": {"$gt": id}}]}]}
    order = [*([(by, 1)] if by else []), ("_id", 1)]
    found = db[kind].find(asked, {"state": 1, "sequence": 1}).sort(order).limit(limit)
    return await found.to_list(limit)


def cursor(row: Document, by: str = "") -> str:
    """Where the page after this document begins."""
    value: Any = row
    for name in by.split(".") if by else ():
        value = value[name]
    return f"{value}{_CURSOR}{row['_id']}" if by else str(row["_id"])


CLOSING = "state.published.closes_on"


def offered(wanted: "Wanted", agencies: Collection[str] | None) -> dict[str, Any]:
    """The query for these vacancies; `agencies` are those of a wanted region."""
    names = {"placement__agency": wanted.agency, "placement__unit": wanted.unit, "post_kind": wanted.kind}
    asked: list[Mapping[str, Any]] = [{"state.published": {"$ne": None}}, only("state.published", **names)]
    asked.append(only("state", open=True if wanted.order and wanted.open is None else wanted.open))
    if agencies is not None:
        asked.append({"state.published.placement.agency": {"$in": sorted(agencies)}})
    if wanted.open_to:
        asked.append({"$or": _open_to(wanted.open_to)})
    if wanted.rank:
        asked += _for_rank(wanted.rank)
    days = {"$gte": wanted.closes_from, "$lte": wanted.closes_until}
    if told := {sign: day.isoformat() for sign, day in days.items() if day}:
        asked.append({CLOSING: told})
    return {"$and": [part for part in asked if part]}


def _open_to(agency: str) -> list[Mapping[str, Any]]:
    """Vacancies of the agency for its own people, and those of others that people of other agencies may come to."""
    where, admits = "state.published.placement.agency", "state.published.admits"
    return [
        {where: agency, admits: {"$in": [None, "one_agency"]}},
        {where: {"$ne": agency}, admits: {"$elemMatch": {"$ne": "one_agency"}}},
    ]


def _for_rank(rank: str) -> list[Mapping[str, Any]]:
    """Vacancies that somebody of this rank satisfies; ranks stand on two scales that do not compare."""
    scale: list[str] = [grade.value for grade in (Grade if rank in GRADES else PppkGrade)]
    place = scale.index(rank)
    demands = "state.published.requirements"
    return [
        {f"{demands}.rank_min": {"$in": ["", *scale[: place + 1]]}},
        {f"{demands}.rank_max": {"$in": ["", *scale[place:]]}},
    ]


async def of_region(db: Database, province: str) -> list[str]:
    """Agencies of a province, by its name as they registered it."""
    found = db["agencies"].find({"state.registered.province": province}, {"_id": 1})
    return [row["_id"] async for row in found]


def only(prefix: str, **filters: str | bool | None) -> dict[str, Any]:
    """A query for the filters that are given; what is empty does not filter."""
    return {f"{prefix}.{name.replace('__', '.')}": value for name, value in filters.items() if value not in (None, "")}


async def analysed(
    db: Database, field: str, value: str, year: int | None = None
) -> list[tuple[str, int, tuple[Task, ...]]]:
    """Post, year and tasks of the analyses whose field has this value, the oldest year first."""
    query = {field: value} | ({"state.assessed.year": year} if year is not None else {})
    wanted = {"state.assessed.post": 1, "state.assessed.year": 1, "state.tasks": 1}
    found = db["needs"].find(query, wanted).sort([(field, 1), ("state.assessed.year", 1)])
    return [
        (row["state"]["assessed"]["post"], row["state"]["assessed"]["year"], _tasks(row["state"]["tasks"]))
        async for row in found
    ]


_OF_A_POST = ("unit", "title", "seats")


def _tasks(raw: list[Document]) -> tuple[Task, ...]:
    return tuple(Task.model_validate(task) for task in raw)


async def seats(db: Database, field: str, value: str) -> list[Post]:
    """Posts whose field has this value, with how many hold them, in the order of their ids; abolished ones are left out
    unless somebody still holds them."""
    wanted = {"state.registered.unit": 1, "state.registered.title": 1, "state.registered.seats": 1, "state.present": 1}
    rows = [row async for row in db["posts"].find({field: value, "state.registered": {"$ne": None}}, wanted)]
    return [
        Post(post=row["_id"], staff=len(row["state"]["present"]), **{name: known[name] for name in _OF_A_POST})
        for row in sorted(rows, key=lambda row: str(row["_id"]))
        if (known := row["state"]["registered"])["seats"] or row["state"]["present"]
    ]


async def of_unit(db: Database, unit: str) -> list[Document]:
    """The series of a unit; it has as many as it has services."""
    return await db["signals"].find({"state.unit": unit}).sort("_id", 1).to_list(1000)


async def raised(db: Database, post: str) -> list[str]:
    """Which signals rose for a post, each with its service and the month when that was told last."""
    found = db["signals"].find({"state.post": post, "state.raised": {"$ne": {}}}, {"state.raised": 1}).sort("_id", 1)
    return [f"{row['_id']} {kind} {month}" async for row in found for kind, month in row["state"]["raised"].items()]


def asking(agency: str, status: Mapping[str, Any]) -> dict[str, Any]:
    """The query for the people of an agency who asked for corrections that stand so."""
    return {_SITS: agency, _ASKED: {"$exists": True}, "state.corrections.status": status}


async def registered(db: Database, kind: str, agency: str) -> AsyncIterator[Document]:
    """What was registered of a kind, of one agency where that is given, in the order of ids and in bounded memory."""
    query = only("state.registered", agency=agency) or {"state.registered": {"$ne": None}}
    async for row in db[kind].find(query, {"state.registered": 1}).sort("_id", 1):
        yield row["state"]["registered"]


async def records(db: Database, of: Mapping[str, str], after: str, limit: int) -> dict[str, Record]:
    """People of an `agency`, or one `person`, with their post and unit, from the one after `after`, by id."""
    about = only("state", person=of.get("person", ""))
    query = {"state.profile": {"$ne": None}, **only("state.profile.placement", agency=of.get("agency", "")), **about}
    found = await page(db, "people", query, after, limit)
    told = {row["_id"]: Profile.model_validate(row["state"]["profile"]) for row in found}
    posts = await _by_id(db, "posts", {one.placement.post for one in told.values()})
    units = await _by_id(db, "units", {one.placement.unit for one in told.values()})
    return {row["_id"]: _record(row["state"]["nip"], told[row["_id"]], posts, units) for row in found}


def _record(nip: str, profile: Profile, posts: Mapping[str, Document], units: Mapping[str, Document]) -> Record:
    post, unit = posts.get(profile.placement.post), units.get(profile.placement.unit)
    return Record(
        profile,
        nip,
        PostRegistered.model_validate(post["registered"]) if post else None,
        UnitRegistered.model_validate(unit["registered"]) if unit else None,
        len(post["present"]) if post else 0,
    )


async def mending(db: Database, agency: str) -> Mending:
    """How the records of an agency stood at the last look."""
    row = await db["mendings"].find_one({"_id": mending_id(agency)}, {"state": 1})
    return Mending.model_validate(row["state"]) if row else Mending()


async def to_look_at(db: Database, today: date) -> list[str]:
    """Agencies whose records were not looked at today, or are wanted to be again."""
    due = {"$or": [{"state.asked": True}, {"state.on": {"$lt": today.isoformat()}}]}
    return [row["state"]["agency"] async for row in db["mendings"].find(due, {"state.agency": 1}).sort("_id", 1)]


async def _by_id(db: Database, kind: str, ids: Collection[str]) -> dict[str, Document]:
    query = {"_id": {"$in": sorted(ids)}, "state.registered": {"$ne": None}}
    return {row["_id"]: row["state"] async for row in db[kind].find(query, {"state": 1})}


class Wanted(BaseModel):
    """Filters of the vacancies; what is empty does not filter. `region` is a province, dates are inclusive.

    `open_to` is an agency whose people may come: its own vacancies, and those of others that admit other agencies.
    `by_closing` gives the open ones that close first; asking for closing dates does too.
    """

    model_config = ConfigDict(frozen=True)

    agency: Filter = ""
    open_to: Filter = ""
    unit: Filter = ""
    kind: Filter = ""
    region: Filter = ""
    rank: Literal[""] | Rank = ""
    open: bool | None = None
    closes_from: Day | None = None
    closes_until: Day | None = None
    by_closing: bool = False
    after: Filter = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50

    @property
    def order(self) -> str:
        """The field that orders the answer, "" for the ids."""
        return CLOSING if self.by_closing or self.closes_from or self.closes_until else ""
