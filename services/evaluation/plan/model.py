"""The problem a plan answers, frozen and hashed, and the plan itself. Pure.

A problem holds persons, seats (one post in one unit, with its places), units with their need, and the options: who may
take which seat, by the rule engine, the own seat always among them. Options are kept in columns, one entry per pair in
each, as there are millions of them.
"""

import hashlib
from collections.abc import Mapping
from itertools import pairwise
from typing import Literal, Self

from pydantic import model_validator

from shared.kernel.decider import Frozen

WHOLE = 100  # needs (R41) are kept in hundredths of a person: a rounded need flips surplus and shortage (E22)
Part = Literal["voluntary", "duty", "fixed"]
Level = Literal["unmet", "disturbance", "imbalance", "misfit", "rank", "cost"]
LEVELS: tuple[Level, ...] = ("unmet", "disturbance", "imbalance", "misfit", "rank", "cost")
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
    """A unit: need in hundredths of a person, bounds of its staff, weight of its gap, and where it is."""

    id: str
    need: int
    floor: int = 0
    ceiling: int | None = None
    weight: int = 1
    place: str = ""


class Options(Frozen):
    """Who may take which seat, in columns: positions in `persons` and `seats`, fit (0..10000), preference rank (0 is
    the best; the own seat's is where the keep right begins), money in whole thousands of rupiah, kilometres."""

    person: tuple[int, ...] = ()
    seat: tuple[int, ...] = ()
    fit: tuple[int, ...] = ()
    rank: tuple[int, ...] = ()
    money: tuple[int, ...] = ()
    distance: tuple[int, ...] = ()

    @model_validator(mode="after")
    def _even(self) -> Self:
        if (
            len({len(column) for column in (self.person, self.seat, self.fit, self.rank, self.money, self.distance)})
            > 1
        ):
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
    solver: Literal["flow", "cp-sat"]
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
    if persons == list(range(len(persons))) and seats == list(range(len(seats))) and _in_order(problem.options):
        options = problem.options
    else:
        options = _renumbered(problem.options, _places(persons), _places(seats))
    return problem.model_copy(
        update={
            "persons": tuple(problem.persons[at] for at in persons),
            "seats": tuple(problem.seats[at] for at in seats),
            "options": options,
            **{name: tuple(sorted(getattr(problem, name), key=_key)) for name in lists},
        }
    )


def _key(part: Frozen) -> str:
    return part.model_dump_json()


def _places(order: list[int]) -> dict[int, int]:
    return {old: new for new, old in enumerate(order)}


def _in_order(options: Options) -> bool:
    pairs = list(zip(options.person, options.seat, strict=True))
    return all(one <= other for one, other in pairwise(pairs))


def _renumbered(options: Options, persons: Mapping[int, int], seats: Mapping[int, int]) -> Options:
    rows = zip(options.person, options.seat, options.fit, options.rank, options.money, options.distance, strict=True)
    moved = sorted((persons.get(row[0], row[0]), seats.get(row[1], row[1]), *row[2:]) for row in rows)
    columns = tuple(zip(*moved, strict=True)) if moved else ((),) * 6
    return Options().model_copy(update=dict(zip(Options.model_fields, columns, strict=True)))


def digest(problem: Problem) -> str:
    """SHA-256, in hex, of the canonical problem: what a plan names as its snapshot."""
    return hashlib.sha256(canonical(problem).model_dump_json().encode()).hexdigest()
