"""The working copy of one stored document: state, outbox, what was taken and held, and what of it to write. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from shared.kernel.decider import Decider, Event, Facts, Message, Refused
from shared.runtime.delta import delta
from shared.runtime.envelope import envelope
from shared.runtime.held import Held
from shared.runtime.ports import Entry, Raw, Write, utc
from shared.runtime.service import Service
from shared.runtime.telemetry import span
from shared.runtime.window import Window

EVENT_BYTES = 512 * 1024


@dataclass(slots=True)
class Now:
    """The two times of a batch: domain time for decisions, real time for leases and back-off."""

    domain: datetime
    real: float


class Document:
    """One aggregate as it was loaded, what was decided on it since, and the write that keeps both."""

    def __init__(self, service: Service, decider: Decider[Any], id: str, raw: Raw | None, now: Now) -> None:
        raw = raw or {}
        self.service, self.decider, self.id, self.now = service, decider, id, now
        self.rev: int = raw.get("rev", 0)
        self.sequence: int = raw.get("sequence", 0)
        self.head: str = raw.get("head", "")
        self.stored: Raw = raw.get("state", {})
        self.state = decider.state.model_validate(self.stored) if raw else decider.initial(id)
        self.taken = {entry["source"]: Window.of(entry) for entry in raw.get("taken", ())}
        self.held = [Held.of(entry) for entry in raw.get("held", ())]
        self.answers: list[Raw] = list(raw.get("answers", ()))
        self.work: dict[str, Raw] = raw.get("work", {})
        self.pending: list[Entry] = raw.get("out", [])
        self.out: list[Entry] = []
        self.trace = ""
        self.dirty = False

    def _decide(self, message: Message, facts: Facts, conflict: str = "") -> None:
        with span(f"{self.service.name} {type(message.body).__name__}", message.trace) as trace:
            message = replace(message, time=self.now.domain, trace=trace)
            self.trace = trace
            if conflict:
                self._apply(self.decider.conflict(self.state, message, conflict), message)
            else:
                self._apply(self.decider.decide(self.state, message, facts), message)

    def _apply(self, events: list[Event], message: Message) -> None:
        state = self.state
        for event in events:
            state = self.decider.evolve(state, event)
        for timer in self.decider.timers(state):
            utc(timer.at)  # a moment that cannot be written fails this message here, not the write of all
        self._publish(events, message)
        self.state = state
        if events:
            self.dirty = True

    def _publish(self, events: list[Event], message: Message) -> None:
        entries, sequence, head = [], self.sequence, self.head
        for event in events:
            sequence += 1
            entry = envelope(self.service, self.id, sequence, head, event, message)
            if len(entry["data"]) > EVENT_BYTES:
                raise Refused("TOO_LARGE", status=413)
            entry["at"], head = self.now.real, entry["hash"]
            entries.append(entry)
        self.out.extend(entries)
        self.sequence, self.head = sequence, head

    def new_work(self) -> dict[str, Raw]:
        """Work that this batch added: already claimed by this process, attempt 1 written with the state."""
        wanted = {work.id: work for work in self.decider.work(self.state)}
        return {
            id: {
                "kind": work.kind,
                "data": work.data.model_dump(mode="json"),
                "trace": self.trace,
                **self.service.effects[work.kind].begun(self.now.real),
            }
            for id, work in wanted.items()
            if id not in self.work
        }

    def to_write(self, fresh: dict[str, Raw]) -> Write | None:
        """What to store, on condition of the loaded `rev`; None if nothing was taken."""
        if not self.dirty:
            return None
        changed: Raw = {"rev": self.rev + 1, "sequence": self.sequence, "head": self.head}
        unset: list[str] = []
        state = self.state.model_dump(mode="json")
        changed |= {f"work.{id}": entry for id, entry in fresh.items()} if self.rev else {"state": state, "work": fresh}
        if self.rev:
            delta(self.stored, state, "state", changed, unset)
        wanted = {work.id for work in self.decider.work(self.state)}
        unset.extend(f"work.{id}" for id in self.work if id not in wanted)
        untils = [entry["until"] for entry in fresh.values()]
        untils += [entry["until"] for id, entry in self.work.items() if id in wanted]
        closed = {h.source for h in self.held if h.parked}
        changed["work_at"] = min(untils, default=None)
        changed["due_at"] = min((utc(t.at) for t in self._timers(closed)), default=None)
        changed["held_at"] = min((held.at for held in self._heads()), default=None)
        changed["waits"] = [held.needs for held in self._heads() if held.needs]
        changed["taken"] = [window.raw(source) for source, window in self.taken.items()]
        changed["held"] = [held.raw() for held in self.held]
        changed["answers"] = self.answers
        return Write(self.id, self.rev, changed, unset, self.out)

    def _timers(self, closed: Iterable[str]) -> list[Any]:
        return [t for t in self.decider.timers(self.state) if f"timer/{t.id}" not in closed]

    def _heads(self) -> list[Held]:
        """The lowest held message of each source; a parked one keeps its source closed."""
        heads: dict[str, Held] = {}
        for held in self.held:
            heads.setdefault(held.source, held)
        return [held for held in heads.values() if not held.parked]
