"""What cannot be met together: a smallest set of constraints that no plan keeps.

Smallest by implicit hitting sets (Ignatiev et al. 2015): guess the smallest set that meets all corrections known so
far; if a plan keeps that set, grow it as far as it goes, and what is left over is the next correction. Where there are
too many constraints for that, an irreducible set by halving (QuickXplain, Junker 2004), which says so.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from ortools.sat.python import cp_model

from services.evaluation.plan.model import Pair, Problem
from services.evaluation.plan.solvers.solve import solve
from shared.kernel.decider import Frozen

EXACT = 60
Kind = Literal["lock", "forbidden", "quota", "floor", "ceiling", "cap", "budget", "couple", "conflict", "claim"]


class Part(Frozen):
    """One constraint: its kind, and where it holds."""

    kind: Kind
    where: str


class Conflict(Frozen):
    """Constraints that no plan keeps together; without any one of them there is a plan. None if there is a plan."""

    parts: tuple[Part, ...]
    smallest: bool = True


def parts(problem: Problem, fixed: Sequence[Pair] = ()) -> tuple[Part, ...]:
    """Every constraint that could be given up, in the order of kind and place; `fixed` pairs are not."""
    found = [Part(kind=kind, where=where) for kind, where in _named(problem, frozenset(fixed))]
    return tuple(sorted(set(found), key=lambda part: (part.kind, part.where)))


def _named(problem: Problem, fixed: frozenset[Pair]) -> Iterator[tuple[Kind, str]]:
    yield from (("lock", _pair(pair)) for pair in problem.locks if pair not in fixed)
    yield from (("forbidden", _pair(pair)) for pair in problem.forbidden if pair not in fixed)
    yield from (("quota", seat.id) for seat in problem.seats)
    yield from (("floor", unit.id) for unit in problem.units if unit.floor > 0)
    yield from (("ceiling", unit.id) for unit in problem.units if unit.ceiling is not None)
    yield from (("cap", f"{cap.origin}/{cap.target or '*'}") for cap in problem.caps)
    yield from (("couple", f"{couple.one}/{couple.other}") for couple in problem.couples)
    yield from (("conflict", f"{_pair(c.one)}/{_pair(c.other)}") for c in problem.conflicts)
    yield from (("claim", f"{claim.seat}/{claim.person}") for claim in problem.claims)
    if problem.budget is not None:
        yield "budget", "budget"


def _pair(pair: Pair) -> str:
    return f"{pair.person}/{pair.seat}"


def relaxed(problem: Problem, *gone: Part) -> Problem:
    """The problem without these constraints."""
    lost = {(part.kind, part.where) for part in gone}
    crowd = len(problem.persons)

    def keep(kind: Kind, where: str) -> bool:
        return (kind, where) not in lost

    return problem.model_copy(
        update={
            "locks": tuple(pair for pair in problem.locks if keep("lock", _pair(pair))),
            "forbidden": tuple(pair for pair in problem.forbidden if keep("forbidden", _pair(pair))),
            "seats": tuple(
                seat if keep("quota", seat.id) else seat.model_copy(update={"quota": crowd}) for seat in problem.seats
            ),
            "units": tuple(
                unit.model_copy(
                    update={
                        "floor": unit.floor if keep("floor", unit.id) else 0,
                        "ceiling": unit.ceiling if keep("ceiling", unit.id) else None,
                    }
                )
                for unit in problem.units
            ),
            "caps": tuple(cap for cap in problem.caps if keep("cap", f"{cap.origin}/{cap.target or '*'}")),
            "couples": tuple(c for c in problem.couples if keep("couple", f"{c.one}/{c.other}")),
            "conflicts": tuple(c for c in problem.conflicts if keep("conflict", f"{_pair(c.one)}/{_pair(c.other)}")),
            "claims": tuple(c for c in problem.claims if keep("claim", f"{c.seat}/{c.person}")),
            "budget": problem.budget if keep("budget", "budget") else None,
        }
    )


def smallest(problem: Problem, fixed: Sequence[Pair] = ()) -> Conflict:
    """What stands in each other's way; no parts if nothing does, or if there is no plan without them either."""
    every = parts(problem, fixed)
    search = _Search(problem, every)
    if search.possible(every) or not search.possible(()):
        return Conflict(parts=())
    if len(every) > EXACT:
        return Conflict(parts=_in_order(every, search.explained((), every, fresh=False)), smallest=False)
    corrections: list[frozenset[Part]] = []
    while True:
        core = _hitting(every, corrections)
        if not search.possible(core):
            return Conflict(parts=_in_order(every, core))
        corrections.append(frozenset(every) - search.grown(core))


class _Search:
    """Asks whether a plan keeps a set of constraints."""

    def __init__(self, problem: Problem, every: Sequence[Part]) -> None:
        self._problem, self._every = problem.model_copy(update={"levels": ("rank",)}), every

    def possible(self, kept: Iterable[Part]) -> bool:
        gone = set(self._every) - set(kept)
        return solve(relaxed(self._problem, *gone)).status != "infeasible"

    def grown(self, core: Iterable[Part]) -> frozenset[Part]:
        """As many more as a plan still keeps."""
        kept = set(core)
        for part in self._every:
            if part not in kept and self.possible({*kept, part}):
                kept.add(part)
        return frozenset(kept)

    def explained(self, base: Sequence[Part], rest: Sequence[Part], *, fresh: bool) -> tuple[Part, ...]:
        """QuickXplain: an irreducible part of `rest` that no plan keeps together with `base`."""
        if fresh and not self.possible(base):
            return ()
        if len(rest) == 1:
            return tuple(rest)
        one, other = rest[: len(rest) // 2], rest[len(rest) // 2 :]
        second = self.explained((*base, *one), other, fresh=True)
        first = self.explained((*base, *second), one, fresh=bool(second))
        return (*first, *second)


def _in_order(every: Sequence[Part], chosen: Iterable[Part]) -> tuple[Part, ...]:
    wanted = set(chosen)
    return tuple(part for part in every if part in wanted)


def _hitting(every: Sequence[Part], corrections: Sequence[frozenset[Part]]) -> tuple[Part, ...]:
    """A smallest set with something of each correction."""
    model = cp_model.CpModel()
    take = {part: model.new_bool_var("") for part in every}
    for correction in corrections:
        model.add_bool_or([take[part] for part in every if part in correction])
    model.minimize(cp_model.LinearExpr.sum(list(take.values())))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.solve(model)
    return tuple(part for part in every if solver.boolean_value(take[part]))
