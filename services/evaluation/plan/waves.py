"""In which order the moves of a plan can be carried out, seats being freed by those who leave. Pure."""

from collections import Counter, defaultdict, deque

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
    asking: dict[str, deque[Line]] = defaultdict(deque)
    for line in plan.moves:
        asking[line.seat].append(line)
    found, wave = dict.fromkeys((line.person for line in plan.moves), 0), 0
    open_seats = [seat for seat in asking if free[seat] > 0]
    while open_seats:
        wave += 1
        going = [asking[seat].popleft() for seat in open_seats for _ in range(min(free[seat], len(asking[seat])))]
        found |= dict.fromkeys((line.person for line in going), wave)
        free.subtract(line.seat for line in going)
        free.update(line.origin for line in going)
        left = dict.fromkeys(line.origin for line in going)
        open_seats = [seat for seat in left if asking[seat] and free[seat] > 0]
    return found
