"""The door of reorganisations (K8): a list from a file, tried or proposed, and how far it is."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from services.registry.domain import REORGANISATIONS
from services.registry.domain.reorganisations import About, Reorganisation
from services.registry.imports.http import FILE, sent
from services.registry.imports.reorganisation import checked
from services.registry.shelves import Shelves
from services.registry.store import Document, cursor, page
from shared.host.http import Caller, Json
from shared.kernel.calendar import Zone
from shared.kernel.decider import Frozen, Refused

router = APIRouter()
PAGE = 50
Words = Annotated[str, Query(min_length=1, max_length=2000)]
Place = Annotated[str, Query(min_length=1, max_length=48)]


@router.post("/v1/reorganisations", name="reorganisation.propose", status_code=201, openapi_extra=FILE)
async def propose(  # noqa: PLR0913, PLR0917 - one parameter per field beside the file
    request: Request,
    call: Caller,
    agency: Place,
    unit: Annotated[list[Place], Query(min_length=1, max_length=100)],
    number: Words,
    dated: date,
    issuer: Words,
    purpose: Words,
    expected_result: Words,
    dry_run: bool = False,
) -> Json:
    """A CSV, XLSX or JSON file with `nip` and `post` for everybody of these units. Only a list without a fault is
    proposed; with `dry_run` none is. The answer names each cell that is wrong, and everybody who is not on the list.

    Needs an Idempotency-Key: the same key meets the same list.
    """
    about = About.model_validate(
        {
            **{"agency": agency, "units": unit, "number": number, "dated": dated, "issuer": issuer},
            **{"purpose": purpose, "expected_result": expected_result},
        }
    )
    await call.allow(about)
    async with sent(request) as file:
        found = await checked(file, about, Shelves(call.db), call.now().astimezone(Zone.WIB.info).date())
    if dry_run:
        return Json({**found.answer(), "dry_run": True}, status_code=200)
    if found.proposal is None:
        raise Refused("LIST_NOT_WHOLE", status=422, where="body", **found.answer())
    return await call.send(REORGANISATIONS, call.new_id("r"), found.proposal)


class Of(Frozen):
    """What the rule is asked about."""

    agency: str


@router.get("/v1/reorganisations", name="reorganisation.list")
async def listed(call: Caller, agency: Place, after: Annotated[str, Query(max_length=120)] = "") -> Json:
    """The lists of an agency, without the single moves, page by page: `next` is the `after` of the following page."""
    await call.allow(Of(agency=agency))
    found = await page(call.db, REORGANISATIONS.name, {"state.agency": agency}, after, PAGE)
    return Json({"items": [_row(one) for one in found], "next": cursor(found[-1]) if len(found) == PAGE else ""})


def _row(document: Document) -> dict[str, Any]:
    state = Reorganisation.model_validate(document["state"])
    about = state.model_dump(mode="json", include={"status", "agency", "units", "purpose", "code", "reason"})
    moved = sum(not code for code in state.done.values())
    return {**about, "id": document["_id"], "people": len(state.moves), "moved": moved, "left": len(state.done) - moved}


@router.get("/v1/reorganisations/{reorganisation}", name="reorganisation.read")
async def read(reorganisation: str, call: Caller) -> Json:
    """The list, whether it was approved, and who has moved."""
    return await call.show(REORGANISATIONS, reorganisation)
