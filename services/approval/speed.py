"""The HTTP door of KP5: how long each step took, by stage, month and region, from approval's own journal."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal, NamedTuple

from fastapi import APIRouter, Query
from motor.motor_asyncio import AsyncIOMotorDatabase
from pydantic import BaseModel

from services.approval.domain import Agency
from services.approval.domain.speed import HEARD, SMALLEST, Pace, Speed, Step, paces, speeds, steps
from services.approval.policy import Of
from shared.contracts.approval import TaskQueued
from shared.contracts.catalogue import BY_TYPE
from shared.host.http import Call, Caller
from shared.kernel.calendar import Zone, add_years, indonesia
from shared.kernel.decider import Event, Refused, judged_on
from shared.runtime.ports import utc

router = APIRouter()
ZONE = Zone.WIB
Day = Annotated[date | None, Query(ge=date(2000, 1, 1), le=date(2199, 12, 31))]


By = Annotated[Literal["agency", "province"], Query()]


class Speeds(BaseModel):
    """Each stage, and each month, of the tasks that were queued from `since` to `until`, both days inside, and decided
    by now."""

    agency: str
    since: date
    until: date
    items: tuple[Speed, ...]
    months: tuple[Pace, ...] = ()


class RegionSpeeds(BaseModel):
    """The same by region, by the code of the agency or the name of the province; of few tasks the name alone."""

    since: date
    until: date
    by: str
    items: tuple[Pace, ...]


class Span(NamedTuple):
    """A period, both days inside."""

    since: date
    until: date


@router.get("/v1/agencies/{agency}/speed", name="speed.read")
async def read(agency: str, call: Caller, since: Day = None, until: Day = None) -> Speeds:
    """Median and 90th percentile in working days by stage, with and without pauses, and how many kept their term."""
    await call.allow(Of(agency=agency))
    days = _span(call, since, until)
    found = await _decided(call, days, agency)
    months = paces(found, lambda step: f"{step.queued.astimezone(ZONE.info):%Y-%m}")
    return Speeds(agency=agency, **days._asdict(), items=speeds(found), months=months)


@router.get("/v1/regions/speed", name="speed.compare")
async def compare(call: Caller, since: Day = None, until: Day = None, by: By = "agency") -> RegionSpeeds:
    """The same for all agencies, beside each other; of fewer than five tasks nothing is told."""
    await call.allow()
    days = _span(call, since, until)
    found = await _decided(call, days)
    region = await _provinces(call.db) if by == "province" else {}
    items = paces(found, lambda step: region.get(step.agency) or step.agency, SMALLEST)
    return RegionSpeeds(**days._asdict(), by=by, items=items)


def _span(call: Call, since: date | None, until: date | None) -> Span:
    """The days asked for, by default the year that ends today. Raises Refused PERIOD_TURNED."""
    last = until or judged_on(call.now())
    first = since or add_years(last, -1)
    if first > last:
        raise Refused("PERIOD_TURNED", where="since", status=422)
    return Span(first, last)


async def _decided(call: Call, days: Span, agency: str = "") -> list[Step]:
    told = await _told(call.db, agency, *days)
    return steps(told, indonesia(ZONE, judged_on(call.now())))


async def _told(db: AsyncIOMotorDatabase[Any], agency: str, since: date, until: date) -> list[tuple[datetime, Event]]:
    """What was said of the tasks of an agency, or of all (""), that were queued on these days, case by case."""
    ends = [utc(datetime.combine(day, time(), ZONE.info)) for day in (since, until + timedelta(days=1))]
    queued = {"type": TaskQueued.TYPE, "time": {"$gte": ends[0], "$lt": ends[1]}}
    entries = db["journal"].find(queued, {"aggregate": 1, "data": 1})
    asked = [(entry["aggregate"], TaskQueued.model_validate_json(entry["data"])) async for entry in entries]
    tasks = {event.task for _, event in asked if agency in ("", event.agency)}
    cases = sorted({case for case, event in asked if event.task in tasks})
    query = {"aggregate": {"$in": cases}, "type": {"$in": [event.TYPE for event in HEARD]}}
    found = db["journal"].find(query, {"type": 1, "time": 1, "data": 1}).sort([("aggregate", 1), ("sequence", 1)])
    said = [
        (datetime.fromisoformat(entry["time"]), BY_TYPE[entry["type"]].model_validate_json(entry["data"]))
        async for entry in found
    ]
    return [(at, event) for at, event in said if getattr(event, "task", "") in tasks]


async def _provinces(db: AsyncIOMotorDatabase[Any]) -> dict[str, str]:
    """Province of each agency."""
    found = db[f"fact_{Agency.KIND}"].find({"value": {"$ne": None}}, {"value.province": 1})
    return {row["_id"]: row["value"].get("province", "") async for row in found}
