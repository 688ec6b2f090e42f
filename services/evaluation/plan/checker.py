"""An independent look at a plan: every constraint and every figure, from the problem alone. Pure; imports no solver.

It reads the problem by itself, in another way than the solvers do, and names each place where the plan is wrong.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from services.evaluation.plan.model import WHOLE, Line, Plan, Problem, canonical, digest
from services.evaluation.plan.sound import Fault
from services.evaluation.plan.ties import tie


@dataclass(frozen=True, slots=True)
class Option:
    """One row of the options."""

    fit: int
    rank: int
    money: int
    distance: int


class Reading:
    """The problem as the checker reads it: by ids."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.seats = {seat.id: seat for seat in problem.seats}
        self.units = {unit.id: unit for unit in problem.units}
        self.persons = {person.id: person for person in problem.persons}
        self._seat_at = {seat.id: at for at, seat in enumerate(problem.seats)}
        self._person_at = {person.id: at for at, person in enumerate(problem.persons)}
        options = problem.options
        width = len(problem.seats)
        self._width = width
        pairs = (options.person * width + options.seat).tolist()
        self._row = dict(zip(pairs, range(len(pairs)), strict=True))
        self._fit, self._rank = options.fit.tolist(), options.rank.tolist()
        self._money, self._distance = options.money.tolist(), options.distance.tolist()

    def option(self, person: str, seat: str) -> Option | None:
        """The option, or None if the person may not take the seat."""
        i, j = self._person_at.get(person, -1), self._seat_at.get(seat, -1)
        at = self._row.get(i * self._width + j) if i >= 0 and j >= 0 else None
        if at is None:
            return None
        return Option(self._fit[at], self._rank[at], self._money[at], self._distance[at])

    def cost(self, person: str, seat: str, option: Option) -> int:
        """What the option costs at that level: nothing for who stays."""
        if self.persons[person].seat == seat:
            return 0
        weights = self.problem.weights
        return weights.move + weights.distance * option.distance + weights.money * option.money

    def unit(self, seat: str) -> str:
        """The unit of a seat."""
        return self.seats[seat].unit


def check(problem: Problem, plan: Plan) -> tuple[Fault, ...]:
    """Everything that is wrong with the plan; nothing if it may be shown. An infeasible one has no lines to check."""
    problem = canonical(problem)
    reading = Reading(problem)
    faults = [] if plan.problem == digest(problem) else [Fault("ANOTHER_PROBLEM", "problem")]
    faults += [] if plan.seed == problem.seed else [Fault("ANOTHER_SEED", "seed")]
    if plan.status in ("infeasible", "unknown"):
        return (*faults, *([Fault("LINES_WITHOUT_PLAN", "lines")] if plan.lines else []))
    faults += _lines(reading, plan)
    if any(fault.code in ("PERSON_UNKNOWN", "SEAT_UNKNOWN", "PERSON_TWICE", "PERSON_MISSING") for fault in faults):
        return tuple(faults)
    seated = {line.person: line.seat for line in plan.lines}
    return (*faults, *_staffing(reading, plan, seated), *broken(reading, seated), *_levels(reading, plan, seated))


def _lines(reading: Reading, plan: Plan) -> Iterator[Fault]:
    times = Counter(line.person for line in plan.lines)
    yield from (Fault("PERSON_TWICE", person) for person, n in times.items() if n > 1)
    yield from (Fault("PERSON_MISSING", person) for person in reading.persons if person not in times)
    locked = {lock.person: lock.seat for lock in reading.problem.locks}
    forbidden = {(pair.person, pair.seat) for pair in reading.problem.forbidden}
    for line in plan.lines:
        if line.person not in reading.persons:
            yield Fault("PERSON_UNKNOWN", line.person)
        elif line.seat not in reading.seats:
            yield Fault("SEAT_UNKNOWN", f"{line.person}/{line.seat}")
        else:
            yield from _line(reading, line)
        if locked.get(line.person, line.seat) != line.seat:
            yield Fault("LOCK_BROKEN", f"{line.person}/{line.seat}")
        if (line.person, line.seat) in forbidden:
            yield Fault("FORBIDDEN_PAIR", f"{line.person}/{line.seat}")


