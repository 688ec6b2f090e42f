"""Circles of a plan: taken apart into exchanges that come out even, published once."""

from collections import Counter
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from services.evaluation.plan.studio.circles import circles
from shared.contracts.scenario import PlannedMove


def _move(person: str, origin: str, target: str, wave: int = 0) -> PlannedMove:
    return PlannedMove(person=person, origin=origin, target=target, wave=wave, reason="need")


def test_each_takes_the_seat_of_the_next_and_other_waves_stay_out() -> None:
    moves = (_move("p", "A", "B"), _move("r", "C", "A"), _move("q", "B", "C"), _move("x", "A", "D", wave=1))
    (circle,) = circles("plan-1", moves)
    assert (circle.people, circle.posts) == (("p", "q", "r"), ("B", "C", "A"))
    assert circle.group.startswith("g-plan-")
    assert circles("plan-2", moves)[0].group != circle.group
    assert circles("plan-1", tuple(reversed(moves))) == (circle,)


def test_two_swaps_are_taken_rather_than_one_long_circle() -> None:
    """A seat with two places: everybody could be one ring of four, and any one of four could end it for all."""
    moves = (_move("p", "A", "B"), _move("q", "B", "A"), _move("r", "A", "C"), _move("s", "C", "A"))
    assert [circle.people for circle in circles("plan-1", moves)] == [("p", "q"), ("r", "s")]


@given(st.integers(0, 1 << 32))
def test_every_move_is_in_one_circle_that_closes(seed: int) -> None:
    rnd = Random(seed)
    places = [rnd.choice("ABCDE") for _ in range(rnd.randint(2, 14))]
    given_to = rnd.sample(places, len(places))
    pairs = [(a, b) for a, b in zip(places, given_to, strict=True) if a != b]
    moves = {f"p{at:02}": _move(f"p{at:02}", *pair) for at, pair in enumerate(pairs)}
    found = circles("plan-1", moves.values())
    assert Counter(person for circle in found for person in circle.people) == Counter(list(moves))
    for circle in found:
        ring = [moves[person] for person in circle.people]
        assert [move.target for move in ring] == [move.origin for move in (*ring[1:], ring[0])] == list(circle.posts)
        assert len({move.origin for move in ring}) == len(ring) > 1
