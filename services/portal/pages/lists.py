"""The lists of a scenario on pages: wishes, couples, forbidden posts, fares, … row by row: look, check, then save.

The evaluation takes a scenario as a whole. It is sent with the version that the planner saw, so that nobody's change is
written over: who was slower reads what changed, and checks again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from fastapi import APIRouter
from starlette.responses import Response

from services.portal.domain.lists import (
    PARTS,
    Part,
    added,
    changed,
    faulty,
    field_of,
    key,
    missing,
    removed,
    row_of,
    rows,
)
from services.portal.pages.plans import faults
from services.portal.rolls import everything
from services.portal.web import Poster, Trouble, Visit, Visitor, refused

router = APIRouter()
NOT_FOUND, CHANGED, UNPROCESSABLE = 404, 412, 422
HERE = "/rencana/{plan}/skenario/{name}/isian"
Problem = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list of a scenario as it is now; `base` is the address of the scenario's lists."""

    base: str
    slug: str
    part: Part
    plan: Mapping[str, Any]
    name: str
    scenario: Mapping[str, Any]

    @property
    def rows(self) -> list[dict[str, str]]:
        """Its rows."""
        return rows(self.scenario, self.part)

    @property
    def keys(self) -> list[str]:
        """What tells them apart."""
        return [key(row, self.part) for row in self.rows]


@router.get(HERE)
async def overview(visit: Visitor, plan: str, name: str) -> Response:
    """All lists of the scenario, each with how many rows it has."""
    sheet = await _sheet(visit, plan, name, next(iter(PARTS)))
    counts = [(slug, part.key, len(rows(sheet.scenario, part))) for slug, part in PARTS.items()]
    return await visit.show("plan_lists.html.jinja", {"sheet": sheet, "counts": counts})


@router.get(HERE + "/{slug}")
async def listed(visit: Visitor, plan: str, name: str, slug: str, dari: str = "", ke: str = "") -> Response:
    """One list, and the form of a new row; people and posts are those of the units that are chosen."""
    return await _show(visit, await _sheet(visit, plan, name, slug), {"dari": dari[:120], "ke": ke[:120]})


@router.post(HERE + "/{slug}/periksa")
async def check(visit: Poster, plan: str, name: str, slug: str) -> Response:
    """What would be saved; nothing is yet."""
    sheet, fields = await _sheet(visit, plan, name, slug), visit.fields
    if where := _missing(fields, sheet.part):
        return await _show(visit, sheet, fields, visit.words.problem("REQUIRED") | {"where": where}, UNPROCESSABLE)
    row, going = row_of(fields, sheet.part), _chosen(fields)
    gone = [one for one in sheet.rows if key(one, sheet.part) in going]
    names = await _names(visit, sheet, [row])
    values: dict[str, Any] = {"row": None if _removes(fields) else row, "gone": gone, "names": names, "going": going}
    values["replaces"] = not _removes(fields) and key(row, sheet.part) in sheet.keys
    return await visit.show(
        "plan_list_check.html.jinja", {**values, "sheet": sheet, "fields": fields, "key": uuid4().hex}
    )


@router.post(HERE + "/{slug}")
async def save(visit: Poster, plan: str, name: str, slug: str) -> Response:
    """Save it, unless the plan is another by now."""
    sheet, fields = await _sheet(visit, plan, name, slug), visit.fields
    if fields.get("back"):
        return await _show(visit, sheet, fields)
    if where := _missing(fields, sheet.part):
        return await _show(visit, sheet, fields, visit.words.problem("REQUIRED") | {"where": where}, UNPROCESSABLE)
    row, going = row_of(fields, sheet.part), _chosen(fields)
    now, part = sheet.scenario, sheet.part
    body = removed(now, part, going) if _removes(fields) else added(now, part, row)
    path, seen = f"/v1/plans/{quote(plan)}/scenarios/{quote(name)}", fields.get("version") or "0"
    answer = await visit.command("evaluation", "PUT", path, fields.get("key", ""), body, version=seen)
    if answer.ok:
        said = visit.words.say("Tersimpan. Hitung skenario ini lagi.", "Saved. Compute this scenario again.")
        return await visit.go(f"{sheet.base}/{slug}", said)
    problem = refused(answer, visit.words).problem
    told = await _since(visit, sheet, problem) if answer.status == CHANGED else _at_field(problem, part)
    return await _show(visit, sheet, fields, told, answer.status)


def _removes(fields: Mapping[str, str]) -> bool:
    return fields.get("act") == "remove"


def _chosen(fields: Mapping[str, str]) -> list[str]:
    """Keys of the rows that were ticked."""
    return [said for name, said in fields.items() if name.startswith("row-")]


