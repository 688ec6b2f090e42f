"""Proposing a move: a new wish, a draft to finish, or a returned file to mend."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from fastapi import APIRouter
from starlette.responses import Response

from services.portal.remote import Answer
from services.portal.store import ids_of
from services.portal.web import Poster, Trouble, Visit, Visitor, refused, written
from shared.contracts.registry import Placement

router = APIRouter()
TEXTS = ("purpose", "expected_result", "reason")
PAGES = 10  # of 200 vacancies each
UNPROCESSABLE = 422


@router.get("/ajukan")
async def form(visit: Visitor, lowongan: str = "", perkara: str = "") -> Response:
    """The form, filled with what is known."""
    actor = await visit.actor()
    known: dict[str, Any] = {"vacancy": lowongan}
    if perkara:
        file = await visit.portal.views.file(perkara)
        if file is None or file.content.person != actor.person:
            raise Trouble(404, visit.words.problem("NOT_FOUND"))
        known = file.content.model_dump(include={"vacancy", *TEXTS}) | {"case": perkara}
    return await _show(visit, known)


@router.post("/ajukan")
async def send(visit: Poster) -> Response:
    """Draft, or change the draft, then submit. What was refused stays in the form."""
    fields = visit.fields
    missing = [name for name in ("vacancy", *TEXTS) if not fields.get(name)]
    if missing or not fields.get("consent"):
        problem = _missing(visit, missing)
        return await _show(visit, fields, problem, UNPROCESSABLE)
    drafted = await _draft(visit, fields)
    if not drafted.ok:
        return await _again(visit, fields, drafted)
    case = str(drafted.body["id"])
    path = f"/v1/proposals/{quote(case)}/submit"
    answer = await visit.command("proposal", "POST", path, f"{fields.get('key', '')}-submit", {"consent": True})
    if not answer.ok:
        return await _again(visit, {**fields, "case": case}, answer)
    receipt = answer.body["receipt"]
    said = visit.words.say(
        f"Usulan diterima. Nomor tanda terima: {receipt}.", f"The proposal is received. Receipt number: {receipt}."
    )
    return await visit.go(f"/perkara/{quote(case)}", said + await written(visit, "proposal", answer))


async def _draft(visit: Visit, fields: Mapping[str, str]) -> Answer:
    wish = {name: fields[name] for name in ("vacancy", *TEXTS)} | {"consent": True}
    case, key = fields.get("case", ""), fields.get("key", "")
    if case:
        return await visit.command("proposal", "PUT", f"/v1/proposals/{quote(case)}", key, wish)
    return await visit.command("proposal", "POST", "/v1/proposals", key, wish)


def _missing(visit: Visit, names: list[str]) -> dict[str, Any]:
    """The problem of an incomplete form, in the form of the services' own."""
    required = visit.words.problem("REQUIRED")["detail"]
    errors = [{"pointer": f"/{name}", "detail": required} for name in names]
    if not visit.fields.get("consent"):
        errors.append({"pointer": "/consent", "detail": visit.words.problem("CONSENT_MISSING")["detail"]})
    return {"code": "VALIDATION", "detail": "", "mend": "", "errors": errors}


async def _again(visit: Visit, fields: Mapping[str, str], answer: Answer) -> Response:
    trouble = refused(answer, visit.words)
    return await _show(visit, fields, dict(trouble.problem), trouble.status)


async def _show(
    visit: Visit, known: Mapping[str, Any], problem: dict[str, Any] | None = None, status: int = 200
) -> Response:
    """A new key each time: a form that was changed after a refusal is another request."""
    offers = await _vacancies(visit)
    seats = [Placement.model_validate(offer["placement"]) for offer in offers]
    places = await visit.portal.views.places(ids_of(*seats))
    errors = {error["pointer"].strip("/"): error["detail"] for error in (problem or {}).get("errors", ())}
    where = str((problem or {}).get("where", ""))
    if problem and where in {"vacancy", "consent", *TEXTS}:
        errors.setdefault(where, problem["detail"])
    values = {"offers": offers, "places": places, "known": known, "problem": problem, "errors": errors}
    return await visit.show("apply.html.jinja", {**values, "key": uuid4().hex}, status)


async def _vacancies(visit: Visit) -> list[dict[str, Any]]:
    """Open vacancies for people of the user's agency, as far as the registry lists them; all for whoever has none."""
    mine = await visit.ask("registry", "/v1/me")
    if not mine.ok:
        raise refused(mine, visit.words)
    agency = ((mine.body.get("profile") or {}).get("placement") or {}).get("agency", "")
    found: list[dict[str, Any]] = []
    after = ""
    for _page in range(PAGES):
        path = f"/v1/vacancies?open=true&limit=200&open_to={quote(agency)}&after={quote(after)}"
        answer = await visit.ask("registry", path)
        if not answer.ok:
            raise refused(answer, visit.words)
        found += answer.body["items"]
        after = answer.body["next"]
        if not after:
            break
    return sorted(found, key=lambda offer: str(offer["closes_on"]))
