"""Swaps and longer exchanges of at most so many people, since each is one decree for all or none (K7).

A circle gives each member the seat of the next; a chain ends in an empty place. All of them up to the cap are listed
and CP-SAT picks those that move most people, then satisfy them best. For each member who may yet withdraw, what
would be done instead is worked out beforehand: the longer an exchange, the likelier that one drops out.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from ortools.sat.python import cp_model

from services.evaluation.plan.rounds.market import Market
from shared.kernel.decider import Frozen

CAP, MOST = 3, 200_000


class TooMany(ValueError):
    """More exchanges than can be listed: lower the cap."""


class Exchange(Frozen):
    """Who gets which seat, in order; a `chain` ends in an empty place, a circle where it began."""

    members: tuple[str, ...]
    seats: tuple[str, ...]
    chain: bool


class Fallback(Frozen):
    """What is done instead of an exchange when `without` withdraws."""

    without: str
    exchanges: tuple[Exchange, ...]


class Round(Frozen):
    """The chosen exchanges, each with its fallbacks in the order of its members."""

    exchanges: tuple[Exchange, ...]
    fallbacks: tuple[tuple[Fallback, ...], ...]


def arrange(here: Market, cap: int = CAP) -> Round:
    """The best exchanges of at most `cap` people each. Raises TooMany."""
    listed = list(listing(here, cap))
    chosen = pick(here, listed)
    return Round(exchanges=chosen, fallbacks=tuple(_fallbacks(here, listed, chosen, one) for one in chosen))


def _fallbacks(
    here: Market, listed: Sequence[Exchange], chosen: Sequence[Exchange], one: Exchange
) -> tuple[Fallback, ...]:
    """Nobody of another chosen exchange is disturbed, and no place of theirs is given twice."""
    busy = {id for other in chosen if other != one for id in other.members}
    used = [other.seats[-1] for other in chosen if other != one and other.chain]
    found = []
    for member in one.members:
        rest = [other for other in listed if not busy & set(other.members) and member not in other.members]
        found.append(Fallback(without=member, exchanges=pick(here, rest, used)))
    return tuple(found)


def listing(here: Market, cap: int) -> Iterator[Exchange]:
    """Every circle and chain of at most `cap` people. Raises TooMany."""
    wanting: dict[str, list[str]] = defaultdict(list)
    for person, wishes in sorted(here.wishes.items()):
        for seat in wishes:
            wanting[seat].append(person)
    for found, exchange in enumerate(chain(_chains(here, wanting, cap), _circles(here, cap)), 1):
        if found > MOST:
            raise TooMany(f"more than {MOST} exchanges of at most {cap}")
        yield exchange


def _chains(here: Market, wanting: Mapping[str, list[str]], cap: int) -> Iterator[Exchange]:
    """Built from the empty place backwards: who wants it, who wants what that one leaves…"""
    free = here.free()
    paths: list[tuple[tuple[str, ...], tuple[str, ...]]]
    paths = [((person,), (seat,)) for seat, places in free.items() if places > 0 for person in wanting[seat]]
    while paths:
        members, seats = paths.pop()
        yield Exchange(members=members, seats=seats, chain=True)
        if len(members) < cap:
            left = here.home[members[0]]
            paths += [((id, *members), (left, *seats)) for id in wanting[left] if id not in members]


def _circles(here: Market, cap: int) -> Iterator[Exchange]:
    """Each begins with its first member by id, so that none is listed twice."""
    holders: dict[str, list[str]] = defaultdict(list)
    for person, seat in sorted(here.home.items()):
        holders[seat].append(person)
    paths: list[tuple[str, ...]] = [(person,) for person in here.home]
    while paths:
        path = paths.pop()
        for seat in here.wishes[path[-1]]:
            if seat == here.home[path[0]] and len(path) > 1:
                seats = (*(here.home[id] for id in path[1:]), seat)
                yield Exchange(members=path, seats=seats, chain=False)
            elif len(path) < cap:
                paths += [(*path, id) for id in holders[seat] if id > path[0] and id not in path]


def pick(here: Market, listed: Sequence[Exchange], used: Sequence[str] = ()) -> tuple[Exchange, ...]:
    """Those that together move most people, then at their best wishes; each person in one, each empty place once."""
    ordered = sorted(listed, key=lambda one: (one.members, one.seats))
    model = cp_model.CpModel()
    takes = [model.new_bool_var("") for _ in ordered]
    by_person: dict[str, list[cp_model.IntVar]] = defaultdict(list)
    by_place: dict[str, list[cp_model.IntVar]] = defaultdict(list)
    for one, take in zip(ordered, takes, strict=True):
        for member in one.members:
            by_person[member].append(take)
        if one.chain:
            by_place[one.seats[-1]].append(take)
    free = here.free()
    for takers in by_person.values():
        model.add_at_most_one(takers)
    for seat, takers in by_place.items():
        model.add(cp_model.LinearExpr.sum(takers) <= free[seat] - list(used).count(seat))
    gains = [[len(one.members) for one in ordered], [-_wish(here, one) for one in ordered]]
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    for gain in [*gains, [-at for at in range(len(ordered))]]:
        goal = cp_model.LinearExpr.weighted_sum(takes, gain)
        model.maximize(goal)
        solver.solve(model)
        model.add(goal >= round(solver.objective_value))
    return tuple(one for one, take in zip(ordered, takes, strict=True) if solver.boolean_value(take))


def _wish(here: Market, one: Exchange) -> int:
    return sum(here.wishes[id].index(seat) for id, seat in zip(one.members, one.seats, strict=True))
