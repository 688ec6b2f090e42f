"""The invariants I1-I12 of a live system: what each says, and what its journals show."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from services.cli.client import Client
from services.cli.language import say
from shared.contracts.catalogue import BY_TYPE
from shared.invariants import Found, Said, watches
from shared.runtime.mongo import connect

TOLD_BY = ("registry", "proposal", "approval")
"""Whose events the invariants are about."""


def titles() -> dict[str, str]:
    """What each invariant says (domain rules I1-I12), in the order in which they are shown."""
    return {
        "I1": say("satu pejabat aktif per jabatan struktural", "one active holder per structural post"),
        "I2": say("satu jabatan definitif per orang", "one definitive post per person"),
        "I3": say("tiada SK tanpa pejabat yang berwenang", "no decree without its authority"),
        "I4": say("tiada SK tanpa pertek atau pengecualian", "no decree without consideration or waiver"),
        "I5": say("kursi dipesan + terisi tidak melebihi formasi", "seats reserved + held within the formasi"),
        "I6": say("tukar tempat: semua atau tidak sama sekali", "a swap moves all or none"),
        "I7": say("tiada peristiwa diubah", "no event was edited"),
        "I8": say("evaluasi dapat diulang dengan hasil sama", "evaluations repeat to the same answer"),
        "I9": say("tiada yang memutus perkaranya sendiri", "nobody decides on a case they are part of"),
        "I10": say("tiap langkah bernama dan bertenggat", "every step has a holder and a due date"),
        "I11": say("jeda waktu tercatat dengan sebab", "pauses are events with a cause"),
        "I12": say("lepas dan mulai satu fakta", "release and start are one fact"),
    }


async def examined(uri: str, prefix: str = "mutasi_") -> list[Found]:
    """What the journals show of all but I7 and I8. Raises Unavailable."""
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


def unedited(histories: list[dict[str, Any]]) -> Found:
    """I7, from the hash chains of all histories."""
    broken = [tuple(fault.split(": ", 1)) for row in histories for fault in row["faults"]]
    return Found("I7", sum(row["aggregates"] for row in histories), tuple((id, fault) for id, fault in broken))


def repeated(client: Client) -> Found:
    """I8, as the evaluation service finds it from its own records. Raises Failure."""
    answer = client.get("evaluation", "/v1/audits/replays")
    return Found("I8", answer["checked"], tuple((case, "does not repeat") for case in answer["differing"]))
