"""`mutasi audit verify`: recomputes the hash chain of every aggregate, from the databases themselves."""

import asyncio
from typing import Annotated, Any

import typer

from services.cli.client import BROKEN, NO_ANSWER, failure
from services.cli.language import say
from services.cli.session import session
from shared.runtime.audit import verify as verify_history
from shared.runtime.mongo import MongoStore, connect
from shared.runtime.ports import Unavailable
from shared.runtime.service import Routes, Service

audit = typer.Typer(no_args_is_help=True, help="The audit trail: verify.")
SERVICES = ("registry", "proposal", "evaluation", "approval", "notification")
"""Those that say anything; the portal keeps views only."""


def add_to(app: typer.Typer) -> None:
    """Add the commands about the audit trail."""
    app.add_typer(audit, name="audit")


@audit.command("verify")
def verify(
    context: typer.Context,
    service: Annotated[str, typer.Argument(help="One service; without it all of them.")] = "",
) -> None:
    """Is every history whole and unchanged? Ends with 6 if one is not."""
    here = session(context)
    if service and service not in SERVICES:
        raise typer.BadParameter(say(f"layanan {service!r} tidak ada", f"there is no service {service!r}"))
    names = (service,) if service else SERVICES
    try:
        rows = asyncio.run(examined(here.need("MUTASI_MONGO"), names))
    except Unavailable as away:
        raise failure(NO_ANSWER, "NO_ANSWER", f"MongoDB: {away}") from None
    faults = [{**row, "fault": fault} for row in rows for fault in row["faults"]]
    shown = [{**row, "broken": len(row["faults"])} for row in rows]
    here.output.rows({"databases": rows, "whole": not faults}, shown, "service", "kind", "aggregates", "broken")
    if faults and not here.output.as_json:
        here.output.rows({}, faults, "service", "kind", "fault")
    if faults:
        detail = say(f"{len(faults)} riwayat rusak.", f"{len(faults)} histories are broken.")
        mend = say(
            "Hentikan layanan itu dan bandingkan dengan cadangan.", "Stop that service and compare with a backup."
        )
        raise failure(BROKEN, "HISTORY_BROKEN", detail, mend)


async def examined(uri: str, services: tuple[str, ...], prefix: str = "mutasi_") -> list[dict[str, Any]]:
    """One row per kind of aggregate: how many, and what is wrong with which. Raises Unavailable."""
    client = connect(uri)
    try:
        return [row for name in services for row in await _database(client[f"{prefix}{name}"], name)]
    finally:
        client.close()


async def _database(db: Any, name: str) -> list[dict[str, Any]]:  # noqa: ANN401 - the driver is named in the runtime only
    store = MongoStore(db, Service(name, "", (), (), Routes()))
    rows = []
    for kind in await _kinds(db):
        ids = sorted({*await db[kind].distinct("_id"), *await db["journal"].distinct("aggregate", {"kind": kind})})
        found = [(id, await verify_history(store, kind, id)) for id in ids]
        faults = [f"{id}: {fault}" for id, fault in found if fault]
        rows.append({"service": name, "kind": kind, "aggregates": len(ids), "faults": faults})
    return rows


async def _kinds(db: Any) -> list[str]:  # noqa: ANN401
    """Kinds that have documents with a chain, and those that only the journal still knows."""
    journaled = set(await db["journal"].distinct("kind"))
    others = [name for name in await db.list_collection_names() if not name.startswith(("fact_", "system."))]
    chained = {
        name for name in others if await db[name].find_one({"head": {"$exists": True}, "rev": {"$exists": True}})
    }
    return sorted(journaled | chained)
