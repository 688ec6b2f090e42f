"""The HTTP door of KP5: how long each step took at the desks of an agency, from approval's own journal."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query
from motor.motor_asyncio import AsyncIOMotorDatabase
from pydantic import BaseModel

from services.approval.domain.speed import HEARD, Speed, speeds, steps
from services.approval.policy import Of
from shared.contracts.approval import TaskQueued
from shared.contracts.catalogue import BY_TYPE
from shared.host.http import Caller
from shared.kernel.calendar import Zone, add_years, indonesia
from shared.kernel.decider import Event, Refused, judged_on
from shared.runtime.ports import utc

router = APIRouter()
ZONE = Zone.WIB
Day = Annotated[date | None, Query(ge=date(2000, 1, 1), le=date(2199, 12, 31))]


class Speeds(BaseModel):
    """Each stage of the tasks that were queued from `since` to `until`, both days inside, and decided by now."""

    agency: str
    since: date
    until: date
    items: tuple[Speed, ...]


@router.get("/v1/agencies/{agency}/speed", name="speed.read")
async def read(agency: str, call: Caller, since: Day = None, until: Day = None) -> Speeds:
    """Median and 90th percentile in working days by stage, with and without pauses, and how many kept their term."""
    await call.allow(Of(agency=agency))
    last = until or judged_on(call.now())
    first = since or add_years(last, -1)
    if first > last:
        raise Refused("PERIOD_TURNED", where="since", status=422)
    told = await _told(call.db, agency, first, last)
    found = steps(told, indonesia(ZONE, judged_on(call.now())))
    return Speeds(agency=agency, since=first, until=last, items=speeds(found))


async def _told(db: AsyncIOMotorDatabase[Any], agency: str, since: date, until: date) -> list[tuple[datetime, Event]]:
    """What was said of the agency's tasks that were queued on these days, in the order of their cases."""
    ends = [utc(datetime.combine(day, time(), ZONE.info)) for day in (since, until + timedelta(days=1))]
    queued = {"type": TaskQueued.TYPE, "time": {"$gte": ends[0], "$lt": ends[1]}}
    entries = db["journal"].find(queued, {"aggregate": 1, "data": 1})
    asked = [(entry["aggregate"], TaskQueued.model_validate_json(entry["data"])) async for entry in entries]
    tasks = {event.task for _, event in asked if event.agency == agency}
    cases = sorted({case for case, event in asked if event.task in tasks})
    query = {"aggregate": {"$in": cases}, "type": {"$in": [event.TYPE for event in HEARD]}}
    found = db["journal"].find(query, {"type": 1, "time": 1, "data": 1}).sort([("aggregate", 1), ("sequence", 1)])
    said = [
        (datetime.fromisoformat(entry["time"]), BY_TYPE[entry["type"]].model_validate_json(entry["data"]))
        async for entry in found
    ]
    return [(at, event) for at, event in said if getattr(event, "task", "") in tasks]
