"""For operators: what runs, what waits, what was parked, which messages are lost, and whether histories are whole."""

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

from fastapi import APIRouter
from starlette.responses import Response

from services.portal.web import Poster, Trouble, Visit, Visitor, refused

router = APIRouter()
SERVICES = ("registry", "proposal", "evaluation", "approval", "notification")
MANY = 200
LOST = ("failed", "bounced", "ambiguous", "undelivered")
"""States, as the ledger has them, of a message that did not arrive or may not have."""


@router.get("/operasi")
async def shown(visit: Visitor) -> Response:
    """Everything at one glance."""
    return await _show(visit)


@router.get("/operasi/riwayat")
async def histories(visit: Visitor, jenis: str = "", sesudah: str = "") -> Response:
    """So many histories of one kind ("service/kind"), recomputed from their first event, and a link to the next."""
    await _operator(visit)
    name, _, kind = jenis.partition("/")
    service = _known(visit, name)
    path = f"/ops/histories/{quote(kind, safe='')}?{urlencode({'after': sesudah, 'limit': MANY})}"
    found = await visit.ask(service, path)
    if not found.ok:
        raise refused(found, visit.words)
    onwards = urlencode({"jenis": jenis, "sesudah": found.body["next"]})
    return await visit.show("histories.html.jinja", {"kind": jenis, "found": found.body, "onwards": onwards})


@router.post("/operasi/parkir")
async def settle(visit: Poster) -> Response:
    """Handle a parked message again, or give it up with a reason."""
    fields = visit.fields
    service, id = _known(visit, fields.get("service", "")), quote(fields.get("id", ""), safe="/")
    act = "skip" if fields.get("act") == "skip" else "replay"
    body = {"reason": fields.get("reason", "")} if act == "skip" else None
    answer = await visit.command(service, "POST", f"/ops/parked/{id}/{act}", fields.get("key", ""), body)
    if not answer.ok:
        problem = refused(answer, visit.words)
        return await _show(visit, problem.problem, problem.status)
    done = {"skip": ("Pesan dilepas.", "The message is given up."), "replay": ("Pesan diolah lagi.", "Handled again.")}
    return await visit.go("/operasi", visit.words.say(*done[act]))


@router.post("/operasi/kirim")
async def resend(visit: Poster) -> Response:
    """Send a message again that did not arrive."""
    id = quote(visit.fields.get("id", ""), safe="")
    answer = await visit.command("notification", "POST", f"/v1/messages/{id}/resend", visit.fields.get("key", ""))
    if not answer.ok:
        problem = refused(answer, visit.words)
        return await _show(visit, problem.problem, problem.status)
    return await visit.go("/operasi", visit.words.say("Pesan dikirim lagi.", "The message is sent again."))


async def _show(visit: Visit, problem: Mapping[str, Any] | None = None, status: int = 200) -> Response:
    await _operator(visit)
    services = await asyncio.gather(*(_service(visit, name) for name in SERVICES))
    query = urlencode([("status", one) for one in LOST] + [("limit", "50")])
    ledger = await visit.ask("notification", f"/v1/messages?{query}")
    lost = ledger.body.get("items", []) if ledger.ok else []
    values = {
        "services": services,
        "views": visit.portal.engine.progress,
        "lost": lost,
        "people": await visit.portal.views.people(one["person"] for one in lost),
        "problem": problem,
        "key": uuid4().hex,
    }
    return await visit.show("operations.html.jinja", values, status)


async def _operator(visit: Visit) -> None:
    """The services refuse others too; here it is said on one page. Raises SignIn, Trouble."""
    if not (await visit.actor()).admin:
        raise Trouble(403, visit.words.problem("OPERATORS_ONLY"))


async def _service(visit: Visit, name: str) -> dict[str, Any]:
    """What one service says of itself; one that does not answer is down."""
    paths = ("/health/live", "/health/ready", "/ops/due", f"/ops/parked?limit={MANY}", "/ops/histories")
    live, ready, due, parked, kinds = await asyncio.gather(*(visit.ask(name, path) for path in paths))
    return {
        "name": name,
        "up": live.ok,
        "missing": ready.body.get("missing", []),
        "stuck": live.body.get("stuck", []),
        "waiting": {part: many for part, many in live.body.get("waiting", {}).items() if many},
        "idle": due.body.get("idle", False),
        "next": due.body.get("next"),
        "parked": parked.body.get("parked", []),
        "kinds": kinds.body.get("kinds", []),
    }


def _known(visit: Visit, service: str) -> str:
    """Raises Trouble."""
    if service not in SERVICES:
        raise Trouble(404, visit.words.problem("NOT_FOUND"))
    return service
