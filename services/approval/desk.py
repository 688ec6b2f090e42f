"""Approval's HTTP door to the desk: forward, ask, comment, recall, bulk with its preview, substitutes, chains."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Annotated, Any

import yaml
from fastapi import APIRouter, Header, Query
from pydantic import Field

from services.approval import store
from services.approval.deciders import APPOINTERS, CASES, CHAINS, DEPUTIES
from services.approval.domain import (
    Answer,
    Appoint,
    Ask,
    Case,
    Comment,
    Decide,
    EndMandate,
    Forward,
    Recall,
    case_of,
    deputy_id,
    explain,
)
from shared.host.http import Call, Caller, Json
from shared.host.problem import language
from shared.kernel.decider import Command, Event, Facts, FactsMissing, Message, NotYet, Refused, judged_on

router = APIRouter()
ITEMS = 50
OK, CONFLICT = 200, 409


class Bulk(Command):
    """One decision on many tasks. Without `confirm` it is only foreseen: nothing is written."""

    tasks: Annotated[tuple[str, ...], Field(min_length=1, max_length=ITEMS)]
    decision: Decide
    confirm: bool = False


@router.post("/v1/tasks/{task}/forward", name="task.forward")
async def forward(task: str, body: Forward, call: Caller) -> Json:
    """Hand the task to a colleague of the same office, with the reason; also when it is overdue."""
    return await call.send(CASES, case_of(task), body.model_copy(update={"task": task}))


@router.post("/v1/tasks/{task}/ask", name="task.ask")
async def ask(task: str, body: Ask, call: Caller) -> Json:
    """Ask the person for information; the clock stops until they answer or the term for it passes."""
    return await call.send(CASES, case_of(task), body.model_copy(update={"task": task}))


@router.post("/v1/tasks/{task}/answer", name="task.answer")
async def answer(task: str, body: Answer, call: Caller) -> Json:
    """The person's answer."""
    return await call.send(CASES, case_of(task), body.model_copy(update={"task": task}))


@router.post("/v1/tasks/{task}/recall", name="task.recall")
async def recall(task: str, call: Caller) -> Json:
    """Take one's own decision back while its grace lasts."""
    return await call.send(CASES, case_of(task), Recall(task=task))


@router.post("/v1/cases/{case}/comments", name="case.comment")
async def comment(case: str, body: Comment, call: Caller) -> Json:
    """Write a comment that all parties of the case read."""
    return await call.send(CASES, case, body)


@router.post("/v1/tasks/bulk", name="task.bulk")
async def bulk(body: Bulk, call: Caller, accept_language: Annotated[str, Header(max_length=200)] = "") -> Json:
    """One result per task, in order, with the status it would have alone and the reason of a refusal; one that is
    refused holds up no other."""
    await call.allow()
    act = _carried_out if body.confirm else _foreseen
    unique = tuple(dict.fromkeys(body.tasks))
    rows = [await act(call, body.decision.model_copy(update={"task": task, "take": True})) for task in unique]
    said = language(accept_language)
    return Json({"confirmed": body.confirm, "items": [{**row, "detail": _sentence(row, said)} for row in rows]})


@router.post("/v1/substitutes/{person}", name="substitute.appoint")
async def appoint(person: str, body: Appoint, call: Caller) -> Json:
    """Let a person act for another, within scope and dates; open tasks are included."""
    return await call.send(DEPUTIES, deputy_id(person), body)


@router.post("/v1/substitutes/{person}/end", name="substitute.end")
async def end(person: str, body: EndMandate, call: Caller) -> Json:
    """End a right to act before its day."""
    return await call.send(DEPUTIES, deputy_id(person), body)


@router.get("/v1/substitutes", name="substitute.list")
async def substitutes(call: Caller) -> Json:
    """Who acts for the caller, and for whoever of an agency where the caller may appoint: rights that are not over."""
    actor, today = await call.allow(), judged_on(call.now())
    agencies = {held.agency for held in actor.offices if held.office in APPOINTERS}
    here = {agency for agency in agencies if any(actor.holds(office, today, agency) for office in APPOINTERS)}
    rows = [
        {"substitute": who, **mandate.model_dump(mode="json")}
        for who, mandate in await store.mandates(call.db, actor.person, here)
        if mandate.until > today
    ]
    return Json({"items": sorted(rows, key=lambda row: (row["since"], row["substitute"], row["id"]))})


@router.get("/v1/substitutes/{person}", name="substitute.read")
async def substitute(person: str, call: Caller) -> Json:
    """The rights of a person to act for others: one's own, or for the offices that appoint."""
    return await call.show(DEPUTIES, deputy_id(person))


@router.get("/v1/chains", name="chain.explain")
async def chains(call: Caller, kind: Annotated[str, Query(max_length=60)] = "") -> Json:
    """The chains in force and announced, for all kinds of move or one: stages, offices, terms, sources."""
    await call.allow()
    return Json({"items": [explain(chain) for chain in CHAINS.of(kind)]})


async def _carried_out(call: Call, command: Decide) -> dict[str, Any]:
    try:
        await call.send(CASES, case_of(command.task), command)
    except (Refused, NotYet) as reason:
        return _row(command.task, reason)
    return _row(command.task)


async def _foreseen(call: Call, command: Decide) -> dict[str, Any]:
    """What the decision would do: the same pure decider, and nothing is written."""
    case = case_of(command.task)
    try:
        state = await call.read(CASES, case)
        events = await _decided(call, state, command)
    except (Refused, NotYet) as reason:
        return _row(command.task, reason)
    return _row(command.task, says=[event.TYPE for event in events])


async def _decided(call: Call, state: Case, command: Decide) -> list[Event]:
    message = Message(body=command, id="", time=call.now(), actor=await call.allow(state))
    known: dict[tuple[str, str], Any] = {}
    while True:
        try:
            return CASES.decide(state, message, Facts(known))
        except FactsMissing as missing:
            known |= await store.known(call.db, missing.refs)


@cache
def _texts() -> Mapping[str, Any]:
    return dict(yaml.safe_load(files("services.approval").joinpath("texts.yaml").read_text("utf-8")))


def _sentence(row: Mapping[str, Any], said: str) -> str:
    """Why a task was refused, "" where it was not or the code has no sentence of its own."""
    return str(_texts().get(row["code"], {}).get(said, "")).format_map(defaultdict(lambda: "…", row["values"]))


def _row(task: str, reason: Refused | NotYet | None = None, says: Iterable[str] = ()) -> dict[str, Any]:
    code = "" if reason is None else reason.code if isinstance(reason, Refused) else "NOT_YET"
    values = reason.values if isinstance(reason, Refused) else {}
    status = reason.status if isinstance(reason, Refused) else OK if reason is None else CONFLICT
    return {"task": task, "ok": reason is None, "status": status, "code": code, "values": values, "says": list(says)}
