"""Is this decree genuine, and does it still hold: for whoever holds one, without signing in.

The address is on the paper as a QR code: it ends with the hash of the decree's data, which nobody can guess. So the
page shows no more of a person than the paper itself.
"""

import asyncio
import re
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from asn1crypto import x509
from fastapi import APIRouter
from starlette.datastructures import UploadFile
from starlette.responses import JSONResponse, Response

from services.portal.domain.facts import Paper
from services.portal.domain.standing import Standing, standing
from services.portal.store import ids_of
from services.portal.web import UPLOAD, Trouble, Visit, Visitor
from shared.signature import LARGEST, Finding, check, roots_in

router = APIRouter()
DIGEST = re.compile(r"[0-9a-f]{64}")
ONE_AT_A_TIME = asyncio.Semaphore(1)
"""Checking takes a core for a moment: visitors wait for each other, not the pages for them."""


@router.get("/verifikasi")
async def ask(visit: Visitor) -> Response:
    """Where a file can be handed in."""
    return await visit.show("verify.html.jinja", {"paper": None, "finding": None, "unknown": False})


@router.get("/verifikasi/{digest}")
async def look(visit: Visitor, digest: str) -> Response:
    """What stands on the paper with this hash, and how it stands today; as JSON for programs, without the person.

    With `sha256` of a file also whether it is the signed one.
    """
    paper = await visit.portal.views.paper(digest) if DIGEST.fullmatch(digest) else None
    if "application/json" in visit.request.headers.get("accept", ""):
        return visit.finish(await _record(visit, paper))
    if paper is None:
        return await visit.show("verify.html.jinja", {"paper": None, "finding": None, "unknown": True}, 404)
    return await _shown(visit, paper, None)


@router.post("/verifikasi", openapi_extra=UPLOAD)
async def examine(visit: Visitor) -> Response:
    """Check a file: its signature here, how the paper stands from what we know. The file is not kept."""
    content = await _handed_in(visit)
    async with ONE_AT_A_TIME:
        finding = await asyncio.to_thread(check, content, _roots(visit.portal.doors.signing_roots))
    known = await visit.portal.views.signed_file(sha256(content).hexdigest())
    paper = await visit.portal.views.paper(known or finding.digest) if finding.genuine else None
    if paper is None:
        values = {"paper": None, "finding": finding, "unknown": finding.genuine}
        return await visit.show("verify.html.jinja", values, 200 if finding.genuine else 422)
    return await _shown(visit, paper, finding)


async def _handed_in(visit: Visit) -> bytes:
    """Raises Trouble."""
    form = await visit.request.form(max_files=1, max_fields=1, max_part_size=LARGEST)
    file = form.get("file")
    content = await file.read(LARGEST + 1) if isinstance(file, UploadFile) else b""
    if not content:
        raise Trouble(422, visit.words.problem("NO_FILE"))
    if len(content) > LARGEST:
        raise Trouble(413, visit.words.problem("FILE_TOO_LARGE"))
    return content


@cache
def _roots(file: Path | None) -> tuple[x509.Certificate, ...]:
    return tuple(roots_in(file)) if file else ()


async def _standing(visit: Visit, paper: Paper) -> Standing:
    return standing(paper, (await visit.portal.views.entries([paper.case]))[paper.case])


async def _shown(visit: Visit, paper: Paper, finding: Finding | None) -> Response:
    views = visit.portal.views
    seats = [seat for seat in (paper.origin, paper.target) if seat is not None]
    values = {
        "paper": paper,
        "finding": finding,
        "standing": await _standing(visit, paper),
        "places": await views.places([paper.agency, *ids_of(*seats)]),
        "name": (await views.people([paper.person])).get(paper.person, ""),
    }
    return await visit.show("verify.html.jinja", values)


async def _record(visit: Visit, paper: Paper | None) -> Response:
    if paper is None:
        return JSONResponse({"known": False}, 404)
    found, file = await _standing(visit, paper), visit.request.query_params.get("sha256", "")
    places = await visit.portal.views.places([paper.agency])
    about: dict[str, Any] = paper.model_dump(mode="json", include={"kind", "number_text", "signatory", "issued_on"})
    return JSONResponse(
        {
            "known": True,
            **about,
            "agency": places[paper.agency].name,
            **found.model_dump(mode="json", exclude={"files"}),
            "signed_file": file in found.files,
        }
    )
