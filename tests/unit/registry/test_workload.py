"""Workload analysis: the worked examples of docs/registry.md, the bounds of the classes, and what must always hold."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.registry.domain import NEEDS
from services.registry.domain.needs import RecordWorkload, need_id
from services.registry.domain.norms import norms_of
from services.registry.domain.workload import Need, Post, Task, balance, half_up, post_need, unit_need
from shared.contracts.need import NeedAssessed
from shared.kernel.decider import NotYet, Refused
from tests.unit.registry.shelf import join, seat, town

NORMS = norms_of(2026)
OPERATOR = seat("disdukcapil", "analyst").post


def task(volume: int, minutes: str, period: str = "year", name: str = "t") -> Task:
    """A task."""
    return Task.model_validate({"name": name, "volume": volume, "period": period, "minutes": minutes})


def post(name: str, staff: int, *tasks: Task, unit: str = "u") -> Post:
    """A post that was analysed."""
    return Post(post=name, unit=unit, staff=staff, tasks=tasks)


def test_the_norms_are_those_of_the_regulation() -> None:
    """R40: 1,250 hours are 75,000 minutes a year, 300 a day on 250 days, 1,500 a week in 50, 6,250 a month in 12."""
    assert NORMS.effective_minutes == 1250 * 60 == 300 * 250 == 1500 * 50 == 6250 * 12
    assert NORMS.periods == {"day": 250, "week": 50, "month": 12, "year": 1}
    assert (NORMS.certainty, norms_of(1999)) == ("S", NORMS)


DUKCAPIL = (
    post("operator", 2, task(70, "20", "day")),
    post("registrar", 1, task(240, "12.5", "week"), task(2500, "15", name="u")),
)
DISDIK = (post("clerk", 9, task(1500, "250")),)
PUSKESMAS = (post("nurse", 8, task(160, "15", "day")), Post(post="cook", unit="u", staff=1))


def test_three_units_worked_by_hand() -> None:
    """The same figures stand in docs/registry.md, step by step."""
    dukcapil, disdik, puskesmas = (unit_need(posts, NORMS) for posts in (DUKCAPIL, DISDIK, PUSKESMAS))
    assert (dukcapil.load, dukcapil.need, dukcapil.staff, dukcapil.gap) == (Fraction(537_500), 8, 3, -5)
    assert (dukcapil.ratio, dukcapil.grade) == (Fraction(537_500, 225_000), "A")
    assert (disdik.load, disdik.need, disdik.staff, disdik.gap) == (Fraction(375_000), 5, 9, 4)
    assert (disdik.ratio, disdik.grade) == (Fraction(5, 9), "D")
    assert (puskesmas.load, puskesmas.need, puskesmas.staff, puskesmas.gap) == (Fraction(600_000), 8, 8, 0)
    assert (puskesmas.ratio, puskesmas.grade) == (Fraction(1), "B")


def of(staff: int, need: int) -> Need:
    """A unit with this staff and need."""
    return unit_need([post("p", staff, task(need, "75000"))], NORMS)


def test_known_answer_m6() -> None:
    """Need 6/8/5, have 3/8/9: the gaps are 7 together, after three moves 1."""
    assert balance([of(3, 6), of(8, 8), of(9, 5)]).gaps == 7
    assert balance([of(6, 6), of(8, 8), of(6, 5)]).gaps == 1


@pytest.mark.parametrize(
    ("minutes", "grade"),
    [
        (75_001, "A"), (75_000, "B"), (67_500, "B"), (67_499, "C"), (52_500, "C"), (52_499, "D"), (37_500, "D"),
        (37_499, "E"), (0, "E"),
    ],
)  # fmt: skip
def test_the_bounds_of_the_classes_lie_on_exact_fractions(minutes: int, grade: str) -> None:
    """R42 of one person; 0.89995 rounds to 0.90 and is C all the same."""
    assert post_need([task(minutes, "1")], 1, NORMS).grade == grade


@pytest.mark.parametrize(("minutes", "need"), [(37_499, 0), (37_500, 1), (187_500, 3), (187_499, 2), (262_500, 4)])
def test_e22_a_half_is_rounded_up_and_the_raw_value_stays(minutes: int, need: int) -> None:
    """E22: 2.5 becomes 3; the raw value beside it shows how near that was."""
    found = post_need([task(minutes, "1")], 0, NORMS)
    assert (found.need, found.raw) == (need, Fraction(minutes, 75_000))


def test_work_without_anybody_has_no_ratio() -> None:
    found = post_need([task(100_000, "1")], 0, NORMS)
    assert (found.ratio, found.grade, found.gap) == (None, "", -1)


def test_even_load_is_balanced() -> None:
    even = balance([of(4, 4), of(8, 8)])
    assert (even.gaps, even.gini, even.spread) == (0, Fraction(0), Fraction(1))
    uneven = balance([of(1, 2), of(1, 0), of(1, 1)])
    assert (uneven.gaps, uneven.gini, uneven.spread) == (2, Fraction(4, 9), None)
    assert balance([]) == balance([of(0, 3)]).model_copy(update={"gaps": 0})


TASKS = st.builds(
    Task,
    name=st.just("t"),
    volume=st.integers(0, 5000),
    period=st.sampled_from(["day", "week", "month", "year"]),
    minutes=st.decimals(Decimal("0.01"), Decimal(600), places=2),
)
POSTS = st.lists(st.builds(Post, post=st.just("p"), unit=st.just("u"), staff=st.integers(0, 50),
                           tasks=st.lists(TASKS, max_size=4).map(tuple)), min_size=1, max_size=5)  # fmt: skip


@given(POSTS)
def test_a_unit_is_the_sum_of_its_posts(posts: list[Post]) -> None:
    unit, each = unit_need(posts, NORMS), [post_need(one.tasks or (), one.staff, NORMS) for one in posts]
    assert (unit.load, unit.raw) == (sum(one.load for one in each), sum(one.raw for one in each))
    assert (unit.need, unit.gap) == (sum(one.need for one in each), sum(one.gap for one in each))
    assert abs(unit.need - unit.raw) <= Fraction(len(posts), 2)


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(0, 30)), min_size=1, max_size=6))
def test_balance_is_bounded_and_knows_no_order(units: list[tuple[int, int]]) -> None:
    needs = [of(staff, need) for staff, need in units]
    found = balance(needs)
    assert 0 <= found.gini < 1
    assert found == balance(needs[::-1])
    assert found.gaps == sum(abs(staff - need) for staff, need in units)


@given(st.fractions(0, 10**6))
def test_half_up_is_the_nearest(value: Fraction) -> None:
    assert abs(half_up(value) - value) <= Fraction(1, 2)
    assert half_up(value) - value != Fraction(-1, 2)


def record(**changes: Any) -> RecordWorkload:
    """The analysis of the town's analyst post."""
    tasks = [{"name": "Melayani", "volume": 70, "period": "day", "minutes": "20"}]
    whole = {"agency": "palu", "post": "disdukcapil-analyst", "year": 2026, "tasks": tasks}
    return RecordWorkload.model_validate(whole | changes)


