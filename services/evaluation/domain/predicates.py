"""The checks that rules name: pure functions (what is seen, parameters) -> outcome and the values compared.

A check never says "met" of what it does not know: where data is missing it looks at the best and the worst
that could be true, and says "unknown", naming the datum, if that makes a difference.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from services.evaluation.domain.facts import Seen
from shared.contracts.evaluation import Outcome
from shared.kernel.calendar import MONTHS_A_YEAR, add_months
from shared.kernel.performance import Predicate
from shared.kernel.post import PostKind, retirement_date


class Verdict(NamedTuple):
    """What a check found; an unknown one has the value `datum`: what is missing, beginning with whose."""

    outcome: Outcome
    values: Mapping[str, str]


class Params(BaseModel):
    """Parameters of a check: an entry it does not know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Count = Annotated[int, Field(ge=0, strict=True)]
Names = tuple[str, ...]
RATINGS = {rating.value: rating for rating in Predicate}
_USUAL_AGES = {kind.value: kind.retirement_age for kind in PostKind}
NOT_APPLICABLE = Verdict("not_applicable", {})


def unknown(datum: str, **values: str) -> Verdict:
    """The outcome hangs on this datum, which nobody told."""
    return Verdict("unknown", {"datum": datum, **values})


def judged(met: bool, **values: object) -> Verdict:
    """Met or not met, with the values compared."""
    return Verdict("met" if met else "not_met", {name: str(value) for name, value in values.items()})


class Nothing(Params):
    """A check without parameters."""


class Months(Params):
    """Full months that must be complete."""

    months: Count


def full_months(since: date, on: date) -> int:
    """Full months from one day to another; 29 February and a 31st are complete on the last day of a month."""
    months = (on.year - since.year) * MONTHS_A_YEAR + on.month - since.month
    return months if add_months(since, months) <= on else months - 1


def tenure_in_post(seen: Seen, params: Months) -> Verdict:
    """The post (TMT jabatan) has been held for so many months; PP 11/2017 ps 190(3) [S], counting [C]."""
    since = seen.employee.post_since
    complete = add_months(since, params.months)
    held = full_months(since, seen.on)
    return judged(
        complete <= seen.on,
        since=since,
        on=seen.on,
        months=held,
        required=params.months,
        complete_on=complete,
    )


class Declared(Params):
    """Which declaration of the profile must be "no"."""

    field: Literal["under_process", "study_assignment", "service_bond"]


def declared_no(seen: Seen, params: Declared) -> Verdict:
    """The agency declares that this does not bind the person; Peraturan BKN 5/2019, documents f and i [S]."""
    value: bool | None = getattr(seen.employee, params.field)
    return unknown(f"employee.{params.field}") if value is None else judged(not value)


class RatedYears(Params):
    """So many closed years; a year not yet rated is left out for the first `grace_months` of the next."""

    years: Annotated[int, Field(ge=1, strict=True)]
    grace_months: Count


def closed_years(on: date, params: RatedYears, rated: Mapping[str, str]) -> tuple[str, ...]:
    """The last closed years, oldest first, as the profile keys them."""
    newest = on.year - 1
    if str(newest) not in rated and on < add_months(date(on.year, 1, 1), params.grace_months):
        newest -= 1
    return tuple(str(year) for year in range(newest - params.years + 1, newest + 1))


def performance_good(seen: Seen, params: RatedYears) -> Verdict:
    """Predicate (predikat) good or better in the last closed years; Peraturan BKN 5/2019, document h [S]."""
    ratings = seen.employee.performance
    years = closed_years(seen.on, params, ratings)
    found = {year: RATINGS.get(ratings.get(year, "")) for year in years}
    values = {"years": ", ".join(years), "found": ", ".join(ratings.get(year, "-") for year in years)}
    if any(rating and not rating.at_least_good for rating in found.values()):
        return judged(False, **values)
    if missing := [year for year, rating in found.items() if rating is None]:
        return unknown(f"employee.performance.{missing[0]}", **values)
    return judged(True, **values)


class Offices(Params):
    """Offices that no relative may hold: of the target unit, and of the target agency."""

    of_unit: Names = ()
    of_agency: Names = ()


def no_relative_in_office(seen: Seen, params: Offices) -> Verdict:
    """No relative decides or leads where the person would go; PP 11/2017 ps 190(5) [S]."""
    target = seen.vacancy.placement
    held = {
        office.office
        for person in seen.employee.relatives
        for office in seen.offices.get(person, ())
        if office.since <= seen.on
        and (office.until is None or seen.on < office.until)
        and office.agency == target.agency
        and (office.office in params.of_agency or (office.office in params.of_unit and office.unit == target.unit))
    }
    return judged(not held, relatives=len(set(seen.employee.relatives)), offices=", ".join(sorted(held)) or "-")


Ages = Annotated[tuple[int, ...], Field(min_length=1)]


class Retirement(Params):
    """Months that must be left; ages a post may have where its own is not known."""

    months_left: Count
    possible_ages: Ages


def births(seen: Seen, possible_ages: Ages) -> list[date]:
    """First days of the months the person may be born in: what the date of retirement and the age of the post held
    tell; where that age is not known, every possible one is tried."""
    known = seen.retirement_age or _USUAL_AGES.get(seen.employee.post_kind)
    ages = (known,) if known else possible_ages
    return [add_months(seen.employee.retires_on, -age * MONTHS_A_YEAR - 1) for age in ages]


def before_retirement(seen: Seen, params: Retirement) -> Verdict:
    """Not past retirement (BUP), neither by the post held nor by the one wanted: a move can lower the age.

    UU 20/2023 ps 55 [S].
    """
    now = seen.employee.retires_on
    there = [retirement_date(birth, seen.vacancy.retirement_age) for birth in births(seen, params.possible_ages)]
    latest = add_months(seen.on, params.months_left)
    fine = [min(now, day) > latest for day in there]
    if any(fine) and not all(fine):
        return unknown("post.retirement_age")
    return judged(all(fine), on=seen.on, retires_on=now, retires_there=min(there), required=params.months_left)


class Allowed(Params):
    """The codes that may move."""

    allowed: Annotated[Names, Field(min_length=1)]


def employment_kind(seen: Seen, params: Allowed) -> Verdict:
    """Kind of employment is one that may be moved; Peraturan BKN 5/2019, document a [S]."""
    has = seen.employee.employment
    return judged(has in params.allowed, has=has, required=", ".join(params.allowed))


def legal_status(seen: Seen, params: Allowed) -> Verdict:
    """Legal status (kedudukan hukum) is one that may be moved."""
    has = seen.employee.status
    return judged(has in params.allowed, has=has, required=", ".join(params.allowed))


class Contract(Params):
    """Who is bound to the agency and post of a contract."""

    employments: Annotated[Names, Field(min_length=1)]


def within_contract(seen: Seen, params: Contract) -> Verdict:
    """Who serves under a contract changes the unit only: same agency, same post title [P, C]."""
    person, target = seen.employee, seen.vacancy
    if person.employment not in params.employments:
        return NOT_APPLICABLE
    if not person.post_title:
        return unknown("employee.post_title")
    same = person.placement.agency == target.placement.agency and person.post_title == target.post_title
    return judged(same, has=person.post_title, required=target.post_title)
