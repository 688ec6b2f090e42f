"""Where is my file: the own cases, and one case with its whole story."""

from typing import Any
from urllib.parse import quote
from uuid import uuid4

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from services.portal import meanwhile
from services.portal.access import allowed, reader_of
from services.portal.domain.facts import Entry, File
from services.portal.domain.story import Desk, Story, story
from services.portal.pages import changes, contests, objection, rankings, seats
from services.portal.store import ids_of
from services.portal.talk import talk
from services.portal.timeline import as_csv
from services.portal.web import Poster, Trouble, Visit, Visitor, refused, written

router = APIRouter()
MOVED = 308
WITHDRAWABLE = ("draft", "submitted", "returned")


@router.get("/")
async def start(visit: Visitor) -> Response:
    """The own cases; a visitor is told what this is and where to sign in."""
    return await mine(visit) if visit.session else await visit.show("start.html.jinja", {})


@router.get("/saya")
async def mine(visit: Visitor) -> Response:
    """Where is my file."""
    actor = await visit.actor()
    views = visit.portal.views
    files = await views.files_of(actor.person) if actor.person else {}
    entries = await views.entries(files.keys())
    rows: list[dict[str, Any]] = [
        {"id": case, "file": file, "story": story(entries[case])} for case, file in files.items()
    ]
    rows.sort(key=lambda row: (row["story"].ended, -_moment(row["story"])))
    desks = [row["story"].desk for row in rows]
    places = await views.places(_places(list(files.values()), desks))
    count = sum(map(len, entries.values()))
    values = {"rows": rows, "places": places, "actor": actor, "count": count, **fresh(visit)}
    return await visit.show("mine.html.jinja", values)


@router.get("/perkara/{case}")
async def one(visit: Visitor, case: str) -> Response:
    """A case with its story."""
    return await show(visit, case)


async def show(visit: Visit, case: str, problem: dict[str, Any] | None = None, status: int = 200) -> Response:
    """The page of a case, with what was refused, if anything. Raises Trouble."""
    file, own = await allowed(visit, case)
    views = visit.portal.views
    entries = (await views.entries([case]))[case]
    told = story(entries)
    places = await views.places(_places([file], [told.desk, *(step.desk for step in told.steps)]))
    zone = places[file.content.origin.agency].zone
    name = "" if own else (await views.people([file.content.person])).get(file.content.person, "")
    ranked = own and _in_ranking(file, entries)
    values = {
        **await _judged(visit, case, ranked=ranked),
        **await talk(visit, case, told, file.content.person, own=own),
        "case": case,
        "file": file,
        "story": told,
        "own": own,
        "name": name,
        "places": places,
        "entries": sorted(entries, key=lambda entry: (entry.at, entry.source, entry.sequence), reverse=True),
        "contestable": await contests.open_to(visit, case, told, own=own),
        "seat": await seats.place(visit, case, told, own=own),
        "key": uuid4().hex,
        "objection": await objection.way(visit, told, own=own),
        "withdrawable": own and told.status in WITHDRAWABLE,
        "zone": zone,
        "seen": told.updated,
        "problem": await meanwhile.told(visit, case, problem, status, own=own, zone=zone),
        "fields": visit.fields,
    }
    return await visit.show("case.html.jinja", values | fresh(visit), status)


async def _judged(visit: Visit, case: str, *, ranked: bool) -> dict[str, Any]:
    """The evaluation, the own place in a ranking, and whether something could be changed about them."""
    evaluation = await visit.ask("evaluation", f"/v1/evaluations/{quote(case)}?lang={visit.lang}")
    rank = await rankings.place(visit, case) if ranked else {}
    changeable = evaluation.ok and changes.worth_asking(evaluation.body, rank)
    return {"evaluation": evaluation, "rank": rank, "changeable": changeable}


