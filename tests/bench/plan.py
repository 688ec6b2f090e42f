"""How the plan scales: `python -m tests.bench.plan 5000 20000 50000` (by hand; the figures stand in docs/plan.md).

For each size: the bare solver call over the same arcs, all levels, and everything from the stored problem to the
checked plan; seconds of one process and its greatest memory. And how many pairs a second the rules judge.
"""

import sys
import time
from collections.abc import Callable
from datetime import date
from random import Random
from resource import RUSAGE_SELF, getrusage
from typing import TypeVar

from services.evaluation.domain.ruleset import edition
from services.evaluation.plan import checker
from services.evaluation.plan.facts import PlanPost
from services.evaluation.plan.freeze import Material, freeze
from services.evaluation.plan.model import Options, Person, Problem, Seat, Unit, canonical
from services.evaluation.plan.solvers.arcs import arcs
from services.evaluation.plan.solvers.flow import lexicographic, optimum
from services.evaluation.plan.solvers.network import network
from services.evaluation.plan.solvers.solve import solve
from shared.contracts.scenario import (
    Duty,
    Scenario,
    UnitNeed,
)
from tests.unit.evaluation.cases import RINA, RULES, SEAT

T = TypeVar("T")
DEGREE, A_UNIT = 12, 40


def instance(people: int, seed: int = 1) -> Problem:
    """The instance of the known timings: so many people with 12 options each, 40 to a unit, 5 % more seats."""
    rnd = Random(seed)
    units, seats = max(10, people // A_UNIT), int(people * 1.05)
    home = [rnd.randrange(units) for _ in range(people)]
    where = home + [rnd.randrange(units) for _ in range(seats - people)]
    rows = []
    for i in range(people):
        for j in sorted({i, *(rnd.randrange(seats) for _ in range(DEGREE))}):
            rows.append((i, j, rnd.randint(0, 10000), rnd.randint(0, DEGREE), 0, rnd.randint(0, 50)))
    staff = _counted(home, units)
    return Problem(
        persons=tuple(Person(id=f"p{i:06}", seat=f"s{i:06}", part="duty", reason="scale") for i in range(people)),
        seats=tuple(Seat(id=f"s{j:06}", unit=f"u{where[j]:05}", quota=1) for j in range(seats)),
        units=tuple(Unit(id=f"u{u:05}", need=100 * max(staff[u] + rnd.randint(-5, 5), 0)) for u in range(units)),
        options=Options.model_validate(dict(zip(Options.model_fields, zip(*rows, strict=True), strict=True))),
        seed=seed,
    )


def _counted(home: list[int], units: int) -> list[int]:
    staff = [0] * units
    for unit in home:
        staff[unit] += 1
    return staff


def timed(run: Callable[[], T]) -> tuple[float, T]:
    """Seconds of the processor, and what came of it."""
    started = time.process_time()
    done = run()
    return time.process_time() - started, done


def measure(people: int) -> str:
    """One line of the table."""
    stored = instance(people).model_dump_json()
    problem = canonical(Problem.model_validate_json(stored))
    net = network(problem, arcs(problem))
    alone, _ = timed(lambda: optimum(net, "imbalance"))
    levels, _ = timed(lambda: lexicographic(net))

    def whole() -> int:
        given = Problem.model_validate_json(stored)
        plan = solve(given)
        assert checker.check(given, plan) == ()
        return len(plan.moves)

    everything, moves = timed(whole)
    memory = getrusage(RUSAGE_SELF).ru_maxrss // 1024
    cells = (people, net.options, f"{alone:.2f}", f"{levels:.2f}", f"{everything:.2f}", f"{everything / alone:.1f}")
    return " | ".join(str(cell) for cell in (*cells, moves, memory))


def pairs(people: int = 300, posts: int = 20) -> float:
    """Pairs of person and seat that the rules judge in a second of the processor."""
    on = date(2026, 11, 23)
    told = SEAT.model_dump(include={"requirements", "retirement_age"})
    seats = {
        f"post{at}": PlanPost(agency="palu", unit=f"u{at}", title="t", kind="functional", seats=people, **told)
        for at in range(posts)
    }
    home = RINA.placement.model_copy(update={"unit": "u0", "post": "post0"})
    profile = RINA.model_copy(update={"placement": home})
    scenario = Scenario(
        needs=tuple(UnitNeed(unit=f"u{at}", need=100) for at in range(posts)),
        duties=tuple(Duty(person=f"p{at}", reason="scale") for at in range(people)),
    )
    who = {f"p{at}": profile for at in range(people)}
    material = Material(agency="palu", on=on, scenario=scenario, people=who, posts=seats)
    spent, _ = timed(lambda: freeze(material, edition(RULES, on, "palu")))
    return people * (posts - 1) / spent


def main() -> None:
    """The table on standard output."""
    sys.stdout.write("people | arcs | bare s | levels s | stored to checked s | times bare | moves | MB\n")
    for size in sys.argv[1:]:
        sys.stdout.write(measure(int(size)) + "\n")
        sys.stdout.flush()
    sys.stdout.write(f"rules: {pairs():.0f} pairs/s\n")


if __name__ == "__main__":
    main()