def test_an_analysis_is_told_once_with_its_basis() -> None:
    shelf = town()
    join(shelf, unit="disdukcapil")
    for _ in range(2):
        shelf.send(NEEDS, need_id(OPERATOR, 2026), record())
    (event,) = shelf.of(NeedAssessed)
    assert (event.load, event.raw, event.need, event.have, event.gap) == (35_000_000, 467, 5, 1, -4)
    assert (event.basis, event.tasks[0].volume, event.unit) == ("workload", 70, "u:palu:disdukcapil")
    shelf.send(NEEDS, need_id(OPERATOR, 2026), record(tasks=[]))
    assert [event.need for event in shelf.of(NeedAssessed)] == [5, 0]


def test_somebody_who_came_since_is_no_new_analysis() -> None:
    shelf = town()
    shelf.send(NEEDS, need_id(OPERATOR, 2026), record())
    join(shelf, unit="disdukcapil")
    shelf.send(NEEDS, need_id(OPERATOR, 2026), record())
    assert len(shelf.of(NeedAssessed)) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("volume", -1), ("minutes", "0"), ("minutes", "1.234"), ("minutes", "75001"), ("period", "hour"), ("name", " ")],
)
def test_a_task_that_cannot_be(field: str, value: object) -> None:
    good = {"name": "Melayani", "volume": 70, "period": "day", "minutes": "20"}
    with pytest.raises(ValidationError):
        record(tasks=[good | {field: value}])


def test_the_refusals_of_an_analysis() -> None:
    shelf = town()
    twice = [{"name": name, "volume": 1, "minutes": "1"} for name in ("Melayani", "melayani")]
    for changes, code in (({"year": 2028}, "YEAR_TOO_FAR"), ({"tasks": twice}, "TASK_TWICE")):
        with pytest.raises(Refused, match=code):
            shelf.send(NEEDS, "w", record(**changes))
    with pytest.raises(NotYet, match="post/p:palu:nowhere"):
        shelf.send(NEEDS, "w", record(post="nowhere"))
    assert date(2027, 1, 1).year == record(year=2027).year
