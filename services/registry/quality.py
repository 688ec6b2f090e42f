"""The HTTP door of data quality: the figure of an agency, the people to mend, and what is wrong in one's own record."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query

from services.registry import store
from services.registry.domain import MENDINGS
from services.registry.domain.ids import Code
from services.registry.domain.mending import AskQuality, mending_id
from services.registry.domain.quality import Indicator, defects, indicators
from services.registry.looking import measured
from shared.host.http import Call, Caller, Json
from shared.kernel.calendar import Zone
from shared.kernel.decider import Frozen

router = APIRouter()
PAGE = 1000
After = Annotated[str, Query(max_length=120)]
Name = Annotated[str, Query(max_length=60)]
Limit = Annotated[int, Query(ge=1, le=200)]


class Of(Frozen):
    """What the rule of these routes is asked about."""

    agency: str


@router.get("/v1/agencies/{agency}/quality", name="quality.agency")
async def of_agency(agency: Code, call: Caller) -> Json:
    """How many records are sound and how many show each indicator, now; and the tasks since the last look."""
    await call.allow(Of(agency=agency))
    found = await measured(call.db, agency, _today(call))
    kept = await store.mending(call.db, agency)
    rows = [{**_told(one), "people": found.found[one.id]} for one in indicators()]
    tasks = [task.model_dump(mode="json") for task in kept.tasks]
    figure = {"agency": agency, "people": found.people, "sound": found.sound}
    return Json({**figure, "indicators": rows, "looked_on": kept.on, "asked": kept.asked, "tasks": tasks})


@router.get("/v1/agencies/{agency}/quality/figure", name="quality.figure")
async def figure(agency: Code, call: Caller) -> Json:
    """What the last look found, as numbers without names: for a dashboard."""
    await call.allow(Of(agency=agency))
    return Json((await store.mending(call.db, agency)).model_dump(mode="json", exclude={"asked"}))


@router.post("/v1/agencies/{agency}/quality/look", name="quality.look")
async def look(agency: Code, call: Caller) -> Json:
    """Look at the records soon, as after an import: tasks open and close by what is found."""
    return await call.send(MENDINGS, mending_id(agency), AskQuality(agency=agency))


@router.get("/v1/agencies/{agency}/quality/people", name="quality.people")
async def people(agency: Code, call: Caller, indicator: Name = "", after: After = "", limit: Limit = 50) -> Json:
    """Who has a record to mend, and what is wrong in it, of one indicator where that is given, page by page: `next` is
    the `after` of the following page."""
    await call.allow(Of(agency=agency))
    today = _today(call)
    items: list[dict[str, Any]] = []
    while page := await store.records(call.db, {"agency": agency}, after, PAGE):
        for person, record in sorted(page.items()):
            found = defects(record, today)
            if indicator in found if indicator else found:
                about = record.profile.placement.model_dump(include={"unit", "post"})
                items.append({"person": person, **about, "defects": _named(found)})
            after = person
            if len(items) == limit:
                return Json({"items": items, "next": after})
    return Json({"items": items, "next": ""})


@router.get("/v1/me/quality", name="quality.mine")
async def mine(call: Caller) -> Json:
    """What is wrong in the caller's own record, and how it is mended."""
    actor = await call.allow()
    page = await store.records(call.db, {"person": actor.person}, "", 1) if actor.person else {}
    found = [one for record in page.values() for one in defects(record, _today(call))]
    return Json({"defects": _named(tuple(found))})


def _named(found: tuple[str, ...]) -> list[Mapping[str, Any]]:
    return [_told(one) for one in indicators() if one.id in found]


def _told(one: Indicator) -> dict[str, Any]:
    return one.model_dump(exclude={"years", "due_month"})


def _today(call: Call) -> date:
    return call.now().astimezone(Zone.WIB.info).date()
