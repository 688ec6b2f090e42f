"""Instances whose answer is known: an assignment from a textbook, OR-Tools' own example, a chain, a workload."""

import pytest

from services.evaluation.plan import checker
from services.evaluation.plan.model import Person, Problem, Seat, Unit
from services.evaluation.plan.solvers.solve import solve
from tests.unit.plan.kit import market, problem, seated


def _value(of: Problem, level: str) -> int:
    plan = solve(of)
    assert plan.status == "optimal"
    assert checker.check(of, plan) == ()
    return next(result.value for result in plan.levels if result.level == level)


@pytest.mark.parametrize(
    ("costs", "best"),
    [
        ([[4, 1, 3], [2, 0, 5], [3, 2, 2]], 5),
        ([[90, 80, 75, 70], [35, 85, 55, 65], [125, 95, 90, 95], [45, 110, 95, 115], [50, 100, 90, 100]], 265),
    ],
)
def test_m4_the_assignment_costs_what_it_must(costs: list[list[int]], best: int) -> None:
    """Everybody waits in a pool; every post must be filled first."""
    posts = [Seat(id=f"s{at}", unit="u", quota=1, critical=True) for at in range(len(costs[0]))]
    people = [Person(id=f"p{at}", seat="pool", part="duty", reason="M4") for at in range(len(costs))]
    rows = [(p.id, s.id, 0, costs[i][j], 0, 0) for i, p in enumerate(people) for j, s in enumerate(posts)]
    rows += [(p.id, "pool", 0, 0, 0, 0) for p in people]
    seats = [*posts, Seat(id="pool", unit="u", quota=len(people))]
    assert _value(problem(people, seats, [Unit(id="u", need=0)], rows, levels=("unmet", "rank")), "rank") == best


def test_m5_a_chain_stops_where_the_last_unit_must_keep_one() -> None:
    of = market(
        {"p1": ["A"], "p2": ["B"], "p3": ["C"]}, {"p1": "B", "p2": "C", "p3": "D"}, {"A": 1, "B": 1, "C": 1, "D": 1}
    )
    kept = tuple(unit.model_copy(update={"floor": 1}) if unit.id == "D" else unit for unit in of.units)
    plan = solve(of.model_copy(update={"units": kept, "levels": ("rank",)}))
    assert seated(plan) == {"p1": "A", "p2": "B", "p3": "D"}


def test_m6_three_moves_bring_the_gap_from_seven_to_one() -> None:
    have, need = {"Dukcapil": 3, "Dinkes": 8, "Disdik": 9}, {"Dukcapil": 6, "Dinkes": 8, "Disdik": 5}
    people = [
        Person(id=f"{u}{n}", seat=u, part="duty", reason="A10") for u, count in have.items() for n in range(count)
    ]
    seats = [Seat(id=unit, unit=unit, quota=20) for unit in need]
    rows = [(p.id, s.id, 50, 0, 0, 0) for p in people for s in seats]
    of = problem(people, seats, [Unit(id=unit, need=100 * n) for unit, n in need.items()], rows)
    plan = solve(of)
    assert sum(abs(100 * row.before - row.need) for row in plan.staffing) == 700
    assert sum(abs(100 * row.after - row.need) for row in plan.staffing) == 100
    assert [(line.origin, line.seat) for line in plan.moves] == [("Disdik", "Dukcapil")] * 3


def test_three_people_suffice_to_show_that_exit_caps_are_no_flow() -> None:
    """Two posts of one unit and a cap on leaving it: the flow would let both go, the truth lets one."""
    people = [Person(id=f"p{at}", seat=f"a{at}", part="voluntary") for at in range(3)]
    seats = [Seat(id=f"a{at}", unit="A", quota=1) for at in range(3)] + [Seat(id="b", unit="B", quota=3)]
    rows = [(p.id, p.seat, 0, 5, 0, 0) for p in people] + [(p.id, "b", 0, 0, 0, 0) for p in people]
    of = problem(people, seats, [Unit(id="A", need=0), Unit(id="B", need=0)], rows, levels=("rank",))
    assert _value(of, "rank") == 0
    capped = Problem.model_validate({**of.model_dump(), "caps": [{"origin": "A", "most": 1}]})
    assert _value(capped, "rank") == 10
    assert solve(capped).solver == "cp-sat"
