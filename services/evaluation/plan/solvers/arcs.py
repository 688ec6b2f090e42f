"""The options a plan may take, as arrays: locks, forbidden pairs and the keep right have thinned them out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.evaluation.plan.model import Ints, Level, Pair, Problem
from services.evaluation.plan.ties import BITS, WORD, key

PARTS = {"voluntary": 0, "duty": 1, "fixed": 2}


@dataclass(frozen=True, slots=True)
class Arcs:
    """One entry per admitted option: positions of person and seat, its row in the problem, what it costs per level."""

    person: Ints
    seat: Ints
    row: Ints
    own: NDArray[np.bool_]
    rank: Ints
    money: Ints
    price: Ints
    costs: dict[str, Ints]


def arcs(problem: Problem) -> Arcs:
    """The admitted options of a canonical problem, sorted by person and seat."""
    options, home = problem.options, _home(problem)
    person, seat, rank = options.person, options.seat, options.rank
    own = home[person] == seat
    keep = np.nonzero(_admitted(problem, person, seat, rank, own))[0]
    money, price = options.money, _price(problem, own)
    costs = {level: cost[keep] for level, cost in _costs(problem, person, seat, own, price).items()}
    return Arcs(person[keep], seat[keep], keep, own[keep], rank[keep], money[keep], price[keep], costs)


def _home(problem: Problem) -> Ints:
    at = {seat.id: position for position, seat in enumerate(problem.seats)}
    return np.array([at[person.seat] for person in problem.persons], dtype=np.int64)


def _admitted(problem: Problem, person: Ints, seat: Ints, rank: Ints, own: NDArray[np.bool_]) -> NDArray[np.bool_]:
    part = np.array([PARTS[one.part] for one in problem.persons], dtype=np.int64)
    limit = np.zeros(len(problem.persons), dtype=np.int64)
    limit[person[own]] = rank[own]
    better = rank < limit[person]
    keep: NDArray[np.bool_] = own | (part[person] == PARTS["duty"]) | ((part[person] == PARTS["voluntary"]) & better)
    width = len(problem.seats)
    pair = person * width + seat
    barred = _pairs(problem, problem.forbidden, width)
    locked = _pairs(problem, problem.locks, width)
    elsewhere = np.isin(person, locked // width) & ~np.isin(pair, locked) if len(locked) else np.zeros_like(keep)
    return keep & ~np.isin(pair, barred) & ~elsewhere


def _pairs(problem: Problem, pairs: tuple[Pair, ...], width: int) -> Ints:
    if not pairs:
        return np.empty(0, dtype=np.int64)
    people = {person.id: at for at, person in enumerate(problem.persons)}
    seats = {seat.id: at for at, seat in enumerate(problem.seats)}
    return np.array([people[p.person] * width + seats[p.seat] for p in pairs], dtype=np.int64)


def _price(problem: Problem, own: NDArray[np.bool_]) -> Ints:
    """What an option costs at the level of that name: nothing for who stays."""
    options, weights = problem.options, problem.weights
    price = weights.move + weights.distance * options.distance + weights.money * options.money
    return np.where(own, 0, price)


def _costs(problem: Problem, person: Ints, seat: Ints, own: NDArray[np.bool_], price: Ints) -> dict[str, Ints]:
    """What an option adds to each level; places and units add theirs in the network."""
    options = problem.options
    leave = np.array([one.must_move for one in problem.persons], dtype=np.int64)
    found: dict[Level, Ints] = {
        "unmet": leave[person] * own,
        "disturbance": _disturbance(problem, person, seat),
        "imbalance": np.zeros_like(person),
        "misfit": -options.fit,
        "rank": options.rank,
        "cost": price,
    }
    return {**{level: found[level] for level in problem.levels}, "tie": _ties(problem, person, seat)}


def _disturbance(problem: Problem, person: Ints, seat: Ints) -> Ints:
    people = {one.id: at for at, one in enumerate(problem.persons)}
    seats = {one.id: at for at, one in enumerate(problem.seats)}
    told: Ints = np.full(len(people), -1, dtype=np.int64)
    for pair in problem.announced:
        told[people[pair.person]] = seats[pair.seat]
    moved: Ints = ((told[person] >= 0) & (told[person] != seat)).astype(np.int64)
    return moved


def _ties(problem: Problem, person: Ints, seat: Ints) -> Ints:
    """`ties.tie` of every option at once; uint64 wraps as the formula wants it."""
    ones = np.array([key(problem.seed, "person", one.id) for one in problem.persons], dtype=np.uint64)
    others = np.array([key(problem.seed, "seat", one.id) for one in problem.seats], dtype=np.uint64)
    u = np.uint64
    word = ones[person] + u(0x9E3779B97F4A7C15) * (others[seat] | u(1))
    word = (word ^ (word >> u(30))) * u(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> u(27))) * u(0x94D049BB133111EB)
    drawn: Ints = ((word ^ (word >> u(31))) >> u(WORD - BITS)).astype(np.int64)
    return drawn
