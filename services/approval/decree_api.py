"""The HTTP door of decrees: what they say and how they stand, their print, and what their authority does to them."""

from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal

import yaml
from fastapi import APIRouter, Query, Response
from pydantic import Field

from services.approval import store
from services.approval.deciders import CASES, DECREES, NUMBERS, OBJECTIONS, SIGNERS, WAYS
from services.approval.domain import (
    PAPERS,
    Amend,
    Case,
    Correct,
    History,
    Revoke,
    Sign,
    Suspend,
    decrees_of,
    original_of,
)
from services.approval.domain.inaugurations import INAUGURATIONS, SetInauguration, inauguration_of
from services.approval.domain.objections import AnswerObjection, FileObjection, RecordCourt, objection_of
from services.approval.pdf import printed
from services.approval.samples import Kind, sample
from services.approval.settings import settings
from services.approval.sheets import best_of, sheet_of, signed_file
from shared.host.http import Call, Caller, Json
from shared.kernel.calendar import Zone, indonesia
from shared.kernel.decider import Frozen, NotYet, Refused, judged_on

router = APIRouter()
TOGETHER = 50


class Papers(Frozen):
    """Ids of decrees, amendments and revocations."""

    papers: Annotated[tuple[str, ...], Field(min_length=1, max_length=TOGETHER)]


@router.get("/v1/decrees/{decree}", name="decree.read")
async def decree(decree: str, call: Caller) -> Json:
    """The data of a decree and the hash over them; what was done to it later, how it stands, what followed."""
    found, _ = await _history(call, decree)
    revocation = found.revocation
    return Json(
        {
            **found.issued.model_dump(mode="json"),
            "status": found.status,
            "revoked": revocation.code if revocation else found.refused,
            "effective_now": found.effective_on,
            "amendments": found.amendments,
            "revocation": revocation,
            "corrections": found.corrections,
            "signatures": found.signatures,
            "pay": found.pay,
            "inauguration": INAUGURATIONS.answer(await store.inauguration(call.db, found.issued.decree)),
            "consequences": [{"code": code, **consequences()[code]} for code in found.consequences],
        }
    )


@router.get("/v1/decrees/{decree}/pdf", name="decree.pdf")
async def decree_pdf(decree: str, call: Caller, form: Literal["best", "signed", "print"] = "best") -> Response:
    """A decree, an amending or a revoking one as PDF.

    `signed` is the signed file as it was; `print` is printed on demand and shows what was corrected or revoked since;
    `best` is the signed one while nothing was.
    """
    found, of = await _history(call, decree)
    decided_by = of.signed.get(str(found.issued.attempt), "")
    match form:
        case "best":
            return pdf(decree, await best_of(call.db, found, decree, decided_by))
        case "print":
            return pdf(decree, await printed(await sheet_of(call.db, found, decree, decided_by)))
    if content := await signed_file(call.db, decree):
        return pdf(decree, content)
    raise Refused("NOT_SIGNED", status=404)


@router.get("/v1/decree-layouts/{agency}", name="decree.layout")
async def layout(agency: str, call: Caller, kind: Kind = "transfer") -> Response:
    """How a paper of an agency would look today: its letterhead and numbers with invented data, marked as a sample."""
    await call.allow()
    zone = Zone[await store.agency_zone(call.db, agency)]
    today = call.now().astimezone(zone.info).date()
    name = await store.agency_name(call.db, agency)
    return pdf(f"{agency}-{kind}", await printed(sample(kind, agency, name, NUMBERS.on(agency, today), today)))


@router.post("/v1/decrees/sign", name="decree.sign")
async def sign(body: Papers, call: Caller) -> Json:
    """Have papers signed that are not yet: one result per paper, in order; one that is refused holds up no other.

    What came of each signature itself stands in its decree, and in the events.
    """
    await call.allow()
    if not settings().signs:
        raise Refused("SIGNING_OFF")
    return Json({"items": [await _asked(call, paper) for paper in dict.fromkeys(body.papers)]})


@router.post("/v1/decrees/{decree}/amend", name="decree.amend")
async def amend(decree: str, body: Amend, call: Caller) -> Json:
    """Another effective date, by an amending decree with a number of its own (SK perubahan)."""
    command = body.model_copy(update={"decree": decree})
    return await call.send(DECREES, decrees_of(await _agency(call, decree)), command)


@router.post("/v1/decrees/{decree}/revoke", name="decree.revoke")
async def revoke(decree: str, body: Revoke, call: Caller) -> Json:
    """Take a decree back, by a revoking decree with a number of its own (pencabutan)."""
    command = body.model_copy(update={"decree": decree})
    return await call.send(DECREES, decrees_of(await _agency(call, decree)), command)


@router.post("/v1/decrees/{decree}/correct", name="decree.correct")
async def correct(decree: str, body: Correct, call: Caller) -> Json:
    """Put a clerical error right (ralat); number, date and effect stay."""
    return await call.send(PAPERS, decree, body)


