"""What officials do with the documents of a case: accept one or say why not, and attach what comes from the offices."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter
from starlette.responses import Response

from services.portal.pages.documents import handed, kind_of, shown
from services.portal.web import UPLOAD, FilePoster, Poster, Visit, Visitor, refused

router = APIRouter()
UNPROCESSABLE = 422


@router.post("/perkara/{case}/berkas/{number}/periksa")
async def check(visit: Poster, case: str, number: int) -> Response:
    """The verdict on one document; whether it is the user's to give the proposal service judges."""
    fields, accepted = visit.fields, visit.fields.get("verdict") == "accept"
    known = {"before": ""}  # the form is of documents that nobody checked yet
    body = {"accepted": accepted, "reason": fields.get("reason", ""), **known}
    path = f"/v1/proposals/{quote(case)}/documents/{number}/check"
    answer = await visit.command("proposal", "POST", path, fields.get("key", ""), body)
    if not answer.ok:
        trouble = refused(answer, visit.words)
        return await shown(visit, case, fields.get("tugas", ""), trouble.problem, trouble.status)
    told = ("Dokumen diterima.", "The document is accepted.") if accepted else ("Dokumen ditolak.", "It is rejected.")
    return await visit.go(_back(case, fields.get("tugas", "")), visit.words.say(*told))


@router.get("/perkara/{case}/berkas/{kind}")
async def ask(visit: Visitor, case: str, kind: str, tugas: str = "") -> Response:
    """The form of one document."""
    return await _ask(visit, case, kind, tugas)


@router.post("/perkara/{case}/berkas/{kind}", openapi_extra=UPLOAD)
async def attach(visit: FilePoster, case: str, kind: str, tugas: str = "") -> Response:
    """Store the file and name it a document of the case, for the task where one is named."""
    if not visit.file:
        return await _ask(visit, case, kind, tugas, visit.words.problem("NO_FILE") | {"where": "file"})
    answer = await handed(visit, case, kind, task=tugas[:200])
    if not answer.ok:
        return await _ask(visit, case, kind, tugas, refused(answer, visit.words).problem)
    return await visit.go(_back(case, tugas), visit.words.say("Dokumen dilampirkan.", "The document is attached."))


def _back(case: str, task: str) -> str:
    query = f"?{urlencode({'tugas': task})}" if task else ""
    return f"/perkara/{quote(case)}/dokumen{query}"


async def _ask(visit: Visit, case: str, kind: str, task: str, problem: Mapping[str, Any] | None = None) -> Response:
    visit.user  # noqa: B018 - raises SignIn
    action = f"/perkara/{quote(case)}/berkas/{quote(kind)}?{urlencode({'tugas': task})}"
    values = {"kind": await kind_of(visit, kind), "problem": problem, "fields": visit.fields, "action": action}
    values |= {"back": _back(case, task)}
    return await visit.show("upload.html.jinja", values, UNPROCESSABLE if problem else 200)
