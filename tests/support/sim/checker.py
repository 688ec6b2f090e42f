"""What must hold after every write, every appended record and every committed offset (N1-N8, I7, I8)."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.kernel.decider import Decider, Event
from shared.runtime.envelope import chained
from shared.runtime.item import MessageSkipped
from shared.runtime.ports import Entry, Raw, Record
from shared.runtime.service import Door, Envelope, Learn, Service, To
from shared.runtime.wire import Undecodable, attributes, envelope_of, to_value, type_of
from tests.support.sim.store import JOURNAL, MemoryStore

Key = tuple[str, str, str]


class Violation(AssertionError):
    """An invariant does not hold. The text begins with its name."""


@dataclass(slots=True)
class Shadow:
    """What the events of one aggregate say that it must be."""

    state: Any
    head: str = ""
    entries: list[Entry] = field(default_factory=list)
    causes: dict[str, int] = field(default_factory=dict)
    unclosed: bool = False


class Checker:
    """Hears everything that became durable. `said` is told each new event once, in the order of the writes."""

    def __init__(self, types: Mapping[str, type[Event]]) -> None:
        self.types: dict[str, type[Event]] = {**types, MessageSkipped.TYPE: MessageSkipped}
        self.shadows: dict[Key, Shadow] = {}
        self.stores: dict[str, MemoryStore] = {}
        self.doors: dict[str, tuple[MemoryStore, Door]] = {}
        self.by_id: dict[str, Entry] = {}
        self.events: dict[str, Event] = {}
        self.in_log: dict[str, Record] = {}
        self._envelopes: dict[str, Envelope | None] = {}
        self.said: list[Callable[[Entry, Event], None]] = []
        self.lanes: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        self.through: dict[tuple[str, str, str], int] = defaultdict(int)
        self.commands: set[str] = set()
        self.copies = 0
        self.trace = hashlib.blake2b(digest_size=16)
        self.wrong: Violation | None = None

    def note(self, *what: object) -> None:
        """One line of the run: the same seed gives the same lines."""
        self.trace.update(repr(what).encode())

    def fail(self, name: str, text: str) -> None:
        """Keep the first; the world stops at the next step."""
        if self.wrong is None:
            self.wrong = Violation(f"{name}: {text}")

    def must(self, holds: bool, name: str, text: str) -> None:
        """Fail unless it holds."""
        if not holds:
            self.fail(name, text)

    # -- documents ------------------------------------------------------------------------------------------------

    def watch(self, service: Service, store: MemoryStore) -> None:
        """Look at every write of this store."""
        deciders = {decider.name: decider for decider in service.deciders}
        self.stores[service.name] = store

        def noticed(table: str, id: str, before: Raw | None, after: Raw) -> None:
            if table == JOURNAL:
                self._journaled(after)
            elif table in deciders:
                self._written(service, deciders[table], id, before or {}, after)

        store.tables.noticed.append(noticed)

    def _journaled(self, entry: Raw) -> None:
        self.note("journal", entry["_id"])
        self.must(entry["_id"] in self.in_log, "N1", f"{entry['_id']} was confirmed and is not in the log")
        known = self.by_id.get(entry["_id"])
        self.must(known is not None and known["hash"] == entry["hash"], "N6", f"{entry['_id']} was journaled otherwise")

    def _written(self, service: Service, decider: Decider[Any], id: str, before: Raw, after: Raw) -> None:
        key = (service.name, decider.name, id)
        shadow = self.shadows.get(key)
        if shadow is None:
            shadow = self.shadows[key] = Shadow(decider.initial(id))
        told = ("state", "sequence", "head", "taken", "held", "answers")
        if all(before.get(name) == after.get(name) for name in told):
            self._pulled(before, after)
            return
        self.note("write", key, after["rev"], after["sequence"], len(after["held"]))
        self._events(decider, key, shadow, before, after)
        self._taken(key, before, after)
        if shadow.state.model_dump(mode="json") != after["state"]:
            self.fail("N7", f"{key} is not what its events say at {after['sequence']}")

    def _events(self, decider: Decider[Any], key: Key, shadow: Shadow, before: Raw, after: Raw) -> None:
        last = before.get("sequence", 0)
        new = [entry for entry in after.get("out", ()) if entry["sequence"] > last]
        numbers = [entry["sequence"] for entry in new]
        self.must(numbers == list(range(last + 1, after["sequence"] + 1)), "N2", f"{key}: {numbers} after {last}")
        for entry in new:
            self.must(entry["id"] not in self.by_id, "N2", f"{entry['id']} was written twice")
            whole = entry["prev"] == shadow.head and entry["hash"] == chained(shadow.head, entry)
            self.must(whole, "N6", f"the chain of {key} breaks at {entry['sequence']}")
            shadow.head = entry["hash"]
            shadow.entries.append(entry)
            self._caused(key, shadow, entry, last)
            self.by_id[entry["id"]] = entry
            self.lanes[key[0], key[2], entry["key"]].append(entry["id"])
            event = self.events[entry["id"]] = self.types[entry["type"]].model_validate_json(entry["data"])
            shadow.state = decider.evolve(shadow.state, event)
            for said in self.said:
                said(entry, event)

    def _caused(self, key: Key, shadow: Shadow, entry: Entry, last: int) -> None:
        """What one message of another brings about is one write; a second write means that it was taken twice."""
        cause = entry["causation"]
        if cause.startswith("command:"):
            self.commands.add(cause)
        if cause in self.by_id or cause in self.commands:
            write = shadow.causes.setdefault(cause, last)
            self.must(write == last, "N2", f"{key} took {cause} twice")

    def _taken(self, key: Key, before: Raw, after: Raw) -> None:
        """Nothing taken or held is forgotten; of one source nothing overtakes what is held (N2, N8)."""
        now, held = taken_of(after), held_of(after)
        then, waited = taken_of(before), held_of(before)
        self.must(then <= now, "N2", f"{key} forgot that it took {sorted(then - now)}")
        lost = [one for one in waited - held if one not in now and "/" in one[0] and not own(one[0])]
        if lost and not self._is_register(key):
            self.fail("N1", f"{key} lost the held {lost}")
        self._in_order(key, before, after, waited)
        for source, sequence in now - then:
            over = [one for one in waited & held if one[0] == source and one[1] < sequence]
            self.must(not over, "N3", f"{key} took {source} {sequence} before {over}")

    def _in_order(self, key: Key, before: Raw, after: Raw, waited: set[tuple[str, int]]) -> None:
        """What waited was decided by the sequence of its source."""
        last: dict[str, int] = {}
        for entry in after.get("out", ()):
            cause = self.by_id.get(entry["causation"])
            if cause is None or entry["sequence"] <= before.get("sequence", 0):
                continue
            source = f"{cause['source']}/{cause['aggregate']}"
            if (source, cause["sequence"]) in waited:
                self.must(last.get(source, 0) <= cause["sequence"], "N3", f"{key} decided {last} before {cause['id']}")
                last[source] = cause["sequence"]

    def _is_register(self, key: Key) -> bool:
        return any(d.register for d in self.stores[key[0]].service.deciders if d.name == key[1])

    def _pulled(self, before: Raw, after: Raw) -> None:
        kept = {entry["id"] for entry in after.get("out", ())}
        for entry in before.get("out", ()):
            if entry["id"] not in kept:
                self.must(entry["id"] in self.in_log, "N1", f"{entry['id']} left the outbox and is not in the log")

    # -- the log --------------------------------------------------------------------------------------------------

    def appended(self, record: Record) -> None:
        """A record came into the log: durable before, and first copies in order."""
        headers = dict(record.headers)
        id = headers.get("ce_id", b"").decode()
        self.note("append", record.place, id)
        if not headers.get("ce_source", b"").startswith(b"/mutasi/"):
            return
        entry = self.by_id.get(id)
        if entry is None or to_value(entry) != record.value:
            self.fail("N1", f"{id} was published before it was durable")
        elif id in self.in_log:
            self.copies += 1
        else:
            self.in_log[id] = record
            lane = entry["source"], entry["aggregate"], entry["key"]
            line, place = self.lanes[lane], self.through[lane]
            self.must(place < len(line) and line[place] == id, "N3", f"first copies of {lane} stand out of order")
            self.through[lane] = place + 1

    def watch_door(self, group: str, store: MemoryStore, door: Door) -> None:
        """Look at what this group passes at a public door."""
        self.doors[group] = store, door

    def _entered(self, group: str, records: Sequence[Record]) -> None:
        """Each record was answered, and its answer is kept under its key."""
        store, door = self.doors[group]
        for record in records:
            asked = door.read(record)
            doc = store.tables.read(asked.decider.name, asked.aggregate) if asked else None
            kept = doc is not None and any(answer["key"] == asked.key for answer in doc.raw["answers"] if asked)
            self.must(asked is None or kept, "N8", f"{record.place} passed {group} without an answer")

    def committed(self, group: str, records: Sequence[Record]) -> None:
        """An offset passed these: each must have been taken, held, parked or learned (N8)."""
        if group in self.doors:
            return self._entered(group, records)
        store = self.stores[group]
        for record in records:
            known = store.service.routes.by_type.get(type_of(record))
            if known is None:
                continue
            envelope = self._envelope(record)
            if envelope is None:
                self.must(record.place in store._parked, "N8", f"{record.place} passed unseen by {group}")
                continue
            event = self._read(envelope.id, known[0], (record.value or b"").decode())
            for route in known[1]:
                for delivery in route(event, envelope):
                    self.must(_arrived(store, delivery, envelope), "N8", f"{record.place} passed {group} undone")

    def _envelope(self, record: Record) -> Envelope | None:
        """What its headers say, read once; None for garbage."""
        if record.place not in self._envelopes:
            try:
                self._envelopes[record.place] = envelope_of(attributes(record))
            except Undecodable:
                self._envelopes[record.place] = None
        return self._envelopes[record.place]

    def _read(self, id: str, type: type[Event], words: str) -> Event:
        """The event in these words; read once, while they are the words that were written."""
        written = self.by_id.get(id)
        return self.events[id] if written and written["data"] == words else type.model_validate_json(words)

    # -- the end --------------------------------------------------------------------------------------------------

    def at_rest(self) -> None:
        """After quiescence: all said, all journaled, nothing pending, and the journal tells the stored state."""
        for id in self.by_id:
            self.must(id in self.in_log, "N1", f"{id} never came into the log")
        for name, store in self.stores.items():
            self.must(not store.alien, "N6", f"journal of {name} holds others' {store.alien}")
            for decider in store.service.deciders:
                for id, doc in store.tables.seen(decider.name):
                    self._replayed(store, decider, (name, decider.name, id), doc.raw)

    def _replayed(self, store: MemoryStore, decider: Decider[Any], key: Key, raw: Raw) -> None:
        state, head = decider.initial(key[2]), ""
        for sequence in range(1, raw["sequence"] + 1):
            doc = store.tables.read(JOURNAL, f"{key[0]}:{key[2]}:{sequence}")
            if doc is None:
                return self.fail("N6", f"the journal lacks {key} {sequence}")
            self.must(doc.raw["hash"] == chained(head, doc.raw), "N6", f"{key} {sequence} was changed")
            head = doc.raw["hash"]
            words = doc.raw["data"] or self.by_id[doc.raw["id"]]["data"]  # the journal keeps no particulars
            state = decider.evolve(state, self._read(doc.raw["id"], self.types[doc.raw["type"]], words))
        self.must(head == raw["head"], "N6", f"the head of {key} is not its last event")
        self.must(state.model_dump(mode="json") == raw["state"], "N7", f"the journal of {key} does not give its state")
        self.must(not raw["held"], "N4", f"{key} still holds {[one['needs'] or one['parked'] for one in raw['held']]}")
        self.must(not raw.get("out"), "N1", f"{key} still has events to say")
        return None


def own(source: str) -> bool:
    """True for the sources of an aggregate's own messages."""
    return source.startswith(("timer/", "work/", "fact/"))


def taken_of(raw: Raw) -> set[tuple[str, int]]:
    """What the window knows as taken."""
    found = {(one["source"], number) for one in raw.get("taken", ()) for number in one["seen"]}
    return found | {(one["source"], one["floor"]) for one in raw.get("taken", ()) if one["floor"]}


def held_of(raw: Raw) -> set[tuple[str, int]]:
    """What is held or parked."""
    return {(one["source"], one["sequence"]) for one in raw.get("held", ())}


def _arrived(store: MemoryStore, delivery: To | Learn, envelope: Envelope) -> bool:
    if isinstance(delivery, Learn):
        fact = store.tables.read(f"fact_{delivery.fact.KIND}", delivery.id)
        return fact is not None and fact.raw["sequence"] >= envelope.sequence
    if delivery.decider.register:
        return True
    doc = store.tables.read(delivery.decider.name, delivery.aggregate)
    if doc is None:
        return False
    floors = {one["source"]: one["floor"] for one in doc.raw["taken"]}
    one = (envelope.source, envelope.sequence)
    return one in taken_of(doc.raw) or one in held_of(doc.raw) or one[1] < floors.get(one[0], 0)
