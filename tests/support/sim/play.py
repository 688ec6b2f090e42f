"""What a play gives a world: its services, what people do, and the rules of its domain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from shared.kernel.decider import Command, Decider, Event
from shared.runtime.ports import Entry
from shared.runtime.service import Door, Rule, Service

if TYPE_CHECKING:
    from tests.support.sim.world import World


@dataclass(frozen=True, slots=True)
class Call:
    """A command as a caller sends it, again and again under the same key until it is answered. A `silent` one may
    find that all is so already; then only its answer is kept."""

    service: str
    decider: Decider[Any]
    aggregate: str
    command: Command
    key: str
    login: str = "somebody"
    rule: Rule = lambda _asked: True
    silent: bool = False


class Play(Protocol):
    """What happens in a world: its services, what people do, and the rules of its domain."""

    @property
    def services(self) -> Sequence[Service]:
        """Of this world alone."""

    @property
    def doors(self) -> Mapping[str, Mapping[str, Door]]:
        """Public doors: service -> topic -> door."""

    @property
    def types(self) -> Mapping[str, type[Event]]:
        """All events by their type."""

    def figures(self) -> Mapping[str, int]:
        """What of it counts, after a run: at least `events` and `competing` (cases)."""

    async def begin(self, world: World) -> None:
        """All processes have started; nobody has done anything yet."""

    def act(self, world: World) -> None:
        """One thing that somebody does."""

    def said(self, entry: Entry, event: Event) -> None:
        """Look at a new event; raises through `world.checker` what the domain forbids."""

    def go_on(self, world: World, round: int) -> bool:
        """The faults have ended (round 0), nothing moves (later): look, set things going again or end (False)."""
