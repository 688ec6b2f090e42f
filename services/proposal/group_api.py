"""The HTTP door of swaps and chains: open, agree or not, and how far each member is."""

from fastapi import APIRouter

from services.proposal.deciders import GROUPS
from services.proposal.domain import AcceptGroup, DeclineGroup, OpenGroup
from services.proposal.listing import After, Limit, own_page
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
async def mine(call: Caller, after: After = "", limit: Limit = 50) -> Json:
    """The groups the caller is a member of, page by page: `next` is the `after` of the following page."""
    return await own_page(call, GROUPS, "state.members.person", after, limit)
