"""Every history of a live system, from the databases themselves."""

from typing import Any

from shared.host.audit import verify
from shared.runtime.mongo import MongoStore, connect
from shared.runtime.service import Routes, Service

PAGE = 1_000


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
        count, faults, after = 0, [], ""
        while ids := await store.histories(kind, after, PAGE):
            found = [(id, await verify(store, kind, id)) for id in ids]
            faults += [f"{id}: {fault}" for id, fault in found if fault]
            count, after = count + len(ids), ids[-1]
        rows.append({"service": name, "kind": kind, "aggregates": count, "faults": faults})
    return rows


async def _kinds(db: Any) -> list[str]:  # noqa: ANN401
    """Kinds that have documents with a chain, and those that only the journal still knows."""
    journaled = set(await db["journal"].distinct("kind"))
    others = [name for name in await db.list_collection_names() if not name.startswith(("fact_", "system."))]
    chained = {
        name for name in others if await db[name].find_one({"head": {"$exists": True}, "rev": {"$exists": True}})
    }
    return sorted(journaled | chained)
