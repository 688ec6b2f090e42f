"""The narrow ports through which the runtime sees storage, bus and time; the simulation has its own of each."""

from asyncio import Future
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

Raw = dict[str, Any]
Entry = dict[str, Any]
"""One event of an aggregate's `out`: the envelope, with `data` as the exact JSON text that is hashed and published."""

STALE = "_id_"
BYTES = "bytes", "value", "headers", "key"  # of a parked record: shown with it alone, not in lists


class Unavailable(Exception):
    """The store or the bus did not answer; what was asked may or may not have happened."""


@dataclass(slots=True)
class Write:
    """One atomic change of one document, on condition that its `rev` is still the loaded one (0: not there yet).

    `set` and `unset` name fields, inner ones with dots; of a new document the outer ones only.
    """

    id: str
    rev: int
    set: Raw
    unset: list[str] = field(default_factory=list)
    out: list[Entry] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Published:
    """An event the broker has acknowledged: to be journaled, then pulled from `out`."""

    kind: str
    aggregate: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class Claimed:
    """A piece of work whose lease ran out, claimed by this process; `entry` holds the raised attempt."""

    kind: str
    aggregate: str
    id: str
    entry: Raw


class Store(Protocol):
    """One service's database. Every read is a majority read, every write a majority write. Raises `Unavailable`."""

    async def load(self, kind: str, ids: Collection[str]) -> dict[str, Raw]:
        """Whole documents by id; absent ones are left out."""

    async def write(self, kind: str, writes: Sequence[Write]) -> list[str]:
        """One unordered bulk. Per write: "" done, `STALE` the rev was lost, else the violated index's name."""

    async def facts(self, kind: str, ids: Collection[str]) -> dict[str, Raw]:
        """Values of facts by id; absent and forgotten ones are left out."""

    async def learn(self, kind: str, facts: Sequence[tuple[str, int, Raw | None]]) -> None:
        """Upsert (id, sequence, value) where the kept sequence is lower; None forgets."""

    async def watching(self, kind: str, name: str, ids: Collection[str]) -> list[tuple[str, str]]:
        """(aggregate, id) of open aggregates (`state.open`) whose `state.<name>` is one of the ids."""

    async def waiting(self, kind: str, needs: Collection[str]) -> list[str]:
        """Aggregates holding a message that waits for one of these ("kind/id")."""

    async def due(self, kind: str, now: datetime, limit: int) -> list[str]:
        """Aggregates with a timer due at this domain time, the earliest first."""

    async def next_due(self, kind: str) -> str | None:
        """Domain time (text) of the earliest timer of all."""

    async def retries(self, kind: str, now: float, limit: int) -> list[str]:
        """Aggregates with a held message to try again at this real time."""

    async def sweep(self, kind: str, older_than: float, lease: float, limit: int) -> list[tuple[str, list[Entry]]]:
        """Claim aggregates whose `out` is older than so many seconds; their pending events."""

    async def claim_work(self, kind: str, now: float, lease: float, limit: int) -> list[Claimed]:
        """Claim work whose lease ran out by real time, writing the attempt."""

    async def defer_work(self, kind: str, aggregate: str, id: str, until: float, notes: Sequence[Raw] = ()) -> None:
        """The attempt did not happen: try again at `until`, notes kept; marks it settled, so it is not ambiguous."""

    async def confirm(self, published: Sequence[Published]) -> None:
        """Append to the journal (a repeat must carry the same hash), then pull from `out`; `rev` stays."""

    async def park(self, records: Sequence[Raw]) -> None:
        """Upsert parked records by `_id`; one that was replayed or skipped stays so."""

    async def parked(self, status: str, limit: int) -> list[Raw]:
        """Parked records, the oldest first."""

    async def parked_one(self, id: str) -> Raw | None:
        """One parked record."""

    async def settle_parked(self, id: str, status: str, note: Raw) -> None:
        """Mark a parked record replayed or skipped."""

    async def attempt(self, id: str) -> int:
        """Write that a message is about to be decided; how often that was written."""

    async def run_state(self, instance: str, state: str) -> str:
        """Swap this instance's run state ("running", "ended") and return the one before."""


class Bus(Protocol):
    """Where events go. `send` returns once the record is on its way; the future ends with the broker's ack."""

    async def send(self, entry: Entry) -> "Future[Any]":
        """Hand one event to the producer. Raises `Unavailable`."""

    async def renew(self) -> None:
        """Replace the producer after a failed send (an idempotent one can wedge)."""


class Clock(Protocol):
    """Domain time (may be shifted by the demo) and real time (leases, back-off)."""

    def now(self) -> datetime:
        """Domain time, aware, UTC."""

    def real(self) -> float:
        """Seconds since the epoch."""


class Outlet(Protocol):
    """Who does what a write asked for: the publisher, and the effect runner."""

    def offer(self, kind: str, aggregate: str, entries: list[Entry]) -> None:
        """Publish these pending events of one aggregate, in order."""


class Workers(Protocol):
    """Who does the work that a write added."""

    def offer(self, kind: str, aggregate: str, work: dict[str, Raw]) -> None:
        """Do this work; its first attempt is written already."""


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it came from the broker."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]

    @property
    def place(self) -> str:
        """topic/partition/offset."""
        return f"{self.topic}/{self.partition}/{self.offset}"


def utc(moment: datetime) -> str:
    """The one text form of a moment: sortable, UTC, microseconds, Z."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[: -len("+00:00")] + "Z"
