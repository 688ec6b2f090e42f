"""Approval's HTTP door: the queue and its tasks, one's own cases, decrees and their print."""

import base64
import binascii
from datetime import date
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Response

from services.approval import store
from services.approval.deciders import CASES
from services.approval.domain import Case, Claim, Decide, Decree, Release, Revocation, case_of, decree_id
from services.approval.pdf import Seat, Sheet, printed
from shared.host.http import Call, Caller, Json
from shared.kernel.decider import Refused

router = APIRouter()
SIGNATORIES = {"ppk": "Pejabat Pembina Kepegawaian"}
Limit = Annotated[int, Query(ge=1, le=100)]


@router.get("/v1/tasks", name="task.list")
async def tasks(
    call: Caller,
    view: Literal["mine", "offices", "substitute"] = "offices",
    after: Annotated[str, Query(max_length=300)] = "",
    limit: Limit = 50,
) -> Json:
    """Tasks I claimed (mine), of my offices, or where I stand in; earliest due first, `next` leads on."""
    actor, today = await call.allow(), _today(call)
    places = None if view == "mine" else store.places(actor, today)
    if view == "substitute":
        places = await store.places_stood_in(call.db, actor.person, today)
    query = store.queue_filter(actor, places, _place(after))
    rows = [_task_row(document) for document in await store.queue(call.db, query, limit)]
    return Json({"items": rows, "next": _cursor(rows[-1]) if len(rows) == limit else ""})


@router.get("/v1/tasks/{task}", name="task.read")
async def task(task: str, call: Caller) -> Json:
    """The case of a task as its officials see it: the chain, what was decided, what is proposed."""
    return await _shown(call, case_of(task))


@router.post("/v1/tasks/{task}/claim", name="task.claim")
async def claim(task: str, call: Caller) -> Json:
    """Take the task on."""
    return await call.send(CASES, case_of(task), Claim(task=task))


@router.post("/v1/tasks/{task}/release", name="task.release")
async def release(task: str, call: Caller) -> Json:
    """Put it back."""
    return await call.send(CASES, case_of(task), Release(task=task))


@router.post("/v1/tasks/{task}/decide", name="task.decide")
async def decide(task: str, body: Decide, call: Caller) -> Json:
    """Approve, refuse or return the task that I claimed."""
    return await call.send(CASES, case_of(task), body.model_copy(update={"task": task}))


@router.get("/v1/cases", name="case.list")
async def cases(
    call: Caller,
    after: Annotated[str, Query(max_length=120)] = "",
    limit: Limit = 50,
    view: Literal["own", "decided"] = "own",
) -> Json:
    """The caller's own cases, or those they decided a task of, page by page."""
    actor = await call.allow()
    found = await store.cases_of(call.db, actor.person, after, limit, "acted" if view == "decided" else "person")
    rows = [
        {**CASES.answer(Case.model_validate(row["state"])), "id": row["_id"], "version": row["sequence"]}
        for row in found
    ]
    return Json({"items": rows, "next": rows[-1]["id"] if len(rows) == limit else ""})


@router.get("/v1/cases/{case}", name="case.read")
async def case(case: str, call: Caller) -> Json:
    """Where a case stands: whose turn, since when, until when."""
    return await _shown(call, case)


@router.get("/v1/decrees/{decree}", name="decree.read")
async def decree(decree: str, call: Caller) -> Json:
    """The data of a decree, the hash over them, and whether it was revoked."""
    found, revoked, _ = await _decree(call, decree)
    return Json({**found.issued.model_dump(mode="json"), "revoked": revoked.code if revoked else ""})


@router.get("/v1/decrees/{decree}/pdf", name="decree.pdf")
async def decree_pdf(decree: str, call: Caller) -> Response:
    """The decree as PDF, printed on demand."""
    found, revoked, of = await _decree(call, decree)
    sheet = await _sheet(call, found, revoked, of.signed.get(str(found.issued.attempt), ""))
    headers = {"content-disposition": f'inline; filename="{decree}.pdf"'}
    return Response(await printed(sheet), media_type="application/pdf", headers=headers)


async def _shown(call: Call, case: str) -> Json:
    state = await call.read(CASES, case)
    submitted = await store.proposal(call.db, case)
    content = submitted.model_dump(mode="json") if submitted else None
    issued, _ = await store.decree(call.db, decree_id(case, state.attempt))
    paper = issued.issued.decree if issued else None
    return Json({**CASES.answer(state), "id": case, "proposal": content, "decree": paper})


async def _decree(call: Call, id: str) -> tuple[Decree, Revocation | None, Case]:
    """Raises Refused NOT_FOUND, FORBIDDEN: who may see the case may see its decree."""
    found, revoked = await store.decree(call.db, id)
    if found is None:
        await call.allow(Case(case=""))
        raise Refused("NOT_FOUND", status=404)
    return found, revoked, await call.read(CASES, found.issued.case)


async def _sheet(call: Call, decree: Decree, revoked: Revocation | None, signer: str) -> Sheet:
    issued = decree.issued
    seats = [issued.origin, issued.target]
    names = await store.names(call.db, [id for seat in seats for id in (seat.post, seat.unit)])
    people = await store.people(call.db, [issued.person, signer])
    person, signed_by = people.get(issued.person), people.get(signer)
    origin, target = (Seat(post=names[seat.post], unit=names[seat.unit]) for seat in seats)
    return Sheet(
        agency=await store.agency_name(call.db, issued.agency),
        number=issued.number_text,
        person=person.name if person else "",
        nip=person.nip if person else "",
        origin=origin,
        target=target,
        issued_on=issued.issued_on,
        effective_on=issued.effective_on,
        signatory=SIGNATORIES.get(issued.signatory, issued.signatory),
        signed_by=signed_by.name if signed_by else "",
        digest=issued.digest,
        status="revoked" if revoked else "valid",
    )


def _today(call: Call) -> date:
    """The day a queue is asked for; whether an office is held where the agency is, is judged when it acts."""
    return call.now().astimezone(ZoneInfo("Asia/Jakarta")).date()


def _task_row(document: store.Raw) -> dict[str, Any]:
    state = document["state"]
    about = {name: state[name] for name in ("case", "attempt", "person", "vacancy", "origin", "target")}
    return {**about, **state["task"], "version": document["sequence"]}


def _cursor(row: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(f"{row['due']} {row['case']}".encode()).decode()


def _place(after: str) -> tuple[str, str] | None:
    """Raises Refused BAD_CURSOR."""
    if not after:
        return None
    try:
        due, _, case = base64.b64decode(after.encode(), b"-_", validate=True).decode().partition(" ")
    except (binascii.Error, UnicodeError):
        raise Refused("BAD_CURSOR", status=422, where="after") from None
    return due, case
