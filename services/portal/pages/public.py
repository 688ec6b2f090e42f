"""For everybody, without signing in: how many moves were planned and made, agency by agency, small groups not shown."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.portal.domain.disclosure import LEAST, column
from services.portal.web import Visitor

router = APIRouter()
FIRST = 2020


@router.get("/publik")
async def shown(visit: Visitor, tahun: Annotated[int | None, Query(ge=FIRST, le=2100)] = None) -> Response:
    """Figures of one year, of this year up to the end of last month: so that no single day's move can be told by
    looking twice."""
    today = visit.portal.engine.now().date()
    year = min(tahun or today.year, today.year)
    until = min(date(year + 1, 1, 1), today.replace(day=1))
    since, figures = date(year, 1, 1), visit.portal.figures
    counts = {
        "planned": await figures.of("planned", str(since), str(until)),
        "made": await figures.of("made", str(since), str(until)),
    }
    names = sorted({agency for one in counts.values() for agency in one})
    columns = {what: column({name: one.get(name, 0) for name in names}) for what, one in counts.items()}
    values = {"agencies": names, "columns": columns, "places": await visit.portal.views.places(names)}
    more = {"year": year, "years": range(today.year, FIRST - 1, -1), "until": until, "least": LEAST}
    return await visit.show("public.html.jinja", {**values, **more})
