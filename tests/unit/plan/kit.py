"""Small problems for the plan: made by hand in a few words, or at random with every awkward thing in them."""

from collections.abc import Iterable, Mapping
from random import Random
from typing import Any

from services.evaluation.plan.model import Cap, Claim, Conflict, Couple, Options, Pair, Person, Problem, Seat, Unit

Row = tuple[str, str, int, int, int, int]


def problem(
    persons: Iterable[Person], seats: Iterable[Seat], units: Iterable[Unit], rows: Iterable[Row], **more: Any
) -> Problem:
    """Rows are (person, seat, fit, rank, money, distance)."""
    people, places = tuple(persons), tuple(seats)
    i, j = {p.id: at for at, p in enumerate(people)}, {s.id: at for at, s in enumerate(places)}
    columns = list(zip(*((i[p], j[s], *rest) for p, s, *rest in rows), strict=True)) or [()] * 6
    options = Options.model_validate(dict(zip(Options.model_fields, columns, strict=True)))
    return Problem(persons=people, seats=places, units=tuple(units), options=options, **more)


def market(
    wishes: Mapping[str, Iterable[str]], home: Mapping[str, str], quota: Mapping[str, int], **more: Any
) -> Problem:
    """Voluntary people with ranked wishes, the own seat last unless listed; every seat is a unit of its own."""
    people = [Person(id=id, seat=home[id], part="voluntary") for id in wishes]
    seats = [Seat(id=id, unit=id, quota=places) for id, places in quota.items()]
    rows: list[Row] = []
    for id, wanted in wishes.items():
        listed = [*wanted, *([home[id]] if home[id] not in list(wanted) else [])]
        rows += [(id, seat, 0, rank, 0, 0) for rank, seat in enumerate(listed)]
    return problem(people, seats, [Unit(id=id, need=0) for id in quota], rows, **more)


def seated(plan: Any) -> dict[str, str]:
    """Who sits where."""
    return {line.person: line.seat for line in plan.lines}


def chance(seed: int, *, sides: bool) -> Problem:
    """Up to 7 people, 4 seats and 3 units: ties, zero quotas, full units, floors nobody can meet, must-move people, and
    with `sides` couples, conflicts, caps, claims and a budget."""
    rnd = Random(seed)
    units = [_unit(rnd, f"u{at}") for at in range(rnd.randint(1, 3))]
    seats = [
        Seat(id=f"s{at}", unit=rnd.choice(units).id, quota=rnd.choice((0, 1, 2, 3, 3)), critical=rnd.random() < 0.2)
        for at in range(rnd.randint(2, 4))
    ]
    units = [u if any(s.unit == u.id for s in seats) else u.model_copy(update={"need": 0}) for u in units]
    people = _people(rnd, seats)
    rows = [row for person in people for row in _rows(rnd, person, seats)]
    pairs = [Pair(person=row[0], seat=row[1]) for row in rows]
    more: dict[str, Any] = {"seed": seed, "announced": _announced(rnd, pairs)} | _held(rnd, pairs)
    return problem(people, seats, units, rows, **more, **(_sides(rnd, people, seats, units, pairs) if sides else {}))


def _unit(rnd: Random, id: str) -> Unit:
    floor = rnd.choice((0, 0, 0, 0, 0, 0, 0, 1, 2))
    ceiling = rnd.choice((None, None, None, floor + rnd.randint(1, 4)))
    need = rnd.choice((0, 100, 150, 200, 250, 400))
    return Unit(id=id, need=need, floor=floor, ceiling=ceiling, weight=rnd.choice((1, 1, 3)), place=rnd.choice("ab"))


def _people(rnd: Random, seats: list[Seat]) -> list[Person]:
    people, free = [], {seat.id: seat.quota for seat in seats}
    for at in range(rnd.randint(1, 7)):
        open_seats = [id for id, left in free.items() if left > 0] or (
            [rnd.choice(seats).id] if rnd.random() < 0.1 else []
        )
        if not open_seats:
            break
        seat = rnd.choice(open_seats)
        free[seat] -= 1
        part = rnd.choice(("voluntary", "voluntary", "duty", "fixed"))
        people.append(Person(id=f"p{at}", seat=seat, part=part, reason="r", must_move=rnd.random() < 0.1))
    return people or [Person(id="p0", seat=seats[0].id, part="voluntary")]


def _rows(rnd: Random, person: Person, seats: list[Seat]) -> list[Row]:
    chosen = [seat.id for seat in seats if seat.id == person.seat or rnd.random() < 0.7]
    return [
        (person.id, id, rnd.randint(0, 3), rnd.randint(0, 3), rnd.randint(0, 3), rnd.randint(0, 2)) for id in chosen
    ]


def _announced(rnd: Random, pairs: list[Pair]) -> tuple[Pair, ...]:
    told = {pair.person: pair for pair in pairs if rnd.random() < 0.3}
    return tuple(told.values()) if rnd.random() < 0.3 else ()


def _held(rnd: Random, pairs: list[Pair]) -> dict[str, Any]:
    locks = (rnd.choice(pairs),) if rnd.random() < 0.15 else ()
    barred = tuple({pair for pair in rnd.sample(pairs, min(2, len(pairs))) if pair not in locks})
    return {"locks": locks, "forbidden": barred if rnd.random() < 0.3 else ()}


def _sides(
    rnd: Random, people: list[Person], seats: list[Seat], units: list[Unit], pairs: list[Pair]
) -> dict[str, Any]:
    ids = [person.id for person in people]
    more: dict[str, Any] = {"budget": rnd.choice((None, 0, 2, 5))}
    if len(ids) > 1:
        one, other = rnd.sample(ids, 2)
        more["couples"] = (Couple(one=one, other=other),) if rnd.random() < 0.6 else ()
        two = [rnd.choice([pair for pair in pairs if pair.person == id]) for id in (one, other)]
        more["conflicts"] = (Conflict(one=two[0], other=two[1]),)
    target = rnd.choice(["", *(unit.id for unit in units)])
    more["caps"] = (Cap(origin=rnd.choice(units).id, target=target, most=rnd.randint(0, 1)),)
    seat = rnd.choice(seats).id
    more["claims"] = tuple(Claim(seat=seat, person=id, points=rnd.randint(0, 2)) for id in ids if rnd.random() < 0.5)
    return more