def _missing(fields: Mapping[str, str], part: Part) -> str:
    if _removes(fields):
        return "" if _chosen(fields) else "row-0"
    return missing(row_of(fields, part), part)


def _at_field(problem: Problem, part: Part) -> Problem:
    """The problem with the form's field that it is about, where the evaluation pointed to one."""
    errors = problem.get("errors") or ()
    where = next(((field_of(one["pointer"], part), one["detail"]) for one in errors), ("", ""))
    return {**problem, "where": where[0], "detail": where[1]} if where[0] else problem


async def _since(visit: Visit, sheet: Sheet, problem: Problem) -> Problem:
    """The problem, and what changed in this list since its page was opened."""
    came, went = changed(visit.fields.get("before", "").splitlines(), sheet.keys)
    names = await _names(visit, sheet, [{"key": one} for line in went for one in line.split()])
    say = visit.words.say
    lines = [say("Ditambahkan: ", "Added: ") + _text(line, names) for line in came]
    lines += [say("Dihapus: ", "Removed: ") + _text(line, names) for line in went]
    still = say(
        "Daftar ini tetap; bagian lain dari rencana berubah.", "This list is the same; the plan changed elsewhere."
    )
    return {**problem, "meanwhile": lines or [still]}


def _text(line: str, names: Mapping[str, str]) -> str:
    return " – ".join(names.get(id, id) for id in line.split())


async def _asked(visit: Visit, path: str) -> Mapping[str, Any]:
    answer = await visit.ask("evaluation", path)
    if not answer.ok:
        raise refused(answer, visit.words)
    return answer.body


async def _sheet(visit: Visit, plan: str, name: str, slug: str) -> Sheet:
    """The plan is read before its scenario: what changes in between makes the version too old, never too new."""
    if slug not in PARTS:
        raise Trouble(NOT_FOUND, visit.words.problem("NOT_FOUND"))
    found = await _asked(visit, f"/v1/plans/{quote(plan)}")
    scenario = await _asked(visit, f"/v1/plans/{quote(plan)}/scenarios/{quote(name)}")
    base = f"/rencana/{quote(plan)}/skenario/{quote(name)}/isian"
    return Sheet(base, slug, PARTS[slug], {**found, "id": plan}, name, scenario)


async def _names(visit: Visit, sheet: Sheet, more: Iterable[Mapping[str, str]] = ()) -> dict[str, str]:
    """What the units of the scenario, and the people, posts and units of these rows are called."""
    units = [need["unit"] for need in sheet.scenario["needs"]]
    ids = {*units, *(said for row in (*sheet.rows, *more) for said in row.values())}
    places = await visit.portal.views.places(ids)
    return {id: place.name for id, place in places.items()} | await visit.portal.views.people(ids)


async def _options(visit: Visit, field: str, unit: str) -> list[tuple[str, str]]:
    """Whom or what a field may name: people, or posts, of a unit."""
    if field == "post":
        return [(one["id"], one["title"]) for one in await everything(visit, "/v1/posts", unit)]
    people = await everything(visit, "/v1/people", unit)
    posts = await visit.portal.views.places(one["profile"]["placement"]["post"] for one in people)
    held = [(one, posts[one["profile"]["placement"]["post"]].name) for one in people]
    return sorted(
        ((one["id"], f"{(one['particulars'] or {}).get('name') or one['id']}, {post}") for one, post in held),
        key=lambda option: option[1],
    )


async def _show(
    visit: Visit, sheet: Sheet, said: Mapping[str, str], problem: Problem | None = None, status: int = 200
) -> Response:
    names = await _names(visit, sheet)
    units = sorted(((need["unit"], names[need["unit"]]) for need in sheet.scenario["needs"]), key=lambda one: one[1])
    known, first = {id for id, _ in units}, units[0][0]
    chosen = {end: said[end] if said.get(end) in known else first for end in ("dari", "ke")}
    options = {
        field: units if field == "unit" else await _options(visit, field, chosen["ke" if number else "dari"])
        for number, field in enumerate(sheet.part.about)
    }
    track = sheet.plan["scenarios"][sheet.name]
    failed = await faults(visit, sheet.plan["id"], {sheet.name: track})
    values = {"sheet": sheet, "names": names, "units": units, "chosen": chosen, "options": options}
    values |= {
        "faulty": faulty(sheet.rows, track["faults"]),
        "open": _open(sheet),
        "fields": said,
        "going": _chosen(said),
    }
    values |= {"failed": failed.get(sheet.name, ""), "problem": problem, "key": uuid4().hex}
    return await visit.show("plan_list.html.jinja", values, status)


def _open(sheet: Sheet) -> bool:
    """False where the page shows no form: of what people were told, and of a plan that is adopted."""
    return bool(sheet.plan["status"] != "adopted" and sheet.name != sheet.plan["chosen"])
