"""The circles of a plan: who exchanges seats with whom, each as one exchange for all or none (K7). Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from hashlib import sha256

from shared.contracts.plan import PlanCircle
from shared.contracts.scenario import PlannedMove

GROUPS = "g-plan-"
Leaving = Mapping[str, Sequence[PlannedMove]]


def circles(plan: str, moves: Iterable[PlannedMove], duties: Collection[str] = ()) -> tuple[PlanCircle, ...]:
    """The moves of wave 0 taken apart into exchanges, each as short as can be for its first member, since any member
    may yet withdraw. They come out even: of a full seat as many leave as enter. `duties`: people who are not asked."""
    waiting = sorted((move for move in moves if move.wave == 0), key=lambda move: move.person)
    leaving: dict[str, list[PlannedMove]] = defaultdict(list)
    for move in waiting:
        leaving[move.origin].append(move)
    found, placed = [], set[str]()
    for first in waiting:
        if first.person in placed:
            continue
        ring = _shortest(first, leaving)
        for move in ring:
            leaving[move.origin].remove(move)
        placed |= {move.person for move in ring}
        found.append(_circle(plan, ring, duties))
    return tuple(found)


def _shortest(first: PlannedMove, leaving: Leaving) -> tuple[PlannedMove, ...]:
    """From this move along who leaves the seat that is entered, back to the seat it leaves (breadth first)."""
    paths: list[tuple[PlannedMove, ...]] = [(first,)]
    seen = {first.target}
    for path in paths:
        if path[-1].target == first.origin:
            return path
        ahead = {move.target: move for move in reversed(leaving[path[-1].target]) if move.target not in seen}
        seen |= ahead.keys()
        paths += [(*path, move) for move in ahead.values()]
    raise ValueError(f"{first.person} is in no circle")


def _circle(plan: str, ring: Sequence[PlannedMove], duties: Collection[str]) -> PlanCircle:
    people = tuple(move.person for move in ring)
    orders = tuple(move.reason if move.person in duties else "" for move in ring)
    id = sha256("/".join((plan, *people)).encode()).hexdigest()[:24]
    posts = tuple(move.target for move in ring)
    return PlanCircle(group=f"{GROUPS}{id}", people=people, posts=posts, orders=orders if any(orders) else ())
