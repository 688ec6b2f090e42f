"""The HTTP door of swaps and chains: open, agree or not, and how far each member is."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.proposal import store
from services.proposal.deciders import GROUPS
from services.proposal.domain import AcceptGroup, DeclineGroup, Group, OpenGroup
from shared.host.http import Caller, Json

router = APIRouter()


@router.post("/v1/groups", name="group.open", status_code=201)
async def open_group(body: OpenGroup, call: Caller) -> Json:
    """Propose a swap or a chain to its members. Needs an Idempotency-Key: the same key meets the same group."""
    return await call.send(GROUPS, call.new_id("g"), body)


@router.post("/v1/groups/{group}/accept", name="group.accept")
async def accept(group: str, body: AcceptGroup, call: Caller) -> Json:
    """Agree, as a member; when all have, each has a case."""
    return await call.send(GROUPS, group, body)


@router.post("/v1/groups/{group}/decline", name="group.decline")
async def decline(group: str, call: Caller) -> Json:
    """Do not agree, as a member; it is over for all."""
    return await call.send(GROUPS, group, DeclineGroup())


@router.get("/v1/groups/{group}", name="group.read")
async def read(group: str, call: Caller) -> Json:
    """How far it is, member by member, and what else would be possible when it has ended."""
    return await call.show(GROUPS, group)


@router.get("/v1/groups", name="group.list")
async def mine(
    call: Caller,
    after: Annotated[str, Query(max_length=120)] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> Json:
    """The groups the caller is a member of, page by page: `next` is the `after` of the following page."""
    actor = await call.allow()
    found = await store.groups_of(call.db, actor.person, after, limit)
    rows = [
        {**GROUPS.answer(Group.model_validate(one["state"])), "id": one["_id"], "version": one["sequence"]}
        for one in found
    ]
    return Json({"items": rows, "next": rows[-1]["id"] if len(rows) == limit else ""})
