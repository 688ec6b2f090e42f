"""The door through which notification fetches the copy of a decree that goes with a mail.

Nobody is logged in there: a ticket (`shared/host/ticket.py`) names the paper and the person, and the paper must be
about that person.
"""

import time
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response

from services.approval import store
from services.approval.decree_api import has, pdf
from services.approval.domain import original_of
from services.approval.settings import settings
from services.approval.sheets import best_of, signer_of
from shared.host.http import Anybody
from shared.host.ticket import HEADER, good
from shared.kernel.decider import NotYet, Refused

router = APIRouter()


@router.get("/v1/decrees/{decree}/copy/{person}", name="decree.copy", openapi_extra={"security": []})
async def copy(
    decree: str,
    person: str,
    request: Request,
    call: Anybody,
    ticket: Annotated[str, Header(alias=HEADER, max_length=100)] = "",
) -> Response:
    """The paper as PDF, as `GET /v1/decrees/{decree}/pdf` gives it to the person."""
    await call.allow()
    if not good(settings().internal_secret.get_secret_value(), request.url.path, ticket, time.time()):
        raise Refused("BAD_TICKET", status=403)
    found = await store.history(call.db, decree)
    if found is None or not has(found, decree) or found.issued.person != person:
        raise Refused("NOT_FOUND", status=404)
    decided_by = await store.granted_by(call.db, original_of(decree))
    wanted = {person, signer_of(found, decree, decided_by)}
    if unknown := wanted - (await store.people(call.db, list(wanted))).keys():
        raise NotYet(f"particulars/{min(unknown)}")
    return pdf(decree, await best_of(call.db, found, decree, decided_by))
