"""Does an aggregate's history hang together: its journal, its `out`, and the head that its document holds."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from shared.runtime.envelope import chained
from shared.runtime.ports import Entry, Raw


class History(Protocol):
    """Where documents and journal are read."""

    async def load(self, kind: str, ids: Collection[str]) -> dict[str, Raw]:
        """Documents by id."""

    async def journal(self, aggregate: str) -> list[Entry]:
        """The journaled events, in order."""

    async def histories(self, kind: str, after: str, limit: int) -> list[str]:
        """Ids behind `after`, in order, of a kind's aggregates that have a document or a journal; at most so many."""


@dataclass(frozen=True, slots=True)
class Histories:
    """The histories of one service, for its operators."""

    kinds: Sequence[str]
    store: History

    async def page(self, kind: str, after: str, limit: int) -> Mapping[str, Any]:
        """Verify so many of a kind in the order of their ids: how many, what is wrong, and where to go on."""
        ids = await self.store.histories(kind, after, limit)
        found = [(id, await verify(self.store, kind, id)) for id in ids]
        faults = [{"aggregate": id, "fault": fault} for id, fault in found if fault]
        return {"checked": len(ids), "faults": faults, "next": ids[-1] if len(ids) == limit else ""}


async def verify(store: History, kind: str, aggregate: str) -> str:
    """What is wrong with the history of one aggregate, "" if nothing is."""
    doc = (await store.load(kind, [aggregate])).get(aggregate, {})
    entries = {entry["sequence"]: entry for entry in doc.get("out", ())}
    # An event that was added after the document was read is no fault; without a document every event is one.
    last = doc.get("sequence", 0)
    journaled = await store.journal(aggregate)
    entries |= {entry["sequence"]: entry for entry in journaled if not doc or entry["sequence"] <= last}
    return verify_chain([entries[sequence] for sequence in sorted(entries)], last, doc.get("head", ""))


def verify_chain(entries: Sequence[Entry], sequence: int, head: str) -> str:
    """Recompute a chain; says which event was changed, removed or cut off, "" if the chain is whole."""
    previous = ""
    for place, entry in enumerate(entries, 1):
        if entry["sequence"] != place:
            return f"event {place} is missing"
        if entry["prev"] != previous or entry["hash"] != chained(previous, entry):
            return f"event {place} was changed"
        previous = entry["hash"]
    if len(entries) != sequence:
        return f"the document counts {sequence} events, there are {len(entries)}"
    return "" if previous == head else f"event {sequence} is not the one the document ends with"
