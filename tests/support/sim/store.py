"""`MemoryStore`: the `Store` port in memory, with MongoDB's behaviour (the same test suite runs over both)."""

import copy
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from shared.runtime.envelope import journaled
from shared.runtime.ports import BYTES, STALE, Claimed, Entry, Published, Raw, Write, utc
from shared.runtime.service import Index, Service
from tests.support.sim.tables import Doc, Tables

JOURNAL, PARKED, ATTEMPTS, RUNS = "journal", "parked", "attempts", "instances"
_ABSENT = object()


def at_path(raw: Mapping[str, Any], path: str) -> Any:
    """The value under a dotted path, `_ABSENT` where there is none."""
    value: Any = raw
    for part in path.split("."):
        if not isinstance(value, Mapping) or part not in value:
            return _ABSENT
        value = value[part]
    return value


def _tests(value: Any, wanted: Any) -> bool:
    if not isinstance(wanted, Mapping):
        return bool(value == wanted)
    checks: dict[str, Callable[[Any], bool]] = {
        "$exists": lambda bound: (value is not _ABSENT) == bound,
        "$eq": lambda bound: value == bound,
        "$gt": lambda bound: value is not _ABSENT and value is not None and value > bound,
        "$in": lambda bound: value in bound,
        "$type": lambda bound: isinstance(value, {"string": str, "object": dict, "array": list, "bool": bool}[bound]),
    }
    return all(checks[name](bound) for name, bound in wanted.items())


def matches(raw: Mapping[str, Any], query: Mapping[str, Any]) -> bool:
    """True if the document satisfies a partial index's filter."""
    return all(_tests(at_path(raw, path), wanted) for path, wanted in query.items())


def _set(raw: Raw, path: str, value: Any) -> None:
    *parents, last = path.split(".")
    for part in parents:
        raw = raw.setdefault(part, {})
    raw[last] = value


def _unset(raw: Raw, path: str) -> None:
    *parents, last = path.split(".")
    for part in parents:
        raw = raw.get(part, {})
    raw.pop(last, None)


