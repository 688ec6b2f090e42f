"""Waves: which move can be carried out when, for a handful of people by the definition, and for many in little time."""

import time
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from services.evaluation.plan.model import Line, Person, Plan, Problem, Seat
from services.evaluation.plan.waves import waves
from tests.unit.plan.kit import problem


def _planned(of: Problem, seated: dict[str, str]) -> Plan:
    lines = (
        Line(person=one.id, origin=one.seat, seat=seated.get(one.id, one.seat), fit=0, rank=0, cost=0, tie=0)
        for one in of.persons
    )
    return Plan(problem="", seed=0, status="optimal", solver="flow", lines=tuple(lines))


def _moved(seed: int) -> tuple[Problem, Plan]:
    """Up to 12 people who change among up to 6 seats at random; every seat has room for who ends there."""
    rnd = Random(seed)
    seats = [f"s{at}" for at in range(rnd.randint(1, 6))]
    home = {f"p{at:02}": rnd.choice(seats) for at in range(rnd.randint(1, 12))}
    seated = {id: rnd.choice(seats) for id in home}
    room = {id: max([*home.values()].count(id), [*seated.values()].count(id)) + rnd.choice((0, 0, 1)) for id in seats}
    people = [Person(id=id, seat=seat) for id, seat in home.items()]
    of = problem(people, [Seat(id=id, unit="u", quota=n) for id, n in room.items()], (), ())
    return of, _planned(of, seated)


@given(st.integers(0, 1 << 32))
def test_a_wave_takes_what_is_empty_when_it_begins(seed: int) -> None:
    """Carried out as it says, no seat is ever too full; nobody waits for a place that was free; circles are wave 0."""
    of, plan = _moved(seed)
    wave = waves(of, plan)
    held = {one.id: one.seat for one in of.persons}
    room = {seat.id: seat.quota for seat in of.seats}
    for now in range(1, max(wave.values(), default=0) + 1):
        free = {id: room[id] - [*held.values()].count(id) for id in room}
        going = [line for line in plan.moves if wave[line.person] == now]
        waiting = [line for line in plan.moves if wave[line.person] > now or wave[line.person] == 0]
        assert going
        for line in going:
            free[line.seat] -= 1
        assert min(free.values()) >= 0
        assert all(free[line.seat] == 0 for line in waiting)
        held |= {line.person: line.seat for line in going}
    full = [line for line in plan.moves if wave[line.person] == 0]
    assert all(room[line.seat] == [*held.values()].count(line.seat) for line in full)


def test_a_long_chain_is_ordered_in_little_time() -> None:
    """Twenty thousand people, each of whom waits for the one before: the time does not grow with the square."""
    many = 20_000
    people = [Person(id=f"p{at:05}", seat=f"s{at + 1:05}") for at in range(many)]
    of = problem(people, [Seat(id=f"s{at:05}", unit="u", quota=1) for at in range(many + 1)], (), ())
    plan = _planned(of, {f"p{at:05}": f"s{at:05}" for at in range(many)})
    started = time.process_time()
    wave = waves(of, plan)
    assert time.process_time() - started < 5
    assert [wave[f"p{at:05}"] for at in (0, 1, many - 1)] == [1, 2, many]
