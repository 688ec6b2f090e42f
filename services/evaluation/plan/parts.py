"""A problem in which nobody leaves their region, taken apart by region, and the plans of its parts put together. Pure.

Nothing is lost by it: the levels are sums over the units, seats and people of the regions, so plans that are the best
of each are together the best of all. What would tie regions to each other is refused by name.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from services.evaluation.plan.model import (
    Ints,
    LevelResult,
    Options,
    Pair,
    Person,
    Plan,
    Problem,
    Solver,
    Status,
    digest,
)
from services.evaluation.plan.sound import Fault, Unsound, check

WORST: tuple[Status, ...] = ("infeasible", "unknown", "feasible", "optimal")


@dataclass(frozen=True, slots=True)
class _Map:
    """Region of each seat and person."""

    seat: Mapping[str, str]
    person: Mapping[str, str]

    def both(self, pair: Pair) -> str | None:
        """The region in which the pair lies; None if it would cross a border."""
        region = self.person[pair.person]
        return region if self.seat[pair.seat] == region else None


def split(problem: Problem) -> dict[str, Problem]:
    """Region -> its part. Raises Unsound for bad input, and for what ties regions to each other."""
    check(problem)
    by_unit = {unit.id: unit.region for unit in problem.units}
    by_seat = {seat.id: by_unit[seat.unit] for seat in problem.seats}
    of = _Map(by_seat, {person.id: by_seat[person.seat] for person in problem.persons})
    if faults := tuple(_tied(problem, of)):
        raise Unsound(faults)
    return {region: _part(problem, region, of) for region in sorted(set(by_unit.values()))}


def _tied(problem: Problem, of: _Map) -> Iterator[Fault]:
    if problem.budget is not None:
        yield Fault("SPLIT_BUDGET", "budget")
    options, seats, people = problem.options, problem.seats, problem.persons
    there = np.array([of.seat[seat.id] for seat in seats])[options.seat]
    here = np.array([of.person[person.id] for person in people])[options.person]
    for at in np.nonzero(here != there)[0][:1]:
        yield Fault("SPLIT_OPTION", f"{people[options.person[at]].id}/{seats[options.seat[at]].id}")
    for couple in problem.couples:
        if of.person[couple.one] != of.person[couple.other]:
            yield Fault("SPLIT_COUPLE", f"{couple.one}/{couple.other}")
    for conflict in problem.conflicts:
        one, other = of.both(conflict.one), of.both(conflict.other)
        if None not in (one, other) and one != other:
            yield Fault("SPLIT_CONFLICT", f"{conflict.one.person}/{conflict.other.person}")


def _part(problem: Problem, region: str, of: _Map) -> Problem:
    people = [at for at, person in enumerate(problem.persons) if of.person[person.id] == region]
    seats = [at for at, seat in enumerate(problem.seats) if of.seat[seat.id] == region]
    units = tuple(unit for unit in problem.units if unit.region == region)
    here = {unit.id for unit in units}
    options = _rows(problem.options, np.array(people, np.int64), np.array(seats, np.int64))
    choices = np.bincount(options.person, minlength=len(people))

    def inside(pair: Pair) -> bool:
        return of.both(pair) == region

    return problem.model_copy(
        update={
            "persons": tuple(_settled(problem.persons[at], n) for at, n in zip(people, choices, strict=True)),
            "seats": tuple(problem.seats[at] for at in seats),
            "units": units,
            "options": options,
            "locks": tuple(filter(inside, problem.locks)),
            "forbidden": tuple(filter(inside, problem.forbidden)),
            "announced": tuple(filter(inside, problem.announced)),
            "claims": tuple(one for one in problem.claims if inside(Pair(person=one.person, seat=one.seat))),
            "conflicts": tuple(one for one in problem.conflicts if inside(one.one) and inside(one.other)),
            "couples": tuple(one for one in problem.couples if of.person[one.one] == region),
            "caps": tuple(cap for cap in problem.caps if {cap.origin, cap.target or cap.origin} <= here),
        }
    )


def _settled(person: Person, choices: int) -> Person:
    """Who has no seat but the own one takes no part: a region in which nobody may move is no error of the whole."""
    return person if choices > 1 else person.model_copy(update={"part": "fixed"})


def _rows(options: Options, people: Ints, seats: Ints) -> Options:
    """Those of these people and seats (positions, rising), who are numbered anew."""
    kept = np.isin(options.person, people)
    columns = [column[kept] for column in options.columns]
    columns[0], columns[1] = np.searchsorted(people, columns[0]), np.searchsorted(seats, columns[1])
    return Options.model_validate(dict(zip(Options.model_fields, columns, strict=True)))


def merge(problem: Problem, plans: Sequence[Plan]) -> Plan:
    """The plan of the whole, from those of its parts."""
    status = min((plan.status for plan in plans), key=WORST.index)
    solver: Solver = "cp-sat" if any(plan.solver == "cp-sat" for plan in plans) else "flow"
    whole = Plan(problem=digest(problem), seed=problem.seed, status=status, solver=solver)
    if status in ("infeasible", "unknown"):
        return whole
    lines = sorted((line for plan in plans for line in plan.lines), key=lambda line: line.person)
    staffing = sorted((row for plan in plans for row in plan.staffing), key=lambda row: row.unit)
    levels = tuple(_summed(results) for results in zip(*(plan.levels for plan in plans), strict=True))
    return whole.model_copy(update={"lines": tuple(lines), "staffing": tuple(staffing), "levels": levels})


def _summed(results: Sequence[LevelResult]) -> LevelResult:
    return LevelResult(
        level=results[0].level,
        value=sum(result.value for result in results),
        bound=sum(result.bound for result in results),
    )
