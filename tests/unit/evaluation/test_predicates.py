"""Every check against vectors worked by hand: met, not met, unknown, and both sides of each boundary."""

from datetime import date
from typing import Any

import pytest

from services.evaluation.domain.checks import CHECKS
from services.evaluation.domain.facts import Seen
from services.evaluation.domain.predicates import full_months
from shared.contracts.registry import Experience
from shared.kernel.decider import Office
from tests.unit.evaluation.cases import RINA, SEAT, changed, demanding, seen


def outcome(check: str, what: Seen, **params: object) -> str:
    verdict = CHECKS[check](what, params)
    if verdict.outcome in ("met", "not_met"):
        assert CHECKS[check].values == verdict.values.keys()
    return verdict.outcome


@pytest.mark.parametrize(
    ("since", "on", "months", "expected"),
    [
        (date(2026, 5, 23), date(2026, 11, 23), 6, "met"),  # six months exactly
        (date(2026, 5, 24), date(2026, 11, 23), 6, "not_met"),  # one day short
        (date(2026, 8, 31), date(2027, 2, 28), 6, "met"),  # there is no 31 February: its last day
        (date(2026, 8, 31), date(2027, 2, 27), 6, "not_met"),
        (date(2024, 2, 29), date(2026, 2, 28), 24, "met"),  # E03
        (date(2024, 2, 29), date(2026, 2, 27), 24, "not_met"),
        (date(2024, 2, 29), date(2028, 2, 28), 48, "not_met"),  # a leap year has its 29th
        (date(2024, 2, 29), date(2028, 2, 29), 48, "met"),
        (date(2024, 11, 23), date(2026, 11, 23), 24, "met"),  # exactly 24 months
        (date(2024, 11, 24), date(2026, 11, 23), 24, "not_met"),
        (date(2026, 12, 1), date(2026, 11, 23), 0, "not_met"),  # not begun
    ],
)
def test_tenure(since: date, on: date, months: int, expected: str) -> None:
    assert outcome("tenure_in_post", seen(on, post_since=since), months=months) == expected
    assert (full_months(since, on) >= months) is (expected == "met")


def test_tenure_tells_the_day_it_is_complete() -> None:
    values = CHECKS["tenure_in_post"](seen(), {"months": 24}).values
    assert values == {
        "since": "2023-05-02",
        "on": "2026-11-23",
        "months": "42",
        "required": "24",
        "complete_on": "2025-05-02",
    }


@pytest.mark.parametrize("field", ["under_process", "study_assignment", "service_bond"])
@pytest.mark.parametrize(("value", "expected"), [(False, "met"), (True, "not_met"), (None, "unknown")])
def test_declarations(field: str, value: bool | None, expected: str) -> None:
    assert (
        outcome(
            "declared_no",
            seen().model_copy(update={"employee": changed(RINA, **{field: value})}),
            field=field,
        )
        == expected
    )


@pytest.mark.parametrize(
    ("on", "ratings", "expected"),
    [
        (date(2026, 11, 23), {"2024": "good", "2025": "very_good"}, "met"),
        (date(2026, 11, 23), {"2024": "needs_improvement", "2025": "good"}, "not_met"),
        (date(2026, 11, 23), {"2024": "good", "2025": "poor"}, "not_met"),
        (date(2026, 11, 23), {"2025": "very_poor"}, "not_met"),  # one bad year is enough to know
        (date(2026, 11, 23), {"2024": "good", "2025": "cuti"}, "unknown"),
        (date(2026, 11, 23), {}, "unknown"),
        (date(2026, 2, 28), {"2023": "good", "2024": "good"}, "met"),  # 2025 is still being rated
        (date(2026, 3, 1), {"2023": "good", "2024": "good"}, "unknown"),  # the grace is over
        (date(2026, 1, 5), {"2023": "good", "2024": "good", "2025": "poor"}, "not_met"),  # rated early
    ],
)
def test_performance(on: date, ratings: dict[str, str], expected: str) -> None:
    assert outcome("performance_good", seen(on, performance=ratings), years=2, grace_months=2) == expected


def test_e21_a_year_without_an_appraisal_is_unknown_and_no_bad_year() -> None:
    """On leave, on maternity leave or studying: somebody has to say what counts, and it does not pass by itself."""
    missing = seen(date(2026, 11, 23), performance={"2025": "good"})
    assert outcome("performance_good", missing, years=2, grace_months=2) == "unknown"


@pytest.mark.parametrize(
    ("level", "demanded", "expected"),
    [
        ("40", "40", "met"),
        ("35", "40", "met"),  # D-IV and S-1 stand for each other
        ("40", "35", "met"),
        ("45", "40", "met"),
        ("30", "40", "not_met"),
        ("", "40", "unknown"),
        ("S1", "40", "unknown"),
        ("40", "99", "unknown"),
        ("", "", "not_applicable"),
    ],
)
def test_education_level(level: str, demanded: str, expected: str) -> None:
    what = seen(vacancy=demanding(education_min=demanded), education_level=level)
    assert outcome("education_level", what) == expected


