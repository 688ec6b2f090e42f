"""What indicators are read from: reviews, training, evaluations and the facts of an agency."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase

from services.evaluation.domain.facts import Employee, Region
from services.evaluation.domain.review.state import Review
from services.evaluation.domain.training.trainings import Training, training_id
from services.evaluation.indicators.facts import Commented, Ended, Needed, Objected, Surveyed
from services.evaluation.indicators.lessons import Lesson
from services.evaluation.indicators.people import Fit, Rated
from services.evaluation.indicators.targets import Target
from services.evaluation.plan.facts import PlanPost
from services.evaluation.plan.studio.state import Studio
from shared.contracts.evaluation import EvaluationCompleted, EvaluationConfirmed
from shared.runtime.service import Index

Database = AsyncIOMotorDatabase[Any]
INDEXES: Mapping[str, tuple[Index, ...]] = {
    f"fact_{Commented.KIND}": (Index("by_day", [("value.on", 1)]),),
    f"fact_{Ended.KIND}": (Index("by_day", [("value.on", 1)]),),
    f"fact_{Needed.KIND}": (Index("by_agency", [("value.agency", 1)]),),
    f"fact_{Objected.KIND}": (Index("by_agency", [("value.agency", 1), ("value.on", 1)]),),
    f"fact_{Surveyed.KIND}": (Index("by_month", [("value.agency", 1), ("value.month", 1)]),),
    "targets": (Index("by_agency", [("state.agency", 1), ("state.due_on", 1)]),),
    "lessons": (Index("by_agency", [("state.agency", 1), ("_id", 1)]),),
}
OPENED = "opened"
GONE = ("retired", "dead")
PAGE = 100


def _days(since: date, until: date) -> dict[str, str]:
    return {"$gte": since.isoformat(), "$lte": until.isoformat()}


async def note_opened(db: Database, case: str, at: datetime) -> None:
    """The person read why their case was refused; the first time counts."""
    await db[OPENED].update_one({"_id": case}, {"$setOnInsert": {"at": at}}, upsert=True)


async def refused(db: Database, case: str) -> bool:
    """Whether the case ended in a refusal, by rules, officials or a panel."""
    return await db[f"fact_{Ended.KIND}"].count_documents({"_id": case, "value.how": "refused"}, limit=1) > 0


async def opened(db: Database, cases: Collection[str]) -> int:
    """How many of these explanations were read."""
    return await db[OPENED].count_documents({"_id": {"$in": sorted(cases)}})


async def reviews(db: Database, since: date, until: date, agency: str = "") -> list[Review]:
    """Reviews of the moves that took effect on these days, to one agency or to all."""
    query = {"state.effective_on": _days(since, until), **({"state.placement.agency": agency} if agency else {})}
    return [Review.model_validate(one["state"]) async for one in db["reviews"].find(query, {"state": 1}).sort("_id", 1)]


async def left_since(db: Database, agency: str, since: date) -> list[Review]:
    """Reviews of moves out of an agency into others since that day."""
    query = {"state.effective_on": {"$gte": since.isoformat()}, "state.left.agency": agency}
    return [Review.model_validate(one["state"]) async for one in db["reviews"].find(query, {"state": 1})]


async def trainings(db: Database, cases: Collection[str]) -> list[Training]:
    """Training plans of these cases."""
    found = db["trainings"].find({"_id": {"$in": sorted(map(training_id, cases))}}, {"state": 1}).sort("_id", 1)
    return [Training.model_validate(one["state"]) async for one in found]


async def fits(db: Database, cases: Collection[str]) -> list[Fit]:
    """How each of these cases was judged last."""
    query = {"_id": {"$in": sorted(cases)}, "state.result": {"$ne": None}}
    shown = {"state.result.score": 1, "state.result.preference": 1}
    found = db["evaluations"].find(query, shown).sort("_id", 1)
    return [Fit.model_validate(one["state"]["result"]) async for one in found]


async def moments(db: Database, cases: Collection[str]) -> dict[str, tuple[datetime, datetime]]:
    """Case -> first evaluated, and confirmed after the last approval."""
    types = (EvaluationCompleted.TYPE, EvaluationConfirmed.TYPE)
    query = {"aggregate": {"$in": sorted(cases)}, "type": {"$in": types}}
    told: dict[str, dict[str, list[str]]] = {}
    async for entry in db["journal"].find(query, {"aggregate": 1, "type": 1, "time": 1}):
        told.setdefault(entry["aggregate"], {}).setdefault(entry["type"], []).append(entry["time"])
    return {
        case: (datetime.fromisoformat(min(by[types[0]])), datetime.fromisoformat(max(by[types[1]])))
        for case, by in told.items()
        if len(by) == len(types)
    }


async def of_agency(db: Database, cases: Collection[str], agency: str) -> set[str]:
    """Those of these cases that were evaluated for a seat of the agency."""
    query = {"_id": {"$in": sorted(cases)}, "state.target.agency": agency, "state.result": {"$ne": None}}
    return {one["_id"] async for one in db["evaluations"].find(query, {"_id": 1})}


async def ended(db: Database, since: date, until: date) -> dict[str, Ended]:
    """Cases that ended without a move on these days, of whatever agency."""
    found = db[f"fact_{Ended.KIND}"].find({"value.on": _days(since, until)})
    return {one["_id"]: Ended.model_validate(one["value"]) async for one in found}


async def commented(db: Database, since: date, until: date) -> list[str]:
    """The case of each comment of these days, of whatever agency."""
    return [one["value"]["case"] async for one in db[f"fact_{Commented.KIND}"].find({"value.on": _days(since, until)})]


async def objected(db: Database, agency: str, since: date, until: date) -> list[Objected]:
    """Objections against decrees of an agency, and answers, of these days."""
    found = db[f"fact_{Objected.KIND}"].find({"value.agency": agency, "value.on": _days(since, until)})
    return [Objected.model_validate(one["value"]) async for one in found]


async def surveyed(db: Database, agency: str, months: Collection[str]) -> list[Surveyed]:
    """Surveys of the units of an agency in these months."""
    query = {"value.agency": agency, "value.month": {"$in": sorted(months)}}
    return [Surveyed.model_validate(one["value"]) async for one in db[f"fact_{Surveyed.KIND}"].find(query)]


async def needed(db: Database, agency: str) -> list[Needed]:
    """All analyses of the posts of an agency."""
    found = db[f"fact_{Needed.KIND}"].find({"value.agency": agency})
    return [Needed.model_validate(one["value"]) async for one in found]


async def people(db: Database, agency: str) -> list[tuple[Rated, str]]:
    """Who works at an agency, with their ratings and their post."""
    query = {"value.profile.placement.agency": agency, "value.profile.status": {"$nin": GONE}}
    shown = {"value.profile.performance": 1, "value.profile.placement.post": 1}
    found = db[f"fact_{Employee.KIND}"].find(query, shown).sort("_id", 1)
    rows = [(one["_id"], one["value"]["profile"]) async for one in found]
    return [
        (Rated(person=id, performance=profile.get("performance", {})), profile["placement"]["post"])
        for id, profile in rows
    ]


async def plans(db: Database, agency: str, since: date, until: date) -> list[Studio]:
    """Plans of an agency that were begun on these days."""
    query = {"state.agency": agency, "state.created_on": _days(since, until)}
    shown = {"state.plan": 1, "state.notes": 1}
    return [Studio.model_validate(one["state"]) async for one in db["plans"].find(query, shown).sort("_id", 1)]


async def targets(db: Database, agency: str, since: date, until: date) -> list[tuple[str, Target]]:
    """Targets of the units of an agency that were due on these days."""
    query = {"state.agency": agency, "state.due_on": _days(since, until)}
    found = db["targets"].find(query, {"state": 1}).sort("_id", 1)
    return [(one["_id"], Target.model_validate(one["state"])) async for one in found]


async def kinds(db: Database, posts: Collection[str]) -> dict[str, str]:
    """Kind of each of these posts."""
    found = db[f"fact_{PlanPost.KIND}"].find({"_id": {"$in": sorted(posts)}, "value": {"$ne": None}}, {"value.kind": 1})
    return {one["_id"]: one["value"]["kind"] async for one in found}


async def provinces(db: Database) -> dict[str, str]:
    """Province of each agency."""
    found = db[f"fact_{Region.KIND}"].find({"value": {"$ne": None}}, {"value.province": 1})
    return {one["_id"]: one["value"]["province"] async for one in found}


async def lessons(db: Database, agency: str) -> list[Lesson]:
    """The newest lessons noted for the next plan of an agency."""
    found = db["lessons"].find({"state.agency": agency}, {"state": 1}).sort("_id", -1).limit(PAGE)
    return [Lesson.model_validate(one["state"]) async for one in found]
