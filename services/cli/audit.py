"""`mutasi audit verify`: every hash chain and every invariant, from the databases themselves."""

import asyncio
from typing import Annotated, Any

import typer

from services.cli import invariants
from services.cli.client import BROKEN, NO_ANSWER, failure
from services.cli.language import say
from services.cli.session import Session, session
from shared.invariants import Found
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
    """Is every history whole and unchanged, and do the invariants I1-I12 hold? Ends with 6 if not.

    What is under way while this looks may show as a fault: it is one only if it is there the second time as well.
    """
    here = session(context)
    if service and service not in SERVICES:
        raise typer.BadParameter(say(f"layanan {service!r} tidak ada", f"there is no service {service!r}"))
    names = (service,) if service else SERVICES
    uri = here.need("MUTASI_MONGO")
    try:
        rows = asyncio.run(examined(uri, names))
        judged = [] if service else _judged(here, uri, rows)
    except Unavailable as away:
        raise failure(NO_ANSWER, "NO_ANSWER", f"MongoDB: {away}") from None
    whole = not any(row["faults"] for row in rows) and not any(one.broken for one in judged)
    _show(here, rows, judged, whole=whole)
    if not whole:
        _fail(rows, judged)


def _judged(here: Session, uri: str, rows: list[dict[str, Any]]) -> list[Found]:
    """Every invariant, in the order of their numbers."""
    found = [*asyncio.run(invariants.examined(uri)), invariants.unedited(rows), invariants.repeated(here.client)]
    places = list(invariants.titles())
    return sorted(found, key=lambda one: places.index(one.id))


def _show(here: Session, rows: list[dict[str, Any]], judged: list[Found], *, whole: bool) -> None:
    """Histories, invariants, and whatever is wrong with either."""
    titles = invariants.titles()
    told = [{"id": one.id, "says": titles[one.id], "checked": one.checked, "broken": len(one.broken)} for one in judged]
    every = [{**one, "faults": list(found.broken)} for one, found in zip(told, judged, strict=True)]
    shown = [{**row, "broken": len(row["faults"])} for row in rows]
    whole_answer = {"databases": rows, "invariants": every, "whole": whole}
    here.output.rows(whole_answer, shown, "service", "kind", "aggregates", "broken")
    if here.output.as_json:
        return
    if told:
        here.output.rows({}, told, "id", "says", "checked", "broken")
    faults = [{**row, "fault": fault} for row in rows for fault in row["faults"]]
    if faults:
        here.output.rows({}, faults, "service", "kind", "fault")
    broken = [
        {"id": one.id, "where": where, "fault": fault}
        for one in judged
        if one.id != "I7"
        for where, fault in one.broken
    ]
    if broken:
        here.output.rows({}, broken, "id", "where", "fault")


def _fail(rows: list[dict[str, Any]], judged: list[Found]) -> None:
    """Say which of the two it was. Raises Failure."""
    if faults := sum(len(row["faults"]) for row in rows):
        detail = say(f"{faults} riwayat rusak.", f"{faults} histories are broken.")
        mend = say(
            "Hentikan layanan itu dan bandingkan dengan cadangan.", "Stop that service and compare with a backup."
        )
        raise failure(BROKEN, "HISTORY_BROKEN", detail, mend)
    names = ", ".join(one.id for one in judged if one.broken)
    mend = say(
        "Ulangi sekali: yang sedang berjalan bukan pelanggaran. Bila tetap, periksa perkara yang disebut.",
        "Run it once more: what is under way is no fault. If it stays, look at the cases named.",
    )
    raise failure(BROKEN, "INVARIANT_BROKEN", say(f"Tidak berlaku: {names}.", f"These do not hold: {names}."), mend)


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
