"""A world: all services with their replicas, callers, faults and the checker, driven by one seed."""

import asyncio
import gc
import json
import logging
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any
from unittest.mock import patch

from shared.kernel.decider import NotYet, Refused
from shared.runtime import executor, publisher, pumps
from shared.runtime.engine import Engine
from shared.runtime.item import CommandRequest
from shared.runtime.ports import Raw, Unavailable, utc
from shared.runtime.service import Service
from tests.support.sim.bus import Broker
from tests.support.sim.checker import Checker
from tests.support.sim.loop import Deadlock, VirtualLoop
from tests.support.sim.play import Call, Play
from tests.support.sim.replica import Node, Replica, SimClock
from tests.support.sim.rough import Died, Mood, Weather

REPLICAS, PATIENCE, REST, MOST_ROUNDS = 2, 90, 0.5, 30


class World:
    """Made, run once, thrown away."""

    def __init__(self, seed: int, play: Callable[["World"], Play], mood: Mood, steps: int) -> None:
        self.seed, self.steps = seed, steps
        self.rng = random.Random(seed)
        self.weather = Weather(self.rng, mood)
        self.clock, self.broker = SimClock(), Broker()
        self.answers: dict[str, str] = {}
        self.refused: dict[str, set[str]] = defaultdict(set)  # a repeat may meet another reason
        self.calling = 0
        self._tasks: list[asyncio.Task[None]] = []
        self.play = play(self)
        self.checker = Checker(self.play.types)
        self.checker.said.append(self.play.said)
        self.broker.appended.append(self.checker.appended)
        self.broker.committed.append(self.checker.committed)
        self.nodes = {one.name: self._node(one) for one in self.play.services}
        self.replicas: list[Replica] = []

    def _node(self, service: Service) -> Node:
        return Node(service, self.broker, self.clock, self.weather, self.play.doors.get(service.name, {}))

    async def run(self) -> None:
        """Start, act, come to rest. Raises the first violation."""
        for name, node in self.nodes.items():
            self.checker.watch(node.service, node.store)
            for group, (_, door) in node.doors.items():
                self.checker.watch_door(group, node.store, door)
            for number in range(REPLICAS):
                replica = Replica(node, number, lambda text: self.checker.fail("N4", text), self._restart)
                node.replicas.append(replica)
                self.replicas.append(replica)
                replica.start()
            self.checker.note("start", name)
        await self.play.begin(self)
        for _ in range(self.steps):
            self._step()
            await asyncio.sleep(self.rng.expovariate(9.0))
            self.look()
        self.weather.mood = Mood.calm()
        for round in range(MOST_ROUNDS):
            if not self.play.go_on(self, round):
                break
            await self._rest()
        self.checker.at_rest()
        self.look()

    async def quiet(self) -> None:
        """A time without faults, until nothing moves."""
        mood, self.weather.mood = self.weather.mood, Mood.calm()
        await self._rest()
        self.weather.mood = mood

    def look(self) -> None:
        """Raise what the checker found."""
        if self.checker.wrong is not None:
            raise self.checker.wrong

    # -- what happens ---------------------------------------------------------------------------------------------

    def _step(self) -> None:
        chance = self.rng.random()
        if chance < 0.03:
            self.rng.choice(self.replicas).kill()
        elif chance < 0.06:
            self.rng.choice(list(self.nodes.values())).group.rebalance()
        elif chance < 0.09:
            self.advance(timedelta(hours=self.rng.randint(1, 120)))
        elif chance < 0.12:
            self._operate()
        elif chance < 0.13:
            self._garbage()
        else:
            self.play.act(self)

    def _garbage(self) -> None:
        """A record that names an event somebody waits for, and cannot be read."""
        topic, type = self.rng.choice(list(self.nodes.values())).service.topic, self.rng.choice(list(self.play.types))
        self.broker.append(topic, b"?", b"\xff{", (("ce_type", type.encode()),))

    def advance(self, by: timedelta) -> None:
        """Domain time jumps."""
        self.checker.note("advance", by)
        self.clock.advanced += by

    def _restart(self, replica: Replica) -> None:
        """It comes back under its old name; in between the group may or may not have noticed."""
        self.checker.note("died", replica.name)
        loop = asyncio.get_running_loop()
        if self.rng.random() < 0.5:
            loop.call_later(self.rng.random() * 0.5, replica.node.group.rebalance)
        loop.call_later(0.1 + self.rng.random(), replica.start)

    def _operate(self) -> None:
        """An operator replays everything that is parked."""
        for node in self.nodes.values():
            self._spawn(self._replay(node))

    async def _replay(self, node: Node) -> None:
        for record in await node.store.parked("parked", 100):
            replica = self.rng.choice(node.replicas)
            try:
                await replica.ask(partial(_resolve, record))
            except (Died, Unavailable, TimeoutError, Refused):
                continue

    def send(self, call: Call) -> None:
        """Somebody sends this command."""
        self.checker.note("send", call.key)
        self._spawn(self._send(call))

    def _spawn(self, coro: Any) -> None:
        self.calling += 1
        task = asyncio.get_running_loop().create_task(coro)
        task.add_done_callback(self._spawned)
        self._tasks.append(task)

    def _spawned(self, task: "asyncio.Task[None]") -> None:
        self.calling -= 1
        if not task.cancelled() and task.exception() is not None:
            self.checker.fail("error", repr(task.exception()))

    async def _send(self, call: Call) -> None:
        request = CommandRequest(
            call.decider, call.aggregate, call.command, call.login, call.rule, call.key, call.key, "", "", None, False
        )
        for _ in range(12):
            replica = self.rng.choice(self.nodes[call.service].replicas)
            try:
                _, body = await replica.ask(lambda engine: engine.command(request))
            except (Died, Unavailable, TimeoutError, NotYet):
                await asyncio.sleep(self.rng.random() * 0.5)
            except Refused as refused:
                self.refused[call.key].add(refused.code)
                return
            else:
                self._accepted(call, body)
                return

    def _accepted(self, call: Call, body: Mapping[str, Any]) -> None:
        """N1: what was answered with 2xx is durable; the same key has the same answer."""
        said = json.dumps(body, sort_keys=True, default=str)
        self.checker.note("accepted", call.key, said)
        said_so = call.silent or f"command:{call.key}" in self.checker.commands
        self.checker.must(said_so and self._is_kept(call), "N1", f"{call.key} accepted, nothing written")
        self.checker.must(self.answers.setdefault(call.key, said) == said, "N2", f"{call.key}: two answers")

    def _is_kept(self, call: Call) -> bool:
        doc = self.nodes[call.service].store.tables.read(call.decider.name, call.aggregate)
        return doc is not None and any(answer["key"] == call.key for answer in doc.raw["answers"])

    # -- rest -----------------------------------------------------------------------------------------------------

    async def _rest(self) -> None:
        """Without faults everything must come to an end (N4)."""
        busy: list[str] = []
        for _ in range(PATIENCE):
            await asyncio.sleep(REST)
            self.look()
            busy = list(self._busy())
            if not busy:
                return
            self._operate()
        self.checker.fail("N4", f"never came to rest: {busy[:5]}")
        self.look()

    def _busy(self) -> Iterator[str]:
        if self.calling:
            yield f"{self.calling} callers"
        if self.broker.lag():
            yield f"{self.broker.lag()} records"
        now = utc(self.clock.now())
        for name, node in self.nodes.items():
            for decider in node.service.deciders:
                for id, doc in node.store.tables.seen(decider.name):
                    if _moves(doc.raw, now):
                        yield f"{name}/{id}"