@pytest.mark.parametrize(
    ("field", "fields", "expected"),
    [
        ("law", ("law", "economics"), "met"),
        ("nursing", ("law", "economics"), "not_met"),
        ("", ("law",), "unknown"),
        ("nursing", (), "not_applicable"),
    ],
)
def test_education_field(field: str, fields: tuple[str, ...], expected: str) -> None:
    what = seen(vacancy=demanding(education_fields=fields), education_field=field)
    assert outcome("education_field", what) == expected


@pytest.mark.parametrize(
    ("rank", "lowest", "highest", "expected"),
    [
        ("III/c", "III/c", "III/d", "met"),
        ("III/d", "III/c", "III/d", "met"),
        ("III/b", "III/c", "III/d", "not_met"),
        ("IV/a", "III/c", "III/d", "not_met"),
        ("IV/e", "III/c", "", "met"),
        ("II/d", "", "III/a", "met"),
        ("", "III/c", "", "unknown"),
        ("III/x", "III/c", "", "unknown"),
        ("III/c", "3c", "", "unknown"),
        ("", "", "", "not_applicable"),
    ],
)
def test_rank(rank: str, lowest: str, highest: str, expected: str) -> None:
    what = seen(vacancy=demanding(rank_min=lowest, rank_max=highest), rank=rank)
    assert outcome("rank_range", what) == expected


def test_a_pppk_has_no_rank_to_compare() -> None:
    assert outcome("rank_range", seen(employment="PPPK", rank="IX")) == "not_applicable"


@pytest.mark.parametrize(
    ("required", "assessed", "percent", "expected"),
    [
        ({"a": 5, "b": 5}, {"a": 5, "b": 3}, 80, "met"),  # 8/10 = 80 exactly: the upper band
        ({"a": 5, "b": 5}, {"a": 5, "b": 2}, 80, "not_met"),  # 7/10
        (
            {"a": 5, "b": 5, "c": 5, "d": 5, "e": 5},
            {"a": 5, "b": 5, "c": 5, "d": 1, "e": 1},
            68,
            "met",
        ),  # 17/25
        ({"a": 5, "b": 5, "c": 5, "d": 5, "e": 5}, {"a": 5, "b": 5, "c": 4, "d": 1, "e": 1}, 68, "not_met"),
        ({"a": 1, "b": 1}, {"a": 5, "b": 1}, 100, "met"),  # more than asked counts as asked
        ({"a": 4, "b": 1}, {"a": 4}, 80, "met"),  # 4/5 even if b is worth nothing
        ({"a": 4, "b": 2}, {"a": 4}, 80, "unknown"),  # 4/6 to 6/6
        ({"a": 4, "b": 2}, {"a": 1}, 80, "not_met"),  # at best 3/6
        ({"a": 4}, {}, 68, "unknown"),
        ({"a": 4}, {"a": 9}, 68, "unknown"),  # no such level
        ({}, {}, 68, "not_applicable"),
    ],
)
def test_job_person_match(required: dict[str, int], assessed: dict[str, int], percent: int, expected: str) -> None:
    what = seen(vacancy=demanding(competences=required), competences=assessed)
    assert outcome("job_person_match", what, percent=percent) == expected


@pytest.mark.parametrize(
    ("fields", "has", "required", "expected"),
    [
        ((), (("policy", 3), ("service", 2)), 5, "met"),
        ((), (("policy", 3), ("service", 1)), 5, "not_met"),
        (("service",), (("policy", 9), ("service", 4)), 5, "not_met"),
        (("service",), (("policy", 9), ("service", 5)), 5, "met"),
        ((), (), 5, "unknown"),
        ((), (), 0, "not_applicable"),
    ],
)
def test_experience(fields: tuple[str, ...], has: tuple[tuple[str, int], ...], required: int, expected: str) -> None:
    parts = tuple(Experience(field=field, years=years) for field, years in has)
    vacancy = demanding(experience_fields=fields, experience_years=required)
    assert outcome("experience_years", seen(vacancy=vacancy, experience=parts)) == expected


def retiring(now: date, age_now: int | None, age_there: int, on: date, kind: str = "functional") -> Seen:
    vacancy = SEAT.model_copy(update={"retirement_age": age_there})
    what = seen(on, vacancy, retires_on=now, post_kind=kind)
    return what.model_copy(update={"retirement_age": age_now})


