"""The mechanisms beside each other on the same input: the simpler rule sometimes moves more people. Pure."""

from collections import Counter, defaultdict
from graphlib import CycleError, TopologicalSorter

from services.evaluation.plan.model import WHOLE, Problem
from services.evaluation.plan.rounds.market import Market, Outcome, market
from services.evaluation.plan.rounds.mechanisms import MECHANISMS, taken
from shared.kernel.decider import Frozen


class Standing(Frozen):
    """What a mechanism brings. `ranks` counts people by the wish they got (1 is the first); `envy` are people who
    prefer a seat that somebody of lower order newly got, or that stays empty; `cycles` are exchanges that would
    still better everybody in them; `weak` sums what units below their need gain (or lose) in staff."""

    mechanism: str
    moves: int
    ranks: dict[int, int]
    envy: int
    cycles: int
    weak: int
    seats: dict[str, str]


def compare(problem: Problem) -> tuple[Standing, ...]:
    """All mechanisms on the voluntary people of a problem."""
    here = market(problem)
    return tuple(standing(problem, here, name, run(here)) for name, run in MECHANISMS.items())


def standing(problem: Problem, here: Market, name: str, outcome: Outcome) -> Standing:
    """One outcome, measured."""
    moved = {id: seat for id, seat in outcome.items() if seat not in ("", here.home[id])}
    ranks = Counter(here.wishes[id].index(seat) + 1 for id, seat in moved.items())
    return Standing(
        mechanism=name,
        moves=len(moved),
        ranks=dict(sorted(ranks.items())),
        envy=sum(_envies(here, outcome, id) for id in here.home),
        cycles=len(improvements(here, outcome)),
        weak=_weak(problem, moved),
        seats=dict(sorted(outcome.items())),
    )


def better(here: Market, outcome: Outcome, person: str) -> tuple[str, ...]:
    """The seats somebody likes more than what they got."""
    wishes, got = here.wishes[person], outcome[person]
    return wishes[: wishes.index(got)] if got in wishes else wishes


def _envies(here: Market, outcome: Outcome, person: str) -> bool:
    full = taken(outcome)
    for seat in better(here, outcome, person):
        order = here.order[seat]
        newcomers = [id for id, got in outcome.items() if got == seat and here.home[id] != seat]
        if full[seat] < here.quota[seat] or any(order.index(person) < order.index(id) for id in newcomers):
            return True
    return False


def improving(here: Market, outcome: Outcome) -> tuple[str, ...]:
    """Seats in a circle whose holders would all rather have the next one; empty if there is no such circle."""
    graph: dict[str, set[str]] = defaultdict(set)
    for person, got in outcome.items():
        graph[got] |= set(better(here, outcome, person))
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as found:
        # graphlib names a circle with each element after those that wait for it.
        return tuple(reversed(found.args[1]))[:-1]
    return ()


def improvements(here: Market, outcome: Outcome) -> tuple[tuple[str, ...], ...]:
    """Circles that are left, one carried out after the other until there is none."""
    now, found = dict(outcome), []
    while circle := improving(here, now):
        movers = _movers(here, now, circle)
        now |= movers
        found.append(circle)
    return tuple(found)


def _movers(here: Market, now: Outcome, circle: tuple[str, ...]) -> dict[str, str]:
    movers = {}
    for at, seat in enumerate(circle):
        wanted = circle[(at + 1) % len(circle)]
        movers[next(id for id in sorted(now) if now[id] == seat and wanted in better(here, now, id))] = wanted
    return movers


def _weak(problem: Problem, moved: dict[str, str]) -> int:
    unit_of = {seat.id: seat.unit for seat in problem.seats}
    before = Counter(unit_of[person.seat] for person in problem.persons)
    weak = {unit.id for unit in problem.units if WHOLE * before[unit.id] < unit.need}
    homes = {person.id: unit_of[person.seat] for person in problem.persons}
    return sum((unit_of[seat] in weak) - (homes[id] in weak) for id, seat in moved.items())
