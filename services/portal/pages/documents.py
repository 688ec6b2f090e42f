"""Documents of an application and of a case: what is needed, what is there, one upload a page, who looked at what."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

from fastapi import APIRouter
from starlette.responses import Response

from services.portal import meanwhile
from services.portal.drafts import Draft
from services.portal.pages.answers import OF, as_case, mine
from services.portal.remote import Answer
from services.portal.web import UPLOAD, FilePoster, Poster, Trouble, Visit, Visitor, refused

router = APIRouter()
UNPROCESSABLE = 422
Problem = Mapping[str, Any]


@router.get("/ajukan/{draft}/dokumen")
async def needed(visit: Visitor, draft: str) -> Response:
    """The checklist of an application. Its answers come first: documents hang on the draft that is made of them."""
    known = await mine(visit, draft)
    if known.missing:
        return await visit.go(f"/ajukan/{draft}/{OF[known.missing]}")
    told = await as_case(visit, known)
    if isinstance(told, Answer):
        raise refused(told, visit.words)
    values: dict[str, Any] = {"draft": told, "found": await _listed(visit, told.case), "views": None}
    return await visit.show("documents.html.jinja", {**values, "case": told.case, "official": False, "problem": None})


@router.get("/ajukan/{draft}/dokumen/{kind}")
async def ask(visit: Visitor, draft: str, kind: str) -> Response:
    """One document: its number and date where it has them, and the file."""
    return await _upload(visit, await mine(visit, draft), kind)


@router.post("/ajukan/{draft}/dokumen/{kind}", openapi_extra=UPLOAD)
async def upload(visit: FilePoster, draft: str, kind: str) -> Response:
    """Store the file and name it; what is refused keeps number and date in the form."""
    known = await mine(visit, draft)
    if not visit.file:
        return await _upload(visit, known, kind, visit.words.problem("NO_FILE") | {"where": "file"})
    answer = await handed(visit, known.case, kind)
    if not answer.ok:
        return await _upload(visit, known, kind, dict(refused(answer, visit.words).problem))
    return await visit.go(f"/ajukan/{draft}/dokumen", visit.words.say("Dokumen tersimpan.", "The document is kept."))


@router.post("/ajukan/{draft}/dokumen/{number}/keluarkan")
async def remove(visit: Poster, draft: str, number: int) -> Response:
    """Take one out again."""
    known = await mine(visit, draft)
    path = f"/v1/proposals/{quote(known.case)}/documents/{number}/remove"
    answer = await visit.command("proposal", "POST", path, visit.fields.get("key", ""))
    if not answer.ok:
        raise refused(answer, visit.words)
    return await visit.go(f"/ajukan/{draft}/dokumen", visit.words.say("Dokumen dikeluarkan.", "The document is out."))


@router.get("/perkara/{case}/dokumen")
async def of_case(visit: Visitor, case: str, tugas: str = "") -> Response:
    """What the file of a case holds, for whoever may see the case; to the person also who looked, to officials also how
    to check it and to add to it, for the task where one is named."""
    return await shown(visit, case, tugas)


async def shown(visit: Visit, case: str, task: str = "", problem: Problem | None = None, status: int = 200) -> Response:
    """The documents of a case. Raises Trouble."""
    seen = visit.portal.engine.now()  # before the question: what comes after the answer is news
    found, file, actor = await _listed(visit, case), await visit.portal.views.file(case), await visit.actor()
    views = await visit.ask("proposal", f"/v1/proposals/{quote(case)}/document-views")
    people = await visit.portal.views.people({view["by"] for view in views.body["newest"]}) if views.ok else {}
    official = file is not None and file.content.person != actor.person
    values: dict[str, Any] = {"views": views.body if views.ok else None, "people": people, "draft": None}
    values |= {"case": case, "official": official, "task": task[:200], "seen": seen, "key": uuid4().hex}
    values |= {"problem": await meanwhile.of_case(visit, case, problem, status)}
    return await visit.show("documents.html.jinja", {**values, "found": found}, status)


@router.get("/perkara/{case}/dokumen/{number}")
async def look(visit: Visitor, case: str, number: int, alasan: str = "") -> Response:
    """The file of one document; a restricted one asks officials why first."""
    query = f"?{urlencode({'reason': alasan[:300]})}" if alasan else ""
    answer = await visit.ask("proposal", f"/v1/proposals/{quote(case)}/documents/{number}{query}")
    if answer.code == "REASON_NEEDED":
        return await visit.show("look.html.jinja", {"case": case, "number": number})
    if not answer.ok:
        raise refused(answer, visit.words)
    ending = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}.get(answer.media, "bin")
    named = {"content-disposition": f'attachment; filename="dokumen-{number}.{ending}"'}
    return visit.finish(Response(answer.content, media_type=answer.media, headers=named))


async def _listed(visit: Visit, case: str) -> Mapping[str, Any]:
    answer = await visit.ask("proposal", f"/v1/proposals/{quote(case)}/documents")
    if not answer.ok:
        raise refused(answer, visit.words)
    return answer.body


async def kind_of(visit: Visit, kind: str) -> Mapping[str, Any]:
    """What is known of a kind of document. Raises Trouble."""
    known = await visit.ask("proposal", "/v1/document-kinds")
    if not known.ok:
        raise refused(known, visit.words)
    found: Mapping[str, Any] | None = next((one for one in known.body["kinds"] if one["kind"] == kind), None)
    if found is None:
        raise Trouble(404, visit.words.problem("NOT_FOUND"))
    return found


async def handed(visit: Visit, case: str, kind: str, **more: str) -> Answer:
    """Store the file of the form and name it a document of the case; what was refused of the two."""
    path = f"/v1/proposals/{quote(case)}"
    stored = await visit.send_file("proposal", f"{path}/files", visit.file)
    if not stored.ok:
        return Answer(stored.status, {**refused(stored, visit.words).problem, "where": "file"})
    dated = {"number": visit.fields.get("number", ""), "issued_on": visit.fields.get("issued_on") or None}
    body = {"kind": kind, "sha256": stored.body["sha256"], **dated, **more}
    return await visit.command("proposal", "POST", f"{path}/documents", visit.fields.get("key", ""), body)


async def _upload(visit: Visit, draft: Draft, kind: str, problem: Problem | None = None) -> Response:
    if not draft.case:
        return await visit.go(f"/ajukan/{draft.id}/dokumen")
    found = await kind_of(visit, kind)
    here = f"/ajukan/{draft.id}/dokumen"
    values = {"kind": found, "problem": problem, "fields": visit.fields, "back": here, "action": f"{here}/{kind}"}
    return await visit.show("upload.html.jinja", values, UNPROCESSABLE if problem else 200)
