"""Part of the checker: who had to be told of what, and what the channel `record` kept."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from services.notification.domain import rules
from services.notification.domain.entry import message_id
from shared.contracts.notification import MessageSent
from tests.support.evidence import Evidence, said, told

CHANNEL = "record"


def messages(evidence: Evidence) -> Iterator[str]:
    """N5: one message per event, person and channel was recorded; twice only where the ledger counts two attempts."""
    notification = evidence.databases["notification"]
    due, recorded, ledger = _due(evidence), notification.recorded, notification.documents["messages"]
    yield from (f"{id} was never recorded: {due[id]}" for id in due.keys() - recorded.keys())
    yield from (f"{id} was recorded and is due to nobody" for id in recorded.keys() - due.keys())
    sent = Counter(event.message for event in told(notification, MessageSent))
    yield from (f"{id} was sent {sent[id]} times" for id in due if sent[id] != 1)
    for id, record in recorded.items():
        attempts = ledger.get(id, {}).get("state", {}).get("attempts", 0)
        if record["times"] > max(attempts, 1):
            yield f"{id} was recorded {record['times']} times in {attempts} attempts"


def doubles(evidence: Evidence) -> int:
    """Messages recorded more than once: an attempt that died before its result was written, as documented."""
    return sum(record["times"] > 1 for record in evidence.databases["notification"].recorded.values())


def _due(evidence: Evidence) -> dict[str, str]:
    """Which messages the events of all services call for, by the rules and by who sits at each desk."""
    due: dict[str, str] = {}
    for db in evidence.databases.values():
        for entry in db.events:
            row = rules.rule(entry["type"], rules.day(datetime.fromisoformat(entry["time"])))
            if row is not None:
                event = said(entry)
                whom = _desk(event) if row.to == "desk" else row.person(event)
                due[message_id(entry["id"], whom, CHANNEL)] = f"{entry['id']} to {whom}"
    return due


def _desk(event: Any) -> str:
    """The population has one official per office and agency, called so."""
    return f"{event.office}-{event.agency}"
