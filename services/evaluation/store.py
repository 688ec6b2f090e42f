"""Indexes of the evaluation's collections, and its read queries."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase

from services.evaluation.domain.audit.fairness import Looked
from services.evaluation.domain.history import Told
from services.evaluation.domain.judge import Books
from services.evaluation.domain.ruleset import Rulebook, book_of
from shared.contracts.catalogue import BY_TYPE
from shared.contracts.evaluation import EvaluationCompleted, EvaluationConfirmed, EvaluationOverturned, RulesetRecorded
from shared.kernel.calendar import Zone
from shared.runtime.ports import utc
from shared.runtime.service import Index

INDEXES: Mapping[str, tuple[Index, ...]] = {}
Database = AsyncIOMotorDatabase[Any]
_SAID = (RulesetRecorded.TYPE, EvaluationCompleted.TYPE, EvaluationConfirmed.TYPE, EvaluationOverturned.TYPE)


async def told_until(db: Database, case: str, day: date, zone: Zone) -> tuple[list[Told], Books]:
    """What was said of a case up to the end of that day, oldest first, and the rule sets that it names."""
    end = utc(datetime.combine(day + timedelta(days=1), time(), zone.info))
    query = {"aggregate": case, "type": {"$in": _SAID}, "time": {"$lt": end}}
    entries = await db["journal"].find(query).sort("sequence", 1).to_list(None)
    told = [Told(entry["time"], BY_TYPE[entry["type"]].model_validate_json(entry["data"])) for entry in entries]
    own = {event.ruleset: event.content for _, event in told if isinstance(event, RulesetRecorded)}
    names = {book_of(event.ruleset) for _, event in told if isinstance(event, EvaluationCompleted)}
    kept = db[f"fact_{Rulebook.KIND}"].find({"_id": {"$in": sorted(names - own.keys())}})
    return told, own | {book["_id"]: book["value"]["content"] async for book in kept}


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
