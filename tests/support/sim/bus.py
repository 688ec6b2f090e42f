"""A broker in memory: a log per topic and partition, groups of consumers, and producers whose sends fail."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from zlib import crc32

from shared.runtime.ports import Entry, Record, Unavailable
from shared.runtime.wire import to_headers, to_value
from tests.support.sim.rough import Life, Weather

PARTITIONS, FETCH = 3, 0.03
Place = tuple[str, int]
Appended = Callable[[Record], None]
Committed = Callable[[str, Sequence[Record]], None]


class Broker:
    """All logs and all groups."""

    def __init__(self) -> None:
        self.logs: dict[Place, list[Record]] = defaultdict(list)
        self.groups: dict[str, Group] = {}
        self.appended: list[Appended] = []
        self.committed: list[Committed] = []

    def append(self, topic: str, key: bytes, value: bytes | None, headers: Sequence[tuple[str, bytes]]) -> None:
        """A record at the end of its key's partition."""
        place = topic, crc32(key) % PARTITIONS
        record = Record(*place, len(self.logs[place]), key, value, tuple(headers))
        self.logs[place].append(record)
        for heard in self.appended:
            heard(record)
        for group in self.groups.values():
            if place in group.owner:
                group.owner[place].news.set()

    def lag(self) -> int:
        """Records that some group has not committed."""
        return sum(
            max(len(self.logs[place]) - group.offsets[place], 0)
            for group in self.groups.values()
            for place in group.places
        )


class Group:
    """The consumers of one service: who reads which partition, and up to where all is done."""

    def __init__(self, broker: Broker, name: str, topics: Sequence[str], weather: Weather) -> None:
        self.broker, self.name, self.topics, self.weather = broker, name, tuple(topics), weather
        self.places: list[Place] = [(topic, number) for topic in topics for number in range(PARTITIONS)]
        self.offsets: dict[Place, int] = dict.fromkeys(self.places, 0)
        self.owner: dict[Place, Consumer] = {}
        self.members: list[Consumer] = []
        self.generation = 0
        broker.groups[name] = self

    def join(self, consumer: "Consumer") -> None:
        """A new member; one of the same process that died is gone at once (static membership)."""
        self.members = [one for one in self.members if one.life.name != consumer.life.name and one.life.alive]
        self.members.append(consumer)
        self.rebalance()

    def rebalance(self) -> None:
        """Deal the partitions anew; everybody begins again at what is committed."""
        self.members = [one for one in self.members if one.life.alive]
        self.generation += 1
        self.owner = {place: self.weather.rng.choice(self.members) for place in self.places if self.members}
        for member in self.members:
            member.position.clear()
            member.mine = [place for place in self.places if self.owner[place] is member]
            member.news.set()

    def commit(self, generation: int, records: Sequence[Record]) -> None:
        """Of a member of this generation; an older one is told nothing and moves nothing."""
        if generation != self.generation:
            return
        ends: dict[Place, int] = {}
        for record in records:
            place = record.topic, record.partition
            ends[place] = max(ends.get(place, 0), record.offset + 1)
        for place, end in ends.items():
            fresh = self.broker.logs[place][self.offsets[place] : end]
            self.offsets[place] = max(self.offsets[place], end)
            for heard in self.broker.committed:
                heard(self.name, fresh)


class Consumer:
    """One process's reader: polls some partitions, hands the records over, commits what was taken."""

    def __init__(self, group: Group, life: Life, take: Callable[[Sequence[Record]], Awaitable[None]]) -> None:
        self.group, self.life, self.take = group, life, take
        self.position: dict[Place, int] = {}
        self.mine: list[Place] = []
        self.news = asyncio.Event()

    async def run(self) -> None:
        """For ever."""
        self.group.join(self)
        weather = self.group.weather
        while True:
            await self.life.gate()
            generation, records = self.group.generation, self._poll()
            if not records:
                self.news.clear()
                await self.news.wait()
                await asyncio.sleep(weather.rng.random() * FETCH)  # what comes together is read together
                continue
            try:
                await self.take(records)
            except Exception:
                await self.life.gate()
                self.position.clear()
                await asyncio.sleep(weather.rng.random() * 0.3)
                continue
            await weather.delay()
            await self.life.gate()
            self.group.commit(generation, records)
            self._disturb()

    def _disturb(self) -> None:
        weather = self.group.weather
        if weather.hit(weather.mood.rebalance):
            self.group.rebalance()
        if weather.hit(weather.mood.rewind):
            place = weather.rng.choice(self.group.places)
            self.position[place] = max(self.group.offsets[place] - weather.rng.randint(0, 6), 0)

    def _poll(self) -> list[Record]:
        """Some of what is there: any of the partitions, in any order, each one's records in its own order."""
        rng, taken = self.group.weather.rng, []
        at, offsets, logs = self.position, self.group.offsets, self.group.broker.logs
        waiting = [place for place in self.mine if at.get(place, offsets[place]) < len(logs[place])]
        for place in rng.sample(waiting, rng.randint(1, len(waiting)) if waiting else 0):
            start = at.get(place, offsets[place])
            records = logs[place][start : start + rng.choice((1, 4, 16, 64))]
            self.position[place] = start + len(records)
            taken += records
        return taken


class RoughBus:
    """One process's producer (`ports.Bus`)."""

    def __init__(self, broker: Broker, life: Life, weather: Weather) -> None:
        self.broker, self.life, self.weather = broker, life, weather

    async def send(self, entry: Entry) -> "asyncio.Future[Any]":
        """On its way; what becomes of it shows later."""
        await self.life.gate()
        mood = self.weather.mood
        if self.weather.hit(mood.send_refused):
            raise Unavailable("no broker")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        soon = self.weather.rng.random() * (1.0 if self.weather.hit(mood.slow) else 0.01)
        loop.call_later(soon, self._land, entry, future)
        return future

    def _land(self, entry: Entry, future: "asyncio.Future[Any]") -> None:
        weather, loop = self.weather, asyncio.get_running_loop()
        dead = not self.life.alive and weather.hit(0.5)
        if dead or weather.hit(weather.mood.send_lost):
            self._end(future, Unavailable("not sent"))
        elif weather.hit(weather.mood.send_unheard):
            self._end(future, Unavailable("no ack"))
            loop.call_later(weather.rng.random() * 0.8, self._append, entry)
        else:
            self._append(entry)
            loop.call_later(weather.rng.random() * 0.02, self._end, future, None)

    def _append(self, entry: Entry) -> None:
        self.broker.append(entry["topic"], entry["key"].encode(), to_value(entry), to_headers(entry))

    def _end(self, future: "asyncio.Future[Any]", error: Exception | None) -> None:
        if not self.life.alive or future.done():
            return
        if error is None:
            future.set_result(None)
        else:
            future.set_exception(error)

    async def renew(self) -> None:
        """A new producer; the broker may still be away."""
        await self.life.gate()
        await self.weather.delay()
        if self.weather.hit(self.weather.mood.send_refused):
            raise Unavailable("no broker")
