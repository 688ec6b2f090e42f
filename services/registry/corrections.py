"""The HTTP door of corrections: ask, take back, decide, and who sees what; and the number behind its mask."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query

from services.registry import store
from services.registry.competences import must_exist
from services.registry.domain import PEOPLE
from services.registry.domain.correctable import choices, correctables, now_of, term_of
from services.registry.domain.corrections import (
    Ask,
    AskCorrection,
    DecideCorrection,
    Decision,
    RevealNumber,
    WithdrawCorrection,
)
from services.registry.domain.ids import Code
from services.registry.domain.person import Person
from shared.host.http import Call, Caller, Json
from shared.kernel.decider import Frozen, Refused, judged_on

router = APIRouter()
Status = Literal["open", "decided"]
After = Annotated[str, Query(max_length=120)]
Limit = Annotated[int, Query(ge=1, le=200)]


class Of(Frozen):
    """What the rule of the agency's list is asked about."""

    agency: str


@router.get("/v1/corrections/fields", name="correction.fields")
async def fields(call: Caller, employment: Literal["PNS", "PPPK", "CPNS"] = "PNS") -> Json:
    """What may be asked for, in words, with the values it may have and the rule that an answer usually names."""
    await call.allow()
    rows = [{**one.model_dump(), "choices": choices(one.field, employment)} for one in correctables()]
    return Json({"fields": rows, "term": term_of(judged_on(call.now())).model_dump(mode="json")})


@router.get("/v1/me/corrections", name="correction.mine")
async def mine(call: Caller) -> Json:
    """What the caller asked for and what came of it, the newest first; and who had their number shown."""
    actor = await call.allow()
    state = await _own(call, actor.person)
    looks = [one.model_dump(mode="json") for one in reversed(state.reveals)]
    return Json({"items": list(_rows(state)), "reveals": looks})


@router.post("/v1/me/corrections", name="correction.ask", status_code=201)
async def ask(body: Ask, call: Caller) -> Json:
    """Ask to have a field of one's own record corrected; the same Idempotency-Key again is the same request."""
    actor = await call.allow()
    if body.field == "competence" and body.about:
        await must_exist(call.db, (body.about,), "about")
    command = AskCorrection(correction=call.new_id("k"), **body.model_dump())
    answer = await call.tell(PEOPLE, actor.person, command)
    return Json({**answer, "correction": command.correction}, 201)


@router.post("/v1/me/corrections/{correction}/withdraw", name="correction.withdraw")
async def withdraw(correction: str, call: Caller) -> Json:
    """Take the request back while nobody decided it."""
    actor = await call.allow()
    return await call.send(PEOPLE, actor.person, WithdrawCorrection(correction=correction))


@router.get("/v1/agencies/{agency}/corrections", name="correction.list")
async def of_agency(agency: Code, call: Caller, status: Status = "open", after: After = "", limit: Limit = 50) -> Json:
    """What people of the agency asked for, by person: what waits, or what was decided. `next` is the `after` of the
    following page."""
    await call.allow(Of(agency=agency))
    wanted = {"$in": ["open"]} if status == "open" else {"$in": ["granted", "refused", "withdrawn"]}
    found = await store.page(call.db, PEOPLE.name, store.asking(agency, wanted), after, limit)
    rows = [row for one in found for row in _rows(Person.model_validate(one["state"]))]
    items = [row for row in rows if (row["status"] == "open") is (status == "open")]
    return Json({"items": items, "next": store.cursor(found[-1]) if len(found) == limit else ""})


@router.post("/v1/people/{person}/corrections/{correction}/grant", name="correction.grant")
async def grant(person: str, correction: str, body: Decision, call: Caller) -> Json:
    """The record becomes what was asked, in the same write."""
    command = DecideCorrection(correction=correction, granted=True, **body.model_dump())
    return await call.send(PEOPLE, person, command)


@router.post("/v1/people/{person}/corrections/{correction}/refuse", name="correction.refuse")
async def refuse(person: str, correction: str, body: Decision, call: Caller) -> Json:
    """The record stays as it is."""
    command = DecideCorrection(correction=correction, granted=False, **body.model_dump())
    return await call.send(PEOPLE, person, command)


@router.post("/v1/people/{person}/reveal", name="person.reveal")
async def reveal(person: str, body: RevealNumber, call: Caller) -> Json:
    """The NIP in full; that it was shown is written down, and the person can see to whom."""
    answer = await call.tell(PEOPLE, person, body)
    state = await call.read(PEOPLE, person)
    return Json({"id": person, "version": answer["version"], "nip": state.nip})


async def _own(call: Call, person: str) -> Person:
    """Raises Refused for a login that is nobody's."""
    found = await store.page(call.db, PEOPLE.name, {"state.person": person}, "", 1) if person else []
    if not found:
        raise Refused("UNKNOWN_PERSON", status=404)
    return Person.model_validate(found[0]["state"])


def _rows(state: Person) -> Iterator[Mapping[str, Any]]:
    """Requests with what is wished and what the record says, the newest first; forgotten wishes are empty."""
    known = state.particulars
    about = {"person": state.person, "name": known.name if known else ""}
    about["unit"] = state.profile.placement.unit if state.profile else ""
    for one in reversed(state.corrections):
        wish = known.wishes.get(one.correction) if known else None
        said = {"value": wish.value, "was": wish.was, "wish": wish.reason} if wish else dict.fromkeys(_WISHED, "")
        now = now_of(state, one.field, one.about)
        yield {**one.model_dump(mode="json"), **about, **said, "now": now}


_WISHED = ("value", "was", "wish")
