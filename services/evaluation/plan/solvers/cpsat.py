"""The plan by CP-SAT, for what is no flow: couples, budget, conflicts, claims, and caps on ways out of a unit.

Level after level, as the flow does it; warm-started from the flow's placements, whose optimum is a bound for as long as
every level before reached it. One seed and interleaved workers: the same problem gives the same answer.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from ortools.sat.python import cp_model

from services.evaluation.plan.model import WHOLE, Ints, LevelResult, Problem, Status
from services.evaluation.plan.solvers.arcs import Arcs

WORKERS = 4


@dataclass(frozen=True, slots=True)
class Limits:
    """How long CP-SAT may take for all levels together: seconds of the clock, and its own measure, which repeats."""

    seconds: float = 60.0
    effort: float = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """Positions of the chosen arcs, and what each level reached with its bound."""

    status: Status
    chosen: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    levels: tuple[LevelResult, ...] = ()


class _Model:
    """Variables and constraints of one problem."""

    def __init__(self, problem: Problem, arcs: Arcs) -> None:
        self.problem, self.arcs, self.model = problem, arcs, cp_model.CpModel()
        self.x = [self.model.new_bool_var("") for _ in arcs.person]
        self.by_person, self.by_seat = _grouped(arcs.person), _grouped(arcs.seat)
        self.people = {person.id: at for at, person in enumerate(problem.persons)}
        self.seats = {seat.id: at for at, seat in enumerate(problem.seats)}
        self.units = {unit.id: unit for unit in problem.units}
        self.unit_of = [seat.unit for seat in problem.seats]
        self.home = [self.seats[person.seat] for person in problem.persons]
        pairs = zip(arcs.person.tolist(), arcs.seat.tolist(), strict=True)
        self.at = {pair: position for position, pair in enumerate(pairs)}
        self.staff = self._places()
        self._conflicts()
        self._couples()
        self._caps()
        self._claims()
        if problem.budget is not None:
            moved = [at for at in range(len(self.x)) if not arcs.own[at]]
            self.model.add(sum(int(arcs.money[at]) * self.x[at] for at in moved) <= problem.budget)

    def _sum(self, positions: Iterable[int]) -> cp_model.LinearExpr:
        return cp_model.LinearExpr.sum([self.x[at] for at in positions])

    def _places(self) -> dict[str, cp_model.LinearExpr]:
        for at in range(len(self.problem.persons)):
            self.model.add_exactly_one([self.x[arc] for arc in self.by_person[at]])
        in_unit: dict[str, list[int]] = {unit.id: [] for unit in self.problem.units}
        for at, seat in enumerate(self.problem.seats):
            self.model.add(self._sum(self.by_seat[at]) <= seat.quota)
            in_unit[seat.unit] += self.by_seat[at]
        staff = {id: self._sum(found) for id, found in in_unit.items()}
        for unit in self.problem.units:
            top = len(self.problem.persons) if unit.ceiling is None else unit.ceiling
            self.model.add_linear_constraint(staff[unit.id], unit.floor, max(top, unit.floor))
        return staff

    def _conflicts(self) -> None:
        for conflict in self.problem.conflicts:
            two = [self.at.get((self.people[p.person], self.seats[p.seat])) for p in (conflict.one, conflict.other)]
            if None not in two:
                self.model.add_at_most_one([self.x[at] for at in two if at is not None])

    def _couples(self) -> None:
        """Of both as many in every place, unless both stay."""
        for couple in self.problem.couples:
            one, other = self.people[couple.one], self.people[couple.other]
            stay = self.model.new_bool_var("")
            for person in (one, other):
                own = self.at.get((person, self.home[person]))
                self.model.add(stay <= (0 if own is None else self.x[own]))
            places: dict[str, list[tuple[int, int]]] = defaultdict(list)
            for sign, person in ((1, one), (-1, other)):
                for at in self.by_person[person]:
                    places[self.units[self.unit_of[self.arcs.seat[at]]].place].append((sign, at))
            for found in places.values():
                both = sum(sign * self.x[at] for sign, at in found)
                self.model.add(both <= stay)
                self.model.add(both >= -stay)

    def _caps(self) -> None:
        for cap in self.problem.caps:
            gone = [at for at in range(len(self.x)) if self._goes(at, cap.origin, cap.target)]
            self.model.add(self._sum(gone) <= cap.most)

    def _goes(self, at: int, origin: str, target: str) -> bool:
        left, entered = self.unit_of[self.home[self.arcs.person[at]]], self.unit_of[self.arcs.seat[at]]
        return left == origin and entered != left and target in ("", entered)

    def _claims(self) -> None:
        """A newcomer with fewer points only where the claimant got that seat, or one they like as much."""
        points = {(claim.seat, claim.person): claim.points for claim in self.problem.claims}
        locked = {lock.person for lock in self.problem.locks}
        barred = {(pair.person, pair.seat) for pair in self.problem.forbidden}
        wanted = _ranks(self.problem)
        for (seat, person), mine in points.items():
            i, j = self.people[person], self.seats[seat]
            if person in locked or (person, seat) in barred or (i, j) not in wanted:
                continue
            content = self._sum(at for at in self.by_person[i] if self.arcs.rank[at] <= wanted[i, j])
            for at in self.by_seat[j]:
                other = int(self.arcs.person[at])
                theirs = points.get((seat, self.problem.persons[other].id), -1)
                if other != i and self.home[other] != j and theirs < mine:
                    self.model.add(self.x[at] <= content)

    def objective(self, level: str) -> cp_model.LinearExpr:
        """What a level minimises, with its constant: the value people read."""
        total: cp_model.LinearExpr = cp_model.LinearExpr.weighted_sum(self.x, self.arcs.costs[level].tolist())
        if level == "unmet":
            critical = [at for at, seat in enumerate(self.problem.seats) if seat.critical]
            empty = [self.problem.seats[at].quota - self._sum(self.by_seat[at]) for at in critical]
            return total + cp_model.LinearExpr.sum(empty)
        if level == "imbalance":
            gaps = [unit.weight * self._gap(unit.id, unit.need) for unit in self.problem.units]
            return total + cp_model.LinearExpr.sum(gaps)
        return total

    def _gap(self, unit: str, need: int) -> cp_model.IntVar:
        gap = self.model.new_int_var(0, WHOLE * len(self.problem.persons) + need, "")
        self.model.add(gap >= WHOLE * self.staff[unit] - need)
        self.model.add(gap >= need - WHOLE * self.staff[unit])
        return gap


def _grouped(column: Ints) -> dict[int, list[int]]:
    groups: dict[int, list[int]] = defaultdict(list)
    for at, value in enumerate(column.tolist()):
        groups[value].append(at)
    return groups


def _ranks(problem: Problem) -> Mapping[tuple[int, int], int]:
    options = problem.options
    columns = (options.person.tolist(), options.seat.tolist(), options.rank.tolist())
    return {(i, j): rank for i, j, rank in zip(*columns, strict=True)}


def solve(problem: Problem, arcs: Arcs, bounds: Mapping[str, int], start: Ints, limits: Limits) -> Answer:
    """All levels. `bounds` are the flow's values, `start` the positions of the arcs it chose."""
    built, hint = _Model(problem, arcs), set(start.tolist())
    levels: list[LevelResult] = []
    seconds, effort, tight, status = limits.seconds, limits.effort, True, cp_model.OPTIMAL
    for level, floor in bounds.items():
        goal = built.objective(level)
        if tight:
            built.model.add(goal >= floor)
        solver = _solver(problem.seed, seconds, effort)
        built.model.clear_hints()  # type: ignore[no-untyped-call]
        for at, variable in enumerate(built.x):
            built.model.add_hint(variable, at in hint)
        built.model.minimize(goal)
        status = solver.solve(built.model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            break
        hint = {at for at, variable in enumerate(built.x) if solver.boolean_value(variable)}
        value = round(solver.objective_value)
        bound = value if status == cp_model.OPTIMAL else round(np.ceil(solver.best_objective_bound - 1e-6))
        levels.append(LevelResult(level=level, value=value, bound=bound))
        built.model.add(goal <= value)
        tight = tight and value == floor
        seconds, effort = max(seconds - solver.wall_time, 0.1), max(effort - solver.deterministic_time, 0.1)
    return _answer(status, levels, hint, bounds)


def _answer(status: object, levels: list[LevelResult], chosen: set[int], bounds: Mapping[str, int]) -> Answer:
    if not levels:
        return Answer("infeasible" if status == cp_model.INFEASIBLE else "unknown")
    done = len(levels) == len(bounds) and all(result.gap == 0 for result in levels)
    return Answer("optimal" if done else "feasible", np.array(sorted(chosen), np.int64), tuple(levels))


def _solver(seed: int, seconds: float, effort: float) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.random_seed = seed % (1 << 31)
    solver.parameters.num_workers = WORKERS
    solver.parameters.interleave_search = True
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.max_deterministic_time = effort
    return solver
