"""How a service is described to the runtime: deciders, routes, policy, effects. No business noun here."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from inspect import signature
from typing import Any, Literal, NamedTuple, TypeVar

from shared.kernel.decider import Actor, Command, Decider, Event, Fact, Frozen
from shared.runtime.ports import Record


class To(NamedTuple):
    """Deliver the event to this aggregate."""

    decider: Decider[Any]
    aggregate: str


class Learn(NamedTuple):
    """Keep this local copy; an older sequence never overwrites a newer one. None forgets it."""

    fact: type[Fact]
    id: str
    value: Fact | None


@dataclass(frozen=True, slots=True)
class Envelope:
    """Where an event came from. `source` is service/aggregate; `sequence` rises within it; `actor` is who
    commanded it: a person, or a login without one; "" for what comes about by itself."""

    id: str
    type: str
    source: str
    aggregate: str
    sequence: int
    time: datetime
    actor: str = ""


Route = Callable[..., Iterable[To | Learn]]
R = TypeVar("R", bound=Route)
State = TypeVar("State", bound=Frozen)


class Routes:
    """Which event goes where: event -> deliveries, or (event, envelope) -> deliveries. Other types are ignored."""

    def __init__(self) -> None:
        self.by_type: dict[str, tuple[type[Event], list[Callable[[Event, Envelope], Iterable[To | Learn]]]]] = {}

    def on(self, *events: type[Event]) -> Callable[[R], R]:
        """Register a route for these types."""

        def register(route: R) -> R:
            alone = len(signature(route).parameters) == 1
            for event in events:
                routes = self.by_type.setdefault(event.TYPE, (event, []))[1]
                routes.append((lambda said, _envelope: route(said)) if alone else route)
            return route

        return register


@dataclass(frozen=True, slots=True)
class Asked:
    """What a policy rule judges: who, on which (domain) day, on which state, wanting what (None for a query)."""

    actor: Actor
    on: date
    state: Any
    command: Command | None = None


NEVER = 1e11  # seconds since the epoch
Rule = Callable[[Asked], bool]
Policy = Mapping[str, Rule]


@dataclass(frozen=True, slots=True)
class DoorCommand:
    """What a record at a public door asks for: a command as this actor, judged by the rule of that name. `key` makes a
    repeat of the record find its answer."""

    decider: Decider[Any]
    aggregate: str
    command: Command
    actor: Actor
    key: str
    rule: str


@dataclass(frozen=True, slots=True)
class Door:
    """A public door: topics by pattern whose records are not ours, read by the service's own pure function."""

    pattern: str
    read: Callable[[Record], DoorCommand | None]


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work as its effect sees it. `attempt` counts from 1; `now` is domain time."""

    id: str
    aggregate: str
    kind: str
    data: Mapping[str, Any]
    attempt: int
    now: datetime


class TryAgain(Exception):
    """The effect did not happen and is worth another try after so many seconds.

    Notes of such attempts are kept with the work and come with its result, as `notes`.
    """

    def __init__(self, after: float, code: str, note: Mapping[str, Any] | None = None) -> None:
        super().__init__(code)
        self.after, self.code, self.note = after, code, note


@dataclass(frozen=True, slots=True)
class Effect:
    """Does one kind of work at least once. `crash` says what an attempt without a recorded result means:
    `repeat` it (harmless; the effect sees `attempt` > 1 and may ask the other side first) or call it `ambiguous`.
    What `waits` nobody begins by themselves: the service hands it out in its own order, at its own pace."""

    run: Callable[[Job], Awaitable[Mapping[str, Any]]]
    crash: Literal["repeat", "ambiguous"] = "repeat"
    lease: float = 60.0
    parallel: int = 16
    waits: bool = False

    def begun(self, now: float) -> dict[str, float]:
        """The attempt that is written together with the state: the first, or none of what waits."""
        return {"attempt": 0, "until": NEVER} if self.waits else {"attempt": 1, "until": now + self.lease}


@dataclass(frozen=True, slots=True)
class Index:
    """One MongoDB index of a decider's collection. A `unique` one is a rule: see `Decider.conflict`."""

    name: str
    keys: Sequence[tuple[str, int]]
    unique: bool = False
    partial: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Service:
    """All the runtime needs to know about one service."""

    name: str
    topic: str
    reads: tuple[str, ...]
    deciders: tuple[Decider[Any], ...]
    routes: Routes
    policy: Policy = field(default_factory=dict)
    facts: tuple[type[Fact], ...] = ()
    effects: Mapping[str, Effect] = field(default_factory=dict)
    indexes: Mapping[str, tuple[Index, ...]] = field(default_factory=dict)
    topic_of: Mapping[str, str] = field(default_factory=dict)
