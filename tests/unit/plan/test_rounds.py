"""Voluntary rounds: known answers, nobody worse off, nothing gained by lying, and what exchanges are left."""

from collections import Counter
from itertools import chain, permutations, product
from random import Random

import pytest

from services.evaluation.plan.rounds.compare import compare, improvements, standing
from services.evaluation.plan.rounds.exchanges import TooMany, arrange, listing
from services.evaluation.plan.rounds.market import Market, market
from services.evaluation.plan.rounds.mechanisms import MECHANISMS, deferred, exchange, taken, trading
from tests.unit.plan.kit import chance
from tests.unit.plan.kit import market as of_wishes

M1 = Market(
    wishes={"t1": ("s2",), "t2": ("s1",), "t3": ("s1", "s2")},
    home={"t1": "s1", "t2": "s2", "t3": "s3"},
    quota={"s1": 1, "s2": 1, "s3": 1},
    order={"s1": ("t3", "t2", "t1"), "s2": ("t3", "t1", "t2"), "s3": ("t1", "t2", "t3")},
    line=("t1", "t2", "t3"),
)
M3 = Market(
    wishes={"p": ("Y",), "q": ("Z",), "r": ("X",)},
    home={"p": "X", "q": "Y", "r": "Z"},
    quota={"X": 1, "Y": 1, "Z": 1},
    order=dict.fromkeys("XYZ", ("p", "q", "r")),
    line=("p", "q", "r"),
)


def test_m1_deferred_acceptance_with_keep_right_moves_nobody_and_trading_two() -> None:
    assert deferred(M1) == M1.home
    assert trading(M1) == {"t1": "s2", "t2": "s1", "t3": "s3"}
    assert exchange(M1) == {"t1": "s2", "t2": "s1", "t3": "s3"}
    assert deferred(M1, keep=False) == {"t1": "s2", "t2": "", "t3": "s1"}


def test_m2_the_proposers_of_the_textbook_get_their_stable_best() -> None:
    """A, B and C are seats nobody holds; the three wait on a bench with places for all."""
    m2 = Market(
        wishes={"a": ("B", "A", "C"), "b": ("A", "B", "C"), "c": ("A", "B", "C")},
        home=dict.fromkeys("abc", "bench"),
        quota={"A": 1, "B": 1, "C": 1, "bench": 3},
        order={"A": ("a", "c", "b"), "B": ("b", "a", "c"), "C": ("a", "b", "c"), "bench": ("a", "b", "c")},
        line=("a", "b", "c"),
    )
    assert deferred(m2) == {"a": "A", "b": "B", "c": "C"}


def test_m3_three_in_a_circle() -> None:
    assert trading(M3) == {"p": "Y", "q": "Z", "r": "X"}


def _random(seed: int, people: int = 6, seats: int = 4) -> Market:
    rnd = Random(seed)
    names, places = [f"p{at}" for at in range(people)], [f"s{at}" for at in range(seats)]
    home = {name: rnd.choice(places) for name in names}
    held = Counter(home.values())
    quota = {place: held[place] + rnd.choice((0, 0, 1)) for place in places}
    wishes = {
        name: tuple(rnd.sample(others, rnd.randint(0, len(others))))
        for name in names
        for others in [[place for place in places if place != home[name]]]
    }
    order = {place: tuple(rnd.sample(names, len(names))) for place in places}
    return Market(wishes, home, quota, order, tuple(rnd.sample(names, len(names))))


def test_nobody_ends_worse_and_no_seat_is_overfull() -> None:
    for seed in range(300):
        here = _random(seed)
        for name, run in MECHANISMS.items():
            outcome = run(here)
            assert outcome.keys() == here.home.keys(), name
            assert all(seat in (*here.wishes[id], here.home[id]) for id, seat in outcome.items()), name
            assert all(n <= here.quota[seat] for seat, n in taken(outcome).items()), name


def test_after_trading_no_exchange_is_left_and_after_the_others_they_are_counted() -> None:
    left: Counter[str] = Counter()
    for seed in range(300):
        here = _random(seed)
        for name, run in MECHANISMS.items():
            left[name] += len(improvements(here, run(here)))
    assert left["YRMH-IGYT"] == 0
    assert left["DA*"] > 0
    assert left["TO-BE"] > 0


def test_after_trading_no_empty_place_is_wanted_either() -> None:
    for seed in range(300):
        here = _random(seed)
        outcome = trading(here)
        for id, got in outcome.items():
            wishes = here.wishes[id][: here.wishes[id].index(got)] if got in here.wishes[id] else here.wishes[id]
            assert all(taken(outcome)[seat] == here.quota[seat] for seat in wishes)


def _lies(here: Market, person: str) -> list[tuple[str, ...]]:
    others = [seat for seat in here.quota if seat != here.home[person]]
    return list(chain.from_iterable(permutations(others, n) for n in range(len(others) + 1)))


