"""What would have to change: the smallest ways to another answer, as the evaluation service found and checked them."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response

from services.portal.pages import rankings
from services.portal.web import Visitor, refused

router = APIRouter()
LOST = "not_chosen"


def worth_asking(evaluation: Mapping[str, Any], rank: Mapping[str, Any]) -> bool:
    """Whether the answer was a no that the person may change: by the rules, or by the place in a ranking."""
    return bool(evaluation) and (not evaluation["eligible"] or rank.get("outcome") == LOST)


@router.get("/perkara/{case}/perubahan")
async def ways(visit: Visitor, case: str) -> Response:
    """The ways to be eligible; for whom a panel did not choose, to the score of the last seat."""
    rank = await rankings.place(visit, case)
    cutoff = int(rank["cutoff"]) if rank.get("outcome") == LOST else 0
    answer = await visit.ask("evaluation", f"/v1/evaluations/{quote(case)}/changes?cutoff={cutoff}&lang={visit.lang}")
    if not answer.ok:
        raise refused(answer, visit.words)
    found = [{**way, "applied_on": date.fromisoformat(way["applied_on"])} for way in answer.body["ways"]]
    return await visit.show("changes.html.jinja", {"case": case, "found": answer.body, "ways": found, "cutoff": cutoff})
