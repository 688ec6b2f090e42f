"""Vacancies at the agency's desk: list, who applied with why and why not, and change, close or take one back."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

from fastapi import APIRouter
from starlette.responses import Response

from services.portal import meanwhile
from services.portal.domain.story import story
from services.portal.pages.agency import desk
from services.portal.pages.vacancies import places_of
from services.portal.web import Poster, Trouble, Visit, Visitor, refused
from shared.kernel.decider import Actor, judged_on

router = APIRouter()
SHOWN = 50
ACTS = {"ubah": "amend", "tutup": "close", "batal": "cancel"}
SAID = {
    "ubah": ("Lowongan diubah.", "The vacancy is changed."),
    "tutup": ("Lowongan ditutup; yang sudah melamar tetap diproses.", "Closed; who applied in time goes on."),
    "batal": ("Lowongan dibatalkan.", "The vacancy is taken back."),
}


@router.get("/instansi/lowongan")
async def listed(visit: Visitor, instansi: str = "", semua: str = "", sesudah: str = "") -> Response:
    """The open vacancies of an agency, or all of them."""
    values = await desk(visit, instansi)
    rows: list[Mapping[str, Any]] = []
    onwards = ""
    if values["agency"]:
        wanted = {"agency": values["agency"], "limit": SHOWN, "after": sesudah} | ({} if semua else {"open": "true"})
        answer = await visit.ask("registry", f"/v1/vacancies?{urlencode(wanted)}")
        if not answer.ok:
            raise refused(answer, visit.words)
        rows, onwards = list(answer.body["items"]), answer.body["next"]
    values["places"] |= await places_of(visit, rows)
    return await visit.show("openings.html.jinja", {**values, "rows": rows, "all": semua, "next": onwards})


@router.get("/instansi/lowongan/{vacancy}")
async def one(visit: Visitor, vacancy: str, sesudah: str = "") -> Response:
    """One vacancy, its applicants, and what can be done with it."""
    return await _show(visit, vacancy, sesudah)


@router.post("/instansi/lowongan/{vacancy}/{act}")
async def change(visit: Poster, vacancy: str, act: str) -> Response:
    """Change how many seats or until when, close, or take back; the registry judges all of it, and refuses what
    was said on a page that is out of date."""
    if act not in ACTS:
        raise Trouble(404, visit.words.problem("NOT_FOUND"))
    fields = visit.fields
    body: dict[str, Any] = {"reason": fields.get("reason", "")}
    if not body["reason"]:
        return await _show(visit, vacancy, "", visit.words.problem("REQUIRED") | {"where": f"reason-{act}"}, 422)
    if act == "ubah":
        quota = fields.get("quota", "")
        body |= {"closes_on": fields.get("closes_on") or None, "quota": int(quota) if quota.isdecimal() else None}
    path = f"/v1/vacancies/{quote(vacancy)}/{ACTS[act]}"
    answer = await visit.command("registry", "POST", path, fields.get("key", ""), body, fields.get("version", ""))
    if not answer.ok:
        trouble = refused(answer, visit.words)
        return await _show(visit, vacancy, "", dict(trouble.problem), trouble.status)
    return await visit.go(f"/instansi/lowongan/{quote(vacancy)}", visit.words.say(*SAID[act]))


def _official(actor: Actor, offer: Mapping[str, Any], on: date) -> bool:
    """Whether somebody holds an office of the vacancy's agency, or administers all of them."""
    agency = offer["placement"]["agency"]
    return actor.admin or any(actor.holds(held.office, on, agency) for held in actor.offices)


async def _show(
    visit: Visit, vacancy: str, after: str, problem: dict[str, Any] | None = None, status: int = 200
) -> Response:
    visit.user  # noqa: B018 - raises SignIn
    seen = visit.portal.engine.now()  # before the question: what comes after the answer is news
    answer = await visit.ask("registry", f"/v1/vacancies/{quote(vacancy)}")
    if not answer.ok:
        raise refused(answer, visit.words)
    query = urlencode({"after": after, "lang": visit.lang})
    found = await visit.ask("evaluation", f"/v1/vacancies/{quote(vacancy)}/evaluations?{query}")
    if not found.ok:
        raise refused(found, visit.words)
    offer, views = dict(answer.body), visit.portal.views
    rows = sorted(found.body["items"], key=lambda row: (not row["eligible"], -row["score"], row["case"]))
    told = {case: story(entries) for case, entries in (await views.entries([row["case"] for row in rows])).items()}
    values = {"offer": {**offer, "id": vacancy}, "rows": rows, "told": told, "next": found.body["next"]}
    values |= {"people": await views.people(row["person"] for row in rows), "places": await places_of(visit, [offer])}
    values |= {"fields": visit.fields, "key": uuid4().hex, "seen": seen}
    if _official(await visit.actor(), offer, judged_on(seen)):  # anybody may read a vacancy, but not who works on it
        problem = await meanwhile.told(visit, vacancy, problem, status, zone=offer["zone"])
    values["problem"] = problem
    return await visit.show("opening.html.jinja", values, status)
