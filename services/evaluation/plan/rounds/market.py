"""What a voluntary round starts from: strict wishes, strict orders of the seats, and who holds what. Pure."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from services.evaluation.plan.model import Problem
from services.evaluation.plan.ties import tie

Outcome = Mapping[str, str]
"""Person -> seat, "" for none."""


@dataclass(frozen=True, slots=True)
class Market:
    """`wishes` are the seats a person prefers to the own one, best first; `order` ranks at each seat all who take part,
    best first; `line` is the order of the queue; `quota` counts the places that the round may give."""

    wishes: Mapping[str, tuple[str, ...]]
    home: Mapping[str, str]
    quota: Mapping[str, int]
    order: Mapping[str, tuple[str, ...]]
    line: tuple[str, ...]

    def free(self) -> Counter[str]:
        """Places that nobody who takes part holds."""
        held = Counter(self.home.values())
        return Counter({seat: places - held[seat] for seat, places in self.quota.items()})


def market(problem: Problem) -> Market:
    """The voluntary people of a problem. Published points rank them at a seat, the draw where they are equal; the queue
    is by the best points anywhere, then by the draw. Everybody else keeps their seat."""
    taking = {person.id: person.seat for person in problem.persons if person.part == "voluntary"}
    others = Counter(person.seat for person in problem.persons if person.part != "voluntary")
    points: dict[str, dict[str, int]] = defaultdict(dict)
    for claim in problem.claims:
        points[claim.seat][claim.person] = claim.points
    best = {id: max((given.get(id, 0) for given in points.values()), default=0) for id in taking}
    drawn = {id: tie(problem.seed, id, "") for id in taking}
    return Market(
        wishes=_wishes(problem, taking),
        home=taking,
        quota={seat.id: max(seat.quota - others[seat.id], 0) for seat in problem.seats},
        order={
            seat.id: tuple(sorted(taking, key=lambda id: (-points[seat.id].get(id, 0), drawn[id], id)))
            for seat in problem.seats
        },
        line=tuple(sorted(taking, key=lambda id: (-best[id], drawn[id], id))),
    )


def _wishes(problem: Problem, taking: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    ranks: dict[str, dict[str, int]] = {id: {} for id in taking}
    options, barred = problem.options, {(pair.person, pair.seat) for pair in problem.forbidden}
    locked = {lock.person for lock in problem.locks}
    columns = (options.person.tolist(), options.seat.tolist(), options.rank.tolist())
    for i, j, rank in zip(*columns, strict=True):
        person, seat = problem.persons[i].id, problem.seats[j].id
        free = seat == taking.get(person) or ((person, seat) not in barred and person not in locked)
        if person in taking and free:
            ranks[person][seat] = rank
    return {
        id: tuple(
            sorted(
                (seat for seat, rank in ranked.items() if rank < ranked[taking[id]]),
                key=lambda seat: (ranked[seat], tie(problem.seed, id, seat), seat),
            )
        )
        for id, ranked in ranks.items()
    }
