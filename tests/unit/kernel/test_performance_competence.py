"""Performance predicate (R33), competence gaps and the job-person match (R30, R31)."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.kernel.competence import COMMON, BadLevel, Bands, Family, default_bands, family, match
from shared.kernel.performance import Predicate, Rating, predicate

LEVELS = st.dictionaries(st.sampled_from([*COMMON, "gis"]), st.integers(1, 5))


@pytest.mark.parametrize(
    ("results", "behaviour", "expected"),
    [
        ("above", "above", "very_good"),
        ("above", "meets", "good"),
        ("above", "below", "poor"),
        ("meets", "above", "good"),
        ("meets", "meets", "good"),
        ("meets", "below", "poor"),
        ("below", "above", "needs_improvement"),
        ("below", "meets", "needs_improvement"),
        ("below", "below", "very_poor"),
    ],
)
def test_predicate(results: str, behaviour: str, expected: str) -> None:
    assert predicate(Rating(results), Rating(behaviour)) is Predicate(expected)


def test_at_least_good() -> None:
    assert {each for each in Predicate if each.at_least_good} == {Predicate.VERY_GOOD, Predicate.GOOD}


def test_families() -> None:
    assert sum(each is Family.MANAGERIAL for each in COMMON.values()) == 8
    assert family("national_cohesion") is Family.SOCIO_CULTURAL
    assert family("gis") is Family.TECHNICAL


def test_match() -> None:
    found = match({"integrity": 3, "gis": 4, "communication": 2}, {"communication": 5, "gis": 2, "unasked": 9})
    assert found.jpm == Fraction(4, 6)
    assert found.gaps == (("gis", 2), ("communication", -3))
    assert found.missing == ("integrity",)


def test_nothing_assessed_is_no_figure_rather_than_zero() -> None:
    found = match({"integrity": 3}, {})
    assert (found.jpm, found.gaps, found.missing) == (None, (), ("integrity",))
    assert match({}, {"integrity": 3}).jpm is None


@pytest.mark.parametrize(("required", "assessed"), [(0, 3), (6, 3), (3, 0), (3, 6)])
def test_levels_are_one_to_five(required: int, assessed: int) -> None:
    with pytest.raises(BadLevel, match="gis"):
        match({"gis": required}, {"gis": assessed})


@given(LEVELS, LEVELS)
def test_match_is_a_share_and_loses_no_competence(required: dict[str, int], assessed: dict[str, int]) -> None:
    found = match(required, assessed)
    assert {code for code, _ in found.gaps} | set(found.missing) == set(required)
    if found.jpm is not None:
        assert 0 < found.jpm <= 1
        assert (found.jpm == 1) == all(gap <= 0 for _, gap in found.gaps)


@pytest.mark.parametrize(
    ("jpm", "band"),
    [
        (Fraction(1), "qualified"),
        (Fraction(80, 100), "qualified"),
        (Fraction(7999, 10000), "conditionally_qualified"),
        (Fraction(17, 25), "conditionally_qualified"),
        (Fraction(6799, 10000), "not_qualified"),
        (Fraction(0), "not_qualified"),
    ],
)
def test_a_boundary_belongs_to_the_upper_band(jpm: Fraction, band: str) -> None:
    assert default_bands().of(jpm) == band


@pytest.mark.parametrize("starts", [["1/2"], ["0", "1/2"], ["1/2", "1/2", "0"], ["3/2", "0"], [0.5, "0"], []])
def test_bands_that_do_not_cover_everything_once_are_refused(starts: list[object]) -> None:
    bands = [{"code": f"band{i}", "from": start} for i, start in enumerate(starts)]
    with pytest.raises(ValidationError):
        Bands.model_validate({"certainty": ["C"], "source": "test", "bands": bands})


def test_an_agency_may_set_its_own_bands() -> None:
    bands = [{"code": "yes", "from": "3/4"}, {"code": "no", "from": 0}]
    own = Bands.model_validate({"certainty": ["C"], "source": "agency", "bands": bands})
    assert (own.of(Fraction(3, 4)), own.of(Fraction(74, 100))) == ("yes", "no")
