"""What moves brought an agency (KP1-KP10, pulse, targets, cost), move by move, and regions beside each other."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter
from starlette.responses import Response

from services.portal.domain.outcomes import as_csv, figures, regions, results
from services.portal.web import Visit, Visitor, refused

router = APIRouter()


@router.get("/hasil")
async def shown(visit: Visitor, agency: str = "", since: str = "", until: str = "", by: str = "agency") -> Response:
    """The indicators of one of my agencies, drawn and in figures."""
    agencies = await agencies_of(visit)
    chosen = agency or next(iter(agencies), "")
    period = period_of(visit, since, until)
    found = await asked(visit, f"/v1/agencies/{quote(chosen)}/indicators?{urlencode(period)}") if chosen else {}
    values: dict[str, Any] = {"agency": chosen, "agencies": agencies, "found": found, "by": by}
    if found:
        values |= await _rest(visit, chosen, period, by)
        values |= {"items": figures(found["items"], visit.lang), "results": results(found["items"])}
    values["places"] = await visit.portal.views.places([*agencies, chosen, *_named(values)])
    values["query"] = urlencode({"agency": chosen, **period})
    values["file"] = f"/hasil.csv?{values['query']}"
    return await visit.show("outcomes.html.jinja", values)


@router.get("/hasil.csv")
async def file(visit: Visitor, agency: str, since: str = "", until: str = "") -> Response:
    """The same figures for a spreadsheet."""
    period = period_of(visit, since, until)
    found = await asked(visit, f"/v1/agencies/{quote(agency)}/indicators?{urlencode(period)}")
    response = Response(as_csv(found["items"]), media_type="text/csv; charset=utf-8")
    response.headers["content-disposition"] = f'attachment; filename="kp-{found["since"]}-{found["until"]}.csv"'
    return visit.finish(response)


def period_of(visit: Visit, since: str, until: str) -> dict[str, str]:
    """The days that are dates; an empty one is left to the service. Raises Trouble."""
    return {
        "lang": visit.lang,
        **{name: str(_day(text)) for name, text in (("since", since), ("until", until)) if text},
    }


def _day(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


async def agencies_of(visit: Visit) -> list[str]:
    """Those whose figures I may see, as the service says."""
    actor = await visit.actor()
    held = sorted({held.agency for held in actor.offices})
    return [one for one in held if (await visit.ask("evaluation", f"/v1/agencies/{quote(one)}/lessons")).ok]


async def _rest(visit: Visit, agency: str, period: Mapping[str, str], by: str) -> dict[str, Any]:
    moves = await asked(visit, f"/v1/agencies/{quote(agency)}/moves?{urlencode(period)}")
    compared = await asked(visit, f"/v1/regions/results?{urlencode({**period, 'by': by})}")
    steps = await asked(visit, f"/v1/agencies/{quote(agency)}/speed?{urlencode(period)}", "approval")
    quality = await visit.ask("registry", f"/v1/agencies/{quote(agency)}/quality/figure")
    return {
        "quality": quality.body if quality.ok and quality.body["on"] else None,
        "steps": visit.words.in_order("stages", steps["items"], "stage"),
        "moves": moves["items"],
        "people": await visit.portal.views.people(move["person"] for move in moves["items"]),
        "unjudged": compared["unjudged"],
        "regions": regions(compared["items"], visit.lang),
    }


def _named(values: Mapping[str, Any]) -> list[str]:
    """Units and agencies that the page calls by name."""
    units = [move["unit"] for move in values.get("moves", [])]
    return [*units, *(one["region"] for one in values.get("regions", []) if values["by"] == "agency")]


async def asked(visit: Visit, path: str, service: str = "evaluation") -> Mapping[str, Any]:
    """What a service answers. Raises Trouble."""
    found = await visit.ask(service, path)
    if not found.ok:
        raise refused(found, visit.words)
    return found.body
