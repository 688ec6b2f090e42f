"""One aggregate in one batch: takes messages in order, decides, evolves, and says what to write. Pure."""

import logging
from collections import deque
from dataclasses import replace
from typing import Any

from shared.kernel.decider import (
    Command,
    Decider,
    Event,
    FactChanged,
    Facts,
    FactsMissing,
    Frozen,
    Message,
    NotYet,
    Refused,
    TimerDue,
    WorkDone,
    judged_on,
)
from shared.runtime.document import Document, Now
from shared.runtime.held import Held, revive
from shared.runtime.item import Full, Item, MessageSkipped, Replay, Retry, Skip, Tick
from shared.runtime.ports import Raw
from shared.runtime.service import Asked, Service
from shared.runtime.window import Window

HELD_MAX, HELD_BYTES, HELD_DEADLINE = 64, 1 << 20, 3 * 86400.0
SOURCES_MAX, ANSWERS_KEPT, PENDING_BYTES = 8, 16, 1 << 20
log = logging.getLogger(__name__)


class Aggregate(Document):
    """The working copy of one document. `advance` may stop for missing facts and go on where it stopped."""

    def __init__(self, service: Service, decider: Decider[Any], id: str, raw: Raw | None, now: Now) -> None:
        super().__init__(service, decider, id, raw, now)
        self.items: deque[Item] = deque()
        self.ended: list[tuple[Item, Any]] = []
        self.early: list[tuple[Item, NotYet]] = []
        self.parked: list[Raw] = []
        self.settled: list[tuple[str, str, Raw]] = []
        self.full: set[str] = set()
        self._drain = self._backoff = False
        self._before = self._ruled()

    # -- the loop ------------------------------------------------------------------------------------------------

    def advance(self, facts: Facts) -> tuple[tuple[type[Any], str], ...]:
        """Take all items; returns the facts that are missing to go on, or nothing when it is through."""
        try:
            while (self._drain or self.items) and not self._to_judge():
                if self._drain:
                    self._drain_held(facts)
                else:
                    self._take(self.items[0], facts)
                    self.items.popleft()
        except FactsMissing as missing:
            return missing.refs
        return ()

    def _to_judge(self) -> bool:
        """A unique index judges what is written, so a state it may refuse is written before anything follows."""
        return bool(self.out) and self._ruled() != self._before

    def _ruled(self) -> list[Any]:
        """What the unique indexes look at."""
        indexes = [index for index in self.service.indexes.get(self.decider.name, ()) if index.unique]
        paths = [path for index in indexes for path in (*(path for path, _ in index.keys), *index.partial)]
        return [getattr(self.state, path.split(".")[1], None) for path in paths if path.startswith("state.")]

    def _take(self, item: Item, facts: Facts) -> None:
        body, result = item.message.body, None
        try:
            if isinstance(body, Command):
                result = self._command(item, facts)
            elif item.message.source:
                self._event(item, facts)
            else:
                self._internal(item, body, facts)
        except NotYet as early:
            self.early.append((item, early))
        except Full as full:
            self.full.add(item.message.source)
            self.ended.append((item, full))
        except Refused as refused:
            self.ended.append((item, refused))
        except Exception as error:
            log.exception("command failed", extra={"correlation": item.message.correlation})
            self.ended.append((item, error))
        else:
            self.ended.append((item, result))

    def _command(self, item: Item, facts: Facts) -> Any:
        for answer in self.answers:
            if answer["key"] == item.key:
                if answer["fingerprint"] != item.fingerprint:
                    raise Refused("KEY_REUSED", status=422)
                return answer["status"], answer["body"]
        if item.expect is not None and item.expect != self.sequence:
            raise Refused("PRECONDITION_FAILED", status=412, version=self.sequence)
        message, actor = item.message, item.message.actor
        asked = Asked(actor, judged_on(self.now.domain), self.state, message.body) if actor else None  # type: ignore[arg-type]
        if asked is None or item.rule is None or not item.rule(asked):
            raise Refused("FORBIDDEN", status=403)
        if sum(len(entry["data"]) for entry in self.pending) > PENDING_BYTES:
            raise Refused("BUSY", status=503)
        before = self.sequence
        self._decide(message, facts, item.conflict)
        body = {"id": self.id, "version": self.sequence, **self.decider.answer(self.state)}
        if item.keyed or self.sequence > before:  # a repeat must not be carried out on what the state is by then
            kept = {"key": item.key, "fingerprint": item.fingerprint, "status": item.status, "body": body}
            worth = item.keyed or not message.body.REPEATABLE  # type: ignore[attr-defined]
            self.answers = [*self.answers, *([kept] if worth else [])][-ANSWERS_KEPT:]
            self.dirty = self._drain = True
        return item.status, body

    # -- events of others ----------------------------------------------------------------------------------------

    def _event(self, item: Item, facts: Facts) -> None:
        message = item.message
        source, sequence = message.source, message.sequence
        window = self.taken.get(source) or Window()
        already = next((h for h in self.held if h.source == source and h.sequence == sequence), None)
        if already is not None:
            if already.parked:
                self._park_record(already, item)
            return
        if window.has(sequence) and not self.decider.register:
            return
        if source in self.full:
            raise Full(self.id)
        if unfit := item.poison or self._unfit(source, sequence, window):
            self._hold(item, unfit, parked=True)
        elif any(h.source == source and h.sequence < sequence for h in self.held):
            self._hold(item, "")
        else:
            self._try_event(item, facts)

    def _unfit(self, source: str, sequence: int, window: Window) -> str:
        """Why this message can never be taken here, "" if it can. A register keeps no windows."""
        if self.decider.register:
            return ""
        if window.too_old(sequence):
            return "older than the window"
        if source not in self.taken and len(self.taken) >= SOURCES_MAX:
            return f"more than {SOURCES_MAX} sources: this kind must be a register"
        return ""

    def _try_event(self, item: Item, facts: Facts) -> None:
        try:
            self._decide(item.message, facts, item.conflict)
        except NotYet as early:
            self._hold(item, early.waits_for)
        except Exception as error:
            log.exception("event parked", extra={"correlation": item.message.correlation})
            self._hold(item, f"{type(error).__name__}: {error}"[:500], parked=True)
        else:
            self._mark(item.message)

    def _mark(self, message: Message) -> None:
        """Remember that this one was taken; what waits behind it may go on."""
        self.dirty = self._drain = True
        if isinstance(message.body, Event) and not self.decider.register:
            self.taken.setdefault(message.source, Window()).add(message.sequence)

    def _hold(self, item: Item, reason: str, *, parked: bool = False) -> None:
        held = Held.from_item(item, reason, self.now.real, parked)
        if len(self.held) >= HELD_MAX or sum(h.size for h in self.held) + held.size > HELD_BYTES:
            raise Full(self.id)
        self.held.append(held)
        self.held.sort(key=lambda h: (h.source, h.sequence))
        self.dirty = True
        if parked:
            self._park(held, item)

    def _park(self, held: Held, item: Item | None = None) -> None:
        held.rev = self.rev + 1
        self.settled = [one for one in self.settled if one[0] != held.name(self.id)]  # replayed and parked in one write
        self._park_record(held, item)

    def _park_record(self, held: Held, item: Item | None = None) -> None:
        record = item.record if item else None
        self.parked.append(held.record(self.decider.name, self.id, self.now.real, record))

    def _drain_held(self, facts: Facts) -> None:
        for held in self._heads():
            message = revive(held, self.service, self.now.domain)
            try:
                if self._wanted(message.body):
                    self._decide(message, facts)
            except NotYet as early:
                self._wait_on(held, early)
            except Exception as error:
                log.exception("held message parked", extra={"correlation": held.correlation})
                held.parked = f"{type(error).__name__}: {error}"[:500]
                self._park(held)
                self.dirty = True
            else:
                self.held.remove(held)
                self._mark(message)
                return
        self._drain = self._backoff = False

    def _wait_on(self, held: Held, early: NotYet) -> None:
        if held.needs != early.waits_for:
            held.needs, self.dirty = early.waits_for, True
        if self._backoff and held.at <= self.now.real:
            held.tries += 1
            held.at = self.now.real + min(0.1 * 2.0**held.tries, 30.0)
            self.dirty = True
            if self.now.real - held.since > HELD_DEADLINE:
                held.parked = f"still waiting for {held.needs}"
                self._park(held)

    # -- our own: timers, work, facts, operators -----------------------------------------------------------------

    def _internal(self, item: Item, body: Frozen, facts: Facts) -> None:
        if isinstance(body, Tick):
            self._tick(item, facts)
        elif isinstance(body, Retry):
            self._drain = self._backoff = True
        elif isinstance(body, Replay | Skip):
            self._resolve(body)
        elif isinstance(body, WorkDone) and self._wanted(body):
            self._settle(self._counted(item, body), f"work/{body.id}", facts)
        elif isinstance(body, FactChanged):
            self._settle(item, f"fact/{body.kind}/{body.id}", facts)
        self._drain = self._drain or bool(self.held)

    def _counted(self, item: Item, body: WorkDone) -> Item:
        """The result with as many attempts as were begun: while a late one was on its way, its lease may have ended
        and another been claimed, which the outside may have seen too."""
        begun = self.work.get(body.id, {}).get("attempt", 1)
        outcome = {**body.outcome, "attempt": max(begun, body.outcome.get("attempt", 1))}
        return replace(item, message=replace(item.message, body=body.model_copy(update={"outcome": outcome})))

    def _tick(self, item: Item, facts: Facts) -> None:
        closed = {h.source for h in self.held if h.parked}
        while due := [t for t in self._timers(closed) if t.at <= self.now.domain]:
            timer = min(due, key=lambda t: (t.at, t.id))
            fired = TimerDue(id=timer.id, name=timer.name, at=timer.at)
            tick = replace(item, message=replace(item.message, body=fired), type="timer")
            self._settle(tick, f"timer/{timer.id}", facts)
            if any(t.id == timer.id for t in self._timers({h.source for h in self.held})):
                self._hold(replace_source(tick, f"timer/{timer.id}"), "timer did not settle", parked=True)
            closed = {h.source for h in self.held if h.parked}

    def _wanted(self, body: Frozen) -> bool:
        """False for a timer or a result that the state no longer asks for: a moved timer fires late and is skipped."""
        if isinstance(body, TimerDue):
            return any(timer.id == body.id for timer in self.decider.timers(self.state))
        if isinstance(body, WorkDone):
            return any(work.id == body.id for work in self.decider.work(self.state))
        return True

    def _settle(self, item: Item, source: str, facts: Facts) -> None:
        """Decide one of our own messages; one that fails is parked under its own source, so it closes nothing else."""
        if any(h.source == source for h in self.held):
            return
        try:
            self._decide(item.message, facts, item.conflict)
        except NotYet as early:
            self._hold(replace_source(item, source), early.waits_for)
        except Exception as error:
            log.exception("own message parked", extra={"correlation": item.message.correlation})
            self._hold(replace_source(item, source), f"{type(error).__name__}: {error}"[:500], parked=True)

    def _resolve(self, body: Replay | Skip) -> None:
        held = next((h for h in self.held if h.parked and h.name(self.id) == body.parked), None)
        self.dirty = self._drain = True
        if held is None:  # resolved before, by one who died before the record said so
            self.settled.append((body.parked, "replayed", {}))
            return
        if isinstance(body, Replay):
            held.parked = ""
            self.settled.append((body.parked, "replayed", {}))
            return
        self.held.remove(held)
        message = revive(held, self.service, self.now.domain)
        skipped = MessageSkipped(aggregate=self.id, parked=body.parked, by=body.by, reason=body.reason)
        self._publish([skipped], message)
        self._mark(message)
        self.settled.append((body.parked, "skipped", {"by": body.by, "reason": body.reason}))


def replace_source(item: Item, source: str) -> Item:
    """The same item, as a message of that source."""
    return replace(item, message=replace(item.message, source=source, sequence=1))