def _line(reading: Reading, line: Line) -> Iterator[Fault]:
    person, where = reading.persons[line.person], f"{line.person}/{line.seat}"
    option, own = reading.option(line.person, line.seat), reading.option(line.person, person.seat)
    if option is None or own is None:
        yield Fault("NOT_ELIGIBLE", where)
        return
    if line.seat != person.seat:
        if person.part == "fixed":
            yield Fault("FIXED_MOVED", where)
        if person.part == "voluntary" and option.rank >= own.rank:
            yield Fault("KEEP_RIGHT", where)
    told = (line.origin, line.fit, line.rank, line.cost, line.tie)
    cost, drawn = reading.cost(line.person, line.seat, option), tie(reading.problem.seed, line.person, line.seat)
    if told != (person.seat, option.fit, option.rank, cost, drawn):
        yield Fault("LINE_WRONG", where)


def _staff(reading: Reading, seated: Mapping[str, str]) -> Counter[str]:
    return Counter(reading.unit(seat) for seat in seated.values())


def _staffing(reading: Reading, plan: Plan, seated: Mapping[str, str]) -> Iterator[Fault]:
    after = _staff(reading, seated)
    before = _staff(reading, {person.id: person.seat for person in reading.problem.persons})
    told = {row.unit: row for row in plan.staffing}
    yield from (Fault("UNIT_UNKNOWN", unit) for unit in told if unit not in reading.units)
    for unit in reading.units.values():
        row = told.get(unit.id)
        if row is None or (row.before, row.after, row.need) != (before[unit.id], after[unit.id], unit.need):
            yield Fault("STAFFING_WRONG", unit.id)


def broken(reading: Reading, seated: Mapping[str, str]) -> Iterator[Fault]:
    """Constraints over several persons that these placements break."""
    problem, staff = reading.problem, _staff(reading, seated)
    taken = Counter(seated.values())
    yield from (Fault("SEAT_FULL", seat.id) for seat in problem.seats if taken[seat.id] > seat.quota)
    for unit in problem.units:
        if staff[unit.id] < unit.floor:
            yield Fault("UNIT_BELOW_FLOOR", unit.id)
        if unit.ceiling is not None and staff[unit.id] > unit.ceiling:
            yield Fault("UNIT_ABOVE_CEILING", unit.id)
    yield from sides(reading, seated)


def sides(reading: Reading, seated: Mapping[str, str]) -> Iterator[Fault]:
    """Of those, the ones that are no part of a flow."""
    problem = reading.problem
    for conflict in problem.conflicts:
        if all(seated[pair.person] == pair.seat for pair in (conflict.one, conflict.other)):
            yield Fault("CONFLICT", f"{conflict.one.person}/{conflict.other.person}")
    for couple in problem.couples:
        two = (couple.one, couple.other)
        places = {reading.units[reading.unit(seated[id])].place for id in two}
        if len(places) > 1 and any(seated[id] != reading.persons[id].seat for id in two):
            yield Fault("COUPLE_PARTED", f"{couple.one}/{couple.other}")
    yield from _caps(reading, seated)
    yield from _budget(reading, seated)
    yield from _claims(reading, seated)


def _caps(reading: Reading, seated: Mapping[str, str]) -> Iterator[Fault]:
    if not reading.problem.caps:
        return
    ways = Counter((reading.unit(reading.persons[id].seat), reading.unit(seat)) for id, seat in seated.items())
    for cap in reading.problem.caps:
        gone = sum(n for (a, b), n in ways.items() if a == cap.origin and a != b and cap.target in ("", b))
        if gone > cap.most:
            yield Fault("CAP", f"{cap.origin}/{cap.target or '*'}")


