"""Explanations: what forcing, barring or relaxing brings, and a smallest set of what cannot be met together."""

from itertools import combinations

import pytest

from services.evaluation.plan.conflict import parts, relaxed, smallest
from services.evaluation.plan.explain import gains, why, why_not
from services.evaluation.plan.model import Pair, Person, Problem, Seat, Unit
from services.evaluation.plan.solvers.solve import solve
from tests.unit.plan.kit import chance, problem, seated


def _office() -> Problem:
    """Three in archives, one place at the counter: Ani fits best, Budi second; Citra was never eligible."""
    people = [Person(id=id, seat="archive", part="duty", reason="need") for id in ("ani", "budi", "citra")]
    seats = [Seat(id="archive", unit="A", quota=3), Seat(id="counter", unit="B", quota=1)]
    rows = [(id, "archive", 10, 0, 0, 0) for id in ("ani", "budi", "citra")]
    rows += [("ani", "counter", 90, 0, 0, 0), ("budi", "counter", 70, 0, 0, 0)]
    return problem(people, seats, [Unit(id="A", need=100), Unit(id="B", need=200)], rows)


def test_why_this_person_and_what_the_second_best_costs() -> None:
    of = _office()
    plan = solve(of)
    assert seated(plan)["ani"] == "counter"
    told = why(of, plan, "ani")
    assert (told.second.verdict, told.second_seat, told.second.others) == ("worse", "archive", ("budi",))
    assert [(d.level, d.by) for d in told.second.differences] == [("misfit", 20)]
    assert told.stay.differences == told.second.differences


def test_why_not_me() -> None:
    of = _office()
    plan = solve(of)
    budi = why_not(of, plan, "budi", "counter")
    assert (budi.verdict, budi.others) == ("worse", ("ani",))
    assert why_not(of, plan, "citra", "counter").verdict == "not_eligible"
    assert why_not(of, plan, "ani", "counter").verdict == "chosen"


def test_what_is_asked_for_and_cannot_be_says_what_stands_against_it() -> None:
    of = _office().model_copy(update={"locks": (Pair(person="ani", seat="counter"),)})
    told = why_not(of, solve(of), "budi", "counter")
    assert told.verdict == "impossible"
    assert [(part.kind, part.where) for part in told.conflict] == [("lock", "ani/counter"), ("quota", "counter")]


def test_one_more_place_at_the_counter_brings_balance() -> None:
    found = gains(_office(), solve(_office()))
    assert [(gain.part.kind, gain.part.where, gain.differences[0].level) for gain in found] == [
        ("quota", "counter", "imbalance")
    ]
    assert found[0].differences[0].by == -200


def test_relaxing_a_floor_that_binds() -> None:
    of = _office()
    kept = tuple(u.model_copy(update={"floor": 3}) if u.id == "A" else u for u in of.units)
    of = of.model_copy(update={"units": kept})
    assert [gain.part.kind for gain in gains(of, solve(of))] == ["floor"]


def test_the_conflicting_set_is_smallest_and_each_part_is_needed() -> None:
    """Against trying all sets by size, on random infeasible problems."""
    seen = 0
    for seed in range(60):
        of = chance(seed, sides=bool(seed % 2))
        if len(of.options.person) <= len(of.persons) or solve(of).status != "infeasible":
            continue
        found, every = smallest(of), parts(of)
        if not found.parts:
            assert solve(relaxed(of, *every)).status == "infeasible"
            continue
        for part in found.parts:
            assert solve(relaxed(of, *(set(every) - set(found.parts)), part)).status != "infeasible"
        for fewer in combinations(every, len(found.parts) - 1):
            assert solve(relaxed(of, *(set(every) - set(fewer)))).status != "infeasible"
        seen += 1
        if seen == 6:
            break
    assert seen == 6


def test_with_very_many_constraints_the_set_is_irreducible_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.evaluation.plan.conflict.EXACT", 0)
    of = _office().model_copy(
        update={"locks": (Pair(person="ani", seat="counter"), Pair(person="budi", seat="counter"))}
    )
    found = smallest(of)
    assert not found.smallest
    assert [part.kind for part in found.parts] == ["lock", "lock", "quota"]
