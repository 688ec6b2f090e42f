"""The invariants I1-I12 of a live system, from what its journals show."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from services.cli.client import Client
from shared.contracts.catalogue import BY_TYPE
from shared.invariants import Found, Said, watches
from shared.runtime.mongo import connect

TOLD_BY = ("registry", "proposal", "approval")
"""Whose events the invariants are about."""


def judged(uri: str, histories: list[dict[str, Any]], client: Client) -> list[Found]:
    """Every invariant, in the order of their numbers. Raises Unavailable, Failure."""
    found = [*asyncio.run(_examined(uri)), _unedited(histories), _repeated(client)]
    return sorted(found, key=lambda one: int(one.id.removeprefix("I")))


async def _examined(uri: str, prefix: str = "mutasi_") -> list[Found]:
    """What the journals show of all but I7 and I8."""
    asked = watches()
    async for said in _told(uri, prefix):
        for watch in asked:
            watch.hear(said)
    return [watch.found() for watch in asked]


async def _told(uri: str, prefix: str) -> AsyncIterator[Said]:
    """Every event, those of one aggregate in order. Words about a person that only a digest is kept of are left out."""
    client = connect(uri)
    try:
        for name in TOLD_BY:
            entries = client[f"{prefix}{name}"]["journal"].find({"data": {"$ne": ""}})
            async for entry in entries.sort([("aggregate", 1), ("sequence", 1)]):
                yield _said(name, entry)
    finally:
        client.close()


def _said(service: str, entry: dict[str, Any]) -> Said:
    event = BY_TYPE[entry["type"]].model_validate_json(entry["data"])
    time = datetime.fromisoformat(entry["time"])
    return Said(service, entry["aggregate"], entry["sequence"], time, entry["actor"], event)


def _unedited(histories: list[dict[str, Any]]) -> Found:
    """I7, from the hash chains of all histories."""
    broken = [tuple(fault.split(": ", 1)) for row in histories for fault in row["faults"]]
    return Found("I7", sum(row["aggregates"] for row in histories), tuple((id, fault) for id, fault in broken))


def _repeated(client: Client) -> Found:
    """I8, as the evaluation service finds it from its own records. Raises Failure."""
    answer = client.get("evaluation", "/v1/audits/replays")
    return Found("I8", answer["checked"], tuple((case, "does not repeat") for case in answer["differing"]))
