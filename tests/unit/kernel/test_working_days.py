"""Working days and deadlines: the vectors of R57 with collective leave free and worked, and months."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel import data
from shared.kernel.calendar import (
    Calendar,
    NaiveTime,
    NegativeTerm,
    YearNotListed,
    Zone,
    add_months,
    add_years,
    indonesia,
)

TODAY = date(2026, 11, 22)
LEAVE_FREE = indonesia(Zone.WIB, TODAY)
LEAVE_WORKED = indonesia(Zone.WIB, TODAY, leave_is_work=True)
FROM_2020 = st.dates(date(2020, 1, 1), date(2030, 6, 1))


@pytest.mark.parametrize(
    ("start", "n", "leave_free", "leave_worked"),
    [
        (date(2026, 3, 17), 3, date(2026, 3, 27), date(2026, 3, 23)),
        (date(2026, 3, 13), 5, date(2026, 3, 27), date(2026, 3, 23)),
        (date(2026, 3, 13), 15, date(2026, 4, 13), date(2026, 4, 7)),
        (date(2026, 2, 13), 1, date(2026, 2, 18), date(2026, 2, 16)),
        (date(2026, 5, 12), 10, date(2026, 6, 2), date(2026, 5, 28)),
        (date(2026, 5, 25), 21, date(2026, 6, 29), date(2026, 6, 26)),
        (date(2026, 8, 14), 1, date(2026, 8, 18), date(2026, 8, 18)),
        (date(2026, 12, 23), 14, date(2027, 1, 18), date(2027, 1, 15)),
        (date(2025, 3, 26), 14, date(2025, 4, 25), date(2025, 4, 17)),
        (date(2026, 12, 18), 5, date(2026, 12, 29), date(2026, 12, 28)),
    ],
)
def test_vectors(start: date, n: int, leave_free: date, leave_worked: date) -> None:
    assert LEAVE_FREE.add(start, n) == leave_free
    assert LEAVE_WORKED.add(start, n) == leave_worked


@pytest.mark.parametrize(
    ("start", "day"),
    [
        (date(2026, 3, 17), date(2026, 3, 17)),
        (date(2026, 3, 18), date(2026, 3, 25)),  # leave, Nyepi, leave, weekend, leave, leave
        (date(2026, 8, 15), date(2026, 8, 18)),
    ],
)
def test_a_term_of_no_days_ends_today_or_on_the_next_working_day(start: date, day: date) -> None:
    assert LEAVE_FREE.add(start, 0) == day


def test_a_negative_term_is_refused() -> None:
    with pytest.raises(NegativeTerm):
        LEAVE_FREE.add(TODAY, -1)


@pytest.mark.parametrize(
    ("zone", "day"),
    [(Zone.WIB, date(2026, 3, 2)), (Zone.WITA, date(2026, 3, 2)), (Zone.WIT, date(2026, 3, 3))],
)
def test_the_day_of_the_act_is_the_receivers(zone: Zone, day: date) -> None:
    act = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)  # 22:30 WIB, 23:30 WITA, 00:30 WIT
    due = indonesia(zone, TODAY).deadline(act, 0)
    assert due == datetime(day.year, day.month, day.day, 23, 59, 59, 999_000, ZoneInfo(zone.value))


def test_filing_late_in_the_evening_is_in_time_where_the_receiver_is() -> None:
    due = indonesia(Zone.WIB, TODAY).deadline(datetime(2026, 3, 2, 3, tzinfo=UTC), 1)
    filed = datetime(2026, 3, 3, 23, 30, tzinfo=Zone.WIT.info)
    assert filed <= due
    assert filed <= indonesia(Zone.WIT, TODAY).deadline(datetime(2026, 3, 2, 3, tzinfo=UTC), 1)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(NaiveTime):
        LEAVE_FREE.deadline(datetime(2026, 3, 2, 12), 1)


def test_leave_announced_late_is_unknown_before_and_counts_after() -> None:
    thursday, monday = date(2025, 8, 14), date(2025, 8, 18)
    assert indonesia(Zone.WIB, date(2025, 8, 6)).add(thursday, 2) == monday
    assert indonesia(Zone.WIB, date(2025, 8, 7)).add(thursday, 2) == date(2025, 8, 19)
    assert indonesia(Zone.WIB, date(2025, 8, 7), leave_is_work=True).add(thursday, 2) == monday


def test_a_year_without_a_list_is_not_counted_through() -> None:
    with pytest.raises(YearNotListed, match="2032"):
        LEAVE_FREE.add(date(2031, 12, 30), 10)


def test_only_years_with_a_decree_are_settled() -> None:
    assert LEAVE_FREE.is_settled(date(2026, 12, 31))
    assert not LEAVE_FREE.is_settled(date(2027, 3, 10))


def test_a_calendar_of_ones_own_with_six_days() -> None:
    unit = Calendar(frozenset({date(2026, 1, 1)}), frozenset(), Zone.WIT, weekend=frozenset({6}))
    assert unit.add(date(2026, 1, 2), 2) == date(2026, 1, 5)


@pytest.fixture
def replaced(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A decree makes Saturday 6 June 2026 a working day for Friday the 5th; on 1 June it takes the Saturday back."""
    about = {"citation": "invented", "certainty": "C"}
    overrides = [
        {"day": date(2026, 6, 5), "kind": "collective_leave", "announced": date(2026, 5, 4), **about},
        {"day": date(2026, 6, 6), "kind": "working_day", "announced": date(2026, 5, 4), **about},
        {"day": date(2026, 6, 6), "kind": "holiday", "announced": date(2026, 6, 1), **about},
    ]
    listed = {"settled": [], "overrides": overrides}
    monkeypatch.setattr(data, "read", lambda _name: listed)
    indonesia.cache_clear()
    yield
    indonesia.cache_clear()


