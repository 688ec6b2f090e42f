"""Approval's HTTP door: the queue and its tasks, one's own cases; decrees are in decree_api."""

import base64
import binascii
from datetime import date
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query

from services.approval import store
from services.approval.deciders import CASES
from services.approval.decree_api import router as decrees
from services.approval.domain import Case, Claim, Decide, Release, case_of, decree_id
from services.approval.policy import at_desk, party, stands_in
from shared.host.http import Call, Caller, Json
from shared.kernel.decider import Refused, judged_on
from shared.runtime.service import Asked

router = APIRouter()
router.include_router(decrees)
Limit = Annotated[int, Query(ge=1, le=100)]


@router.get("/v1/tasks", name="task.list")
async def tasks(
    call: Caller,
    view: Literal["mine", "offices", "substitute"] = "offices",
    after: Annotated[str, Query(max_length=300)] = "",
    limit: Limit = 50,
    stage: Annotated[str, Query(max_length=60)] = "",
    overdue: bool | None = None,
) -> Json:
    """Tasks I claimed (mine), of my offices, or where I stand in; earliest due first, `next` leads on."""
    actor, today = await call.allow(), _today(call)
    places = None if view == "mine" else store.places(actor, today)
    if view == "substitute":
        places = await store.places_stood_in(call.db, actor.person, today)
    asked = {"stage": stage or None, "overdue": overdue}
    only = {name: value for name, value in asked.items() if value is not None}
    wanted = store.Wanted(actor.person, places, _place(after), only)
    rows = [_task_row(document, task) for document, task in await store.queue(call.db, wanted, limit)]
    return Json({"items": rows, "next": _cursor(rows[-1]) if len(rows) >= limit else ""})


@router.get("/v1/tasks/{task}", name="task.read")
async def task(task: str, call: Caller) -> Json:
    """The case of a task as its officials, and who stands in for one, see it: the chain, what was decided, what is
    proposed."""
    id = case_of(task)
    state, day = await call.read(CASES, id), judged_on(call.now())
    actor = await call.allow(state)
    mine = at_desk(Asked(actor, day, state))
    if not (mine or stands_in(state, await store.places_stood_in(call.db, actor.person, day))):
        raise Refused("FORBIDDEN", status=403)
    return await _shown(call, id, state)


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
    """The caller's own cases, or those they decided a task of and may still see, page by page."""
    actor, today = await call.allow(), judged_on(call.now())
    found = await store.cases_of(call.db, actor.person, after, limit, "acted" if view == "decided" else "person")
    read = [(row, Case.model_validate(row["state"])) for row in found]
    rows = [
        {**CASES.answer(state), "id": row["_id"], "version": row["sequence"]}
        for row, state in read
        if party(Asked(actor, today, state))
    ]
    return Json({"items": rows, "next": found[-1]["_id"] if len(found) == limit else ""})


@router.get("/v1/cases/{case}", name="case.read")
async def case(case: str, call: Caller) -> Json:
    """Where a case stands: whose turn, since when, until when."""
    return await _shown(call, case, await call.read(CASES, case))


async def _shown(call: Call, case: str, state: Case) -> Json:
    submitted = await store.proposal(call.db, case)
    content = submitted.model_dump(mode="json") if submitted else None
    issued = await store.decree(call.db, decree_id(case, state.attempt))
    paper = issued.decree if issued else None
    return Json({**CASES.answer(state), "id": case, "proposal": content, "decree": paper})


def _today(call: Call) -> date:
    """The day a queue is asked for; whether an office is held where the agency is, is judged when it acts."""
    return call.now().astimezone(ZoneInfo("Asia/Jakarta")).date()


def _task_row(document: store.Raw, task: store.Raw) -> dict[str, Any]:
    state = document["state"]
    about = {name: state[name] for name in ("case", "attempt", "person", "vacancy", "origin", "target")}
    return {**about, **task, "version": document["sequence"]}


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
