"""Monitoring: how long each step takes, terms kept and missed, by stage, month and region; and the look at fairness of
who audits. The figures are the owners'; here they are drawn, said and put into files."""

from collections.abc import Mapping
from csv import Error
from typing import Any, Literal, NamedTuple
from urllib.parse import quote, urlencode
from uuid import uuid4

from fastapi import APIRouter
from starlette.responses import Response

from services.portal.domain import pace
from services.portal.pages.outcomes import agencies_of, asked, period_of
from services.portal.web import UPLOAD, FilePoster, Visit, Visitor, refused
from shared.kernel.decider import judged_on

router = APIRouter()
PAGE, FORBIDDEN, UNPROCESSABLE = "/pemantauan", 403, 422
PATIENCE = 60.0
"""Seconds that a comparison of all agencies, or a look at all evaluations, may take."""
Table = Literal["stages", "months", "regions"]


class Wanted(NamedTuple):
    """What is looked at: an agency, the days, and by what regions are compared ("" for not)."""

    agency: str
    period: Mapping[str, str]
    by: str = ""


@router.get(PAGE)
async def shown(visit: Visitor, agency: str = "", since: str = "", until: str = "", by: str = "") -> Response:
    """Steps of one of my agencies; with `by` (agency, province) all regions beside each other."""
    return await _show(visit, Wanted(agency, period_of(visit, since, until), by))


@router.get(f"{PAGE}.csv")
async def file(
    visit: Visitor, table: Table, agency: str = "", since: str = "", until: str = "", by: str = "agency"
) -> Response:
    """One of the tables for a spreadsheet."""
    period = period_of(visit, since, until)
    if table == "regions":
        rows, first = (await _regions(visit, period, by))[0], by
    else:
        found = await asked(visit, f"/v1/agencies/{quote(agency)}/speed?{urlencode(period)}", "approval")
        name = {"stages": "stage", "months": "name"}[table]
        rows, first = pace.paces(found["items" if table == "stages" else table], name, visit.lang), table[:-1]
    return _csv(visit, pace.as_csv(rows, first), f"{table}-{agency or by}")


@router.post(f"{PAGE}/keadilan", openapi_extra=UPLOAD)
async def fairness(visit: FilePoster) -> Response:
    """Are groups treated alike: by what the auditor tells of people, used for this one look and kept nowhere."""
    period = period_of(visit, visit.fields.get("since", ""), visit.fields.get("until", ""))
    here = Wanted(visit.fields.get("agency", ""), period)
    if not visit.file:
        return await _show(visit, here, problem=visit.words.problem("NO_FILE"), status=UNPROCESSABLE)
    try:
        people = pace.told_of(visit.file)
    except (ValueError, Error):
        return await _show(visit, here, problem=visit.words.problem("NOT_A_TABLE"), status=UNPROCESSABLE)
    path, remote = f"/v1/audits/fairness?lang={visit.lang}", visit.portal.remote
    answer = await remote.ask(
        "evaluation", "POST", path, visit.user.token, lang=visit.lang, body={"people": people}, seconds=PATIENCE
    )
    if not answer.ok:
        trouble = refused(answer, visit.words)
        return await _show(visit, here, problem=trouble.problem, status=trouble.status)
    if visit.fields.get("as") == "csv":
        return _csv(visit, pace.groups_csv(answer.body["attributes"]), "fairness")
    found = {**answer.body, "groups": pace.groups(answer.body["attributes"], visit.lang)}
    return await _show(visit, here, fairness=found)


def _csv(visit: Visit, content: str, name: str) -> Response:
    response = Response(content, media_type="text/csv; charset=utf-8")
    response.headers["content-disposition"] = f'attachment; filename="{quote(name)}.csv"'
    return visit.finish(response)


async def _show(
    visit: Visit,
    wanted: Wanted,
    *,
    problem: Mapping[str, Any] | None = None,
    status: int = 200,
    fairness: Mapping[str, Any] | None = None,
) -> Response:
    agencies, period, by = await agencies_of(visit), wanted.period, wanted.by
    chosen = wanted.agency or next(iter(agencies), "")
    values: dict[str, Any] = {"agency": chosen, "agencies": agencies, "by": by, "found": None}
    values |= {"months": [], "regions": [], "problem": problem, "fairness": fairness, "key": uuid4().hex}
    if chosen:
        values |= await _steps(visit, chosen, period)
    if chosen and by:
        values["regions"], values["behind"] = await _regions(visit, period, by)
    today = judged_on(visit.portal.engine.now())
    values |= {"auditor": (await visit.actor()).holds("auditor", today), "places": await _places(visit, values)}
    values["query"] = urlencode({"agency": chosen, **period})
    return await visit.show("monitoring.html.jinja", values, status)


async def _steps(visit: Visit, agency: str, period: Mapping[str, str]) -> dict[str, Any]:
    found = await asked(visit, f"/v1/agencies/{quote(agency)}/speed?{urlencode(period)}", "approval")
    rows = pace.paces(visit.words.in_order("stages", found["items"], "stage"), "stage", visit.lang)
    months = pace.paces(found["months"], "name", visit.lang)
    more = {"months": months, "total": pace.total(rows, visit.lang), "slowest": pace.slowest(rows)}
    return {"found": found, "rows": rows, **more}


async def _regions(visit: Visit, period: Mapping[str, str], by: str) -> tuple[list[dict[str, Any]], int]:
    """All regions, and how many of them are not shown."""
    path, remote = f"/v1/regions/speed?{urlencode({**period, 'by': by})}", visit.portal.remote
    answer = await remote.ask("approval", "GET", path, visit.user.token, lang=visit.lang, seconds=PATIENCE)
    if not answer.ok:
        raise refused(answer, visit.words)
    rows = pace.paces(answer.body["items"], "name", visit.lang)
    return rows, sum(row["tasks"] is None for row in rows)


async def _places(visit: Visit, values: Mapping[str, Any]) -> dict[str, Any]:
    regions = [row["name"] for row in values["regions"]] if values["by"] == "agency" else []
    return dict(await visit.portal.views.places([*values["agencies"], values["agency"], *regions]))