@pytest.mark.usefixtures("replaced")
def test_a_saturday_that_a_decree_makes_a_working_day_is_one_from_when_it_was_announced() -> None:
    thursday, saturday, monday = date(2026, 6, 4), date(2026, 6, 6), date(2026, 6, 8)
    assert indonesia(Zone.WIB, date(2026, 5, 3)).add(thursday, 2) == monday
    known = indonesia(Zone.WIB, date(2026, 5, 4))
    assert known.add(thursday, 1) == saturday
    assert known.count(thursday, monday) == 2
    assert known.deadline(datetime(2026, 6, 4, 3, tzinfo=UTC), 1).date() == saturday
    assert indonesia(Zone.WIB, date(2026, 6, 1)).add(thursday, 1) == monday


@given(FROM_2020, st.integers(1, 60))
def test_counting_undoes_adding(start: date, n: int) -> None:
    end = LEAVE_FREE.add(start, n)
    assert LEAVE_FREE.is_working_day(end)
    assert LEAVE_FREE.count(start, end) == n
    assert LEAVE_FREE.count(end, start) == 0


@given(FROM_2020, st.integers(0, 30), st.integers(0, 30))
def test_a_term_can_be_taken_in_two_parts(start: date, first: int, rest: int) -> None:
    middle = LEAVE_FREE.add(start, first)
    assert LEAVE_FREE.add(middle, rest) == LEAVE_FREE.add(
        LEAVE_FREE.add(start, 0) if not first else start, first + rest
    )


@given(FROM_2020, st.integers(0, 60))
def test_free_leave_never_shortens_a_term(start: date, n: int) -> None:
    assert LEAVE_WORKED.add(start, n) <= LEAVE_FREE.add(start, n)


@pytest.mark.parametrize(
    ("day", "months", "there"),
    [
        (date(2024, 2, 29), 24, date(2026, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 10, 3), 6, date(2027, 4, 3)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
    ],
)
def test_months(day: date, months: int, there: date) -> None:
    assert add_months(day, months) == there


def test_e03_two_years_from_the_29th_of_february_are_complete_on_the_28th() -> None:
    assert add_years(date(2024, 2, 29), 2) == date(2026, 2, 28)
    assert add_years(date(2024, 2, 29), 4) == date(2028, 2, 29)


def test_years() -> None:
    assert add_years(date(2023, 5, 2), 2) == date(2025, 5, 2)


@given(st.dates(date(1940, 1, 1), date(2060, 1, 1)), st.integers(0, 600))
def test_later_days_never_end_earlier(day: date, n: int) -> None:
    assert add_months(day, n) <= add_months(day + timedelta(days=1), n)
