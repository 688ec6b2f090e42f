"""Indexes of the evaluation's collections, and its read queries."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase

from services.evaluation.domain.audit.fairness import Looked
from services.evaluation.domain.case import Evaluation
from services.evaluation.domain.facts import Deputy, Known, Officeholder, Post
from services.evaluation.domain.history import Told
from services.evaluation.domain.judge import Books
from services.evaluation.domain.ranking.state import Ranking
from services.evaluation.domain.review.state import Review
from services.evaluation.domain.ruleset import Rulebook, book_of
from services.evaluation.domain.training.trainings import Training
from shared.contracts.catalogue import BY_TYPE
from shared.contracts.evaluation import EvaluationCompleted, EvaluationConfirmed, EvaluationOverturned, RulesetRecorded
from shared.contracts.tasks import Mandate
from shared.kernel.calendar import Zone
from shared.kernel.decider import Fact
from shared.runtime.ports import utc
from shared.runtime.service import Index

INDEXES: Mapping[str, tuple[Index, ...]] = {
    "evaluations": (Index("by_vacancy", [("state.vacancy", 1), ("_id", 1)]),),
    "reviews": (
        Index("by_person", [("state.person", 1)]),
        Index("by_place", [("state.placement.agency", 1), ("state.placement.unit", 1)]),
        Index("by_day", [("state.effective_on", 1)]),
    ),
    f"fact_{Known.KIND}": (Index("by_person", [("value.person", 1)]),),
    f"fact_{Post.KIND}": (Index("by_agency", [("value.sought.placement.agency", 1)]),),
    "rankings": (Index("by_agency", [("state.placement.agency", 1), ("_id", 1)]),),
    "trainings": (
        Index("by_agency", [("state.placement.agency", 1)]),
        Index("by_person", [("state.person", 1)]),
    ),
    "follow_ups": (Index("by_agency", [("state.agency", 1), ("state.status", 1), ("_id", 1)]),),
}
PAGE = 100
Database = AsyncIOMotorDatabase[Any]
_SAID = (RulesetRecorded.TYPE, EvaluationCompleted.TYPE, EvaluationConfirmed.TYPE, EvaluationOverturned.TYPE)


async def told_until(db: Database, case: str, day: date, zone: Zone) -> tuple[list[Told], Books]:
    """What was said of a case up to the end of that day, oldest first, and the rule sets that it names."""
    end = utc(datetime.combine(day + timedelta(days=1), time(), zone.info))
    query = {"aggregate": case, "type": {"$in": _SAID}, "time": {"$lt": end}}
    told = [_told(entry) async for entry in db["journal"].find(query).sort("sequence", 1)]
    own = {event.ruleset: event.content for _, event in told if isinstance(event, RulesetRecorded)}
    names = {book_of(event.ruleset) for _, event in told if isinstance(event, EvaluationCompleted)}
    return told, own | await books(db, {"_id": {"$in": sorted(names - own.keys())}})


async def told_of_all(db: Database) -> AsyncIterator[tuple[str, list[Told]]]:
    """Every case with all that was said of its evaluation, oldest first."""
    case = ""
    told: list[Told] = []
    async for entry in db["journal"].find({"type": {"$in": _SAID}}).sort([("aggregate", 1), ("sequence", 1)]):
        if told and entry["aggregate"] != case:
            yield case, told
            told = []
        case = entry["aggregate"]
        told.append(_told(entry))
    if told:
        yield case, told


def _told(entry: Mapping[str, Any]) -> Told:
    return Told(entry["time"], BY_TYPE[entry["type"]].model_validate_json(entry["data"]))


async def books(db: Database, query: Mapping[str, Any] | None = None) -> dict[str, Mapping[str, object]]:
    """Rule sets by their hash; all of them without a query."""
    return {book["_id"]: book["value"]["content"] async for book in db[f"fact_{Rulebook.KIND}"].find(query or {})}


async def looked(db: Database) -> list[Looked]:
    """Every case's last evaluation, as far as an audit looks at it."""
    wanted = {"state.result": {"$ne": None}}
    fields = {"state.person": 1, "state.result.eligible": 1, "state.result.score.total": 1}
    return [
        Looked(
            person=doc["state"]["person"],
            eligible=doc["state"]["result"]["eligible"],
            score=doc["state"]["result"]["score"]["total"],
        )
        async for doc in db["evaluations"].find(wanted, fields).sort("_id", 1)
    ]


