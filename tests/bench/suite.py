"""The whole measurement: loops, floor, the same build with batches of one; what was reached of what was wanted."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import uvloop

from deploy.local.stack import Stack
from tests.bench import floor, load, report
from tests.bench.floor import Floor
from tests.bench.measure import DRIVER, percentile
from tests.bench.rig import Phase, Rig, measured, rig
from tests.support.stack import running_stack
from tests.support.system import System

log = logging.getLogger(__name__)
CROWD, PACES, IDLE_SECONDS = 200, (10.0, 50.0), 10.0


@dataclass(frozen=True, slots=True)
class Scale:
    """How long, with how many applicants. `executors` is how many replicas serve batches of one best."""

    seconds: float = 60.0
    people: int = 20_000
    executors: int = 2


@dataclass
class Found:
    """All phases of one run."""

    phases: dict[str, Phase] = field(default_factory=dict)
    idle: dict[str, float] = field(default_factory=dict)
    idle_singles: dict[str, float] = field(default_factory=dict)
    floor: Floor | None = None
    faults: list[str] = field(default_factory=list)

    @property
    def of_floor(self) -> float:
        """Our rate as a share of the floor's."""
        return self.phases["closed 200"].result.rate / self.floor.rate if self.floor else 0.0

    @property
    def of_floor_cpu(self) -> float:
        """The floor's processor time as a share of ours, without our driver: what the machine's load changes least."""
        return self.floor.cpu_per_1000 / self.phases["closed 200"].cpu_per_1000(DRIVER) if self.floor else 0.0

    @property
    def of_singles(self) -> float:
        """Our rate as a multiple of that with batches of one."""
        return self.phases["closed 200"].result.rate / self.phases["batches of one"].result.rate

    def text(self) -> str:
        """All tables."""
        lines = [report.rates(self.phases.values(), self.idle)]
        for name, idle in (("closed 200", self.idle), ("batches of one", self.idle_singles)):
            lines += [report.parts(self.phases[name], idle), report.costs(self.phases[name])]
        if self.floor is not None:
            lines.append(
                f"floor: {self.floor.rate:.1f}/s, {self.floor.cpu_per_1000:.2f} CPU-s/1000 "
                f"(load {self.floor.load:.1f}); ours is {self.of_floor:.0%} of its rate, {self.of_floor_cpu:.0%} by CPU"
            )
        lines.append(f"batches against batches of one: {self.of_singles:.1f} times")
        lines += [f"{'reached' if ok else 'MISSED '} {what}" for what, ok in self.goals()]
        return "\n\n".join(lines)

    def goals(self) -> Iterable[tuple[str, bool]]:
        """Each goal with what was measured, and whether it was reached."""
        queue = self.phases["open 10/s"].result.to_queue
        p50, p99 = percentile(queue, 50), percentile(queue, 99)
        busy = self.phases["closed 200"]
        yield f"at least 40 % of the floor: {self.of_floor:.0%}", self.of_floor >= 0.4
        yield f"at least 5 times batches of one: {self.of_singles:.1f}", self.of_singles >= 5
        yield f"p50 to the queue at 10/s within 60 ms: {p50:.0f}", p50 <= 60
        yield f"p99 to the queue at 10/s within 250 ms: {p99:.0f}", p99 <= 250
        yield f"300 lifecycles per second: {busy.result.rate:.0f}", busy.result.rate >= 300
        cpu = busy.cpu_per_1000(DRIVER)
        yield f"6 CPU-seconds per 1,000 without the driver: {cpu:.1f}", cpu <= 6


def whole(folder: Path, scale: Scale) -> Found:
    """Everything, on servers of its own; what was found is void if it names faults."""
    found = Found()
    with running_stack(folder / "batches") as stack:
        with measured(stack, folder / "batches" / "system") as system:
            uvloop.run(_batches(system, scale, found))
        uvloop.run(_floor(stack, found))
    with (
        running_stack(folder / "singles") as stack,
        measured(stack, folder / "singles" / "system", replicas=scale.executors, batch_max=1) as system,
    ):
        uvloop.run(_singles(system, scale, found))
    return found


async def _batches(system: System, scale: Scale, found: Found) -> None:
    async with rig(system, scale.people) as bench:
        found.idle = await bench.idle(IDLE_SECONDS)
        for clients in (20, CROWD):
            play = partial(load.closed, clients=clients, seconds=scale.seconds)
            await _keep(found, bench, f"closed {clients}", play)
        for pace in PACES:
            play = partial(load.opened, per_second=pace, seconds=scale.seconds)
            await _keep(found, bench, f"open {pace:g}/s", play)
        found.faults += await bench.faults()


async def _keep(found: Found, bench: Rig, name: str, play: load.Load) -> None:
    phase = found.phases[name] = await bench.phase(name, play)
    log.info("\n%s", report.rates([phase], found.idle or found.idle_singles))


async def _floor(stack: Stack, found: Found) -> None:
    phase = found.phases["closed 200"]
    found.floor = await floor.run(stack, phase, phase.lifecycles)


async def _singles(system: System, scale: Scale, found: Found) -> None:
    async with rig(system, scale.people // 4) as bench:
        found.idle_singles = await bench.idle(IDLE_SECONDS)
        play = partial(load.closed, clients=CROWD, seconds=scale.seconds)
        await _keep(found, bench, "batches of one", play)
        found.faults += await bench.faults()
