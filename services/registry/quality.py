"""The HTTP door of data quality: the figure of an agency, the people to mend, and what is wrong in one's own record."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query

from services.registry import store
from services.registry.domain import quality
from services.registry.domain.ids import Code
from services.registry.domain.quality import Indicator, defects, indicators
from shared.host.http import Call, Caller, Json
from shared.kernel.calendar import Zone
from shared.kernel.decider import Frozen

router = APIRouter()
PAGE = 1000
After = Annotated[str, Query(max_length=120)]
Limit = Annotated[int, Query(ge=1, le=200)]


class Of(Frozen):
    """What the rule of these routes is asked about."""

    agency: str


@router.get("/v1/agencies/{agency}/quality", name="quality.agency")
async def of_agency(agency: Code, call: Caller) -> Json:
    """How many records are sound, and how many show each indicator."""
    await call.allow(Of(agency=agency))
    shown: dict[str, tuple[str, ...]] = {}
    today, after = _today(call), ""
    while page := await store.records(call.db, {"agency": agency}, after, PAGE):
        shown |= {person: defects(record, today) for person, record in page.items()}
        after = max(page)
    found = quality.of(shown)
    rows = [{**_told(one), "people": found.found[one.id]} for one in indicators()]
    return Json({"agency": agency, "people": found.people, "sound": found.sound, "indicators": rows})


@router.get("/v1/agencies/{agency}/quality/people", name="quality.people")
async def people(agency: Code, call: Caller, after: After = "", limit: Limit = 50) -> Json:
    """Who has a record to mend, and what is wrong in it, page by page: `next` is the `after` of the following page."""
    await call.allow(Of(agency=agency))
    today = _today(call)
    items: list[dict[str, Any]] = []
    while page := await store.records(call.db, {"agency": agency}, after, PAGE):
        for person, record in sorted(page.items()):
            if found := defects(record, today):
                items.append({"person": person, "unit": record.profile.placement.unit, "defects": _named(found)})
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
