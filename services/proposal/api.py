"""The proposal's HTTP door: draft, revise, submit, withdraw, and the caller's own cases."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query

from services.proposal import store
from services.proposal.deciders import CASES
from services.proposal.domain import Case, Draft, Revise, Submit, Withdraw
from shared.host.http import Caller, Json

router = APIRouter()


@router.post("/v1/proposals", name="proposal.draft", status_code=201)
async def draft(body: Draft, call: Caller) -> Json:
    """Begin a proposal. Needs an Idempotency-Key: the same key meets the same draft."""
    return await call.send(CASES, call.new_id("c"), body)


@router.put("/v1/proposals/{case}", name="proposal.revise")
async def revise(case: str, body: Revise, call: Caller) -> Json:
    """Change a draft or a returned file; the whole wish is given."""
    return await call.send(CASES, case, body)


@router.post("/v1/proposals/{case}/submit", name="proposal.submit")
async def submit(case: str, call: Caller, body: Submit | None = None) -> Json:
    """Hand in; the answer carries the receipt number."""
    return await call.send(CASES, case, body or Submit())


@router.post("/v1/proposals/{case}/withdraw", name="proposal.withdraw")
async def withdraw(case: str, body: Withdraw, call: Caller) -> Json:
    """Take back, up to the approval."""
    return await call.send(CASES, case, body)


@router.get("/v1/proposals/{case}", name="proposal.read")
async def read(case: str, call: Caller) -> Json:
    """One case as it stands."""
    return await call.show(CASES, case)


@router.get("/v1/proposals", name="proposal.list")
async def mine(
    call: Caller,
    after: Annotated[str, Query(max_length=120)] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> Json:
    """The caller's own cases, page by page: `next` is the `after` of the following page, "" on the last."""
    actor = await call.allow()
    found = await store.cases_of(call.db, actor.person, after, limit)
    rows = [_row(document) for document in found]
    return Json({"items": rows, "next": rows[-1]["id"] if len(rows) == limit else ""})


def _row(document: Mapping[str, Any]) -> dict[str, Any]:
    shown = CASES.answer(Case.model_validate(document["state"]))
    return {**shown, "id": document["_id"], "version": document["sequence"]}
