"""Each factor's file states its direction, and the score keeps to it whatever else is so."""

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.evaluation.domain.facts import Region, Seen
from services.evaluation.domain.ruleset import FACTORS as NAMES
from services.evaluation.domain.ruleset import edition
from services.evaluation.domain.score import DIRECTIONS, FACTORS, score
from shared.contracts.registry import Experience, Placement
from shared.kernel.performance import Predicate
from tests.unit.evaluation.cases import RULES, SEAT, changed, seen
from tests.unit.evaluation.test_score import looking, people

SCORING = edition(RULES, date(2026, 11, 23), "palu").scoring
WORSE_FIRST = [*reversed(Predicate)]
POTENTIALS = ["low", "mid", "high"]
PLACES = [
    SEAT.placement,
    Placement(agency="palu", unit="setda", post="x"),
    Placement(agency="sigi", unit="u", post="x"),
    Placement(agency="surakarta", unit="u", post="x"),
]
"""Farther and farther from the seat wanted."""
REGIONS = {
    "palu": Region(kind="kota", province="Sulawesi Tengah"),
    "sigi": Region(kind="kabupaten", province="Sulawesi Tengah"),
    "surakarta": Region(kind="kota", province="Jawa Tengah"),
}
Raise = Callable[[Seen], Mapping[str, object]]


def _competences(what: Seen) -> Mapping[str, object]:
    return {"competences": {code: min(5, level + 1) for code, level in what.employee.competences.items()}}


def _performance(what: Seen) -> Mapping[str, object]:
    order = {rating.value: place for place, rating in enumerate(WORSE_FIRST)}
    rated = what.employee.performance
    return {"performance": {year: WORSE_FIRST[min(4, order[rated[year]] + 1)] for year in rated}}


def _experience(what: Seen) -> Mapping[str, object]:
    known = what.employee.experience
    return {"experience": (*known, Experience(field="policy", years=3)) if known else ()}


def _interests(what: Seen) -> Mapping[str, object]:
    known = what.employee.interests
    return {"interests": (*known, "dukcapil") if known else ()}


def _potential(what: Seen) -> Mapping[str, object]:
    known = what.employee.potential
    return {"potential": POTENTIALS[min(2, POTENTIALS.index(known) + 1)] if known else None}


def _distance(what: Seen) -> Mapping[str, object]:
    now = PLACES.index(what.employee.placement)
    return {"placement": PLACES[min(3, now + 1)]}


MORE: Mapping[str, Raise] = {
    "competence": _competences,
    "performance": _performance,
    "experience": _experience,
    "interest": _interests,
    "talent": _potential,
    "distance": _distance,
}
"""Factor -> more of its datum, of which something is known already. Education has no order."""


def test_every_factor_has_its_file_its_direction_and_its_weight() -> None:
    assert set(NAMES) == FACTORS.keys() == DIRECTIONS.keys() == SCORING.weights.keys()
    for name in NAMES:
        file = import_module(f"services.evaluation.domain.score.{name}")
        assert (FACTORS[name], DIRECTIONS[name]) == (file.part, file.DIRECTION)
        assert file.DATUM
    assert {name for name, way in DIRECTIONS.items() if way != "none"} == MORE.keys()


everybody = st.tuples(people, st.sampled_from([None, *POTENTIALS]), st.sampled_from(PLACES))
levels = st.dictionaries(st.sampled_from("abcd"), st.integers(1, 5), max_size=4)
weights = st.fixed_dictionaries({name: st.integers(0, 100) for name in NAMES})


def at(who: tuple[dict[str, Any], str | None, Placement], required: dict[str, int], own: dict[str, int]) -> Seen:
    person, potential, place = who
    what = looking({**person, "potential": potential, "placement": place}, required, own)
    return what.model_copy(update={"regions": REGIONS})


@settings(max_examples=60)
@given(everybody, levels, weights, st.sampled_from(sorted(MORE)))
def test_the_score_keeps_to_the_direction(
    who: tuple[dict[str, Any], str | None, Placement], required: dict[str, int], own: dict[str, int], name: str
) -> None:
    """With any weights: the factor's own share never goes the other way, and neither does the score."""
    what = at(who, required, own)
    more = what.model_copy(update={"employee": changed(what.employee, **MORE[name](what))})
    sign = 1 if DIRECTIONS[name] == "rising" else -1
    before, after = FACTORS[name](what, SCORING).share, FACTORS[name](more, SCORING).share
    assert (before is None) == (after is None)
    assert sign * (after or Fraction(0)) >= sign * (before or Fraction(0))
    if name != "performance":  # the talent box follows the predicate too, and is stated as rising with it
        assert sign * score(more, SCORING).total >= sign * score(what, SCORING).total


@pytest.mark.parametrize(("place", "points"), [*zip(PLACES, (100, 100, 50, 0), strict=True)])
def test_distance_by_hand(place: Placement, points: int) -> None:
    what = seen(placement=place).model_copy(update={"regions": REGIONS})
    assert FACTORS["distance"](what, SCORING).share == Fraction(points, 100)


def test_a_distance_nobody_knows_is_missing() -> None:
    assert FACTORS["distance"](seen(placement=PLACES[2]), SCORING).share is None


def test_talent_by_hand() -> None:
    assert FACTORS["talent"](seen(potential="high"), SCORING).share == Fraction(8, 9)
    assert FACTORS["talent"](seen(), SCORING).share is None


def test_development_does_not_punish_a_change_of_field() -> None:
    """P03: a nurse without a day in the field, before a vacancy that is for development."""
    nurse: Any = {"education_field": "nursing", "experience": ({"field": "health", "years": 9},)}
    needed = SEAT.model_copy(
        update={"requirements": changed(SEAT.requirements, experience_fields=("policy",), competences={})}
    )
    developing = needed.model_copy(update={"aim": "development"})
    hard, spared = (score(seen(vacancy=vacancy, **nurse), SCORING) for vacancy in (needed, developing))
    # need: (0 * 20 + 80 % * 20 + 0 * 10 + 1 * 10) of 60 = 43.33; development: (16 + 10) of 30 = 86.67
    assert (hard.total, hard.spared) == (4333, ())
    assert (spared.total, spared.spared) == (8667, ("education", "experience"))
    assert spared.missing == ("competence",)
