"""The plan as a min-cost flow: person -> seat -> unit -> sink, with one arc per stretch of a unit's convex cost.

A first level "unplaced" counts people who find no seat and floors that are not reached; a plan exists if it is nought.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from services.evaluation.plan.model import WHOLE, Problem, Unit
from services.evaluation.plan.solvers.arcs import Arcs, Ints

UNPLACED = "unplaced"


@dataclass(frozen=True, slots=True)
class Network:
    """Arcs as columns. The first `options` arcs are those of `Arcs`, in their order. `supply` is per node."""

    tail: Ints
    head: Ints
    capacity: Ints
    supply: Ints
    costs: dict[str, Ints]
    options: int


def network(problem: Problem, arcs: Arcs) -> Network:
    """The network of a problem, for its levels in order after "unplaced"; the tie-break comes last."""
    n, j, u = len(problem.persons), len(problem.seats), len(problem.units)
    sink = n + j + u
    unit_at = {unit.id: n + j + at for at, unit in enumerate(problem.units)}
    home = [unit_at[seat.unit] for seat in problem.seats]
    people, seats = np.arange(n, dtype=np.int64), np.arange(n, n + j, dtype=np.int64)
    stretches = [(unit_at[unit.id], *part) for unit in problem.units for part in _stretches(unit, n)]
    units = np.array(stretches, dtype=np.int64).reshape(-1, 4)
    quota = np.array([seat.quota for seat in problem.seats], dtype=np.int64)
    critical = -np.array([seat.critical for seat in problem.seats], dtype=np.int64)
    m = len(arcs.person)
    costs = {UNPLACED: np.concatenate([np.zeros(m + j, np.int64), units[:, 2], np.full(n, 1, np.int64)])}
    for level, cost in arcs.costs.items():
        of_seats = critical if level == "unmet" else np.zeros(j, np.int64)
        of_units = units[:, 3] if level == "imbalance" else np.zeros(len(units), np.int64)
        costs[level] = np.concatenate([cost, of_seats, of_units, np.zeros(n, np.int64)])
    supply = np.zeros(sink + 1, dtype=np.int64)
    supply[:n], supply[sink] = 1, -n
    return Network(
        tail=np.concatenate([arcs.person, seats, units[:, 0], people]),
        head=np.concatenate([n + arcs.seat, np.array(home, np.int64), np.full(len(units) + n, sink, np.int64)]),
        capacity=np.concatenate([np.ones(m, np.int64), quota, units[:, 1], np.ones(n, np.int64)]),
        supply=supply,
        costs=costs,
        options=m,
    )


def _stretches(unit: Unit, people: int) -> Iterator[tuple[int, int, int]]:
    """Capacity, cost at "unplaced" and at "imbalance" of each stretch of a unit's staff; both costs only rise."""
    top = min(people, people if unit.ceiling is None else unit.ceiling)
    marks = sorted({min(mark, top) for mark in (0, unit.floor, unit.need // WHOLE, -(-unit.need // WHOLE), top)})
    for start, end in pairwise(marks):
        slope = abs(WHOLE * end - unit.need) - abs(WHOLE * start - unit.need)
        yield end - start, -int(end <= unit.floor), unit.weight * slope // (end - start)


def constant(problem: Problem, level: str) -> int:
    """What a level counts before anybody is placed: the flow's costs are relative to it."""
    if level == UNPLACED:
        return sum(unit.floor for unit in problem.units)
    if level == "imbalance":
        return sum(unit.weight * unit.need for unit in problem.units)
    if level == "unmet":
        return sum(seat.quota for seat in problem.seats if seat.critical)
    return 0
