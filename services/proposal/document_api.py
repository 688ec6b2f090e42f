"""The HTTP door of a case's documents: store a file, name it, look at it, check it, and what is still missing."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from services.proposal.deciders import CASES, RULES, VIEWS
from services.proposal.domain import (
    LAST,
    Case,
    CheckDocument,
    Document,
    FileDocument,
    LookAt,
    NameDocument,
    RemoveDocument,
    Verdict,
    Views,
    checklist,
    views_of,
)
from services.proposal.files.door import MEDIA, STORE, sent, stored
from services.proposal.files.shelf import LARGEST, Shelf
from services.proposal.policy import opens, restricted
from services.proposal.store import views as views_at
from shared.host.http import Caller, Json
from shared.kernel.decider import Refused, judged_on
from shared.kernel.documents import documents
from shared.runtime.service import Asked

router = APIRouter()
Number = Annotated[int, Path(ge=1, le=LAST)]


@router.get("/v1/document-kinds", name="document.kinds")
async def kinds(call: Caller) -> Json:
    """The kinds of documents, and which a kind of move needs, each with its source."""
    await call.allow()
    known = documents()
    return Json({"kinds": known.kinds, "needs": known.needs, "largest": LARGEST, "media": list(MEDIA)})


@router.get("/v1/proposals/{case}/documents", name="document.list")
async def listed(case: str, call: Caller) -> Json:
    """What the file holds, and the checklist of what such a move needs. Of a restricted document those who may not open
    it learn only that it is there and whether it was accepted."""
    state = await call.read(CASES, case)
    actor, today = await call.allow(state), judged_on(call.now())
    items = [_row(one, opened=opens(Asked(actor, today, state), one)) for one in state.documents]
    return Json({"items": items, "checklist": checklist(state, today), "enforced": _enforced(state, today)})


@router.post("/v1/proposals/{case}/files", name="document.store", openapi_extra=STORE)
async def store(case: str, request: Request, call: Caller) -> Json:
    """Store a PDF, JPEG or PNG, sent as the body; what it is its content says. The same file again is the same.

    A file that is not named as a document within some hours is erased.
    """
    state = await call.read(CASES, case)
    return await stored(call, request, case, state.person)


@router.post("/v1/proposals/{case}/documents", name="document.file")
async def file(case: str, body: NameDocument, call: Caller) -> Json:
    """Name a stored file as a document of the case."""
    await call.read(CASES, case)
    found = await Shelf(call.db).named(case, body.sha256)
    said = {**body.model_dump(), "media": found["media"], "size": found["size"]}
    return await call.send(CASES, case, FileDocument.model_validate(said))


@router.get("/v1/proposals/{case}/documents/{document}", name="document.open")
async def look(
    case: str, document: Number, call: Caller, reason: Annotated[str, Query(max_length=300)] = ""
) -> Response:
    """The file. A restricted one needs a `reason` of anybody but the person, and each look is written down first."""
    state = await call.read(CASES, case)
    actor, found = await call.allow(state), _find(state, document)
    if not opens(Asked(actor, judged_on(call.now()), state), found):
        raise Refused("DOCUMENT_RESTRICTED", status=403, where="document", kind=found.kind)
    if restricted(found):
        about = LookAt(person=state.person, document=document, kind=found.kind, reason=reason.strip())
        await call.send(VIEWS, views_of(case), about)
    return await sent(call, case, found.sha256, found.media, f"{found.kind}-{document}")


@router.post("/v1/proposals/{case}/documents/{document}/check", name="document.check")
async def check(case: str, document: Number, body: Verdict, call: Caller) -> Json:
    """Accept a document, or say why not; one that was not accepted is missing again."""
    return await call.send(CASES, case, CheckDocument(document=document, **body.model_dump()))


@router.post("/v1/proposals/{case}/documents/{document}/remove", name="document.remove")
async def remove(case: str, document: Number, call: Caller) -> Json:
    """Take out what one filed oneself, while the file is open to be changed; its file is erased."""
    state = await call.read(CASES, case)
    answer = await call.send(CASES, case, RemoveDocument(document=document))
    for one in state.documents:
        if one.document == document:
            await Shelf(call.db).let_go(case, one.sha256)
    return answer


@router.get("/v1/proposals/{case}/document-views", name="document.views")
async def views(case: str, call: Caller) -> Json:
    """Who looked at the restricted documents of the case, when and why: for the person and for auditors."""
    await call.read(CASES, case)
    found = await views_at(call.db, views_of(case))
    return Json(VIEWS.answer(Views.model_validate(found) if found else Views(case=case)))


def _find(state: Case, number: int) -> Document:
    found = next((one for one in state.documents if one.document == number), None)
    if found is None:
        raise Refused("DOCUMENT_UNKNOWN", status=404, where="document", document=number)
    return found


def _row(document: Document, *, opened: bool) -> Mapping[str, Any]:
    kind = documents().kind(document.kind)
    shown = {
        **document.model_dump(mode="json"),
        "title": kind.title if kind else {},
        "restricted": restricted(document),
    }
    seen = ("document", "kind", "title", "checked", "restricted")
    return {**(shown if opened else {name: shown[name] for name in seen}), "opens": opened}


def _enforced(state: Case, on: date) -> bool:
    """Whether nothing is handed in without a complete file."""
    content = state.content
    return content is not None and RULES.documents.enforced_by({content.origin.agency, content.target.agency}, on)
