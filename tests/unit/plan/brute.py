"""The best plan by looking at every one of them: written from the domain's words, sharing nothing with the solvers."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import product

from services.evaluation.plan.model import Problem
from services.evaluation.plan.ties import tie

Row = tuple[int, int, int, int]
Plan = Mapping[str, str]


class Brute:
    """A problem in dictionaries."""

    def __init__(self, problem: Problem) -> None:
        self.p = problem
        o = problem.options
        self.rows: dict[tuple[str, str], Row] = {
            (problem.persons[i].id, problem.seats[j].id): (fit, rank, money, distance)
            for i, j, fit, rank, money, distance in zip(*(column.tolist() for column in o.columns), strict=True)
        }
        self.home = {person.id: person.seat for person in problem.persons}
        self.unit = {seat.id: seat.unit for seat in problem.seats}
        self.place = {unit.id: unit.place for unit in problem.units}

    def best(self) -> tuple[int, ...] | None:
        """The values of all levels of the best plan, the tie-break last; None if there is no plan."""
        return min((self.values(plan) for plan in self.plans()), default=None)

    def plans(self) -> Iterator[Plan]:
        """Every plan that breaks nothing."""
        ids = [person.id for person in self.p.persons]
        for choice in product(*(self.allowed(id) for id in ids)):
            plan = dict(zip(ids, choice, strict=True))
            if self.keeps(plan):
                yield plan

    def allowed(self, id: str) -> list[str]:
        """Seats this person may be given."""
        person = next(p for p in self.p.persons if p.id == id)
        mine = [seat for (who, seat) in self.rows if who == id]
        if person.part == "fixed":
            mine = [person.seat]
        if person.part == "voluntary":
            own = self.rows[id, person.seat][1]
            mine = [seat for seat in mine if seat == person.seat or self.rows[id, seat][1] < own]
        locked = [lock.seat for lock in self.p.locks if lock.person == id]
        barred = {pair.seat for pair in self.p.forbidden if pair.person == id}
        return [seat for seat in mine if seat not in barred and (not locked or seat in locked)]

    def keeps(self, plan: Plan) -> bool:
        """Nothing over several persons is broken."""
        taken, staff = Counter(plan.values()), Counter(self.unit[seat] for seat in plan.values())
        return (
            all(taken[seat.id] <= seat.quota for seat in self.p.seats)
            and all(staff[u.id] >= u.floor for u in self.p.units)
            and all(u.ceiling is None or staff[u.id] <= u.ceiling for u in self.p.units)
            and self._sides(plan)
        )

    def _sides(self, plan: Plan) -> bool:
        moved = {id for id, seat in plan.items() if seat != self.home[id]}
        budget = self.p.budget is None or sum(self.rows[id, plan[id]][2] for id in moved) <= self.p.budget
        clash = any(plan[c.one.person] == c.one.seat and plan[c.other.person] == c.other.seat for c in self.p.conflicts)
        where = {id: self.place[self.unit[seat]] for id, seat in plan.items()}
        parted = any(where[c.one] != where[c.other] and moved & {c.one, c.other} for c in self.p.couples)
        return budget and not clash and not parted and self._caps(plan, moved) and not any(self._envied(plan))

    def _caps(self, plan: Plan, moved: set[str]) -> bool:
        ways = [(self.unit[self.home[id]], self.unit[plan[id]]) for id in moved]
        return all(
            sum(a == cap.origin and a != b and (not cap.target or cap.target == b) for a, b in ways) <= cap.most
            for cap in self.p.caps
        )

    def _envied(self, plan: Plan) -> Iterator[bool]:
        points = {(claim.seat, claim.person): claim.points for claim in self.p.claims}
        for (seat, person), mine in points.items():
            free = not any(lock.person == person for lock in self.p.locks)
            free = free and not any((pair.person, pair.seat) == (person, seat) for pair in self.p.forbidden)
            if not free or (person, seat) not in self.rows:
                continue
            less = self.rows[person, plan[person]][1] > self.rows[person, seat][1]
            for other, got in plan.items():
                new = got == seat and self.home[other] != seat
                yield less and new and other != person and points.get((seat, other), -1) < mine

    def values(self, plan: Plan) -> tuple[int, ...]:
        """All levels in order, then the tie-break."""
        return (*(getattr(self, f"_{level}")(plan) for level in self.p.levels), self._tie(plan))

    def _unmet(self, plan: Plan) -> int:
        taken = Counter(plan.values())
        stuck = sum(p.must_move and plan[p.id] == p.seat for p in self.p.persons)
        return stuck + sum(seat.quota - taken[seat.id] for seat in self.p.seats if seat.critical)

    def _disturbance(self, plan: Plan) -> int:
        return sum(plan[pair.person] != pair.seat for pair in self.p.announced)

    def _imbalance(self, plan: Plan) -> int:
        staff = Counter(self.unit[seat] for seat in plan.values())
        return sum(u.weight * abs(100 * staff[u.id] - u.need) for u in self.p.units)

    def _misfit(self, plan: Plan) -> int:
        return -sum(self.rows[pair][0] for pair in plan.items())

    def _rank(self, plan: Plan) -> int:
        return sum(self.rows[pair][1] for pair in plan.items())

    def _cost(self, plan: Plan) -> int:
        w, moves = self.p.weights, [self.rows[id, seat] for id, seat in plan.items() if seat != self.home[id]]
        return sum(w.move + w.distance * row[3] + w.money * row[2] for row in moves)

    def _tie(self, plan: Plan) -> int:
        return sum(tie(self.p.seed, id, seat) for id, seat in plan.items())
