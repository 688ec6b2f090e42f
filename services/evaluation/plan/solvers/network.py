"""The plan as a min-cost flow: person -> seat -> unit -> sink, with one arc per stretch of a unit's convex cost.

Up to the floor of a unit its staff is no choice: the unit's node asks for it, and only what is above goes to the sink.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from services.evaluation.plan.model import WHOLE, Ints, Problem, Unit
from services.evaluation.plan.solvers.arcs import Arcs


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
    """The network of a problem, for its levels in order; the tie-break comes last."""
    n, j, u = len(problem.persons), len(problem.seats), len(problem.units)
    sink, m = n + j + u, len(arcs.person)
    unit_at = {unit.id: n + j + at for at, unit in enumerate(problem.units)}
    home = np.array([unit_at[seat.unit] for seat in problem.seats], dtype=np.int64)
    stretches = [(unit_at[unit.id], *part) for unit in problem.units for part in _stretches(unit, n)]
    units = np.array(stretches, dtype=np.int64).reshape(-1, 3)
    quota = np.array([seat.quota for seat in problem.seats], dtype=np.int64)
    critical = -np.array([seat.critical for seat in problem.seats], dtype=np.int64)
    costs = {}
    for level, cost in arcs.costs.items():
        of_seats = critical if level == "unmet" else np.zeros(j, np.int64)
        of_units = units[:, 2] if level == "imbalance" else np.zeros(len(units), np.int64)
        costs[level] = np.concatenate([cost, of_seats, of_units])
    floors = np.array([unit.floor for unit in problem.units], dtype=np.int64)
    return Network(
        tail=np.concatenate([arcs.person, np.arange(n, n + j), units[:, 0]]),
        head=np.concatenate([n + arcs.seat, home, np.full(len(units), sink)]),
        capacity=np.concatenate([np.ones(m, np.int64), quota, units[:, 1]]),
        supply=np.concatenate([np.ones(n, np.int64), np.zeros(j, np.int64), -floors, [floors.sum() - n]]),
        costs=costs,
        options=m,
    )


def _stretches(unit: Unit, people: int) -> Iterator[tuple[int, int]]:
    """Capacity and cost at "imbalance" of each stretch of a unit's staff above its floor; the cost only rises."""
    top = max(min(people, people if unit.ceiling is None else unit.ceiling), unit.floor)
    bends = (unit.need // WHOLE, -(-unit.need // WHOLE))
    marks = sorted({unit.floor, top, *(bend for bend in bends if unit.floor < bend < top)})
    for start, end in pairwise(marks):
        yield end - start, unit.weight * (_gap(unit, end) - _gap(unit, start)) // (end - start)


def _gap(unit: Unit, staff: int) -> int:
    return abs(WHOLE * staff - unit.need)


def constant(problem: Problem, level: str) -> int:
    """What a level counts before anybody is placed above the floors: the flow's costs are relative to it."""
    if level == "imbalance":
        return sum(unit.weight * _gap(unit, unit.floor) for unit in problem.units)
    if level == "unmet":
        return sum(seat.quota for seat in problem.seats if seat.critical)
    return 0
