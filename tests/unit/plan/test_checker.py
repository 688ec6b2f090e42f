"""The checker names the place: two hundred plans, each wrong in one."""

import ast
from collections.abc import Callable
from pathlib import Path
from random import Random

from services.evaluation.plan import checker
from services.evaluation.plan.model import Line, Plan, Problem
from services.evaluation.plan.solvers.solve import solve
from tests.unit.plan.kit import chance

Corruption = Callable[[Random, Problem, Plan], tuple[Plan, str]]


def _with(plan: Plan, at: int, line: Line) -> Plan:
    return plan.model_copy(update={"lines": (*plan.lines[:at], line, *plan.lines[at + 1 :])})


def _another_seat(rnd: Random, of: Problem, plan: Plan) -> tuple[Plan, str]:
    at = rnd.randrange(len(plan.lines))
    line = plan.lines[at]
    seat = rnd.choice([seat.id for seat in of.seats if seat.id != line.seat])
    return _with(plan, at, line.model_copy(update={"seat": seat})), line.person


def _another_figure(rnd: Random, _of: Problem, plan: Plan) -> tuple[Plan, str]:
    at, field = rnd.randrange(len(plan.lines)), rnd.choice(("fit", "rank", "cost", "tie"))
    line = plan.lines[at]
    return _with(plan, at, line.model_copy(update={field: getattr(line, field) + 1})), line.person


def _nobody(rnd: Random, _of: Problem, plan: Plan) -> tuple[Plan, str]:
    at = rnd.randrange(len(plan.lines))
    return plan.model_copy(update={"lines": (*plan.lines[:at], *plan.lines[at + 1 :])}), plan.lines[at].person


def _twice(rnd: Random, _of: Problem, plan: Plan) -> tuple[Plan, str]:
    line = rnd.choice(plan.lines)
    return plan.model_copy(update={"lines": (*plan.lines, line)}), line.person


def _stranger(rnd: Random, _of: Problem, plan: Plan) -> tuple[Plan, str]:
    at = rnd.randrange(len(plan.lines))
    return _with(plan, at, plan.lines[at].model_copy(update={"person": "nobody"})), "nobody"


def _level(rnd: Random, _of: Problem, plan: Plan) -> tuple[Plan, str]:
    at = rnd.randrange(len(plan.levels))
    told = plan.levels[at]
    wrong = told.model_copy(update={"value": told.value - 1, "bound": told.bound - 1})
    return plan.model_copy(update={"levels": (*plan.levels[:at], wrong, *plan.levels[at + 1 :])}), told.level


def _bound(rnd: Random, _of: Problem, plan: Plan) -> tuple[Plan, str]:
    at = rnd.randrange(len(plan.levels))
    wrong = plan.levels[at].model_copy(update={"bound": plan.levels[at].bound + rnd.choice((-1, 1))})
    return plan.model_copy(update={"levels": (*plan.levels[:at], wrong, *plan.levels[at + 1 :])}), wrong.level


def _staffing(rnd: Random, _of: Problem, plan: Plan) -> tuple[Plan, str]:
    at, field = rnd.randrange(len(plan.staffing)), rnd.choice(("before", "after", "need"))
    row = plan.staffing[at]
    wrong = row.model_copy(update={field: getattr(row, field) + 1})
    return plan.model_copy(update={"staffing": (*plan.staffing[:at], wrong, *plan.staffing[at + 1 :])}), row.unit


def _problem(_rnd: Random, _of: Problem, plan: Plan) -> tuple[Plan, str]:
    return plan.model_copy(update={"problem": "0" * 64}), "problem"


CORRUPTIONS: tuple[Corruption, ...] = (
    *(_another_seat, _another_seat, _another_figure, _nobody, _twice),
    *(_stranger, _level, _bound, _staffing, _problem),
)


def test_two_hundred_plans_wrong_in_one_place_each() -> None:
    done, seed = 0, 0
    while done < 200:
        seed += 1
        of = chance(seed, sides=bool(seed % 4 == 0))
        if len(of.options.person) <= len(of.persons) or len(of.seats) < 2:
            continue
        plan = solve(of)
        if plan.status != "optimal":
            continue
        rnd = Random(seed)
        for corrupt in CORRUPTIONS:
            wrong, where = corrupt(rnd, of, plan)
            named = [part for fault in checker.check(of, wrong) for part in fault.where.split("/")]
            assert where in named, f"seed {seed}, {corrupt.__name__}: {where} not in {named}"
            done += 1
    assert done >= 200


def test_constraints_over_several_persons_are_named() -> None:
    """A plan of the problem without side constraints, checked against the one with them."""
    codes: set[str] = set()
    for seed in range(120):
        of = chance(seed, sides=True)
        if len(of.options.person) <= len(of.persons):
            continue
        free = {"conflicts": (), "couples": (), "caps": (), "claims": (), "budget": None}
        plan = solve(of.model_copy(update=free))
        codes |= {fault.code for fault in checker.check(of, plan)} - {"ANOTHER_PROBLEM", "LEVELS_MISSING"}
    assert codes >= {"CONFLICT", "COUPLE_PARTED", "CAP", "CLAIM", "BUDGET"}


def test_e12_of_a_couple_nobody_moves_away_alone() -> None:
    """Where only one of the two would get a place elsewhere, both stay; without the rule some would be parted."""
    kept, free = set[str](), set[str]()
    for of in (chance(seed, sides=True) for seed in range(60)):
        if of.couples and (plan := solve(of)).status == "optimal":
            kept |= {fault.code for fault in checker.check(of, plan)}
            free |= {fault.code for fault in checker.check(of, solve(of.model_copy(update={"couples": ()})))}
    assert "COUPLE_PARTED" in free - kept


def test_places_floors_and_ceilings_are_named() -> None:
    codes: set[str] = set()
    for seed in range(40):
        of = chance(seed, sides=False)
        if len(of.options.person) <= len(of.persons) or (plan := solve(of)).status != "optimal":
            continue
        full = tuple(seat.model_copy(update={"quota": 0}) for seat in of.seats)
        high = tuple(unit.model_copy(update={"floor": 9}) for unit in of.units)
        low = tuple(unit.model_copy(update={"floor": 0, "ceiling": 0}) for unit in of.units)
        for change in ({"seats": full}, {"units": high}, {"units": low}):
            codes |= {fault.code for fault in checker.check(of.model_copy(update=change), plan)}
    assert codes >= {"SEAT_FULL", "UNIT_BELOW_FLOOR", "UNIT_ABOVE_CEILING"}


def test_the_checker_knows_no_solver() -> None:
    """Nor does anything it imports from the plan."""
    for name in ("checker", "model", "sound", "ties"):
        tree = ast.parse(Path(f"services/evaluation/plan/{name}.py").read_text("utf-8"))
        imported = [n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
        imported += [alias.name for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names]
        assert not [module for module in imported if "solvers" in module or "ortools" in module]
