"""Fourteen bugs that runtimes of this kind really have, each as a patch of ours."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from unittest.mock import patch

from shared.kernel.decider import Facts, TimerDue
from shared.runtime.aggregate import Aggregate
from shared.runtime.executor import Executor
from shared.runtime.held import Held
from shared.runtime.intake import Intake
from shared.runtime.item import Item
from shared.runtime.ports import Published, Raw, Unavailable, Write
from shared.runtime.publisher import Lane, Publisher
from shared.runtime.window import Window
from tests.support.sim.rough import RoughStore
from tests.support.sim.store import MemoryStore

Patch = Callable[[], AbstractContextManager[Any]]


@dataclass(frozen=True, slots=True)
class Bug:
    """What is wrong, as patches of the real code."""

    name: str
    patches: tuple[Patch, ...]

    def planted(self) -> ExitStack:
        """In force while the context is open."""
        stack = ExitStack()
        for one in self.patches:
            stack.enter_context(one())
        return stack


def _method(owner: type[Any], name: str, new: Callable[..., Any]) -> Patch:
    return lambda: patch.object(owner, name, new)


# -- taking ---------------------------------------------------------------------------------------------------------


def _never(_self: Window, _sequence: int) -> bool:
    return False


def _maximum(self: Window, sequence: int) -> bool:
    return sequence <= max(self.seen, default=self.floor)


async def _not_waiting(self: Intake, items: list[Item]) -> None:
    self.executor.submit(items)


def _any_rev(_doc: Any, _write: Write) -> bool:
    return True


_to_write = Aggregate.to_write


def _same_rev(self: Aggregate, fresh: dict[str, Raw]) -> Write | None:
    write = _to_write(self, fresh)
    if write is not None and not self.out and self.rev:
        write.set["rev"] = self.rev
    return write


def _fire_twice(self: Aggregate, item: Item, facts: Facts) -> None:
    for timer in [one for one in self._timers(()) if one.at <= self.now.domain]:
        body = TimerDue(id=timer.id, name=timer.name, at=timer.at)
        for _ in range(2):
            self._settle(replace(item, message=replace(item.message, body=body), type="timer"), "timer", facts)


# -- holding --------------------------------------------------------------------------------------------------------

_hold, _event, _heads = Aggregate._hold, Aggregate._event, Aggregate._heads


def _drop(self: Aggregate, item: Item, reason: str, *, parked: bool = False) -> None:
    if parked:
        _hold(self, item, reason, parked=True)
    self.dirty = True


def _by_arrival(self: Aggregate, item: Item, facts: Facts) -> None:
    message, held = item.message, list(self.held)
    known = self.taken.get(message.source, Window()).has(message.sequence)
    if known or all(one.source != message.source for one in held):
        return _event(self, item, facts)
    if all((one.source, one.sequence) != (message.source, message.sequence) for one in held):
        _hold(self, item, "")
        self.held = [*held, *(one for one in self.held if one not in held)]
    return None


def _without_parked(self: Aggregate, item: Item, facts: Facts) -> None:
    message, held = item.message, self.held
    hidden = [one for one in held if one.parked and one.sequence != message.sequence]
    self.held = [one for one in held if one not in hidden]
    try:
        _event(self, item, facts)
    finally:
        self.held = sorted([*self.held, *hidden], key=lambda one: (one.source, one.sequence))


def _open_heads(self: Aggregate) -> list[Held]:
    heads: dict[str, Held] = {}
    for held in self.held:
        if not held.parked:
            heads.setdefault(held.source, held)
    return list(heads.values())


# -- publishing -----------------------------------------------------------------------------------------------------

_finish, _send, _learn, _told = Executor._finish, Publisher._send, RoughStore.learn, Intake._told


def _only_own(self: Executor, aggregate: Aggregate, fresh: dict[str, Raw]) -> None:
    aggregate.pending = []
    _finish(self, aggregate, fresh)


async def _confirm_at_once(self: Publisher, lane: Lane) -> None:
    if not self._broken:
        self._acked.append(Published(lane[0], lane[1], self._lanes[lane][0]))
        self._confirm.set()
    await _send(self, lane)


async def _sweep_backwards(self: Publisher) -> None:
    for decider in self.service.deciders:
        for aggregate, entries in await self.store.sweep(decider.name, 0.4, 1.5, 200):
            self.offer(decider.name, aggregate, entries[::-1])


async def _all_at_once(self: Publisher, lane: Lane) -> None:
    for entry in list(self._lanes.get(lane, ())):
        try:
            future = await self.bus.send(entry)
        except Unavailable:
            return self._failed(lane)
        future.add_done_callback(partial(_one_ended, self, lane, entry))
    return None


def _one_ended(self: Publisher, lane: Lane, entry: Any, future: "asyncio.Future[Any]") -> None:
    if future.exception() is not None:
        return self._failed(lane)
    self._acked.append(Published(lane[0], lane[1], entry))
    self._confirm.set()
    waiting = self._lanes.get(lane)
    if waiting and entry in waiting:
        waiting.remove(entry)
    if waiting is not None and not waiting:
        del self._lanes[lane]
    return None


# -- facts ----------------------------------------------------------------------------------------------------------


async def _learn_and_look(self: RoughStore, kind: str, facts: Any) -> None:
    docs = {id: self.store.tables.get(f"fact_{kind}", id) for id, _, _ in facts}
    known = {id: doc.raw["sequence"] if doc else 0 for id, doc in docs.items()}
    vars(self)["news"] = {(kind, id) for id, sequence, _ in facts if sequence > known[id]}
    await _learn(self, kind, facts)


async def _tell_news(self: Intake, learned: Mapping[str, Any]) -> list[Item]:
    news = vars(self.store).get("news", set())
    fresh = {kind: [fact for fact in facts if (kind, fact[0]) in news] for kind, facts in learned.items()}
    return await _told(self, fresh)


BUGS = (
    Bug("no taken", (_method(Window, "has", _never),)),
    Bug("taken as a maximum", (_method(Window, "has", _maximum),)),
    Bug("commit before write", (_method(Intake, "_through", _not_waiting),)),
    Bug("confirm before ack", (_method(Publisher, "_send", _confirm_at_once),)),
    Bug("publish only the own event", (_method(Executor, "_finish", _only_own),)),
    Bug("drop a held message", (_method(Aggregate, "_hold", _drop),)),
    Bug("sweep without order", (_method(Publisher, "_sweep_once", _sweep_backwards),)),
    Bug("timer fired twice", (_method(Aggregate, "_tick", _fire_twice),)),
    Bug("wrong version filter", (lambda: patch.object(MemoryStore, "_is_current", staticmethod(_any_rev)),)),
    Bug("a write that only takes a message leaves rev as it was", (_method(Aggregate, "to_write", _same_rev),)),
    Bug("two events of one aggregate in flight", (_method(Publisher, "_send", _all_at_once),)),
    Bug("held by arrival instead of sequence", (_method(Aggregate, "_event", _by_arrival),)),
    Bug(
        "parked leaves its source open",
        (_method(Aggregate, "_event", _without_parked), _method(Aggregate, "_heads", _open_heads)),
    ),
    Bug(
        "a repeated fact tells nobody",
        (_method(RoughStore, "learn", _learn_and_look), _method(Intake, "_told", _tell_news)),
    ),
)
