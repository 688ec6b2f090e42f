"""The HTTP door of temporary assignments in an emergency (surat tugas): order, convert, recall."""

from fastapi import APIRouter

from services.proposal import store
from services.proposal.deciders import ASSIGNMENTS
from services.proposal.domain import ConvertAssignment, OrderAssignment, RecallPeople
from services.proposal.listing import After, Limit, View, agency_page, own_page
from services.proposal.policy import of_assignment
from shared.host.http import Caller, Json

router = APIRouter()


@router.post("/v1/assignments", name="assignment.order", status_code=201)
async def order(body: OrderAssignment, call: Caller) -> Json:
    """Send people of one unit to another today. Needs an Idempotency-Key: the same key meets the same letter."""
    return await call.send(ASSIGNMENTS, call.new_id("t"), body)


@router.post("/v1/assignments/{assignment}/convert", name="assignment.convert")
async def convert(assignment: str, body: ConvertAssignment, call: Caller) -> Json:
    """Propose an ordinary case for one of the people, who is told of it; they stay until it is decided."""
    return await call.send(ASSIGNMENTS, assignment, body)


@router.post("/v1/assignments/{assignment}/recall", name="assignment.recall")
async def recall(assignment: str, body: RecallPeople, call: Caller) -> Json:
    """Let some of the people return before the term."""
    return await call.send(ASSIGNMENTS, assignment, body)


@router.get("/v1/assignments/{assignment}", name="assignment.read")
async def read(assignment: str, call: Caller) -> Json:
    """The letter, who is still assigned, and what is still owed."""
    return await call.show(ASSIGNMENTS, assignment)


@router.get("/v1/assignments", name="assignment.list")
async def listed(call: Caller, view: View = "own", after: After = "", limit: Limit = 50) -> Json:
    """The caller's own assignments, or those of the agencies whose offices they hold, page by page: `next` is the
    `after` of the following page."""
    if view == "agency":
        return await agency_page(call, ASSIGNMENTS, store.letters_of, of_assignment, after, limit)
    return await own_page(call, ASSIGNMENTS, "state.people", after, limit)
