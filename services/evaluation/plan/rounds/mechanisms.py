"""The mechanisms of a voluntary round. Each gives every person a seat no worse than the own one, and none is gained by
telling other wishes than the true ones; the weighted plan has no such property. Pure.

DA* : Compte, Jehiel 2008; Pereyra 2013 (GEB). YRMH-IGYT: Abdulkadiroglu, Sonmez 1999 (JET). TO-BE: Combe, Tercieux,
Terrier 2022 (RES 89(6)).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping

from services.evaluation.plan.rounds.market import Market, Outcome


def deferred(market: Market, *, keep: bool = True) -> Outcome:
    """Deferred acceptance. With `keep` (DA*) who holds a place of a seat goes before all others there, so that nobody
    loses it; without, it is the plain rule, under which somebody may end with nothing ("")."""
    position = {seat: {id: at for at, id in enumerate(order)} for seat, order in market.order.items()}
    wishes = {id: [*wanted, market.home[id]] for id, wanted in market.wishes.items()}
    held: dict[str, list[str]] = defaultdict(list)
    asking, next_wish = sorted(wishes, reverse=True), dict.fromkeys(wishes, 0)
    while asking:
        person = asking.pop()
        if next_wish[person] == len(wishes[person]):
            continue
        seat = wishes[person][next_wish[person]]
        next_wish[person] += 1
        held[seat].append(person)
        held[seat].sort(key=lambda id: (not (keep and market.home[id] == seat), position[seat][id]))
        if len(held[seat]) > market.quota[seat]:
            asking.append(held[seat].pop())
    return dict.fromkeys(wishes, "") | {id: seat for seat, ids in held.items() for id in ids}


def trading(market: Market) -> Outcome:
    """You request my house, I get your turn (top trading cycles with tenants and empty places): the queue asks one by
    one; who is asked for their place goes to the front; whoever meet in a circle exchange."""
    rest = _Rest(market)
    for first in market.line:
        waiting = [] if first in rest.given else [first]
        while waiting:
            person = waiting[-1]
            seat = rest.best(person)
            if rest.free[seat] > 0:
                rest.give({waiting.pop(): seat})
                continue
            owner = person if seat == market.home[person] else rest.tenant(seat)
            if owner in waiting:
                circle = waiting[waiting.index(owner) :]
                rest.give({id: rest.best(id) for id in circle})
                del waiting[-len(circle) :]
            else:
                waiting.append(owner)
    return rest.given


class _Rest:
    """What is left to give. What somebody can still get only shrinks, so a choice once made stays the best."""

    def __init__(self, market: Market) -> None:
        self.market, self.free = market, market.free()
        self.given: dict[str, str] = {}
        self.tenants = _tenants(market, lambda _seat: market.line)

    def best(self, person: str) -> str:
        """The best seat with an empty place or a tenant who may still leave; the own one at the last."""
        open_seats = (seat for seat in self.market.wishes[person] if self.free[seat] > 0 or self.tenants[seat])
        return next(open_seats, self.market.home[person])

    def tenant(self, seat: str) -> str:
        """Who holds a place there and is first in the queue."""
        return self.tenants[seat][0]

    def give(self, seats: Mapping[str, str]) -> None:
        """All at once: what they leave is empty, what they get is not."""
        for person, seat in seats.items():
            self.given[person] = seat
            self.tenants[self.market.home[person]].remove(person)
            self.free[self.market.home[person]] += 1
            self.free[seat] -= 1


def _tenants(market: Market, order: Callable[[str], tuple[str, ...]]) -> dict[str, list[str]]:
    return {seat: [id for id in order(seat) if market.home[id] == seat] for seat in market.quota}


def exchange(market: Market) -> Outcome:
    """Teacher-optimal block exchange: trading among tenants only, where somebody may ask for a place just when that
    seat ranks them above the lowest tenant it has left. So each exchange is better for the people and for the seats;
    empty places are not given."""
    position = {seat: {id: at for at, id in enumerate(order)} for seat, order in market.order.items()}
    tenants = _tenants(market, lambda seat: market.order[seat])
    given: dict[str, str] = {}

    def asked(person: str) -> str:
        own = market.home[person]
        may = (s for s in market.wishes[person] if tenants[s] and position[s][person] < position[s][tenants[s][-1]])
        return next(may, own)

    for first in sorted(market.home):
        while first not in given:
            path, person = [], first
            while person not in path:
                path.append(person)
                person = tenants[asked(person)][-1]
            circle = {id: asked(id) for id in path[path.index(person) :]}
            for id in circle:
                tenants[market.home[id]].remove(id)
            given |= circle
    return given


MECHANISMS: Mapping[str, Callable[[Market], Outcome]] = {"DA*": deferred, "YRMH-IGYT": trading, "TO-BE": exchange}


def taken(outcome: Outcome) -> Counter[str]:
    """How many sit on each seat."""
    return Counter(seat for seat in outcome.values() if seat)