@pytest.mark.parametrize(
    ("now", "age_now", "age_there", "on", "expected"),
    [
        (date(2027, 1, 1), 58, 58, date(2026, 12, 31), "met"),  # born in December 1968: the last day
        (date(2027, 1, 1), 58, 58, date(2027, 1, 1), "not_met"),  # E04: reached meanwhile
        (
            date(2028, 1, 1),
            60,
            58,
            date(2025, 12, 31),
            "met",
        ),  # born in December 1967: 58 there on 1 January 2026
        (date(2028, 1, 1), 60, 58, date(2026, 1, 1), "not_met"),  # E05: instantly past retirement
        (
            date(2026, 11, 1),
            58,
            60,
            date(2026, 11, 23),
            "not_met",
        ),  # who has retired does not come back by moving
        (date(2050, 4, 1), None, 58, date(2026, 11, 23), "met"),  # whatever the age of the post held
        (date(2028, 1, 1), None, 60, date(2026, 11, 23), "unknown"),  # it hangs on that age
        (date(2026, 11, 1), None, 60, date(2026, 11, 23), "not_met"),
    ],
)
def test_retirement(now: date, age_now: int | None, age_there: int, on: date, expected: str) -> None:
    what = retiring(now, age_now, age_there, on)
    ages = [58, 60, 62, 65, 70]
    assert outcome("before_retirement", what, months_left=0, possible_ages=ages) == expected


def test_a_kind_with_a_usual_age_needs_no_guess() -> None:
    what = retiring(date(2028, 1, 1), None, 60, date(2026, 11, 23), kind="staff")
    assert outcome("before_retirement", what, months_left=0, possible_ages=[58, 70]) == "met"


def test_months_that_must_be_left() -> None:
    what = retiring(date(2027, 2, 24), 58, 58, date(2026, 11, 23))
    assert outcome("before_retirement", what, months_left=2, possible_ages=[58]) == "met"
    assert outcome("before_retirement", what, months_left=3, possible_ages=[58]) == "not_met"


@pytest.mark.parametrize(("kind", "expected"), [("PNS", "met"), ("PPPK", "met"), ("CPNS", "not_met")])
def test_employment(kind: str, expected: str) -> None:
    assert outcome("employment_kind", seen(employment=kind), allowed=["PNS", "PPPK"]) == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [("active", "met"), ("unpaid_leave", "not_met"), ("seconded", "not_met"), ("suspended", "not_met")],
)
def test_legal_status(status: str, expected: str) -> None:
    assert outcome("legal_status", seen(status=status), allowed=["active"]) == expected


@pytest.mark.parametrize(
    ("profile", "agency", "expected"),
    [
        ({"employment": "PNS"}, "sigi", "not_applicable"),
        ({"employment": "PPPK"}, "palu", "met"),
        ({"employment": "PPPK"}, "sigi", "not_met"),
        ({"employment": "PPPK", "post_title": "Guru Ahli Pertama"}, "palu", "not_met"),
        ({"employment": "PPPK", "post_title": ""}, "palu", "unknown"),
    ],
)
def test_contract(profile: dict[str, Any], agency: str, expected: str) -> None:
    target = changed(SEAT.placement, agency=agency)
    what = seen(vacancy=SEAT.model_copy(update={"placement": target}), **profile)
    assert outcome("within_contract", what, employments=["PPPK"]) == expected


HEAD = Office(office="unit_head", agency="palu", unit="dukcapil", since=date(2026, 1, 1), until=date(2026, 12, 1))


@pytest.mark.parametrize(
    ("office", "on", "expected"),
    [
        (HEAD, date(2026, 11, 23), "not_met"),
        (HEAD, date(2026, 1, 1), "not_met"),  # from the first day
        (HEAD, date(2025, 12, 31), "met"),
        (HEAD, date(2026, 11, 30), "not_met"),  # to the day before the end
        (HEAD, date(2026, 12, 1), "met"),
        (changed(HEAD, unit="setda"), date(2026, 11, 23), "met"),  # heads another unit
        (changed(HEAD, agency="sigi"), date(2026, 11, 23), "met"),
        (changed(HEAD, office="treasurer"), date(2026, 11, 23), "met"),
        (changed(HEAD, office="ppk", unit=""), date(2026, 11, 23), "not_met"),  # E10
    ],
)
def test_conflict_of_interest(office: Office, on: date, expected: str) -> None:
    what = seen(on, relatives=("p-901",)).model_copy(update={"offices": {"p-901": (office,)}})
    assert outcome("no_relative_in_office", what, of_unit=["unit_head"], of_agency=["ppk"]) == expected


def test_no_relative_no_conflict() -> None:
    what = seen().model_copy(update={"offices": {"p-901": (HEAD,)}})
    assert outcome("no_relative_in_office", what, of_unit=["unit_head"]) == "met"