def _moves(raw: Raw, now: str) -> bool:
    return bool(raw.get("out") or raw.get("held") or raw.get("work") or (raw.get("due_at") or "Z") <= now)


async def _resolve(record: Raw, engine: Engine) -> Mapping[str, Any]:
    """An operator's hand: what can be read is decided again, garbage is given up."""
    if record["kind"]:
        return await engine.replay(record["_id"], "operator")
    return await engine.skip(record["_id"], "operator", "garbage")


@contextmanager
def _haste() -> Iterator[None]:
    """Polls and leases a simulation can afford; nothing is logged, since faults are the rule."""
    logging.disable(logging.CRITICAL)
    with (
        patch.multiple(executor, HTTP_PATIENCE=0.5),
        patch.multiple(pumps, POLL=0.9, POLL_MAX=0.9, WORK_POLL=1.0),
        patch.multiple(publisher, SWEEP_EVERY=0.8, SWEEP_OLDER=0.4, SWEEP_LEASE=1.5),
    ):
        try:
            yield
        finally:
            logging.disable(logging.NOTSET)


@contextmanager
def _hoarded() -> Iterator[None]:
    """A world lives briefly: to look for garbage while it runs would take a third of its time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


async def _main(seed: int, play: Callable[[World], Play], mood: Mood, steps: int) -> World:
    world = World(seed, play, mood, steps)
    await world.run()
    return world


def run_seed(seed: int, play: Callable[[World], Play], mood: Mood | None = None, steps: int = 60) -> World:
    """One whole run. Raises `Violation`; its world is over then."""
    random.seed(seed)
    loop = VirtualLoop()
    with _haste(), _hoarded():
        try:
            return loop.run_until_complete(_main(seed, play, mood or Mood(), steps))
        except Deadlock:
            raise AssertionError(f"seed {seed}: deadlock") from None
        finally:
            loop.finish()
