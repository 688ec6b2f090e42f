"""The problem a plan answers, frozen and hashed, and the plan itself. Pure.

A problem holds persons, seats (one post in one unit, with its places), units with their need, and the options: who may
take which seat, by the rule engine, the own seat always among them. Options are kept in columns, one entry per pair in
each, as there are millions of them.
"""

import base64
import hashlib
from typing import Annotated, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, PlainSerializer, PlainValidator, model_validator

from shared.kernel.decider import Frozen

WHOLE = 100  # needs (R41) are kept in hundredths of a person: a rounded need flips surplus and shortage (E22)
Part = Literal["voluntary", "duty", "fixed"]
Level = Literal["unmet", "disturbance", "imbalance", "misfit", "rank", "cost"]
LEVELS: tuple[Level, ...] = ("unmet", "disturbance", "imbalance", "misfit", "rank", "cost")
Solver = Literal["flow", "cp-sat"]
Status = Literal["optimal", "feasible", "infeasible", "unknown"]


class Person(Frozen):
    """Somebody with a seat. A `voluntary` one only takes what they prefer to it (keep right); one on `duty` may be sent
    to any seat they are eligible for, with the `reason`; a `fixed` one stays. `must_move`: level 1 wants them away."""

    id: str
    seat: str
    part: Part = "fixed"
    reason: str = ""
    must_move: bool = False


class Seat(Frozen):
    """A post in a unit with its places (formasi); each empty place of a `critical` one counts at level 1."""

    id: str
    unit: str
    quota: int
    critical: bool = False


class Unit(Frozen):
    """A unit: need in hundredths of a person, bounds of its staff, weight of its gap, where it is, in which region."""

    id: str
    need: int
    floor: int = 0
    ceiling: int | None = None
    weight: int = 1
    place: str = ""
    region: str = ""


Ints = NDArray[np.int64]
PACKED = np.dtype("<i4")
"""As JSON a column is the base64 of four bytes a number: a tenth of the time and half of the room of digits."""


def _column(given: object) -> Ints:
    """Whole numbers, or the text `_packed` made of them. Raises ValueError."""
    if isinstance(given, str):
        given = np.frombuffer(base64.b64decode(given, validate=True), dtype=PACKED)
    column = np.asarray(given)
    if column.ndim != 1 or (column.size and column.dtype.kind != "i"):
        raise ValueError("a column holds whole numbers")
    if column.size and max(column.max(), -column.min()) > np.iinfo(PACKED).max:
        raise ValueError("a number of a column is too great")
    column = column.astype(np.int64)
    column.setflags(write=False)
    return column


def _packed(column: Ints) -> str:
    return base64.b64encode(column.astype(PACKED).tobytes()).decode()


Column = Annotated[Ints, PlainValidator(_column), PlainSerializer(_packed, when_used="json")]
NONE = _column(())


class Options(Frozen):
    """Who may take which seat, in columns: positions in `persons` and `seats`, fit (0..10000), preference rank (0 is
    the best; the own seat's is where the keep right begins), money in whole thousands of rupiah, kilometres."""

    model_config = ConfigDict(arbitrary_types_allowed=True)
    person: Column = NONE
    seat: Column = NONE
    fit: Column = NONE
    rank: Column = NONE
    money: Column = NONE
    distance: Column = NONE

    @property
    def columns(self) -> tuple[Ints, ...]:
        """All of them, in their order."""
        return (self.person, self.seat, self.fit, self.rank, self.money, self.distance)

    def __eq__(self, other: object) -> bool:
        """By the numbers."""
        if not isinstance(other, Options):
            return False
        return all(np.array_equal(one, two) for one, two in zip(self.columns, other.columns, strict=True))

    __hash__ = None  # type: ignore[assignment]

    @model_validator(mode="after")
    def _even(self) -> Self:
        if len({len(column) for column in self.columns}) > 1:
            raise ValueError("the columns of the options differ in length")
        return self


class Pair(Frozen):
    """A person in a seat."""

    person: str
    seat: str


class Conflict(Frozen):
    """Two placements that exclude each other (R05, or two who may not serve together)."""

    one: Pair
    other: Pair


class Couple(Frozen):
    """Two persons who end in units of one place, or both stay where they are."""

    one: str
    other: str