class MemoryStore:
    """One service's database. `now` gives its own clock in seconds since the epoch."""

    def __init__(self, service: Service, now: Callable[[], float]) -> None:
        self.service, self.now = service, now
        self.tables = Tables()
        self.alien: list[str] = []
        self._parked: dict[str, Raw] = {}

    async def ensure(self) -> None:
        """Indexes are always there."""

    # -- documents ------------------------------------------------------------------------------------------------

    async def load(self, kind: str, ids: Collection[str]) -> dict[str, Raw]:
        """Whole documents."""
        found = ((id, self.tables.read(kind, id)) for id in ids)
        return {id: doc.copy() for id, doc in found if doc is not None}

    async def write(self, kind: str, writes: Sequence[Write]) -> list[str]:
        """Each document atomic, on condition of its rev."""
        return [self._write(kind, write) for write in writes]

    def _write(self, kind: str, write: Write) -> str:
        doc = self.tables.get(kind, write.id)
        if not self._is_current(doc, write):
            return STALE
        raw: Raw = doc.copy() if doc else {"_id": write.id}
        for path, value in write.set.items():
            _set(raw, path, value)
        for path in write.unset:
            _unset(raw, path)
        if write.out:
            raw["out"] = [*raw.get("out", ()), *write.out]
        after = Doc(raw)
        violated = self._violated(kind, after.raw)
        if not violated:
            self.tables.keep(kind, write.id, after)
        return violated

    @staticmethod
    def _is_current(doc: Doc | None, write: Write) -> bool:
        return (doc.raw.get("rev", 0) if doc else 0) == write.rev

    def _violated(self, kind: str, raw: Raw) -> str:
        for index in self.service.indexes.get(kind, ()):
            if index.unique and matches(raw, index.partial) and self._clashes(kind, raw, index):
                return index.name
        return ""

    def _clashes(self, kind: str, raw: Raw, index: Index) -> bool:
        key = [at_path(raw, path) for path, _ in index.keys]
        return any(
            id != raw["_id"]
            and matches(other.raw, index.partial)
            and [at_path(other.raw, path) for path, _ in index.keys] == key
            for id, other in self.tables.rows(kind).items()
        )

    def _seen(self, kind: str, keep: Callable[[Raw], bool]) -> Iterable[tuple[str, Doc]]:
        return [(id, doc) for id, doc in self.tables.seen(kind) if keep(doc.raw)]

    async def watching(self, kind: str, name: str, ids: Collection[str]) -> list[tuple[str, str]]:
        """Open aggregates whose field is, or holds, one of the facts."""
        found: list[tuple[str, str]] = []
        for aggregate, doc in self._seen(kind, lambda raw: raw["state"].get("open") is True):
            value = doc.raw["state"].get(name)
            named = value if isinstance(value, list) else [value]
            found += [(aggregate, id) for id in dict.fromkeys(named) if id in ids]
        return found

    async def waiting(self, kind: str, needs: Collection[str]) -> list[str]:
        """Aggregates that hold a message for one of these."""
        wanted = set(needs)
        return [id for id, _ in self._seen(kind, lambda raw: not wanted.isdisjoint(raw.get("waits") or ()))]

    async def due(self, kind: str, now: datetime, limit: int) -> list[str]:
        """Timers due, the earliest first."""
        return self._until(kind, "due_at", utc(now), limit)

    async def next_due(self, kind: str) -> str | None:
        """The earliest timer of all."""
        return min((doc.raw["due_at"] for _, doc in self.tables.seen(kind) if doc.raw.get("due_at")), default=None)

    async def retries(self, kind: str, now: float, limit: int) -> list[str]:
        """Held messages to try again."""
        return self._until(kind, "held_at", now, limit)

    def _until(self, kind: str, name: str, now: Any, limit: int) -> list[str]:
        found = self._seen(kind, lambda raw: raw.get(name) is not None and raw[name] <= now)
        return [id for id, _ in sorted(found, key=lambda pair: (pair[1].raw[name], pair[0]))][:limit]

    # -- what is pending ------------------------------------------------------------------------------------------

    async def sweep(self, kind: str, older_than: float, lease: float, limit: int) -> list[tuple[str, list[Entry]]]:
        """Claim documents whose `out` is too old."""
        claimed: list[tuple[str, list[Entry]]] = []
        for id, doc in sorted(self.tables.rows(kind).items()):
            out = doc.raw.get("out")
            if not out or out[0]["at"] > self.now() - older_than or doc.raw.get("claimed_until", 0) > self.now():
                continue
            raw = doc.copy()
            raw["claimed_until"] = self.now() + lease
            self.tables.put(kind, id, raw)
            claimed.append((id, raw["out"]))
            if len(claimed) >= limit:
                break
        return claimed

    async def confirm(self, published: Sequence[Published]) -> None:
        """Journal, then pull from `out`; what is journaled with another hash stays there."""
        for one in published:
            kept = self.tables.get(JOURNAL, one.entry["id"])
            if kept is None:
                self.tables.put(
                    JOURNAL, one.entry["id"], {**journaled(one.entry), "_id": one.entry["id"], "kind": one.kind}
                )
            elif kept.raw["hash"] != one.entry["hash"]:
                self.alien.append(one.entry["id"])
        for one in published:
            if one.entry["id"] not in self.alien:
                self._pull(one)

    def _pull(self, one: Published) -> None:
        doc = self.tables.get(one.kind, one.aggregate)
        if doc and any(entry["id"] == one.entry["id"] for entry in doc.raw.get("out", ())):
            raw = doc.copy()
            raw["out"] = [entry for entry in raw["out"] if entry["id"] != one.entry["id"]]
            self.tables.put(one.kind, one.aggregate, raw)

    async def claim_work(self, kind: str, now: float, lease: float, limit: int) -> list[Claimed]:
        """Claim work whose lease ran out; a `work_at` that was too early mends itself."""
        claimed: list[Claimed] = []
        for id, doc in sorted(self.tables.rows(kind).items()):
            if (doc.raw.get("work_at") or now + 1) <= now and len(claimed) < limit:
                claimed += self._claim(kind, id, now, now + lease, limit - len(claimed))
        return claimed

    def _claim(self, kind: str, aggregate: str, now: float, until: float, limit: int) -> list[Claimed]:
        raw = self.tables.rows(kind)[aggregate].copy()
        late = [id for id, entry in (raw.get("work") or {}).items() if entry["until"] <= now][:limit]
        claimed = []
        for id in late:
            raised = {**raw["work"][id], "until": until, "attempt": raw["work"][id]["attempt"] + 1}
            raw["work"][id] = {**raised, "settled": False}
            claimed.append(Claimed(kind, aggregate, id, raised))
        self._keep_work(kind, raw)
        return claimed

    async def defer_work(self, kind: str, aggregate: str, id: str, until: float, notes: Sequence[Raw] = ()) -> None:
        """Try again later; the attempt did not happen."""
        doc = self.tables.get(kind, aggregate)
        if doc and id in (doc.raw.get("work") or {}):
            raw = doc.copy()
            raw["work"][id] |= {"until": until, "settled": True, "notes": list(notes)}
            self._keep_work(kind, raw)

    def _keep_work(self, kind: str, raw: Raw) -> None:
        raw["work_at"] = min((one["until"] for one in (raw.get("work") or {}).values()), default=None)
        self.tables.put(kind, raw["_id"], raw)

    # -- facts ----------------------------------------------------------------------------------------------------

    async def facts(self, kind: str, ids: Collection[str]) -> dict[str, Raw]:
        """Values by id."""
        found = ((id, self.tables.read(f"fact_{kind}", id)) for id in ids)
        return {id: doc.copy()["value"] for id, doc in found if doc is not None and doc.raw["value"] is not None}

    async def learn(self, kind: str, facts: Sequence[tuple[str, int, Raw | None]]) -> None:
        """Keep the newest."""
        for id, sequence, value in facts:
            doc = self.tables.get(f"fact_{kind}", id)
            if doc is None or doc.raw["sequence"] < sequence:
                self.tables.put(f"fact_{kind}", id, {"_id": id, "sequence": sequence, "value": value})

    # -- operators and the process's own life ---------------------------------------------------------------------

    async def park(self, records: Sequence[Raw]) -> None:
        """One that was settled stays so."""
        for record in records:
            kept = self._parked.get(record["_id"])
            if kept is None or kept["status"] == PARKED:
                self._parked[record["_id"]] = copy.deepcopy(record)

    async def parked(self, status: str, limit: int) -> list[Raw]:
        """The oldest first."""
        found = [record for record in self._parked.values() if record["status"] == status]
        oldest = sorted(found, key=lambda record: (record["at"], record["_id"]))[:limit]
        return [copy.deepcopy({name: record[name] for name in record if name not in BYTES}) for record in oldest]

    async def parked_one(self, id: str) -> Raw | None:
        """One of them."""
        return copy.deepcopy(self._parked.get(id))

    async def settle_parked(self, id: str, status: str, note: Raw) -> None:
        """Replayed or skipped."""
        if id in self._parked:
            self._parked[id] |= {"status": status, "note": copy.deepcopy(note)}

    async def attempt(self, id: str) -> int:
        """Count."""
        doc = self.tables.get(ATTEMPTS, id)
        count: int = (doc.raw["count"] if doc else 0) + 1
        self.tables.put(ATTEMPTS, id, {"_id": id, "count": count})
        return count

    async def run_state(self, instance: str, state: str) -> str:
        """Swap."""
        doc = self.tables.get(RUNS, instance)
        self.tables.put(RUNS, instance, {"_id": instance, "state": state})
        return str(doc.raw["state"]) if doc else ""
