"""In which order the moves of a plan can be carried out, seats being freed by those who leave. Pure."""

from collections import Counter

from services.evaluation.plan.model import Line, Plan, Problem
from shared.contracts.scenario import (
    PlannedMove,
)

WISH = "Permohonan sendiri (own wish)"


def moves(problem: Problem, plan: Plan) -> tuple[PlannedMove, ...]:
    """The moves with their waves; 0 for those in circles, who can only move all at once (K7)."""
    wave = waves(problem, plan)
    reasons = {person.id: person.reason for person in problem.persons}
    return tuple(
        PlannedMove(
            person=line.person,
            origin=line.origin,
            target=line.seat,
            wave=wave[line.person],
            reason=reasons[line.person] or WISH,
        )
        for line in plan.moves
    )


def waves(problem: Problem, plan: Plan) -> dict[str, int]:
    """Person -> wave. A wave takes the places that are empty when it begins, in the order of the plan's lines."""
    held = Counter(person.seat for person in problem.persons)
    free = Counter({seat.id: seat.quota - held[seat.id] for seat in problem.seats})
    waiting, wave, found = list(plan.moves), 0, dict.fromkeys((line.person for line in plan.moves), 0)
    while waiting:
        wave += 1
        going: list[Line] = []
        for line in waiting:
            if free[line.seat] > 0:
                free[line.seat] -= 1
                going.append(line)
        if not going:
            break
        for line in going:
            free[line.origin] += 1
            found[line.person] = wave
        waiting = [line for line in waiting if line not in going]
    return found
