"""Messages an aggregate holds: too early (tried again by sequence) or parked (waiting for an operator)."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from shared.kernel.decider import FactChanged, Frozen, Message, TimerDue, WorkDone
from shared.runtime.item import Item
from shared.runtime.ports import Raw, Record
from shared.runtime.service import Service

OWN: dict[str, type[Frozen]] = {"timer": TimerDue, "work": WorkDone, "fact": FactChanged}


@dataclass(slots=True)
class Held:
    """One held message with all that is needed to decide it later. `parked` is the reason, "" while it only waits;
    `rev` is that of the write that parked it, so that each parking has a record of its own."""

    source: str
    sequence: int
    type: str
    id: str
    data: str
    correlation: str
    causation: str
    trace: str
    needs: str
    since: float
    at: float
    tries: int
    parked: str
    rev: int = 0

    @classmethod
    def of(cls, raw: Raw) -> "Held":
        """From its stored form."""
        return cls(**raw)

    @classmethod
    def from_item(cls, item: Item, reason: str, now: float, parked: bool) -> "Held":
        """Hold this item; `reason` names what it waits for or why it is parked."""
        message = item.message
        return cls(
            source=message.source,
            sequence=message.sequence,
            type=item.type,
            id=message.id,
            data=message.body.model_dump_json(),
            correlation=message.correlation,
            causation=message.causation,
            trace=message.trace,
            needs="" if parked else reason,
            since=now,
            at=now + 0.1,
            tries=0,
            parked=reason if parked else "",
        )

    @property
    def size(self) -> int:
        """Rough bytes in the document."""
        return len(self.data) + 300

    def raw(self) -> Raw:
        """Its stored form."""
        return asdict(self)

    def name(self, aggregate: str) -> str:
        """Id of its parked record."""
        return f"{aggregate}|{self.source}|{self.sequence}|{self.rev}"

    def record(self, kind: str, aggregate: str, now: float, record: Record | None) -> Raw:
        """What an operator sees of a parked message."""
        return {
            "_id": self.name(aggregate),
            "kind": kind,
            "aggregate": aggregate,
            "source": self.source,
            "sequence": self.sequence,
            "type": self.type,
            "event": self.id,
            "reason": self.parked,
            "correlation": self.correlation,
            "value": self.data.encode(),
            "at": now,
            "status": "parked",
            **origin(record),
        }


def origin(record: Record | None) -> dict[str, Any]:
    """Where a record came from, byte for byte."""
    if record is None:
        return {}
    return {
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "key": record.key,
        "bytes": record.value,
        "headers": [[name, value] for name, value in record.headers],
    }


def revive(held: Held, service: Service, now: datetime) -> Message:
    """The held message as it came, at today's time."""
    own = OWN.get(held.type)
    model = own if own is not None else service.routes.by_type[held.type][0]
    return Message(
        body=model.model_validate(json.loads(held.data)),
        id=held.id,
        time=now,
        source=held.source,
        sequence=held.sequence,
        correlation=held.correlation,
        causation=held.causation,
        trace=held.trace,
    )
