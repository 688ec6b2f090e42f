"""What a decider is made of: frozen models, messages, facts and refusals. Pure; spoken by every domain.

A decider is `initial`, `decide` and `evolve` over frozen models: no I/O, no clock, no randomness. Time comes in with
the message. Timers and work (effects) are derived from the state, so neither can be forgotten nor left behind.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar, Generic, Literal, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """Base of everything that is decided about: immutable, and tolerant of fields it does not know yet."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Event(Frozen):
    """A fact that happened. `TYPE` is its name on the wire, `KEY` the field whose value keys it in Kafka.

    A `PRIVATE` one carries particulars of a person: the journal keeps its digest only, so that they can be forgotten.
    A `TOMBSTONE` says that what its key names is to be forgotten: on the wire it is key and headers without a value,
    so all its other fields have defaults, and only the journal keeps them.
    """

    TYPE: ClassVar[str]
    KEY: ClassVar[str] = "case"
    PRIVATE: ClassVar[bool] = False
    TOMBSTONE: ClassVar[bool] = False

    @property
    def key(self) -> str:
        """Kafka key: the case's id wherever one exists."""
        return str(getattr(self, self.KEY))


class Command(Frozen):
    """Something a caller wants; refused with a reason or turned into events.

    A `REPEATABLE` one changes nothing when it comes again, and is answered the same: unless its caller named a key, no
    answer to it is kept.
    """

    REPEATABLE: ClassVar[bool] = False


class TimerDue(Frozen):
    """A timer of the aggregate came due. `id` is one of `Decider.timers(state)`; a moved timer has a new id."""

    id: str
    name: str
    at: datetime


class WorkDone(Frozen):
    """The result of an effect. `id` is one of `Decider.work(state)`."""

    id: str
    kind: str
    ok: bool = True
    outcome: Mapping[str, Any] = {}


class FactChanged(Frozen):
    """A fact that this open aggregate names was written anew. It may be told more than once."""

    kind: str
    id: str


class Fact(Frozen):
    """A local copy of another service's data; `KIND` names its collection."""

    KIND: ClassVar[str]


class Office(Frozen):
    """An office (jabatan berwenang) somebody holds: e.g. `ppk` of an agency, `head_of_unit` of a unit.

    `capacity`: definitive, or standing in: `acting` (pelaksana tugas, Plt) for a vacant office, `daily`
    (pelaksana harian, Plh) for an absent holder.
    """

    office: str
    agency: str
    unit: str = ""
    since: date
    until: date | None = None
    capacity: Literal["definitive", "acting", "daily"] = "definitive"


class Actor(Frozen):
    """Who acts: the login of the token, the person linked to it, and the offices that the registry says they hold."""

    login: str
    person: str = ""
    offices: tuple[Office, ...] = ()
    admin: bool = False

    def holds(self, office: str, on: date, agency: str | None = None, unit: str | None = None) -> bool:
        """True if the office is held on that day, for that agency and unit where they are given."""
        return any(
            held.office == office
            and (agency is None or held.agency == agency)
            and (unit is None or held.unit == unit)
            and held.since <= on
            and (held.until is None or on < held.until)
            for held in self.offices
        )


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to decide about: a command, an event, a timer that came due or the result of an effect.

    `time` is when it is decided; `said` is when an event was said, None for what is no event or was held.
    """

    body: Frozen
    id: str
    time: datetime
    actor: Actor | None = None
    source: str = ""
    sequence: int = 0
    correlation: str = ""
    causation: str = ""
    trace: str = ""
    said: datetime | None = None


_BOOKS = ZoneInfo("Asia/Jakarta")


def judged_on(moment: datetime) -> date:
    """The day by which a policy judges who holds an office: Jakarta's, where the administration keeps its books."""
    return moment.astimezone(_BOOKS).date()


class Refused(Exception):
    """A command is wrong. `code` names the rule; the sentence is made at the edge from code and values."""

    def __init__(self, code: str, *, status: int = 409, where: str = "", **values: object) -> None:
        super().__init__(code)
        self.code, self.status, self.where, self.values = code, status, where, values


class NotYet(Exception):
    """Too early: something that must come first has not come. `waits_for` names it ("kind/id")."""

    def __init__(self, waits_for: str) -> None:
        super().__init__(waits_for)
        self.waits_for = waits_for


class FactsMissing(BaseException):
    """Asked for facts that are not loaded yet. The executor loads them and decides again, so nobody may catch it."""

    def __init__(self, refs: Iterable[tuple[type[Fact], str]]) -> None:
        super().__init__()
        self.refs = tuple(refs)


F = TypeVar("F", bound=Fact)


class Facts:
    """The facts a decision may read. Looking one up that is not loaded raises `FactsMissing`."""

    def __init__(self, loaded: Mapping[tuple[str, str], Fact | None] | None = None) -> None:
        self._loaded = loaded if loaded is not None else {}

    def want(self, *refs: tuple[type[Fact], str]) -> None:
        """Ask for several at once, so that one round of loading serves them all."""
        missing = [ref for ref in refs if (ref[0].KIND, ref[1]) not in self._loaded]
        if missing:
            raise FactsMissing(missing)

    def get(self, model: type[F], id: str) -> F | None:
        """The fact, or None if nobody told it yet."""
        self.want((model, id))
        fact = self._loaded[model.KIND, id]
        return fact if isinstance(fact, model) else None

    def need(self, model: type[F], id: str) -> F:
        """The fact; raises `NotYet` if nobody told it yet."""
        fact = self.get(model, id)
        if fact is None:
            raise NotYet(f"{model.KIND}/{id}")
        return fact


@dataclass(frozen=True, slots=True)
class Timer:
    """A moment (domain time, aware) at which the aggregate wants a `TimerDue`."""

    id: str
    at: datetime
    name: str


@dataclass(frozen=True, slots=True)
class Work:
    """An effect the aggregate wants done at least once under this id (no dots or dollar signs in it)."""

    id: str
    kind: str
    data: Frozen


S = TypeVar("S", bound=Frozen)


def no_timers(_state: object) -> tuple[()]:
    """The timers of a kind that has none; such a kind is never polled."""
    return ()


def _no_work(_state: object) -> tuple[()]:
    return ()


def _refuse_conflict(_state: object, _message: Message, index: str) -> list[Event]:
    raise Refused("CONFLICT", index=index)


@dataclass(frozen=True, slots=True)
class Decider(Generic[S]):
    """One kind of aggregate. `name` is its collection; ids are unique over all kinds of a service.

    `conflict` is asked when a unique index of the collection stays violated after a fresh load: it raises the rule's
    `Refused` for a command or returns the events that say so. `watches` maps a fact kind to the state field that names
    it: aggregates with `state.open` true are told when that fact changes. `answer` is what a caller sees of the state.
    A `register` hears many sources, so it has no replay window: it finds repeats in its own state.
    """

    name: str
    state: type[S]
    initial: Callable[[str], S]
    decide: Callable[[S, Message, Facts], list[Event]]
    evolve: Callable[[S, Event], S]
    timers: Callable[[S], tuple[Timer, ...]] = no_timers
    work: Callable[[S], tuple[Work, ...]] = _no_work
    conflict: Callable[[S, Message, str], list[Event]] = _refuse_conflict
    answer: Callable[[S], Mapping[str, Any]] = lambda _state: {}
    watches: Mapping[str, str] = field(default_factory=dict)
    register: bool = False