@pytest.mark.parametrize("name", MECHANISMS)
def test_no_list_of_wishes_is_better_than_the_true_one(name: str) -> None:
    """Every list over up to four seats, of everybody, in sixty random rounds."""
    run, tried = MECHANISMS[name], 0
    for seed in range(60):
        here = _random(seed, people=4, seats=2 + seed % 3)
        truth = run(here)
        for person, lie in chain.from_iterable(product([id], _lies(here, id)) for id in here.home):
            got = run(Market({**here.wishes, person: lie}, here.home, here.quota, here.order, here.line))[person]
            likes = (*here.wishes[person], here.home[person])
            assert got not in likes[: likes.index(truth[person])], f"{name}, seed {seed}: {person} says {lie}"
            tried += 1
    assert tried > 1000


def test_block_exchange_serves_the_seats_too() -> None:
    """Whoever comes stands higher in the seat's order than the lowest of those who leave: each place is bettered."""
    moved = 0
    for seed in range(300):
        here = _random(seed)
        outcome = exchange(here)
        for seat, order in here.order.items():
            came = sorted(order.index(id) for id, got in outcome.items() if got == seat and here.home[id] != seat)
            left = sorted(order.index(id) for id, at in here.home.items() if at == seat and outcome[id] != seat)
            assert len(came) == len(left)
            assert all(one < other for one, other in zip(came, left, strict=True))
            moved += len(came)
    assert moved > 50


def test_the_mechanisms_are_compared_on_the_same_input() -> None:
    problem = of_wishes({"t1": ["s2"], "t2": ["s1"], "t3": ["s1", "s2"]}, dict(M1.home), dict(M1.quota))
    by_name = {one.mechanism: one for one in compare(problem)}
    assert by_name["YRMH-IGYT"].moves >= by_name["DA*"].moves
    assert by_name["YRMH-IGYT"].cycles == 0
    assert sum(by_name["YRMH-IGYT"].ranks.values()) == by_name["YRMH-IGYT"].moves


def test_ranks_envy_exchanges_left_and_weak_units_by_hand() -> None:
    """M1: DA* leaves the swap of t1 and t2 undone; trading does it, and t3, who stands before t2 at s1, envies them."""
    of = of_wishes({"t1": ["s2"], "t2": ["s1"], "t3": ["s1", "s2"]}, dict(M1.home), dict(M1.quota))
    still, traded = standing(of, M1, "DA*", deferred(M1)), standing(of, M1, "YRMH-IGYT", trading(M1))
    assert (still.moves, still.ranks, still.envy, still.cycles) == (0, {}, 0, 1)
    assert (traded.moves, traded.ranks, traded.envy, traded.cycles) == (2, {1: 2}, 1, 0)


@pytest.mark.parametrize(("needs", "weak"), [({"A": 200}, -1), ({"B": 100}, 1), ({"A": 200, "B": 100}, 0), ({}, 0)])
def test_what_a_move_takes_from_a_weak_unit_and_gives_to_one(needs: dict[str, int], weak: int) -> None:
    of = of_wishes({"p": ["B"]}, {"p": "A"}, {"A": 1, "B": 1})
    units = tuple(unit.model_copy(update={"need": needs.get(unit.id, 0)}) for unit in of.units)
    (moved,) = (one for one in compare(of.model_copy(update={"units": units})) if one.mechanism == "YRMH-IGYT")
    assert (moved.moves, moved.weak) == (1, weak)


def test_the_simpler_rule_sometimes_moves_more_people() -> None:
    more = Counter[str]()
    for seed in range(200):
        moves = {one.mechanism: one.moves for one in compare(chance(seed, sides=False))}
        more["DA*" if moves["DA*"] > moves["YRMH-IGYT"] else "other"] += 1
        more["DA* over TO-BE"] += moves["DA*"] > moves["TO-BE"]
    assert more["DA* over TO-BE"] > 0


def test_the_round_leaves_alone_who_does_not_take_part() -> None:
    for seed in range(40):
        problem = chance(seed, sides=False)
        assert set(market(problem).home) == {p.id for p in problem.persons if p.part == "voluntary"}


def test_story_5_when_one_of_three_withdraws_a_swap_of_two_is_ready() -> None:
    here = Market(
        wishes={"p": ("Y", "Z"), "q": ("Z",), "r": ("X",)},
        home=M3.home,
        quota=M3.quota,
        order=M3.order,
        line=M3.line,
    )
    done = arrange(here, cap=3)
    assert [one.members for one in done.exchanges] == [("p", "q", "r")]
    instead = {one.without: [other.members for other in one.exchanges] for one in done.fallbacks[0]}
    assert instead == {"p": [], "q": [("p", "r")], "r": []}


def test_the_cap_holds_and_chains_end_in_an_empty_place() -> None:
    assert arrange(M3, cap=2).exchanges == ()
    here = _random(11, people=6, seats=4)
    for one in listing(here, 3):
        assert len(one.members) <= 3
        last = one.seats[-1]
        assert here.free()[last] > 0 if one.chain else last == here.home[one.members[0]]


def test_chosen_exchanges_share_nobody_and_fill_no_place_twice() -> None:
    for seed in range(30):
        here = _random(seed)
        done = arrange(here, cap=3)
        members = [id for one in done.exchanges for id in one.members]
        assert len(members) == len(set(members))
        ends = Counter(one.seats[-1] for one in done.exchanges if one.chain)
        assert all(n <= here.free()[seat] for seat, n in ends.items())


def test_too_many_exchanges_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.evaluation.plan.rounds.exchanges.MOST", 1)
    with pytest.raises(TooMany):
        arrange(_random(3))
