"""From a problem to its plan: the flow first, CP-SAT only where the flow's plan breaks what is no flow."""

from typing import NamedTuple

import numpy as np

from services.evaluation.plan import checker, sound
from services.evaluation.plan.model import Ints, LevelResult, Line, Plan, Problem, Staffing, Status, canonical, digest
from services.evaluation.plan.solvers import cpsat
from services.evaluation.plan.solvers.arcs import Arcs, arcs
from services.evaluation.plan.solvers.cpsat import Limits
from services.evaluation.plan.solvers.flow import NoFlow, lexicographic
from services.evaluation.plan.solvers.network import constant, network


class Relaxed(NamedTuple):
    """What the flow found: the chosen arcs (positions in `Arcs`) and the value of each level; None if there is none."""

    chosen: Ints
    values: dict[str, int]


def solve(problem: Problem, limits: Limits = Limits()) -> Plan:  # noqa: B008 - frozen
    """The plan of a problem; nobody has checked it yet. Raises sound.Unsound, flow.NotSolved."""
    sound.check(problem)
    problem = canonical(problem)
    found = arcs(problem)
    relaxed = relax(problem, found)
    if relaxed is None:
        return _plan(problem, found, "infeasible", "flow")
    if not _sides(problem) or not any(checker.sides(checker.Reading(problem), _seated(problem, found, relaxed.chosen))):
        levels = tuple(LevelResult(level=level, value=value, bound=value) for level, value in relaxed.values.items())
        return _plan(problem, found, "optimal", "flow", relaxed.chosen, levels)
    answer = cpsat.solve(problem, found, relaxed.values, relaxed.chosen, limits)
    return _plan(problem, found, answer.status, "cp-sat", answer.chosen, _complete(problem, found, answer))


def _sides(problem: Problem) -> bool:
    """Whether there is anything that is no flow."""
    given = (problem.conflicts, problem.couples, problem.caps, problem.claims)
    return any(given) or problem.budget is not None


def relax(problem: Problem, found: Arcs) -> Relaxed | None:
    """The optimum without what is no flow; None if not even that can be met."""
    net = network(problem, found)
    try:
        flow = lexicographic(net)
    except NoFlow:
        return None
    values = {level: value + constant(problem, level) for level, value in flow.values.items()}
    return Relaxed(np.nonzero(flow.flow[: net.options])[0], values)


def _complete(problem: Problem, found: Arcs, answer: cpsat.Answer) -> tuple[LevelResult, ...]:
    """The levels CP-SAT had no time for are told as they stand in its plan, with no bound but the weakest."""
    if not answer.levels:
        return ()
    reached = checker.measured(checker.Reading(problem), _seated(problem, found, answer.chosen))
    known = {result.level: result for result in answer.levels}
    weakest = {level: min(value, _least(found, level)) for level, value in reached}
    return tuple(
        known.get(level, LevelResult(level=level, value=value, bound=weakest[level])) for level, value in reached
    )


def _least(found: Arcs, level: str) -> int:
    """No plan is below this: everybody's own best at that level."""
    cost = found.costs[level]
    best = np.full(int(found.person.max(initial=-1)) + 1, np.iinfo(np.int64).max)
    np.minimum.at(best, found.person, cost)
    return int(best[np.unique(found.person)].sum())


def _seated(problem: Problem, found: Arcs, chosen: Ints) -> dict[str, str]:
    pairs = zip(found.person[chosen].tolist(), found.seat[chosen].tolist(), strict=True)
    return {problem.persons[i].id: problem.seats[j].id for i, j in pairs}


def _plan(
    problem: Problem,
    found: Arcs,
    status: Status,
    solver: str,
    chosen: Ints | None = None,
    levels: tuple[LevelResult, ...] = (),
) -> Plan:
    head = {"problem": digest(problem), "seed": problem.seed, "status": status, "solver": solver}
    if chosen is None or not levels:
        return Plan.model_validate(head)
    lines = _lines(problem, found, chosen)
    return Plan.model_validate({**head, "levels": levels, "lines": lines, "staffing": _staffing(problem, lines)})


def _lines(problem: Problem, found: Arcs, chosen: Ints) -> tuple[Line, ...]:
    options, row = problem.options, found.row[chosen]
    of = (found.person, found.seat, found.price, found.costs["tie"])
    columns = (*(column[chosen] for column in of), options.fit[row], options.rank[row])
    return tuple(
        Line(
            person=problem.persons[i].id,
            origin=problem.persons[i].seat,
            seat=problem.seats[j].id,
            fit=fit,
            rank=rank,
            cost=price,
            tie=drawn,
        )
        for i, j, price, drawn, fit, rank in zip(*(column.tolist() for column in columns), strict=True)
    )


def _staffing(problem: Problem, lines: tuple[Line, ...]) -> tuple[Staffing, ...]:
    unit_of = {seat.id: seat.unit for seat in problem.seats}
    before = dict.fromkeys((unit.id for unit in problem.units), 0)
    after = dict(before)
    for line in lines:
        before[unit_of[line.origin]] += 1
        after[unit_of[line.seat]] += 1
    return tuple(
        Staffing(unit=unit.id, before=before[unit.id], after=after[unit.id], need=unit.need) for unit in problem.units
    )
