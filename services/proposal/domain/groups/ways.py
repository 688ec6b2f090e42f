"""What the members of a group could still do when one leaves: the rings and chains that their wishes allow. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import permutations

from services.proposal.domain.groups.state import Group
from shared.contracts.groups import Arrangement

SHOWN = 5
Wishes = Mapping[str, frozenset[str]]
"""Person -> whose seats they would take; "" is the seat of the vacancy."""


def wishes(group: Group) -> Wishes:
    """What each member agreed to: the seat the group gives them, and those they named besides."""
    people = group.people
    ahead = ("", *people[:-1]) if group.vacancy else (*people[1:], people[0])
    return {member.person: frozenset((seat, *member.also)) for member, seat in zip(group.members, ahead, strict=True)}


def alternatives(wanted: Wishes, vacancy: str, without: str) -> tuple[Arrangement, ...]:
    """Rings and chains of at least two of the others, those with the most people first; a few of them.

    Nobody gets a seat they did not agree to (keep right). A ring begins with the member who comes first.
    """
    people = [person for person in wanted if person != without]
    found: list[Arrangement] = []
    for size in range(len(people), 1, -1):
        for order in permutations(people, size):
            found += _found(order, people, wanted, vacancy)
    return tuple(found[:SHOWN])


def _found(order: tuple[str, ...], people: list[str], wanted: Wishes, vacancy: str) -> Iterator[Arrangement]:
    first = min(people.index(person) for person in order) == people.index(order[0])
    if first and _agreed(order, (*order[1:], order[0]), wanted):
        yield Arrangement(people=order)
    if vacancy and _agreed(order, ("", *order[:-1]), wanted):
        yield Arrangement(people=order, vacancy=vacancy)


def _agreed(order: Iterable[str], seats: Iterable[str], wanted: Wishes) -> bool:
    return all(seat in wanted[person] for person, seat in zip(order, seats, strict=True))