def _budget(reading: Reading, seated: Mapping[str, str]) -> Iterator[Fault]:
    if reading.problem.budget is None:
        return
    moved = [(id, seat) for id, seat in seated.items() if reading.persons[id].seat != seat]
    options = [reading.option(id, seat) for id, seat in moved]
    if sum(option.money for option in options if option is not None) > reading.problem.budget:
        yield Fault("BUDGET", "budget")


def _claims(reading: Reading, seated: Mapping[str, str]) -> Iterator[Fault]:
    points: dict[str, dict[str, int]] = defaultdict(dict)
    locked = {lock.person for lock in reading.problem.locks}
    barred = {(pair.person, pair.seat) for pair in reading.problem.forbidden}
    for claim in reading.problem.claims:
        if claim.person not in locked and (claim.person, claim.seat) not in barred:
            points[claim.seat][claim.person] = claim.points
    for seat, claimants in points.items():
        newcomers = [id for id, got in seated.items() if got == seat and reading.persons[id].seat != seat]
        for person, mine in claimants.items():
            wanted, got = reading.option(person, seat), reading.option(person, seated[person])
            if wanted is None or got is None or wanted.rank >= got.rank:
                continue
            for other in newcomers:
                if claimants.get(other, -1) < mine:
                    yield Fault("CLAIM", f"{seat}/{person}/{other}")


def _levels(reading: Reading, plan: Plan, seated: Mapping[str, str]) -> Iterator[Fault]:
    told = [(result.level, result.value) for result in plan.levels]
    for (level, value), (name, reached) in zip(measured(reading, seated), told, strict=False):
        if (level, value) != (name, reached):
            yield Fault("LEVEL_WRONG", level)
    if len(told) != len(reading.problem.levels) + 1:
        yield Fault("LEVELS_MISSING", "levels")
    for result in plan.levels:
        if result.bound > result.value or (plan.status == "optimal" and result.gap):
            yield Fault("BOUND_WRONG", result.level)


def measured(reading: Reading, seated: Mapping[str, str]) -> list[tuple[str, int]]:
    """What these placements reach at each level, the tie-break last."""
    taken = {id: option for id, seat in seated.items() if (option := reading.option(id, seat))}
    values = {level: _MEASURES[level](reading, seated, taken) for level in reading.problem.levels}
    drawn = sum(tie(reading.problem.seed, id, seat) for id, seat in seated.items())
    return [*values.items(), ("tie", drawn)]


Taken = Mapping[str, Option]


def _unmet(reading: Reading, seated: Mapping[str, str], _taken: Taken) -> int:
    filled = Counter(seated.values())
    empty = sum(max(seat.quota - filled[seat.id], 0) for seat in reading.problem.seats if seat.critical)
    return empty + sum(person.must_move and seated[person.id] == person.seat for person in reading.problem.persons)


def _disturbance(reading: Reading, seated: Mapping[str, str], _taken: Taken) -> int:
    return sum(seated[pair.person] != pair.seat for pair in reading.problem.announced)


def _imbalance(reading: Reading, seated: Mapping[str, str], _taken: Taken) -> int:
    staff = _staff(reading, seated)
    return sum(unit.weight * abs(WHOLE * staff[unit.id] - unit.need) for unit in reading.problem.units)


def _misfit(_reading: Reading, _seated: Mapping[str, str], taken: Taken) -> int:
    return -sum(option.fit for option in taken.values())


def _rank(_reading: Reading, _seated: Mapping[str, str], taken: Taken) -> int:
    return sum(option.rank for option in taken.values())


def _cost(reading: Reading, seated: Mapping[str, str], taken: Taken) -> int:
    return sum(reading.cost(id, seated[id], option) for id, option in taken.items())


_MEASURES = {
    "unmet": _unmet,
    "disturbance": _disturbance,
    "imbalance": _imbalance,
    "misfit": _misfit,
    "rank": _rank,
    "cost": _cost,
}
