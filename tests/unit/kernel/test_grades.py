"""Grades, education and posts: the tables D04 to D09 and the retirement dates of D08."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from shared.kernel.calendar import add_years
from shared.kernel.education import Education, pppk_entry
from shared.kernel.post import (
    FunctionalLevel,
    PostKind,
    RetirementAgeUnknown,
    Track,
    retirement_age,
    retirement_date,
)
from shared.kernel.rank import Grade, NotComparable, PppkGrade


def test_grades_follow_their_ids() -> None:
    assert [grade.bkn_id for grade in sorted(Grade, reverse=True)] == sorted(
        (grade.bkn_id for grade in Grade), reverse=True
    )
    assert len(Grade) == 17
    assert Grade.of_bkn("33") is Grade("III/c") is Grade.III_C
    assert (Grade.III_C.rank, Grade.IV_E.rank) == ("Penata", "Pembina Utama")


@given(st.sampled_from(Grade), st.sampled_from(Grade))
def test_grades_have_one_order(left: Grade, right: Grade) -> None:
    assert (left < right) + (left > right) + (left is right) == 1
    assert (left <= right) is not (left > right)
    assert (left >= right) is not (left < right)


@pytest.mark.parametrize("other", [PppkGrade.G9, "III/a", 31, None, Education.S1])
def test_no_order_between_scales(other: object) -> None:
    for compare in (Grade.__lt__, Grade.__le__, Grade.__gt__, Grade.__ge__):
        with pytest.raises(NotComparable):
            compare(Grade.III_A, other)


def test_pppk_grades() -> None:
    assert len(PppkGrade) == 17
    assert PppkGrade("V") < PppkGrade("IX") < PppkGrade("XVII")
    with pytest.raises(NotComparable) as refused:
        max(PppkGrade.G1, Grade.IV_E)
    assert {refused.value.left, refused.value.right} == {PppkGrade.G1, Grade.IV_E}


def test_values_travel_as_their_codes() -> None:
    either = TypeAdapter[Grade | PppkGrade](Grade | PppkGrade)
    for grade in (*Grade, *PppkGrade):
        assert either.validate_json(either.dump_json(grade)) is grade
    for member in (Education("40"), PostKind("jpt_pratama"), FunctionalLevel("MU")):
        assert TypeAdapter(type(member)).dump_python(member, mode="json") == member.value


def test_education() -> None:
    assert [level.value for level in Education] == [
        "05",
        "10",
        "15",
        "20",
        "25",
        "30",
        "35",
        "40",
        "45",
        "50",
    ]
    assert (Education.SLTA.first, Education.SLTA.ceiling) == (Grade.II_A, Grade.III_B)
    assert (Education.S3.first, Education.S3.ceiling) == (Grade.III_C, Grade.IV_B)
    assert all(level.first < level.ceiling for level in Education)


def test_a_diploma_iv_and_a_bachelor_satisfy_each_other() -> None:
    assert Education.D4 >= Education.S1 >= Education.D4
    assert Education.D3 < Education.D4 < Education.S2
    assert Education("35") != Education("40")


def test_every_education_has_a_pppk_entry_marked_as_probable() -> None:
    table = pppk_entry()
    assert table.certainty == "P"
    assert set(table.entry) == set(Education)
    assert table.entry[Education.SLTA] is table.entry[Education.D1] is PppkGrade("V")
    assert table.entry[Education.D4] is table.entry[Education.S1] is PppkGrade("IX")


def test_post_kinds() -> None:
    structural = {kind.value for kind in PostKind if kind.structural}
    assert structural == {"jpt_utama", "jpt_madya", "jpt_pratama", "administrator", "supervisor"}
    assert PostKind.JPT_MADYA.echelons == ("I.a", "I.b")
    assert PostKind.STAFF.siasn == 4


def test_functional_levels() -> None:
    assert [level.value for level in FunctionalLevel] == ["PM", "TR", "MH", "PY", "PT", "MU", "MA", "UT"]
    assert FunctionalLevel("MU").covers(Grade.III_C)
    assert not FunctionalLevel("MU").covers(Grade.IV_A)
    for track in Track:
        levels = [level for level in FunctionalLevel if level.track is track]
        assert all(low.highest < high.lowest for low, high in pairwise(levels))


def test_retirement_age() -> None:
    assert [kind.retirement_age for kind in PostKind] == [60, 60, 60, 58, 58, 58, None]
    assert retirement_age(PostKind.FUNCTIONAL, 65) == 65
    assert retirement_age(PostKind.STAFF, 60) == 60
    assert retirement_age(PostKind.STAFF) == 58
    with pytest.raises(RetirementAgeUnknown):
        retirement_age(PostKind.FUNCTIONAL)


@pytest.mark.parametrize(
    ("birth", "age", "day"),
    [
        (date(1968, 11, 30), 58, date(2026, 12, 1)),
        (date(1968, 12, 1), 58, date(2027, 1, 1)),
        (date(1968, 2, 29), 58, date(2026, 3, 1)),
        (date(1968, 1, 31), 60, date(2028, 2, 1)),
    ],
)
def test_retirement_date(birth: date, age: int, day: date) -> None:
    assert retirement_date(birth, age) == day


@given(st.dates(date(1940, 1, 1), date(2010, 1, 1)), st.integers(58, 70))
def test_retirement_follows_the_birthday_within_a_month(birth: date, age: int) -> None:
    day = retirement_date(birth, age)
    assert day.day == 1
    assert 1 <= (day - add_years(birth, age)).days <= 31