async def evaluated_for(db: Database, vacancy: str, after: str) -> list[Evaluation]:
    """Cases that were evaluated for a vacancy in the order of their ids, at most `PAGE`, from the one after `after`."""
    query = {"state.vacancy": vacancy, "_id": {"$gt": after}}
    found = db["evaluations"].find(query, {"state": 1}).sort("_id", 1).limit(PAGE)
    return [Evaluation.model_validate(one["state"]) async for one in found]


async def reviews_of(db: Database, person: str, places: Collection[tuple[str, str]]) -> list[Review]:
    """Reviews of a person's own moves, and open ones of moves to these places (agency, unit), oldest first."""
    there = [{"state.placement.agency": agency, "state.placement.unit": unit} for agency, unit in sorted(places)]
    asked = [{**place, "state.rounds.status": "open"} for place in there]
    query = {"$or": [*([{"state.person": person}] if person else []), *asked]}
    if not query["$or"]:
        return []
    found = db["reviews"].find(query, {"state": 1}).sort("_id", 1).limit(PAGE)
    return [Review.model_validate(one["state"]) async for one in found]


async def reviews_at(db: Database, agency: str) -> list[Review]:
    """All reviews of moves to an agency."""
    found = db["reviews"].find({"state.placement.agency": agency}, {"state": 1})
    return [Review.model_validate(one["state"]) async for one in found]


async def trainings_at(db: Database, agency: str) -> list[Training]:
    """All training plans of moves to an agency."""
    found = db["trainings"].find({"state.placement.agency": agency}, {"state": 1})
    return [Training.model_validate(one["state"]) async for one in found]


async def rankings_at(db: Database, agencies: Collection[str]) -> list[Ranking]:
    """Rankings of vacancies at these agencies that are not taken back, at most `PAGE`, the newest ids last."""
    query = {"state.placement.agency": {"$in": sorted(agencies)}, "state.status": {"$ne": "ended"}}
    found = db["rankings"].find(query, {"state": 1}).sort("_id", 1).limit(PAGE)
    return [Ranking.model_validate(one["state"]) async for one in found]


async def follow_ups(db: Database, agency: str, status: str, after: str) -> list[dict[str, Any]]:
    """Follow-ups of an agency in the order of their ids, from the one after `after`."""
    query = {"state.agency": agency, "_id": {"$gt": after}} | ({"state.status": status} if status else {})
    found = db["follow_ups"].find(query, {"state": 1}).sort("_id", 1).limit(PAGE)
    return [{**one["state"], "id": one["_id"]} async for one in found]


async def stood_in(db: Database, person: str, on: date) -> list[Mandate]:
    """The rights to act for others that a person has on a day: each ends with the office of who is absent."""
    found = (await known(db, [(Deputy, person)]))[Deputy.KIND, person]
    given = found.mandates if isinstance(found, Deputy) else ()
    holders = await known(db, [(Officeholder, one.absent) for one in given])
    held = {id: of.offices for (_, id), of in holders.items() if isinstance(of, Officeholder)}
    return [one for one in given if one.lasts(on, held.get(one.absent, ()))]


async def known(db: Database, refs: Sequence[tuple[type[Fact], str]]) -> dict[tuple[str, str], Fact | None]:
    """Facts as a decision reads them; None for what nobody told."""
    found: dict[tuple[str, str], Fact | None] = {(kind.KIND, id): None for kind, id in refs}
    for kind in {kind for kind, _ in refs}:
        query = {"_id": {"$in": [id for other, id in refs if other is kind]}, "value": {"$ne": None}}
        async for row in db[f"fact_{kind.KIND}"].find(query):
            found[kind.KIND, row["_id"]] = kind.model_validate(row["value"])
    return found