class Cap(Frozen):
    """At most so many persons leave `origin` for `target` (units); an empty target is anywhere else: an exit cap."""

    origin: str
    target: str = ""
    most: int


class Claim(Frozen):
    """Published points of a person at a seat: nobody with fewer may get it while this person gets less than it."""

    seat: str
    person: str
    points: int


class Weights(Frozen):
    """How a move, a kilometre and a thousand rupiah count against each other at the level `cost`."""

    move: int = 1
    distance: int = 0
    money: int = 0


class Problem(Frozen):
    """All a plan rests on. `levels` are solved in this order, each on the optima of the one before; `announced` is the
    plan people were told of, which a new one disturbs as little as its level says; `seed` breaks ties, published."""

    persons: tuple[Person, ...]
    seats: tuple[Seat, ...]
    units: tuple[Unit, ...]
    options: Options
    locks: tuple[Pair, ...] = ()
    forbidden: tuple[Pair, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    couples: tuple[Couple, ...] = ()
    caps: tuple[Cap, ...] = ()
    claims: tuple[Claim, ...] = ()
    budget: int | None = None
    levels: tuple[Level, ...] = LEVELS
    weights: Weights = Weights()
    announced: tuple[Pair, ...] = ()
    seed: int = 0


class LevelResult(Frozen):
    """What a level reached (less is better), what it can at most reach, and the gap between them."""

    level: str
    value: int
    bound: int

    @property
    def gap(self) -> int:
        """Nought when it is proven."""
        return self.value - self.bound


class Line(Frozen):
    """One person of the plan, with the option's own figures, so that a changed line shows by itself."""

    person: str
    origin: str
    seat: str
    fit: int
    rank: int
    cost: int
    tie: int


class Staffing(Frozen):
    """Staff of a unit before and after, against its need in hundredths of a person (KP1)."""

    unit: str
    before: int
    after: int
    need: int


class Plan(Frozen):
    """An answer to the problem with that hash. `lines` and `staffing` are in the order of their ids."""

    problem: str
    seed: int
    status: Status
    solver: Solver
    levels: tuple[LevelResult, ...] = ()
    lines: tuple[Line, ...] = ()
    staffing: tuple[Staffing, ...] = ()

    @property
    def moves(self) -> tuple[Line, ...]:
        """Those who do not stay."""
        return tuple(line for line in self.lines if line.seat != line.origin)


def canonical(problem: Problem) -> Problem:
    """The same problem with everything in the order of its ids: a permuted input is the same problem."""
    persons = sorted(range(len(problem.persons)), key=lambda at: problem.persons[at].id)
    seats = sorted(range(len(problem.seats)), key=lambda at: problem.seats[at].id)
    lists: tuple[str, ...] = ("units", "locks", "forbidden", "conflicts", "couples", "caps", "claims", "announced")
    return problem.model_copy(
        update={
            "persons": tuple(problem.persons[at] for at in persons),
            "seats": tuple(problem.seats[at] for at in seats),
            "options": _renumbered(problem.options, _places(persons), _places(seats)),
            **{name: tuple(sorted(getattr(problem, name), key=_key)) for name in lists},
        }
    )


def _key(part: Frozen) -> str:
    return part.model_dump_json()


def _places(order: list[int]) -> Ints:
    """Old position -> new position."""
    places = np.empty(len(order), dtype=np.int64)
    places[order] = np.arange(len(order))
    return places


def _renumbered(options: Options, persons: Ints, seats: Ints) -> Options:
    """Sorted by person and seat. What points to nothing stays as it is, for `sound` to name it."""
    known = np.all(
        [(options.person >= 0) & (options.person < len(persons)), (options.seat >= 0) & (options.seat < len(seats))],
        axis=0,
    )
    if not known.all():
        return options
    pairs = options.person * len(seats) + options.seat
    if (np.diff(persons) > 0).all() and (np.diff(seats) > 0).all() and (np.diff(pairs) > 0).all():
        return options
    moved = (persons[options.person], seats[options.seat], *options.columns[2:])
    order = np.lexsort(moved[::-1])
    columns = (column[order] for column in moved)
    return Options().model_copy(update=dict(zip(Options.model_fields, columns, strict=True)))


def digest(problem: Problem) -> str:
    """SHA-256, in hex, of the canonical problem: what a plan names as its snapshot."""
    return hashlib.sha256(canonical(problem).model_dump_json().encode()).hexdigest()
