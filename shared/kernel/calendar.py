"""Working days, deadlines and months as the administration counts them. Pure; used by all services.

Sources: Perpres 21/2023 (five working days, certainty S), Keppres 8/2024 (holidays, S), the yearly joint
decree of three ministers on dates and collective leave (S for the years listed in data/working_days.yaml),
yearly Keppres on collective leave of civil servants (P). What these leave open is settled by the project: see
`Calendar.add`.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import Enum
from functools import cache, cached_property, lru_cache
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from holidays import country_holidays
from pydantic import BaseModel, ConfigDict, Field

from shared.kernel import data

WEEKEND = frozenset({5, 6})  # date.weekday(): Saturday, Sunday
MONTHS_A_YEAR = 12
_DAY = timedelta(days=1)
# Milliseconds, not microseconds: what databases and JSON keep, so a stored deadline stays equal to a computed
# one.
_END_OF_DAY = time(23, 59, 59, 999_000)
# A list reaches this many years around the day of the question: old cases back, the longest terms ahead.
_BACK, _AHEAD = 10, 5


class Zone(Enum):
    """Time zone of an Indonesian office."""

    WIB = "Asia/Jakarta"
    WITA = "Asia/Makassar"
    WIT = "Asia/Jayapura"

    @property
    def info(self) -> ZoneInfo:
        """The zone as the standard library knows it."""
        return ZoneInfo(self.value)


class NaiveTime(ValueError):
    """A moment without a time zone: the day it falls on is unknown."""


class NegativeTerm(ValueError):
    """A term of fewer than 0 working days."""


class YearNotListed(LookupError):
    """No holidays are known for this year: counting on would take every weekday for a working day."""

    def __init__(self, year: int) -> None:
        super().__init__(f"no holidays are listed for {year}")
        self.year = year


@dataclass(frozen=True)
class Calendar:
    """Working days (hari kerja) of one receiver.

    `collective_leave` (cuti bersama) is free like a holiday unless `leave_is_work`. A unit that works six
    days has `weekend={6}`. `worked` are days that a decree declares working days, on whatever day of the week.
    `settled` are the years whose list stands in a decree; days of others may still move. A year without any
    holiday counts as not listed, as each has its 1 January.
    """

    holidays: frozenset[date] = field(repr=False)
    collective_leave: frozenset[date] = field(repr=False)
    zone: Zone
    leave_is_work: bool = False
    weekend: frozenset[int] = WEEKEND
    worked: frozenset[date] = frozenset()
    settled: frozenset[int] = frozenset()

    @cached_property
    def _years(self) -> frozenset[int]:
        return frozenset(day.year for day in self.holidays)

    def is_working_day(self, day: date) -> bool:
        """True when the receiver works that day. Raises YearNotListed."""
        if day.year not in self._years:
            raise YearNotListed(day.year)
        on_leave = day in self.collective_leave and not self.leave_is_work
        free = day.weekday() in self.weekend or day in self.holidays or on_leave
        return day in self.worked or not free

    def _working_days(self, first: date) -> Iterator[date]:
        day = first
        while True:
            if self.is_working_day(day):
                yield day
            day += _DAY

    def add(self, start_day: date, n: int) -> date:
        """The n-th working day after the start day, the first day after it being 1; for n = 0 the start day.

        With n = 0 a start day that is free gives the next working day. Raises NegativeTerm, YearNotListed.
        """
        if n < 0:
            raise NegativeTerm(f"a term of {n} working days")
        days = self._working_days(start_day if n == 0 else start_day + _DAY)
        for _ in range(n - 1):
            next(days)
        return next(days)

    def count(self, after: date, until: date) -> int:
        """Working days after one day up to another, the latter inside; 0 when it is not later.

        It is what a returned file keeps of its term: `add(back_on, count(returned_on, due_on))`.
        Raises YearNotListed.
        """
        days = (until - after).days
        return sum(self.is_working_day(after + _DAY * i) for i in range(1, days + 1))

    def day_of(self, moment: datetime) -> date:
        """The day a moment falls on at the receiver. Raises NaiveTime."""
        if moment.tzinfo is None:
            raise NaiveTime("a moment needs its time zone")
        return moment.astimezone(self.zone.info).date()

    def deadline(self, act: datetime, n: int) -> datetime:
        """Last millisecond, in the receiver's zone, of the n-th working day after the act; in time is `<=`.

        Lists change within the year: recompute open deadlines then, but never one that has already passed.
        Raises NaiveTime, NegativeTerm, YearNotListed.
        """
        return datetime.combine(self.add(self.day_of(act), n), _END_OF_DAY, self.zone.info)

    def is_settled(self, day: date) -> bool:
        """False when the day lies in a year whose holidays are still estimates."""
        return day.year in self.settled


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    citation: Annotated[str, Field(min_length=1)]
    certainty: Literal["S", "P", "C"]


class _Settled(_Entry):
    year: int


class _Override(_Entry):
    day: date
    kind: Literal["holiday", "collective_leave", "working_day"]
    announced: date


class _Overlay(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    settled: tuple[_Settled, ...]
    overrides: tuple[_Override, ...]


@cache
def _listed(year: int, category: Literal["public", "government"]) -> frozenset[date]:
    return frozenset(country_holidays("ID", years=year, categories=(category,), expand=False))


@lru_cache(maxsize=128)
def indonesia(zone: Zone, as_of: date, *, leave_is_work: bool = False) -> Calendar:
    """The national calendar as it was known on a day, from 10 years before it to 5 after.

    Overrides announced later are left out, so an old case is computed with the list of its time.
    Raises pydantic.ValidationError when the override file is broken.
    """
    overlay = _Overlay.model_validate(data.read("working_days"))
    years = range(as_of.year - _BACK, as_of.year + _AHEAD + 1)
    days = {day: "collective_leave" for year in years for day in _listed(year, "government")}
    days |= {day: "holiday" for year in years for day in _listed(year, "public")}
    known = [entry for entry in overlay.overrides if entry.announced <= as_of]
    days |= {entry.day: entry.kind for entry in sorted(known, key=lambda entry: entry.announced)}
    return Calendar(
        holidays=frozenset(day for day, kind in days.items() if kind == "holiday"),
        collective_leave=frozenset(day for day, kind in days.items() if kind == "collective_leave"),
        zone=zone,
        leave_is_work=leave_is_work,
        worked=frozenset(day for day, kind in days.items() if kind == "working_day"),
        settled=frozenset(entry.year for entry in overlay.settled),
    )


def add_months(day: date, n: int) -> date:
    """The same day n months on (back if negative); where it does not exist, the last day of that month."""
    year, month = divmod(day.year * MONTHS_A_YEAR + day.month - 1 + n, MONTHS_A_YEAR)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_years(day: date, n: int) -> date:
    """The same day n years on; 29 February becomes the 28th in a common year (a tenure is complete on it)."""
    return add_months(day, n * MONTHS_A_YEAR)
