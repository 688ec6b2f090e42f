"""Why a plan is as it is: the second best, a pair forced, a constraint relaxed, and what cannot be met together.

Each answer is the same problem solved again with one thing changed; nothing is read off prices, which are not unique.
"""

from collections.abc import Callable, Iterator
from typing import Literal

from services.evaluation.plan import checker
from services.evaluation.plan.conflict import Part, parts, relaxed, smallest
from services.evaluation.plan.model import Line, Pair, Plan, Problem
from services.evaluation.plan.solvers.solve import solve
from shared.kernel.decider import Frozen

Verdict = Literal[
    "chosen", "not_eligible", "not_asked", "not_wanted", "fixed", "worse", "equal", "better", "impossible"
]
"""`not_asked`: no rule was asked, as the post is no wish of a volunteer, or lies beyond a border of the split."""


class Difference(Frozen):
    """A level and what it changes by (more is worse). The first of them decides; the others come along."""

    level: str
    by: int


class Answer(Frozen):
    """What comes of a change. `others` get another seat than in the plan; `conflict` is what stands against it."""

    verdict: Verdict
    differences: tuple[Difference, ...] = ()
    others: tuple[str, ...] = ()
    conflict: tuple[Part, ...] = ()


class Why(Frozen):
    """A person's line, what staying would cost the plan, and the best plan in which they get anything else."""

    line: Line
    stay: Answer
    second: Answer
    second_seat: str = ""


class Gain(Frozen):
    """What one more of a binding constraint (a place, a head, a thousand rupiah) would bring."""

    part: Part
    differences: tuple[Difference, ...]


def why(problem: Problem, plan: Plan, person: str) -> Why:
    """Raises KeyError for somebody who is not in the plan."""
    line = {line.person: line for line in plan.lines}[person]
    barred = problem.model_copy(
        update={
            "forbidden": (*problem.forbidden, Pair(person=person, seat=line.seat)),
            "locks": tuple(lock for lock in problem.locks if lock.person != person),
        }
    )
    other = solve(barred)
    seats = {found.person: found.seat for found in other.lines}
    second = _compared(plan, other, person)
    return Why(
        line=line, stay=why_not(problem, plan, person, line.origin), second=second, second_seat=seats.get(person, "")
    )


def why_not(problem: Problem, plan: Plan, person: str, seat: str) -> Answer:
    """What the plan would be if this person had that seat. Raises KeyError for somebody who is not in the plan."""
    line = {line.person: line for line in plan.lines}[person]
    if line.seat == seat:
        return Answer(verdict="chosen")
    verdict = _barred(problem, person, seat)
    if verdict is not None:
        return Answer(verdict=verdict)
    pair = Pair(person=person, seat=seat)
    forced = problem.model_copy(
        update={
            "locks": (*(lock for lock in problem.locks if lock.person != person), pair),
            "forbidden": tuple(other for other in problem.forbidden if other != pair),
        }
    )
    other = solve(forced)
    if other.status == "infeasible":
        return Answer(verdict="impossible", conflict=smallest(forced, fixed=(pair,)).parts)
    return _compared(plan, other, person)


def _barred(problem: Problem, person: str, seat: str) -> Verdict | None:
    reading = checker.Reading(problem)
    who, option = reading.persons[person], reading.option(person, seat)
    own = reading.option(person, who.seat)
    if seat != who.seat and who.part == "fixed":
        return "fixed"  # nobody asked the rules about them
    if option is None or own is None:
        return "not_eligible"
    if seat != who.seat and who.part == "voluntary" and option.rank >= own.rank:
        return "not_wanted"
    return None


def _compared(plan: Plan, other: Plan, person: str) -> Answer:
    if other.status == "infeasible":
        return Answer(verdict="impossible")
    differences = _differences(plan, other)
    before = {line.person: line.seat for line in plan.lines}
    others = tuple(line.person for line in other.lines if line.person != person and before[line.person] != line.seat)
    first = differences[0].by if differences else 0
    verdict: Verdict = "equal" if first == 0 else "worse" if first > 0 else "better"
    return Answer(verdict=verdict, differences=differences, others=others)


def _differences(plan: Plan, other: Plan) -> tuple[Difference, ...]:
    """The tie-break is no reason: it is left out."""
    both = zip(plan.levels[:-1], other.levels[:-1], strict=True)
    return tuple(Difference(level=a.level, by=b.value - a.value) for a, b in both if a.value != b.value)


def gains(problem: Problem, plan: Plan, most: int = 20) -> tuple[Gain, ...]:
    """What one more of each binding constraint would bring, those that bring nothing left out; at most so many are
    tried, in the order of their names."""
    found = []
    for part, loosened in list(_binding(problem, plan))[:most]:
        differences = _differences(plan, solve(loosened))
        if differences and differences[0].by < 0:
            found.append(Gain(part=part, differences=differences))
    return tuple(found)


def _binding(problem: Problem, plan: Plan) -> Iterator[tuple[Part, Problem]]:
    """A constraint binds if the plan breaks it once it is one tighter."""
    seated = {line.person: line.seat for line in plan.lines}
    for part in parts(problem):
        step = _STEPS.get(part.kind)
        if step is None:
            yield part, relaxed(problem, part)
            continue
        tighter, looser = step(problem, part, -1), step(problem, part, 1)
        if looser is not None and tighter is not None and any(checker.broken(checker.Reading(tighter), seated)):
            yield part, looser


def _quota(problem: Problem, part: Part, by: int) -> Problem | None:
    seats = tuple(s.model_copy(update={"quota": s.quota + by}) if s.id == part.where else s for s in problem.seats)
    return problem.model_copy(update={"seats": seats})


def _floor(problem: Problem, part: Part, by: int) -> Problem | None:
    units = tuple(u.model_copy(update={"floor": u.floor - by}) if u.id == part.where else u for u in problem.units)
    return problem.model_copy(update={"units": units}) if all(unit.floor >= 0 for unit in units) else None


def _ceiling(problem: Problem, part: Part, by: int) -> Problem | None:
    units = tuple(
        u.model_copy(update={"ceiling": u.ceiling + by}) if u.id == part.where and u.ceiling is not None else u
        for u in problem.units
    )
    return problem.model_copy(update={"units": units})


def _cap(problem: Problem, part: Part, by: int) -> Problem | None:
    caps = tuple(
        c.model_copy(update={"most": c.most + by}) if f"{c.origin}/{c.target or '*'}" == part.where else c
        for c in problem.caps
    )
    return problem.model_copy(update={"caps": caps})


def _budget(problem: Problem, _part: Part, by: int) -> Problem | None:
    return problem.model_copy(update={"budget": (problem.budget or 0) + by})


_STEPS: dict[str, Callable[[Problem, Part, int], Problem | None]] = {
    "quota": _quota,
    "floor": _floor,
    "ceiling": _ceiling,
    "cap": _cap,
    "budget": _budget,
}