@router.post("/v1/decrees/{decree}/inauguration", name="decree.inaugurate")
async def inaugurate(decree: str, body: SetInauguration, call: Caller) -> Json:
    """Set day and place of the inauguration (pelantikan), move it, or call it off (without a day)."""
    return await call.send(INAUGURATIONS, inauguration_of(decree), body)


@router.get("/v1/objections", name="objection.list")
async def objections(call: Caller, limit: Annotated[int, Query(ge=1, le=200)] = 50) -> Json:
    """Objections that wait for an answer of the caller's offices, the earliest due first, up to so many."""
    actor, today = await call.allow(), judged_on(call.now())
    held = (office for office in actor.offices if office.office in SIGNERS)
    agencies = {office.agency for office in held if actor.holds(office.office, today, office.agency)}
    found = await store.objections(call.db, sorted(agencies), limit)
    return Json({"items": [OBJECTIONS.answer(one) for one in found]})


@router.get("/v1/decrees/{decree}/objection", name="objection.read")
async def objection(decree: str, call: Caller) -> Json:
    """The way open against a decree: the terms of both laws, until when one may file, and what came of it."""
    found, _ = await _history(call, decree)
    issued, zone = found.issued, Zone[await store.agency_zone(call.db, found.issued.agency)]
    told_on = found.amendments[-1].issued_on if found.amendments else issued.issued_on
    way = WAYS.way(told_on, zone, indonesia(zone, call.now().astimezone(zone.info).date()))
    state = await store.objection(call.db, objection_of(issued.decree))
    may = state.status == "none" and found.status != "revoked" and call.now() <= way.file_until
    shown = {**OBJECTIONS.answer(state), "suspended_until": found.suspended_until}
    return Json({**shown, "may_file": may, "way": way, "bpasn": False})


@router.post("/v1/decrees/{decree}/objection", name="objection.file")
async def object_to(decree: str, body: FileObjection, call: Caller) -> Json:
    """Object to a decree (keberatan)."""
    return await call.send(OBJECTIONS, objection_of(decree), body)


@router.post("/v1/decrees/{decree}/objection/answer", name="objection.answer")
async def answer_objection(decree: str, body: AnswerObjection, call: Caller) -> Json:
    """Grant or reject it; a granted one revokes the decree."""
    return await call.send(OBJECTIONS, objection_of(decree), body)


@router.post("/v1/decrees/{decree}/objection/suspend", name="objection.suspend")
async def suspend(decree: str, body: Suspend, call: Caller) -> Json:
    """Suspend the decree while an objection or a case in court is open, by an amending decree with a later date."""
    command = body.model_copy(update={"decree": decree})
    return await call.send(DECREES, decrees_of(await _agency(call, decree)), command)


@router.post("/v1/decrees/{decree}/objection/court", name="objection.court")
async def record_court(decree: str, body: RecordCourt, call: Caller) -> Json:
    """Record what the administrative court was asked or decided."""
    return await call.send(OBJECTIONS, objection_of(decree), body)


@cache
def consequences() -> dict[str, dict[str, Any]]:
    """What the codes of consequences mean (id, en) and who carries them out (by)."""
    return dict(yaml.safe_load(files(__package__).joinpath("consequences.yaml").read_text("utf-8")))


def pdf(name: str, content: bytes) -> Response:
    """A paper as a browser shows it."""
    headers = {"content-disposition": f'inline; filename="{name}.pdf"'}
    return Response(content, media_type="application/pdf", headers=headers)


async def _asked(call: Call, paper: str) -> dict[str, Any]:
    try:
        await call.send(PAPERS, original_of(paper), Sign(paper=paper))
    except (Refused, NotYet) as reason:
        return {"paper": paper, "ok": False, "code": reason.code if isinstance(reason, Refused) else "NOT_YET"}
    return {"paper": paper, "ok": True, "code": ""}


async def _agency(call: Call, decree: str) -> str:
    """Whose register a decree stands in. Raises Refused NOT_FOUND."""
    issued = await store.decree(call.db, decree)
    if issued is None:
        await call.allow()
        raise Refused("NOT_FOUND", status=404)
    return issued.agency


async def _history(call: Call, id: str) -> tuple[History, Case]:
    """Raises Refused NOT_FOUND, FORBIDDEN: who may see the case may see its decrees."""
    found = await store.history(call.db, id)
    if found is None or not has(found, id):
        await call.allow(Case(case=""))
        raise Refused("NOT_FOUND", status=404)
    return found, await call.read(CASES, found.issued.case)


def has(found: History, id: str) -> bool:
    """Whether the paper with this id is among what was done to the decree, or the decree itself."""
    acts = [act.amendment for act in found.amendments]
    acts += [found.revocation.revocation] if found.revocation else []
    return id == original_of(id) or id in acts
