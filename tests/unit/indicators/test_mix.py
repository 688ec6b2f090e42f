"""Regions at a like mix of cases: exact laws, what chance explains, and simulated regions whose truth is known."""

import random
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.evaluation.domain.review.state import Review, Round
from services.evaluation.indicators.lessons import LESSONS, NoteLesson
from services.evaluation.indicators.mix import Case, Compared, compare, interval, law
from services.evaluation.indicators.regions import cases_of, unjudged
from shared.contracts.registry import Placement
from shared.kernel.decider import Facts, Message, Refused
from tests.unit.indicators.test_units import LATER

LATER_MOMENT = datetime(2027, 5, 1, tzinfo=UTC)


def test_the_law_is_that_of_unlike_coins() -> None:
    # by hand: one coin of a half, two of a quarter
    assert law({0.5: 1, 0.25: 2}).tolist() == pytest.approx([9 / 32, 15 / 32, 7 / 32, 1 / 32])


def test_the_interval_is_clopper_and_pearsons_where_all_cases_are_alike() -> None:
    # Clopper-Pearson, 95 per cent: 7 of 20 is 0.1539 to 0.5922; expected are 10
    low, high = interval(7, {0.5: 20})
    assert (round(low * 10 / 20, 4), round(high * 10 / 20, 4)) == (0.1539, 0.5922)
    assert interval(0, {0.5: 20})[0] == 0
    assert interval(20, {0.5: 20})[1] == 2


def region(name: str, stratum: str, reached: int, of: int) -> list[Case]:
    return [Case(region=name, stratum=stratum, reached=n < reached) for n in range(of)]


def found(cases: list[Case]) -> dict[str, Compared]:
    return {one.region: one for one in compare(cases)}


def test_a_region_with_hard_cases_is_not_worse_for_it() -> None:
    # both reach 80 per cent of the easy and 40 per cent of the hard ones; one has mostly hard ones
    cases = region("easy", "e", 80, 100) + region("easy", "h", 8, 20)
    cases += region("hard", "e", 16, 20) + region("hard", "h", 40, 100)
    by = found(cases)
    assert (round(by["easy"].crude, 2), round(by["hard"].crude, 2)) == (0.73, 0.47)
    assert [round(one.ratio or 0, 9) for one in by.values()] == [1, 1]
    assert {one.standing for one in by.values()} == {"as_expected"}


def test_a_better_region_is_found_and_a_small_one_is_not_shown() -> None:
    cases = region("a", "s", 40, 50) + region("b", "s", 18, 50) + region("c", "s", 24, 50) + region("d", "s", 1, 4)
    by = found(cases)
    assert [by[name].standing for name in "abd"] == ["better", "worse", "cannot_be_judged"]
    assert by["d"] == Compared(region="d", suppressed=True)
    assert by["a"].low is not None
    assert by["a"].low > 1


def test_where_all_reach_it_nothing_can_be_told_apart() -> None:
    by = found(region("a", "s", 6, 6) + region("b", "s", 7, 7))
    assert {(one.ratio, one.standing) for one in by.values()} == {(None, "cannot_be_judged")}


CASES = st.lists(st.builds(Case, region=st.sampled_from("abc"), stratum=st.sampled_from("xyz"), reached=st.booleans()))


@settings(max_examples=25, deadline=None)
@given(CASES, st.randoms())
def test_order_does_not_matter_and_what_is_expected_is_what_was_observed(cases: list[Case], rng: random.Random) -> None:
    turned = rng.sample(cases, len(cases))
    assert compare(turned) == compare(cases)
    shown = [one for one in compare(cases) if not one.suppressed]
    if len(shown) == len({one.region for one in cases}):
        assert sum(one.expected for one in shown) == pytest.approx(sum(one.observed for one in shown))
    for one in shown:
        if one.ratio is not None and one.low is not None and one.high is not None:
            assert one.low <= one.ratio <= one.high
            assert all(low <= 1 + 1e-9 and high >= 1 - 1e-9 for low, high in one.limits)


def world(seed: int, odds: float, regions: int = 10) -> list[Case]:
    """Regions of 80 cases whose mix differs widely and whose skill does not, but for the first one's odds."""
    rng = random.Random(seed)
    cases = []
    for number in range(regions):
        hard = rng.uniform(0.1, 0.9)
        for _ in range(80):
            stratum = "hard" if rng.random() < hard else "easy"
            usual = {"hard": 0.4, "easy": 0.8}[stratum]
            mine = odds * usual / (1 - usual + odds * usual) if number == 0 else usual
            cases.append(Case(region=f"r{number}", stratum=stratum, reached=rng.random() < mine))
    return cases


WORLDS = 20


def test_equal_regions_are_seldom_told_apart_and_a_better_one_is_found() -> None:
    equal = [one for seed in range(WORLDS) for one in compare(world(seed, 1.0))]
    assert sum(one.standing != "as_expected" for one in equal) <= 0.05 * len(equal) + 4
    assert sum(one.low <= 1 <= one.high for one in equal if one.low and one.high) >= 0.95 * len(equal) - 4
    better = [compare(world(seed, 4.0))[0] for seed in range(WORLDS)]
    assert sum(one.standing == "better" for one in better) >= 0.9 * WORLDS


def review(number: int, verdict: str, left: str = "palu") -> Review:
    places = {name: Placement(agency=agency, unit="u", post="p") for name, agency in (("left", left), ("to", "palu"))}
    rounds = (Round.model_validate({"months": 3, "status": "closed", "verdict": verdict}),)
    return Review(id="r", case=f"c{number}", placement=places["to"], left=places["left"], rounds=rounds)


def test_cases_are_alike_by_kind_of_post_by_agency_and_by_gap() -> None:
    reviews = [review(1, "reached"), review(2, "partly", "sigi"), review(3, "cannot_be_judged")]
    made = cases_of(reviews, {"p": "staff"}, {"c1": True}, {"palu": "Sulawesi Tengah"})
    assert [(one.stratum, one.reached) for one in made] == [("staff/within/gap", True), ("staff/between/no-gap", False)]
    assert ({one.region for one in made}, unjudged(reviews)) == ({"Sulawesi Tengah"}, 1)


def test_only_of_a_better_region_a_lesson_is_noted() -> None:
    told = {"agency": "palu", "region": "parigi", "since": LATER, "until": LATER, "practice": "Pendampingan"}
    said = Message(body=NoteLesson.model_validate({**told, "better": True}), id="m", time=LATER_MOMENT)
    (noted,) = LESSONS.decide(LESSONS.initial("l-1"), said, Facts())
    state = LESSONS.evolve(LESSONS.initial("l-1"), noted)
    assert (state.region, state.practice) == ("parigi", "Pendampingan")
    assert LESSONS.decide(state, said, Facts()) == []
    with pytest.raises(Refused, match="NOT_BETTER"):
        LESSONS.decide(
            LESSONS.initial("l-2"), Message(body=NoteLesson.model_validate(told), id="m", time=LATER_MOMENT), Facts()
        )
