"""The door of reorganisations (K8): a list from a file, tried or proposed, and how far it is."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request

from services.registry.domain import REORGANISATIONS
from services.registry.domain.reorganisations import About
from services.registry.imports.http import FILE, sent
from services.registry.imports.reorganisation import checked
from services.registry.shelves import Shelves
from shared.host.http import Caller, Json
from shared.kernel.calendar import Zone
from shared.kernel.decider import Refused

router = APIRouter()
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


@router.get("/v1/reorganisations/{reorganisation}", name="reorganisation.read")
async def read(reorganisation: str, call: Caller) -> Json:
    """The list, whether it was approved, and who has moved."""
    return await call.show(REORGANISATIONS, reorganisation)
