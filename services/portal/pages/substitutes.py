"""Substitutes (pengganti): who acts for whom from when to when, for an absence of one's own or of somebody else."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

from fastapi import APIRouter
from starlette.responses import Response

from services.portal.pages.agency import desk
from services.portal.web import Poster, Visit, Visitor, refused
from shared.kernel.decider import Actor

router = APIRouter()
MANY, FORBIDDEN, NOT_FOUND, UNPROCESSABLE = 200, 403, 404, 422


@router.get("/pengganti")
async def shown(visit: Visitor, instansi: str = "", unit: str = "") -> Response:
    """All rights to act that concern the user, and the form of a new one."""
    return await _show(visit, instansi, unit)


@router.post("/pengganti")
async def appoint(visit: Poster) -> Response:
    """Let somebody act for another; whose absence it is, and who may say so, the approval service judges."""
    fields = visit.fields
    here = (fields.get("instansi", ""), fields.get("unit", ""))
    wanted = {name: fields.get(name, "") for name in ("absent", "substitute", "since", "until")}
    if missing := [name for name, said in wanted.items() if not said]:
        return await _show(visit, *here, visit.words.problem("REQUIRED") | {"where": missing[0]}, UNPROCESSABLE)
    person, _, place = fields["absent"].partition("|")
    office, agency, unit = (*place.split("|"), "", "", "")[:3]
    body = {"absent": person, "office": office, "agency": agency, "unit": unit}
    body |= {name: fields[name] for name in ("since", "until")}
    path = f"/v1/substitutes/{quote(fields['substitute'])}"
    answer = await visit.command("approval", "POST", path, fields.get("key", ""), body)
    if not answer.ok:
        trouble = refused(answer, visit.words)
        return await _show(visit, *here, trouble.problem, trouble.status)
    return await visit.go("/pengganti", visit.words.say("Pengganti ditetapkan.", "The substitute is appointed."))


@router.post("/pengganti/akhiri")
async def end(visit: Poster) -> Response:
    """End a right to act before its day."""
    path, body = f"/v1/substitutes/{quote(visit.fields.get('substitute', ''))}/end", {"mandate": visit.fields.get("id")}
    answer = await visit.command("approval", "POST", path, visit.fields.get("key", ""), body)
    if not answer.ok:
        trouble = refused(answer, visit.words)
        return await _show(visit, "", "", trouble.problem, trouble.status)
    return await visit.go("/pengganti", visit.words.say("Penggantian diakhiri.", "The right to act has ended."))


async def _show(
    visit: Visit, agency: str, unit: str, problem: Mapping[str, Any] | None = None, status: int = 200
) -> Response:
    actor, values = await visit.actor(), await desk(visit, agency)
    mine = await _items(visit, "approval", f"/v1/substitutes/{quote(actor.person or '-')}", "mandates")
    ours = await _items(visit, "approval", "/v1/substitutes")
    units = await _items(visit, "registry", f"/v1/units?{urlencode({'agency': values['agency'], 'limit': MANY})}")
    listed = await _items(visit, "registry", f"/v1/people?{urlencode({'unit': unit, 'limit': MANY})}") if unit else []
    rows = [{**one, "substitute": actor.person} for one in mine] + [one for one in ours if one["substitute"]]
    unique = {(row["substitute"], row["id"]): row for row in rows}
    views = visit.portal.views
    held = _absences(actor, listed)
    places = [id for one in (*unique.values(), *held) for id in (one["agency"], one["unit"])]
    values["places"] |= await views.places(places)
    people = [id for one in unique.values() for id in (one["substitute"], one["absent"])]
    named = await views.people([*people, *(one["absent"] for one in held), *(one["id"] for one in listed)])
    values |= {"rows": list(unique.values()), "units": units if values["agency"] else [], "unit": unit}
    values |= {"listed": listed, "held": held, "people": named, "me": actor.person}
    return await visit.show(
        "substitutes.html.jinja", {**values, "fields": visit.fields, "problem": problem, "key": uuid4().hex}, status
    )


def _absences(actor: Actor, listed: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Offices for which somebody may stand in: the user's own, and those of the people who are listed."""
    own = [(actor.person, held.model_dump(mode="json")) for held in actor.offices]
    others = [(one["id"], held) for one in listed if one["id"] != actor.person for held in one["offices"]]
    return [
        {"absent": who, **{name: held[name] for name in ("office", "agency", "unit")}} for who, held in own + others
    ]


async def _items(visit: Visit, service: str, path: str, name: str = "items") -> list[dict[str, Any]]:
    """What a service lists; nothing where there is none, or none that the user may see. Raises Trouble."""
    answer = await visit.ask(service, path)
    if answer.status in (FORBIDDEN, NOT_FOUND):
        return []
    if not answer.ok:
        raise refused(answer, visit.words)
    return list(answer.body[name])
