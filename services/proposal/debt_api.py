"""The HTTP door of what people sent in an emergency owe: store a file, hand it in as the document, look at it."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from services.proposal import store as queries
from services.proposal.deciders import ASSIGNMENTS, VIEWS
from services.proposal.domain import LAST, LookAt, NamePaper, SettleDebt, Views, debt_id, debt_of, views_of
from services.proposal.files.door import STORE, sent, stored
from services.proposal.files.shelf import Shelf
from services.proposal.policy import opens_paper, pays
from shared.host.http import Caller, Json
from shared.kernel.decider import Refused, judged_on
from shared.kernel.documents import documents
from shared.runtime.service import Asked

router = APIRouter()
Number = Annotated[int, Path(ge=1, le=LAST)]


@router.post("/v1/assignments/{assignment}/debts/{n}/files", name="debt.store", openapi_extra=STORE)
async def store(assignment: str, n: Number, request: Request, call: Caller) -> Json:
    """Store a PDF, JPEG or PNG, sent as the body, for what is owed under this number.

    A file that does not pay the debt within some hours is erased.
    """
    state = await call.read(ASSIGNMENTS, assignment)
    actor, debt = await call.allow(state), debt_of(state, n)
    if not pays(Asked(actor, judged_on(call.now()), state), debt):
        raise Refused("FORBIDDEN", status=403)
    return await stored(call, request, debt_id(assignment, n), debt.person)


@router.post("/v1/assignments/{assignment}/settle", name="assignment.settle")
async def settle(assignment: str, body: NamePaper, call: Caller) -> Json:
    """Hand in a stored file as the document that is owed, or as an affidavit instead of a lost one."""
    await call.read(ASSIGNMENTS, assignment)
    found = await Shelf(call.db).named(debt_id(assignment, body.n), body.sha256)
    said = {**body.model_dump(), "media": found["media"], "size": found["size"]}
    return await call.send(ASSIGNMENTS, assignment, SettleDebt.model_validate(said))


@router.get("/v1/assignments/{assignment}/debts/{n}/file", name="debt.open")
async def look(
    assignment: str, n: Number, call: Caller, reason: Annotated[str, Query(max_length=300)] = ""
) -> Response:
    """The document that paid the debt. A restricted one needs a `reason` of anybody but the person, and each look is
    written down first."""
    state = await call.read(ASSIGNMENTS, assignment)
    actor, debt, paper = await call.allow(state), debt_of(state, n), state.settled.get(str(n))
    if paper is None or not paper.media:
        raise Refused("FILE_ERASED", status=404)
    if not opens_paper(Asked(actor, judged_on(call.now()), state), debt, paper):
        raise Refused("DOCUMENT_RESTRICTED", status=403, where="n", kind=paper.filed_as)
    kind = documents().kind(paper.filed_as)
    if kind is None or kind.restricted:
        about = LookAt(person=debt.person, document=n, kind=paper.filed_as, reason=reason.strip())
        await call.send(VIEWS, views_of(debt_id(assignment, n)), about)
    return await sent(call, debt_id(assignment, n), paper.sha256, paper.media, f"{paper.filed_as}-{n}")


@router.get("/v1/assignments/{assignment}/debts/{n}/views", name="debt.views")
async def views(assignment: str, n: Number, call: Caller) -> Json:
    """Who looked at what paid the debt, where it is restricted: for the person who owed it and for auditors."""
    state = await call.read(ASSIGNMENTS, assignment)
    actor, debt = await call.allow(state), debt_of(state, n)
    if actor.person != debt.person and actor.person in state.people:
        raise Refused("FORBIDDEN", status=403)
    register = views_of(debt_id(assignment, n))
    found = await queries.views(call.db, register)
    return Json(VIEWS.answer(Views.model_validate(found) if found else Views(case=debt_id(assignment, n))))
