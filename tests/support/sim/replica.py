"""One process of one service: the real engine on the unkind ports, with its loops and its reader."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from shared.runtime.engine import Engine, Ports
from shared.runtime.ports import Unavailable
from shared.runtime.service import Door, Effect, Job, Service
from tests.support.sim.bus import Broker, Consumer, Group, RoughBus
from tests.support.sim.rough import Died, Lag, Life, RoughStore, Weather
from tests.support.sim.store import MemoryStore

EPOCH = 1_770_000_000.0


class SimClock:
    """Domain time is real time plus what was advanced; both come from the virtual loop."""

    def __init__(self) -> None:
        self.advanced = timedelta()

    def now(self) -> datetime:
        """Domain time."""
        return datetime.fromtimestamp(self.real(), UTC) + self.advanced

    def real(self) -> float:
        """Seconds since the epoch."""
        return EPOCH + asyncio.get_running_loop().time()


class Node:
    """One service: its database, its group, its replicas."""

    def __init__(
        self, service: Service, broker: Broker, clock: SimClock, weather: Weather, doors: Mapping[str, Door]
    ) -> None:
        self.service, self.broker, self.clock, self.weather = service, broker, clock, weather
        self.store = MemoryStore(service, clock.real)
        self.lag = Lag(self.store, weather)
        self.group = Group(broker, service.name, service.reads, weather)
        groups = {topic: Group(broker, f"{service.name}.{topic}", (topic,), weather) for topic in doors}
        self.doors = {groups[topic].name: (groups[topic], door) for topic, door in doors.items()}
        self.replicas: list[Replica] = []


class Replica:
    """A process. `start` may be called again after it died: then it is a new one under the old name."""

    def __init__(
        self, node: Node, number: int, broken: Callable[[str], None], dead: Callable[["Replica"], None]
    ) -> None:
        self.node, self.name = node, f"{node.service.name}-{number}"
        self._broken, self._dead = broken, dead
        self.life: Life | None = None
        self.engine: Engine | None = None
        self.deaths = 0
        self._death: asyncio.Future[None] | None = None

    @property
    def alive(self) -> bool:
        """True while it works."""
        return self.life is not None and self.life.alive

    def kill(self) -> None:
        """As kill -9."""
        if self.life is not None:
            self.life.die()

    def start(self) -> None:
        """A new process."""
        node, loop = self.node, asyncio.get_running_loop()
        self._death = loop.create_future()
        self.life = life = Life(self.name, self._died)
        store = RoughStore(node.store, life, node.weather, node.lag)
        effects = {kind: _mortal(effect, life, node.weather) for kind, effect in node.service.effects.items()}
        service = replace(node.service, effects=effects)
        ports = Ports(store, RoughBus(node.broker, life, node.weather), node.clock)
        self.engine = Engine(service, ports)
        self._keep(self._run(self.engine, store, life))

    async def _run(self, engine: Engine, store: RoughStore, life: Life) -> None:
        before = ""
        for _ in range(50):
            try:
                before = await store.run_state(self.name, "running")
                break
            except Unavailable:
                await asyncio.sleep(0.05)
        if before == "running":
            node = self.node
            engine.intake.careful.update({place: len(node.broker.logs[place]) for place in node.group.places})
        for loop in engine.loops(Random(self.name)):
            self._keep(loop)
        for group, door in self.node.doors.values():
            self._keep(Consumer(group, life, partial(engine.intake.enter, door)).run())
        await Consumer(self.node.group, life, engine.intake.take).run()

    def _keep(self, loop: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(loop)
        task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        if self.alive and not task.cancelled():
            self._broken(f"a loop of {self.name} ended: {task.exception()!r}")

    def _died(self) -> None:
        self.deaths += 1
        if self._death is not None and not self._death.done():
            self._death.set_result(None)
        self._dead(self)

    async def ask(self, question: Callable[[Engine], Awaitable[Any]]) -> Any:
        """As a caller over the network: raises `Died` if the process dies before it answers."""
        if self.engine is None or self._death is None or not self.alive:
            raise Died(self.name)
        asking = asyncio.ensure_future(question(self.engine))
        await asyncio.wait({asking, self._death}, return_when=asyncio.FIRST_COMPLETED)
        if not self.alive:
            asking.add_done_callback(lambda done: done.cancelled() or done.exception())
            raise Died(self.name)
        return asking.result()


def _mortal(effect: Effect, life: Life, weather: Weather) -> Effect:
    """The effect of a process that can die before or after the outside saw it."""

    async def run(job: Job) -> Mapping[str, Any]:
        await life.gate()
        await weather.delay()
        if weather.hit(weather.mood.crash):
            life.die()
        await life.gate()
        outcome = await effect.run(job)
        if weather.hit(weather.mood.crash):
            life.die()
        await life.gate()
        return outcome

    return replace(effect, run=run, lease=min(effect.lease, 2.0))
