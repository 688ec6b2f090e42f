"""The proposal's HTTP door: draft, revise, submit, withdraw, and the caller's own cases."""

from collections.abc import Collection, Mapping
from typing import Any

from fastapi import APIRouter

from services.proposal import store
from services.proposal.deciders import CASES, RULES
from services.proposal.domain import (
    Agree,
    Announce,
    AnswerConcern,
    Case,
    ConfirmTalk,
    Contest,
    DecideContest,
    Draft,
    ProposeTalk,
    RaiseConcern,
    Revise,
    Submit,
    Withdraw,
)
from services.proposal.listing import After, Agency, Limit, View, agency_page, own_page
from services.proposal.policy import party
from shared.host.http import Caller, Json
from shared.kernel.decider import judged_on

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


@router.post("/v1/proposals/{case}/announce", name="proposal.announce")
async def announce(case: str, body: Announce, call: Caller) -> Json:
    """Tell the person of what the agency proposes for them; they have some days to speak."""
    return await call.send(CASES, case, body)


@router.post("/v1/proposals/{case}/agree", name="proposal.agree")
async def agree(case: str, call: Caller) -> Json:
    """The person agrees with the agency's proposal."""
    return await call.send(CASES, case, Agree())


@router.post("/v1/proposals/{case}/concerns", name="concern.raise")
async def concern(case: str, body: RaiseConcern, call: Caller) -> Json:
    """The person says what worries them; it is answered before the proposal goes on."""
    return await call.send(CASES, case, body)


@router.post("/v1/proposals/{case}/concerns/answer", name="concern.answer")
async def answer(case: str, body: AnswerConcern, call: Caller) -> Json:
    """An office answers a concern."""
    return await call.send(CASES, case, body)


@router.post("/v1/proposals/{case}/talks", name="talk.propose")
async def talk(case: str, body: ProposeTalk, call: Caller) -> Json:
    """Either side asks for a talk."""
    return await call.send(CASES, case, body)


@router.post("/v1/proposals/{case}/talks/confirm", name="talk.confirm")
async def confirm(case: str, body: ConfirmTalk, call: Caller) -> Json:
    """Either side says that the talk was held; it counts when both have."""
    return await call.send(CASES, case, body)


@router.post("/v1/proposals/{case}/contest", name="contest.raise")
async def contest(case: str, body: Contest, call: Caller) -> Json:
    """The person asks for a human to look at what the system refused (UU 27/2022 ps 10)."""
    return await call.send(CASES, case, body)


@router.post("/v1/proposals/{case}/contest/decide", name="contest.decide")
async def decide_contest(case: str, body: DecideContest, call: Caller) -> Json:
    """A human's answer: the refusal stands, or the case goes on; with the reason."""
    return await call.send(CASES, case, body)


@router.get("/v1/contests", name="contest.list")
async def contests(call: Caller) -> Json:
    """What waits for a human's answer at the agencies where the caller holds an office that answers."""
    actor, today = await call.allow(), judged_on(call.now())
    held = {one.agency for one in actor.offices if one.office in RULES.contest.offices}
    mine = sorted(agency for agency in held if any(actor.holds(o, today, agency, "") for o in RULES.contest.offices))
    return Json({"items": [_row(document) for document in await store.contests_at(call.db, mine)]})


@router.get("/v1/adoptions/{file}", name="adoption.list")
async def adopted(
    file: str,
    call: Caller,
    after: After = "",
    limit: Limit = 50,
) -> Json:
    """What became of the paper files that an imported file brought, at the agencies of the caller, page by page."""
    actor = await call.allow()
    agencies = sorted({held.agency for held in actor.offices if actor.holds(held.office, judged_on(call.now()))})
    query = {"state.batch": file, "state.paper.agency": {"$in": agencies}}
    found = await store.taken_part(call.db, CASES.name, query, after, limit)
    rows = [_row(document) for document in found]
    return Json({"items": rows, "next": rows[-1]["id"] if len(rows) == limit else ""})


@router.get("/v1/proposals/{case}", name="proposal.read")
async def read(case: str, call: Caller) -> Json:
    """One case as it stands."""
    return await call.show(CASES, case)


@router.get("/v1/proposals", name="proposal.list")
async def listed(call: Caller, view: View = "own", after: After = "", limit: Limit = 50, agency: Agency = "") -> Json:
    """The caller's own cases, or what agencies whose offices they hold, or the one of these that is named, proposed
    about people, page by page: `next` is the `after` of the following page, "" on the last."""
    if view == "agency":

        def wanted(held: Collection[str]) -> dict[str, Any]:
            return store.about_others({agency}.intersection(held) if agency else held)

        return await agency_page(call, CASES, wanted, party, after, limit)
    return await own_page(call, CASES, "state.person", after, limit)


def _row(document: Mapping[str, Any]) -> dict[str, Any]:
    shown = CASES.answer(Case.model_validate(document["state"]))
    return {**shown, "id": document["_id"], "version": document["sequence"]}
