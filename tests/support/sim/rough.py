"""What makes the world unkind: how likely each fault is, processes that die, and their view of a store that fails."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import partial
from random import Random
from typing import Any, TypeVar

from shared.runtime.ports import Claimed, Entry, Published, Raw, Unavailable, Write
from tests.support.sim.store import MemoryStore

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Mood:
    """Probability of each fault where it can happen. `calm()` is a world without any."""

    crash: float = 0.004  # a process dies at a call, before or after it took effect
    half_bulk: float = 0.03  # some writes of a bulk are applied, then the answer is an error
    unheard: float = 0.03  # all is applied, and the answer is an error
    refused: float = 0.03  # nothing is applied, and the answer is an error
    stale: float = 0.06  # a load answers as it was some writes ago
    latency: float = 0.008  # seconds; no probability: the longest a call usually takes
    slow: float = 0.03  # a call takes up to a second
    lag: float = 0.012  # a write begins a time in which the majority lags
    taken_back: float = 0.5  # such a time ends with a failover that takes all of it back
    send_lost: float = 0.04  # a send fails and was not appended
    send_unheard: float = 0.05  # a send fails and was appended, now or later
    send_refused: float = 0.03  # the producer says at once that the broker is away
    rewind: float = 0.05  # a poll begins again at what is committed, or before
    rebalance: float = 0.02  # a poll is followed by another division of the partitions

    def times(self, factor: float) -> "Mood":
        """The same faults, more or less often; how a lag ends stays as it is."""
        scaled = {one.name: min(getattr(self, one.name) * factor, 0.5) for one in fields(self)}
        return replace(self, **{**scaled, "taken_back": self.taken_back, "latency": self.latency})

    @classmethod
    def calm(cls) -> "Mood":
        """No faults, no waiting."""
        return replace(cls().times(0.0), latency=0.0)


class Died(Exception):
    """Told to the caller of a process that died; never raised inside of it."""


class Life:
    """Whether a process lives. Every call of a dead one never returns, so nothing it does is seen outside."""

    def __init__(self, name: str, on_death: Callable[[], None]) -> None:
        self.name, self.alive, self._on_death = name, True, on_death
        self._never: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    def die(self) -> None:
        """From here on it does nothing."""
        if self.alive:
            self.alive = False
            self._on_death()

    async def gate(self) -> None:
        """Return if the process lives; else never."""
        if not self.alive:
            await self._never


class Weather:
    """The faults of one world: one source of chance, one mood that may change."""

    def __init__(self, rng: Random, mood: Mood) -> None:
        self.rng, self.mood = rng, mood

    def hit(self, chance: float) -> bool:
        """True with that probability."""
        return chance > 0 and self.rng.random() < chance

    async def delay(self) -> None:
        """As long as a call takes."""
        mood, rng = self.mood, self.rng
        if mood.latency:
            await asyncio.sleep(rng.random() * (1.0 if self.hit(mood.slow) else mood.latency))


class RoughStore:
    """One process's connection to its service's database (`ports.Store`)."""

    def __init__(self, store: MemoryStore, life: Life, weather: Weather, lag: "Lag") -> None:
        self.store, self.life, self.weather, self.lag = store, life, weather, lag
        self._saw: dict[tuple[str, str], int] = {}

    async def _call(self, ask: Callable[[], Awaitable[T]], *, writes: bool) -> T:
        """Latency, a chance to die before and after, an error before or after it took effect."""
        weather, mood, life = self.weather, self.weather.mood, self.life
        if not life.alive:
            await life.gate()
        await weather.delay()
        if weather.hit(mood.crash):
            life.die()
        if not life.alive and not (writes and weather.hit(0.5)):
            await life.gate()  # else the request is on its way, and is carried out although its sender is dead
        if weather.hit(mood.refused):
            raise Unavailable("not connected")
        result = await self._effect(ask, writes)
        if writes and weather.hit(mood.crash):
            life.die()
        if not life.alive:
            await life.gate()
        if writes and weather.hit(mood.unheard):
            raise Unavailable("the answer was lost")
        return result

    async def _effect(self, ask: Callable[[], Awaitable[T]], writes: bool) -> T:
        if writes and self.weather.hit(self.weather.mood.lag):
            self.lag.begin()
        result = await ask()
        if writes:
            await self.lag.agreed()
        return result

    async def _idle(self, kind: str, name: str) -> bool:
        """True if a poll for this field finds nothing: it changes nothing, so it takes no time and meets no fault."""
        await self.life.gate()
        return not any(doc.raw.get(name) for doc in self.store.tables.rows(kind).values())

    async def load(self, kind: str, ids: Collection[str]) -> dict[str, Raw]:
        """Perhaps as it was some writes ago, but never older than what this connection saw before."""
        docs = await self._call(partial(self.store.load, kind, ids), writes=False)
        if self.weather.hit(self.weather.mood.stale):
            docs = {id: self._older(kind, id, doc) for id, doc in docs.items()}
        for id, doc in docs.items():
            self._saw[kind, id] = max(self._saw.get((kind, id), 0), doc["rev"])
        return docs

    def _older(self, kind: str, id: str, doc: Raw) -> Raw:
        seen = self._saw.get((kind, id), 0)
        old = [one for one in self.store.tables.older(kind, id) if one.raw["rev"] >= seen]
        return self.weather.rng.choice(old).copy() if old else doc

    def _note(self, kind: str, ids: Iterable[str]) -> None:
        for id in ids:
            doc = self.store.tables.read(kind, id)
            if doc is not None:
                self._saw[kind, id] = max(self._saw.get((kind, id), 0), doc.raw["rev"])

    async def write(self, kind: str, writes: Sequence[Write]) -> list[str]:
        """Perhaps only some of it."""
        if self.weather.hit(self.weather.mood.half_bulk):
            some = [write for write in writes if self.weather.hit(0.5)]
            await self._call(partial(self.store.write, kind, some), writes=True)
            raise Unavailable("the bulk broke off")
        return await self._call(partial(self.store.write, kind, writes), writes=True)

    async def facts(self, kind: str, ids: Collection[str]) -> dict[str, Raw]:
        """As the store."""
        return await self._call(partial(self.store.facts, kind, ids), writes=False)

    async def learn(self, kind: str, facts: Sequence[tuple[str, int, Raw | None]]) -> None:
        """As the store."""
        await self._call(partial(self.store.learn, kind, facts), writes=True)

    async def watching(self, kind: str, name: str, ids: Collection[str]) -> list[tuple[str, str]]:
        """As the store; a load that follows is no older."""
        found = await self._call(partial(self.store.watching, kind, name, ids), writes=False)
        self._note(kind, (id for id, _ in found))
        return found

    async def waiting(self, kind: str, needs: Collection[str]) -> list[str]:
        """As the store."""
        return await self._call(partial(self.store.waiting, kind, needs), writes=False)

    async def due(self, kind: str, now: datetime, limit: int) -> list[str]:
        """As the store."""
        idle = await self._idle(kind, "due_at")
        return [] if idle else await self._call(partial(self.store.due, kind, now, limit), writes=False)

    async def next_due(self, kind: str) -> str | None:
        """As the store."""
        return await self._call(partial(self.store.next_due, kind), writes=False)

    async def retries(self, kind: str, now: float, limit: int) -> list[str]:
        """As the store."""
        idle = await self._idle(kind, "held_at")
        return [] if idle else await self._call(partial(self.store.retries, kind, now, limit), writes=False)

    async def sweep(self, kind: str, older_than: float, lease: float, limit: int) -> list[tuple[str, list[Entry]]]:
        """As the store."""
        ask = partial(self.store.sweep, kind, older_than, lease, limit)
        return [] if await self._idle(kind, "out") else await self._call(ask, writes=True)

    async def claim_work(self, kind: str, now: float, lease: float, limit: int) -> list[Claimed]:
        """As the store."""
        ask = partial(self.store.claim_work, kind, now, lease, limit)
        return [] if await self._idle(kind, "work_at") else await self._call(ask, writes=True)

    async def defer_work(self, kind: str, aggregate: str, id: str, until: float, notes: Sequence[Raw] = ()) -> None:
        """As the store."""
        await self._call(partial(self.store.defer_work, kind, aggregate, id, until, notes), writes=True)

    async def confirm(self, published: Sequence[Published]) -> None:
        """Perhaps only some of it."""
        if self.weather.hit(self.weather.mood.half_bulk):
            some = [one for one in published if self.weather.hit(0.5)]
            await self._call(partial(self.store.confirm, some), writes=True)
            raise Unavailable("the bulk broke off")
        await self._call(partial(self.store.confirm, published), writes=True)

    async def park(self, records: Sequence[Raw]) -> None:
        """As the store."""
        await self._call(partial(self.store.park, records), writes=True)

    async def parked(self, status: str, limit: int) -> list[Raw]:
        """As the store."""
        return await self._call(partial(self.store.parked, status, limit), writes=False)

    async def parked_one(self, id: str) -> Raw | None:
        """As the store."""
        return await self._call(partial(self.store.parked_one, id), writes=False)

    async def settle_parked(self, id: str, status: str, note: Raw) -> None:
        """As the store."""
        await self._call(partial(self.store.settle_parked, id, status, note), writes=True)

    async def attempt(self, id: str) -> int:
        """As the store."""
        return await self._call(partial(self.store.attempt, id), writes=True)

    async def run_state(self, instance: str, state: str) -> str:
        """As the store."""
        return await self._call(partial(self.store.run_state, instance, state), writes=True)


class Lag:
    """A time in which the majority of one store lags: everybody waits, then all is kept or all is taken back."""

    def __init__(self, store: MemoryStore, weather: Weather) -> None:
        self.store, self.weather = store, weather
        self._end: asyncio.Future[bool] | None = None

    def begin(self) -> None:
        """The majority no longer hears of writes, for up to half a second."""
        if self._end is None:
            loop = asyncio.get_running_loop()
            self._end = loop.create_future()
            self.store.tables.lag()
            loop.call_later(self.weather.rng.random() * 0.5, self._over)

    def _over(self) -> None:
        kept = not self.weather.hit(self.weather.mood.taken_back)
        end, self._end = self._end, None
        if kept:
            self.store.tables.catch_up()
        else:
            self.store.tables.take_back()
        if end is not None:
            end.set_result(kept)

    async def agreed(self) -> None:
        """Return when a majority has what was written. Raises `Unavailable` if it was taken back."""
        if self._end is not None and not await asyncio.shield(self._end):
            raise Unavailable("the primary stepped down")