@router.get("/perkara/{case}/linimasa.csv")
async def timeline(visit: Visitor, case: str) -> Response:
    """The whole story for a spreadsheet; to the person concerned without the names of officials."""
    reader = await reader_of(visit, case)
    if reader is None:
        raise Trouble(404, visit.words.problem("NOT_FOUND"))
    views, actor = visit.portal.views, await visit.actor()
    doings = await views.doings([case])
    names = await views.people({by for _, by in doings if by == actor.person or not reader.own})
    content = as_csv(doings, names, visit.words, reader.zone)
    response = Response(content, media_type="text/csv; charset=utf-8")
    response.headers["content-disposition"] = f'attachment; filename="linimasa-{quote(case)}.csv"'
    return visit.finish(response)


@router.get("/perkara/{case}/sk.pdf")
async def decree(visit: Visitor, case: str) -> Response:
    """The decree, as the approval service prints it for this user."""
    told = story((await visit.portal.views.entries([case]))[case])
    if not told.decree:
        raise Trouble(404, visit.words.problem("NOT_FOUND"))
    answer = await visit.ask("approval", f"/v1/decrees/{quote(told.decree)}/pdf")
    if not answer.ok:
        raise refused(answer, visit.words)
    name = {"content-disposition": f'inline; filename="{case}.pdf"'}
    return visit.finish(Response(answer.content, media_type="application/pdf", headers=name))


@router.get("/perkara/{case}/tarik")
async def ask_withdraw(visit: Visitor, case: str) -> Response:
    """Ask once more before a case is taken back."""
    file, _ = await allowed(visit, case)
    return await _withdrawal(visit, case, file)


@router.post("/perkara/{case}/tarik")
async def withdraw(visit: Poster, case: str) -> Response:
    """Take it back."""
    file, _ = await allowed(visit, case)
    reason = visit.fields.get("reason", "")
    if not reason:
        return await _withdrawal(visit, case, file, visit.words.problem("REQUIRED") | {"where": "reason"}, 422)
    path, key = f"/v1/proposals/{quote(case)}/withdraw", visit.fields.get("key", "")
    answer = await visit.command("proposal", "POST", path, key, {"reason": reason})
    if not answer.ok:
        problem = refused(answer, visit.words)
        return await _withdrawal(visit, case, file, dict(problem.problem), problem.status)
    said = visit.words.say("Usulan sudah ditarik.", "The proposal is withdrawn.")
    return await visit.go(f"/perkara/{quote(case)}", said + await written(visit, "proposal", answer))


@router.get("/cases")
async def mailed_list() -> Response:
    """Where the links of digests and plans lead."""
    return RedirectResponse("/saya", MOVED)


@router.get("/cases/{case}")
async def mailed(case: str) -> Response:
    """Where the links in e-mails lead."""
    return RedirectResponse(f"/perkara/{quote(case)}", MOVED)


async def _withdrawal(
    visit: Visit, case: str, file: File, problem: dict[str, Any] | None = None, status: int = 200
) -> Response:
    places = await visit.portal.views.places(ids_of(file.content.origin, file.content.target))
    zone = places[file.content.origin.agency].zone
    problem = await meanwhile.told(visit, case, problem, status, own=True, zone=zone)
    told = story((await visit.portal.views.entries([case]))[case])
    values = {"case": case, "file": file, "story": told, "places": places, "key": uuid4().hex, "problem": problem}
    return await visit.show("withdraw.html.jinja", {**values, "reason": visit.fields.get("reason", "")}, status)


def _places(files: list[File], desks: list[Desk]) -> list[str]:
    seats = [seat for file in files for seat in (file.content.origin, file.content.target)]
    return [*ids_of(*seats), *(id for desk in desks for id in (desk.agency, desk.unit))]


def _in_ranking(file: File, entries: list[Entry]) -> bool:
    """Also after a seat was offered, when the case no longer waits for the ranking."""
    return file.content.awaits_ranking or any("rank" in entry.data for entry in entries)


def _moment(told: Story) -> float:
    return told.updated.timestamp() if told.updated else 0.0


def fresh(visit: Visit) -> dict[str, Any]:
    """Domain time now, and whether events wait that the page does not show yet."""
    progress = visit.portal.engine.progress
    behind = bool(progress.missing) or bool(progress.waiting.get("consumer.portal"))
    return {"now": visit.portal.engine.now(), "behind": behind}
