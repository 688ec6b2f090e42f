"""The numbers of civil servants: the vectors of D01 and D02, and what a reader of them may rely on."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.nip import BadNip, Kind, Nip, Sex, compose, mask, parse

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("198503122009041002", Kind.PNS),
        ("19850312 200904 1 002", Kind.PNS),
        ("19850312.200904.1.002", Kind.PNS),
        ("198811152020122007", Kind.PNS),
        ("199407072023212015", Kind.PPPK),
    ],
)
def test_valid_numbers(text: str, kind: Kind) -> None:
    assert parse(text, TODAY).kind is kind


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("199102302015032001", "BAD_BIRTH"),
        ("198811152020132007", "BAD_TMT"),
        ("198811152020002007", "BAD_TMT"),
        ("198811152020202007", "BAD_TMT"),
        ("198811152020302007", "BAD_TMT"),
        ("198811150000122007", "BAD_TMT"),
        ("198811150000212007", "BAD_TMT"),
        ("000011152020122007", "BAD_BIRTH"),
        ("19881115202012300X", "BAD_FORMAT"),
        ("198811152020123001", "BAD_SEX"),
        ("198811152020120001", "BAD_SEX"),
        ("198811152020121000", "BAD_SEQ"),
        ("201011152026012001", "TOO_YOUNG"),
        ("198811152027012001", "FUTURE_TMT"),
        ("198811152026122001", "FUTURE_TMT"),
        ("198811152027212001", "FUTURE_TMT"),
        ("１９８８１１１５２０２０１２２００７", "BAD_FORMAT"),
        ("19850312-200904-1-002", "BAD_FORMAT"),
        ("198503122009041002\n", "BAD_FORMAT"),
        ("", "BAD_FORMAT"),
        ("1985031220090410021", "BAD_FORMAT"),
    ],
)
def test_refused_numbers(text: str, code: str) -> None:
    with pytest.raises(BadNip) as refused:
        parse(text, TODAY)
    assert refused.value.code == code


def test_fields() -> None:
    assert parse("199407072023232015", TODAY) == Nip(
        birth=date(1994, 7, 7),
        start=date(2023, 1, 1),
        kind=Kind.PPPK,
        sex=Sex.FEMALE,
        sequence=15,
        frequency=3,
    )


@pytest.mark.parametrize(
    ("text", "young"),
    [
        ("200002012018021001", False),  # 18 on the very first of the month
        ("200002022018021001", True),  # 17 on it, whatever the rest of the month brings
        ("200002292018031001", False),
        ("200012312018211001", False),  # a PPPK may have started on 31 December
        ("200101012018211001", True),
    ],
)
def test_age_counts_full_years_on_the_first_of_the_month(text: str, young: bool) -> None:
    if young:
        with pytest.raises(BadNip, match="TOO_YOUNG"):
            parse(text, TODAY)
    else:
        parse(text, TODAY)


def test_appointed_this_month_is_not_the_future() -> None:
    assert parse("198811152026112001", TODAY).start == date(2026, 11, 1)


BIRTHS = st.dates(date(1, 1, 1), date(2000, 12, 31))


@given(BIRTHS, st.integers(19, 60), st.integers(1, 12), st.sampled_from(Sex), st.integers(1, 999))
def test_round_trip_pns(birth: date, age: int, month: int, sex: Sex, sequence: int) -> None:
    start = date(birth.year + age, month, 1)
    digits = compose(birth, start, Kind.PNS, sex, sequence)
    nip = parse(digits, date(2100, 1, 1))
    assert nip == Nip(birth, start, Kind.PNS, sex, sequence)
    assert str(nip) == digits


@given(BIRTHS, st.integers(18, 60), st.integers(1, 9), st.sampled_from(Sex), st.integers(1, 999))
def test_round_trip_pppk(birth: date, age: int, frequency: int, sex: Sex, sequence: int) -> None:
    start = date(birth.year + age, 1, 1)
    digits = compose(birth, start, Kind.PPPK, sex, sequence, frequency)
    nip = parse(digits, date(2100, 1, 1))
    assert nip == Nip(birth, start, Kind.PPPK, sex, sequence, frequency)
    assert str(nip) == digits


@given(st.text(alphabet="0123456789 .-Xx٣", min_size=15, max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(BadNip):
        nip = parse(text, TODAY)
        assert str(nip) == text.replace(" ", "").replace(".", "")


@given(st.text(alphabet="0123456789", min_size=18, max_size=18))
def test_no_message_repeats_the_number(digits: str) -> None:
    try:
        shown = repr(parse(digits, TODAY))
    except BadNip as refused:
        shown = str(refused)
    assert digits[:14] not in shown


@pytest.mark.parametrize(
    ("sequence", "frequency", "code"),
    [
        (0, 1, "BAD_SEQ"),
        (1000, 1, "BAD_FORMAT"),
        (-1, 1, "BAD_FORMAT"),
        (1, 0, "BAD_TMT"),
        (1, 10, "BAD_FORMAT"),
    ],
)
def test_compose_refuses_what_has_no_number(sequence: int, frequency: int, code: str) -> None:
    with pytest.raises(BadNip, match=code):
        compose(date(1990, 1, 1), date(2020, 1, 1), Kind.PPPK, Sex.MALE, sequence, frequency)


def test_mask() -> None:
    assert mask("198503122009041002") == mask(parse("198503122009041002", TODAY)) == "**************1002"
    assert mask("12345") == "*" * 18
    assert repr(parse("198503122009041002", TODAY)) == "Nip(**************1002)"
