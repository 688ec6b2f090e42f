"""An application, one question a page: every answer is kept at once, everything is looked at again, then handed in."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from services.portal.drafts import TEXTS, Draft
from services.portal.pages.vacancies import offers_for, places_of, preview
from services.portal.remote import Answer
from services.portal.web import Poster, Trouble, Visit, Visitor, refused, written
from shared.contracts.registry import Placement

router = APIRouter()
STEPS = {"tujuan": "purpose", "hasil": "expected_result", "alasan": "reason"}
AFTER = {"lowongan": "syarat", "tujuan": "hasil", "hasil": "alasan", "alasan": "dokumen"}
OF = {"vacancy": "lowongan", **{name: step for step, name in STEPS.items()}}
UNPROCESSABLE = 422


async def mine(visit: Visit, draft: str) -> Draft:
    """One's own application. Raises Trouble."""
    found = await visit.portal.drafts.get(draft, (await visit.actor()).person)
    if found is None:
        raise Trouble(404, visit.words.problem("DRAFT_GONE"))
    return found


@router.get("/ajukan/{draft}/lowongan")
async def vacancy(visit: Visitor, draft: str) -> Response:
    """Another vacancy."""
    return await _vacancy(visit, await mine(visit, draft))


@router.post("/ajukan/{draft}/lowongan")
async def choose(visit: Poster, draft: str) -> Response:
    """Keep the vacancy that was chosen."""
    known, chosen = await mine(visit, draft), visit.fields.get("vacancy", "")
    if not chosen:
        return await _vacancy(visit, known, visit.words.problem("REQUIRED"), UNPROCESSABLE)
    await visit.portal.drafts.save(known, vacancy=chosen[:120])
    return await visit.go(f"/ajukan/{draft}/syarat")


@router.get("/ajukan/{draft}/syarat")
async def checks(visit: Visitor, draft: str) -> Response:
    """What the rules say today, each with its source."""
    known = await mine(visit, draft)
    values = {"draft": known, "evaluation": await preview(visit, known.vacancy), "offer": await _offer(visit, known)}
    return await visit.show("checks.html.jinja", values)


@router.get("/ajukan/{draft}/periksa")
async def answers(visit: Visitor, draft: str) -> Response:
    """All answers once more."""
    return await _answers(visit, await mine(visit, draft))


@router.post("/ajukan/{draft}/periksa")
async def hand_in(visit: Poster, draft: str) -> Response:
    """Hand it in; what is refused is told here, and nothing is lost."""
    known = await mine(visit, draft)
    if known.missing:
        return await visit.go(f"/ajukan/{draft}/{OF[known.missing]}")
    if not visit.fields.get("consent"):
        return await _answers(visit, known, visit.words.problem("CONSENT_MISSING") | {"where": "consent"})
    told = await as_case(visit, known)
    if isinstance(told, Answer):
        return await _answers(visit, known, dict(refused(told, visit.words).problem))
    path = f"/v1/proposals/{quote(told.case)}/submit"
    answer = await visit.command("proposal", "POST", path, f"{draft}-{told.sent}-submit", {"consent": True})
    if not answer.ok:
        return await _answers(visit, told, dict(refused(answer, visit.words).problem))
    await visit.portal.drafts.end(told)
    return await visit.go(f"/perkara/{quote(told.case)}/tanda-terima", await written(visit, "proposal", answer))


@router.post("/ajukan/{draft}/hapus")
async def drop(visit: Poster, draft: str) -> Response:
    """Let go of an application that was never handed in."""
    await visit.portal.drafts.end(await mine(visit, draft))
    return await visit.go("/ajukan", visit.words.say("Draf sudah dihapus.", "The draft is erased."))


@router.get("/ajukan/{draft}/{step}")
async def question(visit: Visitor, draft: str, step: str, kembali: str = "") -> Response:
    """One question."""
    return await _question(visit, await mine(visit, draft), step, back=bool(kembali))


@router.post("/ajukan/{draft}/{step}")
async def answered(visit: Poster, draft: str, step: str) -> Response:
    """Keep the answer and go on."""
    known, name = await mine(visit, draft), _name(visit, step)
    said, back = visit.fields.get(name, ""), bool(visit.fields.get("back"))
    known = await visit.portal.drafts.save(known, **{name: said})
    if not said:
        return await _question(visit, known, step, visit.words.problem("REQUIRED"), back=back)
    return await visit.go(f"/ajukan/{draft}/{'periksa' if back else AFTER[step]}")


@router.post("/ajukan/{draft}/{step}/simpan")
async def keep(visit: Poster, draft: str, step: str) -> Response:
    """Keep what was written so far, while it is written; a short note for the page."""
    known, name = await mine(visit, draft), _name(visit, step)
    await visit.portal.drafts.save(known, **{name: visit.fields.get(name, "")})
    now = visit.words.moment(visit.portal.engine.now(), "WIB")
    return visit.finish(HTMLResponse(visit.words.say(f"Tersimpan {now}", f"Saved {now}")))


def _name(visit: Visit, step: str) -> str:
    if step not in STEPS:
        raise Trouble(404, visit.words.problem("NOT_FOUND"))
    return STEPS[step]


async def as_case(visit: Visit, draft: Draft) -> Draft | Answer:
    """The same answers as a draft of the proposal service, which documents hang on; or what it refused."""
    if draft.case and draft.sent == draft.digest:
        return draft
    method, path = ("PUT", f"/v1/proposals/{quote(draft.case)}") if draft.case else ("POST", "/v1/proposals")
    answer = await visit.command("proposal", method, path, f"{draft.id}-{draft.digest}", draft.answers)
    if not answer.ok:
        return answer
    return await visit.portal.drafts.save(draft, case=str(answer.body["id"]), sent=draft.digest)


async def _offer(visit: Visit, draft: Draft) -> dict[str, Any]:
    """The vacancy, {} where it cannot be shown."""
    answer = await visit.ask("registry", f"/v1/vacancies/{quote(draft.vacancy)}")
    return dict(answer.body) if answer.ok else {}


async def _vacancy(visit: Visit, draft: Draft, problem: Mapping[str, Any] | None = None, status: int = 200) -> Response:
    offers = await offers_for(visit)
    values = {"offers": offers, "places": await places_of(visit, offers), "draft": draft, "problem": problem}
    return await visit.show("choose.html.jinja", values, status)


async def _question(
    visit: Visit, draft: Draft, step: str, problem: Mapping[str, Any] | None = None, *, back: bool
) -> Response:
    name = _name(visit, step)
    values = {"draft": draft, "step": step, "name": name, "said": getattr(draft, name), "back": back}
    status = UNPROCESSABLE if problem else 200
    return await visit.show("question.html.jinja", {**values, "problem": problem}, status)


async def _answers(visit: Visit, draft: Draft, problem: Mapping[str, Any] | None = None) -> Response:
    offer = await _offer(visit, draft)
    placement = [Placement.model_validate(offer["placement"])] if offer else []
    found = await visit.ask("proposal", f"/v1/proposals/{quote(draft.case)}/documents") if draft.case else Answer(404)
    values = {"draft": draft, "offer": offer, "places": await places_of(visit, [offer] if placement else [])}
    values |= {"documents": found.body if found.ok else {}, "problem": problem, "steps": OF, "texts": TEXTS}
    return await visit.show("answers.html.jinja", values, UNPROCESSABLE if problem else 200)
