"""The approver's queue by deadline: filters that can be kept, single keys, and many files in one go."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal
from urllib.parse import urlencode
from uuid import uuid4

from fastapi import APIRouter
from starlette.responses import Response

from services.portal import meanwhile
from services.portal.store import ids_of
from services.portal.web import Poster, Visit, Visitor, refused
from services.portal.words import tables
from shared.contracts.registry import Placement

router = APIRouter()
View = Literal["offices", "mine", "substitute"]
SHOWN = 50
CHOSEN = "pilih-"
UNPROCESSABLE = 422


def asked_of(view: str, stage: str, overdue: str) -> dict[str, str]:
    """The question to the desk that these choices of the page make."""
    wanted = {"view": view, "limit": str(SHOWN), "stage": stage[:60], "overdue": "true" if overdue else ""}
    return {name: value for name, value in wanted.items() if value}


def print_of(items: Sequence[Mapping[str, Any]]) -> str:
    """What tells one state of a queue from another."""
    seen = [(item["task"], item["claimed_by"], item["due"], item["overdue"]) for item in items]
    return sha256(repr(seen).encode()).hexdigest()[:16]


@router.get("/tugas")
async def queue(visit: Visitor, lihat: View = "offices", tahap: str = "", lewat: str = "", after: str = "") -> Response:
    """What waits for me, the earliest deadline first."""
    return await _queue(visit, {"lihat": lihat, "tahap": tahap, "lewat": lewat}, after)


@router.post("/tugas/saringan")
async def keep(visit: Poster) -> Response:
    """Keep what the queue is filtered by under a name."""
    query = _query(visit.fields)
    if not visit.fields.get("name"):
        return await _queue(visit, query, "", visit.words.problem("REQUIRED") | {"where": "name"})
    await visit.portal.habits.keep(visit.user.login, visit.fields["name"], query)
    return await visit.go(f"/tugas?{urlencode(query)}", visit.words.say("Saringan disimpan.", "The filter is kept."))


@router.post("/tugas/saringan/hapus")
async def drop(visit: Poster) -> Response:
    """Let go of a kept filter."""
    await visit.portal.habits.drop(visit.user.login, visit.fields.get("name", ""))
    return await visit.go("/tugas", visit.words.say("Saringan dihapus.", "The filter is erased."))


@router.post("/tugas/tombol")
async def keys(visit: Poster) -> Response:
    """Turn single keys on or off."""
    on = visit.fields.get("keys") == "on"
    await visit.portal.habits.turn_keys(visit.user.login, on=on)
    told = ("Tombol pintas menyala.", "Single keys act now.") if on else ("Tombol pintas mati.", "Single keys are off.")
    return await visit.go("/tugas", visit.words.say(*told))


@router.post("/tugas/banyak")
async def foresee(visit: Poster) -> Response:
    """What approving the ticked tasks would do; nothing is written."""
    return await _many(visit, confirm=False)


@router.post("/tugas/banyak/sahkan")
async def confirm(visit: Poster) -> Response:
    """Approve them; one that is refused holds up no other."""
    return await _many(visit, confirm=True)


def _query(fields: Mapping[str, str]) -> dict[str, str]:
    """The choices of the page as its address has them."""
    return {name: fields[name][:60] for name in ("lihat", "tahap", "lewat") if fields.get(name)}


async def _queue(visit: Visit, query: dict[str, str], after: str, problem: Mapping[str, Any] | None = None) -> Response:
    seen = visit.portal.engine.now()  # before the question: what comes after the answer is news
    view = query.get("lihat") or "offices"
    wanted = asked_of(view, query.get("tahap", ""), query.get("lewat", ""))
    answer = await visit.ask("approval", f"/v1/tasks?{urlencode({**wanted, 'after': after})}")
    if not answer.ok:
        raise refused(answer, visit.words)
    rows, actor = [_row(item) for item in answer.body["items"]], await visit.actor()
    values = {
        **await _named(visit, rows),
        "rows": rows,
        "me": actor.person,
        "view": view,
        "query": query,
        "address": urlencode(query),
        "narrowed": bool(query.get("tahap") or query.get("lewat")),
        "stages": [stage for stage in tables()["stages"] if stage in tables()["offices"] or stage.endswith("_ppk")],
        "print": print_of(answer.body["items"]),
        "stream": "" if after else f"tugas?{urlencode({**wanted, 'dari': print_of(answer.body['items'])})}",
        "habits": await visit.portal.habits.of(visit.user.login),
        "next": answer.body["next"],
        "problem": problem,
        "seen": seen,
    }
    return await visit.show("tasks.html.jinja", values, UNPROCESSABLE if problem else 200)


async def _named(visit: Visit, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """What places and people of these tasks are called."""
    seats = [seat for row in rows for seat in (row["origin"], row["target"])]
    units = [id for row in rows for id in (row["agency"], row["unit"])]
    places = await visit.portal.views.places([*ids_of(*seats), *units])
    return {"places": places, "people": await visit.portal.views.people(row["person"] for row in rows)}


async def _many(visit: Visit, *, confirm: bool) -> Response:
    tasks = [name.removeprefix(CHOSEN) for name in visit.fields if name.startswith(CHOSEN)]
    if not tasks:
        return await _queue(visit, {}, "", visit.words.problem("NOTHING_CHOSEN") | {"where": "banyak"})
    seen = visit.portal.engine.now()
    decision = {"decision": "approve", "reason": visit.fields.get("reason", "")}
    body = {"tasks": tasks, "decision": decision, "confirm": confirm}
    answer = await visit.command("approval", "POST", "/v1/tasks/bulk", visit.fields.get("key", ""), body)
    if not answer.ok:
        return await _queue(visit, {}, "", refused(answer, visit.words).problem)
    cases = {task: task.rsplit(".", 2)[0] for task in tasks}
    files = await visit.portal.views.files(cases.values())
    owners = {task: files[case].content.person for task, case in cases.items() if case in files}
    rows = answer.body["items"]
    lost = {cases[row["task"]] for row in rows if meanwhile.conflict(row, row["status"])}
    news = await meanwhile.of_cases(visit, lost)
    values = {"items": [{**row, "meanwhile": news.get(cases[row["task"]], [])} for row in rows], "confirmed": confirm}
    values |= {"reason": decision["reason"], "key": uuid4().hex, "seen": seen}
    values |= {"owners": owners, "people": await visit.portal.views.people(owners.values())}
    return await visit.show("bulk.html.jinja", values)


def _row(item: dict[str, Any]) -> dict[str, Any]:
    seats = {name: Placement.model_validate(item[name]) for name in ("origin", "target")}
    return {**item, **seats, "due": datetime.fromisoformat(item["due"])}
