"""What is wrong with a problem, by name, before anything is solved. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from services.evaluation.plan.model import LEVELS, Claim, Ints, Pair, Problem


class Fault(NamedTuple):
    """One thing that is wrong: its code and where."""

    code: str
    where: str


class Unsound(ValueError):
    """The problem cannot be solved as it was given. `faults` names everything that is wrong."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.code} {fault.where}" for fault in self.faults))


def check(problem: Problem) -> None:
    """Raises Unsound."""
    faults = tuple(dict.fromkeys([*_people(problem), *_places(problem), *_weights(problem), *_sides(problem)]))
    if not faults:
        faults = tuple(_options(problem))
    if faults:
        raise Unsound(faults)


def _twice(ids: Iterable[str]) -> list[str]:
    return [id for id, times in Counter(ids).items() if times > 1]


def _people(problem: Problem) -> Iterator[Fault]:
    seats = {seat.id for seat in problem.seats}
    held: dict[str, str] = {}
    for person in problem.persons:
        if person.id in held:
            two = held[person.id] != person.seat
            yield Fault("PERSON_IN_TWO_SEATS" if two else "PERSON_TWICE", person.id)
        held[person.id] = person.seat
        if person.seat not in seats:
            yield Fault("SEAT_UNKNOWN", f"{person.id}/{person.seat}")
        if person.part == "duty" and not person.reason.strip():
            yield Fault("DUTY_WITHOUT_REASON", person.id)


def _places(problem: Problem) -> Iterator[Fault]:
    units, posted = {unit.id for unit in problem.units}, {seat.unit for seat in problem.seats}
    yield from (Fault("SEAT_TWICE", id) for id in _twice(seat.id for seat in problem.seats))
    yield from (Fault("UNIT_TWICE", id) for id in _twice(unit.id for unit in problem.units))
    for seat in problem.seats:
        if seat.quota < 0:
            yield Fault("QUOTA_NEGATIVE", seat.id)
        if seat.unit not in units:
            yield Fault("UNIT_UNKNOWN", f"{seat.id}/{seat.unit}")
    for unit in problem.units:
        if unit.need < 0 or unit.floor < 0 or unit.weight < 0:
            yield Fault("UNIT_NEGATIVE", unit.id)
        if unit.need > 0 and unit.id not in posted:
            yield Fault("NEED_WITHOUT_POST", unit.id)
        if unit.ceiling is not None and unit.ceiling < unit.floor:
            yield Fault("CEILING_BELOW_FLOOR", unit.id)


def _weights(problem: Problem) -> Iterator[Fault]:
    weights = (problem.weights.move, problem.weights.distance, problem.weights.money)
    if min(weights) < 0 or ("cost" in problem.levels and sum(weights) == 0):
        yield Fault("WEIGHTS_NOTHING", "weights")
    if "imbalance" in problem.levels and problem.units and not any(unit.weight for unit in problem.units):
        yield Fault("WEIGHTS_NOTHING", "units")
    if not problem.levels or len(set(problem.levels)) < len(problem.levels) or set(problem.levels) - set(LEVELS):
        yield Fault("LEVELS_WRONG", "levels")


def _sides(problem: Problem) -> Iterator[Fault]:
    people = {person.id for person in problem.persons}
    seats, units = {seat.id for seat in problem.seats}, {unit.id for unit in problem.units}
    named: list[Pair | Claim] = [*problem.locks, *problem.forbidden, *problem.announced, *problem.claims]
    named += [pair for conflict in problem.conflicts for pair in (conflict.one, conflict.other)]
    yield from (Fault("PERSON_UNKNOWN", pair.person) for pair in named if pair.person not in people)
    yield from (Fault("SEAT_UNKNOWN", pair.seat) for pair in named if pair.seat not in seats)
    for couple in problem.couples:
        yield from (Fault("PERSON_UNKNOWN", id) for id in (couple.one, couple.other) if id not in people)
        if couple.one == couple.other:
            yield Fault("COUPLE_OF_ONE", couple.one)
    for cap in problem.caps:
        yield from (Fault("UNIT_UNKNOWN", id) for id in (cap.origin, cap.target or cap.origin) if id not in units)
        if cap.most < 0:
            yield Fault("CAP_NEGATIVE", cap.origin)
    if problem.budget is not None and problem.budget < 0:
        yield Fault("BUDGET_NEGATIVE", "budget")
    yield from (Fault("LOCKED_TWICE", id) for id in _twice(lock.person for lock in problem.locks))
    yield from (
        Fault("LOCKED_AND_FORBIDDEN", f"{p.person}/{p.seat}") for p in set(problem.locks) & set(problem.forbidden)
    )


def _options(problem: Problem) -> Iterator[Fault]:
    options, people, seats = problem.options, problem.persons, problem.seats
    inside = (options.person >= 0) & (options.person < len(people)) & (options.seat >= 0) & (options.seat < len(seats))
    if not inside.all():
        yield Fault("OPTION_UNKNOWN", "options")
        return
    if any(column.min(initial=0) < 0 for column in options.columns):
        yield Fault("OPTION_NEGATIVE", "options")
    yield from _rows(problem, options.person * len(seats) + options.seat)


def _rows(problem: Problem, pairs: Ints) -> Iterator[Fault]:
    """`pairs` has one number for each option's person and seat."""
    people, width, known = problem.persons, len(problem.seats), np.sort(pairs)
    if (np.diff(known) == 0).any():
        yield Fault("OPTION_TWICE", "options")
    at = {seat.id: position for position, seat in enumerate(problem.seats)}
    own = np.array([i * width + at[person.seat] for i, person in enumerate(people)], dtype=np.int64)
    yield from (Fault("OWN_SEAT_MISSING", people[i].id) for i in _missing(own, known))
    index = {person.id: position for position, person in enumerate(people)}
    named = (*problem.locks, *problem.announced)
    wanted = np.array([index[pair.person] * width + at[pair.seat] for pair in named], dtype=np.int64)
    yield from (Fault("NOT_ELIGIBLE", f"{named[i].person}/{named[i].seat}") for i in _missing(wanted, known))
    if any(person.part != "fixed" for person in people) and len(known) <= len(people):
        yield Fault("NOBODY_ELIGIBLE", "options")


def _missing(wanted: Ints, known: Ints) -> list[int]:
    """Positions in `wanted` of what is not in `known`, which is sorted."""
    at = np.searchsorted(known, wanted)
    there = at < len(known)
    there[there] = known[at[there]] == wanted[there]
    return [int(i) for i in np.nonzero(~there)[0]]
