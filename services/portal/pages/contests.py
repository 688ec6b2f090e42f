"""A human for what the system refused (UU 27/2022 ps 10): the button of the person, and the page of who answers."""

from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from services.portal import meanwhile
from services.portal.domain.story import Story
from services.portal.web import Poster, Trouble, Visit, Visitor, refused, written

router = APIRouter()
MOVED = 308


async def open_to(visit: Visit, case: str, told: Story, *, own: bool) -> bool:
    """Whether the user may ask for a human, as the proposal service says; it is asked about refused cases only."""
    if not own or told.status != "refused":
        return False
    answer = await visit.ask("proposal", f"/v1/proposals/{quote(case)}")
    return answer.ok and bool(answer.body["contestable"])


@router.post("/perkara/{case}/tinjau")
async def ask(visit: Poster, case: str) -> Response:
    """Ask for a human."""
    path, key = f"/v1/proposals/{quote(case)}/contest", visit.fields.get("key", "")
    answer = await visit.command("proposal", "POST", path, key, {"reason": visit.fields.get("reason", "")})
    if not answer.ok:
        trouble = refused(answer, visit.words)
        raise Trouble(trouble.status, await meanwhile.of_case(visit, case, trouble.problem, trouble.status) or {})
    said = visit.words.say("Permintaan Anda sudah diteruskan.", "Your request is handed on.")
    return await visit.go(f"/perkara/{quote(case)}", said + await written(visit, "proposal", answer))


@router.get("/peninjauan")
async def listed(visit: Visitor) -> Response:
    """What waits for the user's answer."""
    return await _show(visit)


@router.post("/peninjauan/{case}")
async def decide(visit: Poster, case: str) -> Response:
    """The refusal stands, or the case goes on, with the reason."""
    fields = visit.fields
    rules = [name.removeprefix("rule-") for name in fields if name.startswith("rule-")]
    body = {"decision": fields.get("decision", ""), "reason": fields.get("reason", ""), "rules": rules}
    path = f"/v1/proposals/{quote(case)}/contest/decide"
    answer = await visit.command("proposal", "POST", path, fields.get("key", ""), body)
    if not answer.ok:
        problem = refused(answer, visit.words)
        return await _show(visit, {"case": case, **problem.problem}, problem.status)
    return await visit.go("/peninjauan", visit.words.say("Jawaban disimpan.", "The answer is kept."))


@router.get("/contests")
async def mailed() -> Response:
    """Where the links in e-mails lead."""
    return RedirectResponse("/peninjauan", MOVED)


async def _show(visit: Visit, problem: dict[str, Any] | None = None, status: int = 200) -> Response:
    seen = visit.portal.engine.now()  # before the question: what comes after the answer is news
    found = await visit.ask("proposal", "/v1/contests")
    if not found.ok:
        raise refused(found, visit.words)
    items = [await _item(visit, item) for item in found.body["items"]]
    people = await visit.portal.views.people(item["person"] for item in items)
    places = await visit.portal.views.places(item["content"]["target"]["agency"] for item in items)
    values = {
        "items": items,
        "people": people,
        "places": places,
        "seen": seen,
        "problem": await meanwhile.of_case(visit, problem["case"], problem, status) if problem else None,
        "fields": visit.fields,
        "key": uuid4().hex,
    }
    return await visit.show("contests.html.jinja", values, status)


async def _item(visit: Visit, item: dict[str, Any]) -> dict[str, Any]:
    """With what the person said, and the rules that stood in the way."""
    case = item["id"]
    entries = (await visit.portal.views.entries([case]))[case]
    said = [entry.data["reason"] for entry in entries if entry.type == "mutasi.proposal.contested.v1"]
    found = await visit.ask("evaluation", f"/v1/evaluations/{quote(case)}?lang={visit.lang}")
    rules = found.body["rules"] if found.ok else []
    against = [rule for rule in rules if rule["hard"] and rule["outcome"] in ("not_met", "unknown")]
    return {
        **item,
        "until": datetime.fromisoformat(item["until"]),
        "said": said[-1] if said else "",
        "against": against,
    }
