"""A split run: the plans of the regions, put together, are the plan of the whole; what ties regions is refused."""

from typing import Any

import numpy as np
import pytest

from services.evaluation.plan import checker, sound
from services.evaluation.plan.model import Conflict, Couple, Options, Pair, Problem
from services.evaluation.plan.parts import merge, split
from services.evaluation.plan.solvers.solve import solve
from tests.unit.plan.kit import chance, market


def _bordered(problem: Problem) -> Problem:
    """Every other unit lies in the west; nobody may cross."""
    units = tuple(
        unit.model_copy(update={"region": "west" if n % 2 else "east"}) for n, unit in enumerate(problem.units)
    )
    by_unit = {unit.id: unit.region for unit in units}
    there = np.array([by_unit[seat.unit] for seat in problem.seats])
    at = {seat.id: n for n, seat in enumerate(problem.seats)}
    here = np.array([there[at[person.seat]] for person in problem.persons])
    inside = here[problem.options.person] == there[problem.options.seat]
    columns = (column[inside] for column in problem.options.columns)
    options = Options.model_validate(dict(zip(Options.model_fields, columns, strict=True)))
    told = tuple(p for p in problem.announced if here[_of(problem, p.person)] == there[at[p.seat]])
    locks = tuple(p for p in problem.locks if here[_of(problem, p.person)] == there[at[p.seat]])
    return problem.model_copy(update={"units": units, "options": options, "announced": told, "locks": locks})


def _of(problem: Problem, person: str) -> int:
    return next(n for n, one in enumerate(problem.persons) if one.id == person)


def test_the_plans_of_the_parts_are_together_the_plan_of_the_whole() -> None:
    solved, refused = 0, set[str]()
    for seed in range(150):
        whole = _bordered(chance(seed, sides=False))
        try:
            plan = solve(whole)
        except sound.Unsound as unsound:
            refused.update(fault.code for fault in unsound.faults)
            continue
        parts = [solve(part) for part in split(whole).values()]
        together = merge(whole, parts)
        assert together == plan
        assert checker.check(whole, together) == ()
        solved += plan.status == "optimal" and len(parts) == 2
    assert solved > 30
    assert refused <= {"NOBODY_ELIGIBLE"}


REGIONS = {"A": "west", "B": "east", "C": "west"}


def _three(*wanted: str) -> Problem:
    """p of A may go to C, in the same region; q of B is in another."""
    made = market({"p": ["C"], "q": wanted}, {"p": "A", "q": "B"}, {"A": 1, "B": 1, "C": 1})
    units = tuple(unit.model_copy(update={"region": REGIONS[unit.id]}) for unit in made.units)
    return made.model_copy(update={"units": units})


APART = Conflict(one=Pair(person="p", seat="A"), other=Pair(person="q", seat="B"))
TIES: dict[str, tuple[Problem, dict[str, Any]]] = {
    "SPLIT_OPTION": (_three("C"), {}),
    "SPLIT_BUDGET": (_three(), {"budget": 3}),
    "SPLIT_COUPLE": (_three(), {"couples": (Couple(one="p", other="q"),)}),
    "SPLIT_CONFLICT": (_three(), {"conflicts": (APART,)}),
}


@pytest.mark.parametrize("code", TIES)
def test_what_ties_regions_to_each_other_is_refused_by_name(code: str) -> None:
    problem, ties = TIES[code]
    with pytest.raises(sound.Unsound) as refused:
        split(problem.model_copy(update=ties))
    assert {fault.code for fault in refused.value.faults} == {code}


def test_a_region_in_which_nobody_may_move_is_no_error_of_the_whole() -> None:
    parts = split(_three())
    assert [person.part for person in parts["east"].persons] == ["fixed"]
    assert merge(_three(), [solve(part) for part in parts.values()]) == solve(_three())
