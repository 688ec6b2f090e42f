"""The score: one worked by hand, and what must hold of any."""

from datetime import date
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.evaluation.domain.facts import Seen
from services.evaluation.domain.judge import Head, Snapshot, evaluate
from services.evaluation.domain.ruleset import edition
from services.evaluation.domain.score import half_up, score
from services.evaluation.domain.score.interest import part, preferred
from shared.contracts.evaluation import Factor, Preference, Score
from shared.contracts.registry import Experience
from shared.kernel.performance import Predicate
from tests.unit.evaluation.cases import RULES, SEAT, demanding, seen

EDITION = edition(RULES, date(2026, 11, 23), "palu")
SCORING = EDITION.scoring
BEST = 10_000


def factor(found: Score, name: str) -> Factor:
    return next(part for part in found.factors if part.name == name)


def test_rina_by_hand() -> None:
    # competence 8/9 of 40, education 1 of 20, performance 80/100 of 20, experience and interest 1 of 10 each
    # = 35.555… + 20 + 16 + 10 + 10 = 91.555… -> 91.56
    found = score(seen(), SCORING)
    assert found.total == 9156
    assert {part.name: part.points for part in found.factors} == {
        "competence": 3556,
        "education": 2000,
        "performance": 1600,
        "experience": 1000,
        "interest": 1000,
    }
    assert factor(found, "competence").raw == "8/9"
    assert factor(found, "competence").values["share"] == "8/9"
    assert factor(found, "experience").raw == "12"
    assert found.missing == ()


def test_missing_is_not_zero() -> None:
    found = score(seen(competences={}, interests=()), SCORING)
    # (20 + 16 + 10) of (20 + 20 + 10) = 92.00
    assert found.total == 9200
    assert found.missing == ("competence", "interest")
    assert factor(found, "competence").points is None


def test_nothing_known() -> None:
    nothing: dict[str, Any] = {
        "competences": {},
        "interests": (),
        "performance": {},
        "experience": (),
        "education_field": "",
    }
    found = score(seen(**nothing), SCORING)
    assert found.total == 0
    assert set(found.missing) == {name for name, weight in SCORING.weights.items() if weight}


def test_the_vacancy_weighs() -> None:
    vacancy = SEAT.model_copy(update={"weights": {"performance": 3, "interest": 1, "psychology": 6, "education": 0}})
    found = score(seen(vacancy=vacancy), SCORING)
    # (0.8 * 3 + 1 * 1) of 4 = 85.00; nobody can tell psychology here
    assert found.total == 8500
    assert found.missing == ("psychology",)
    assert [part.name for part in found.factors] == ["interest", "performance", "psychology"]


def test_halves_go_up() -> None:
    assert [half_up(Fraction(n, 2)) for n in (0, 1, 2, 3, 5)] == [0, 1, 1, 2, 3]
    assert half_up(Fraction(499, 1000)) == 0


levels = st.dictionaries(st.sampled_from("abcd"), st.integers(1, 5), max_size=4)
weights = st.dictionaries(st.sampled_from([*SCORING.weights, "psychology"]), st.integers(-2, 100), max_size=6)
people = st.fixed_dictionaries(
    {
        "competences": levels,
        "performance": st.dictionaries(st.sampled_from(["2024", "2025"]), st.sampled_from([*Predicate])),
        "education_field": st.sampled_from(["", "law", "nursing"]),
        "experience": st.lists(
            st.builds(Experience, field=st.sampled_from(["policy", "service"]), years=st.integers(0, 40)),
            max_size=4,
        ),
        "interests": st.lists(st.sampled_from(["dukcapil", "setda", "law"]), unique=True),
    }
)


def looking(person: dict[str, Any], required: dict[str, int], own: dict[str, int]) -> Seen:
    vacancy = demanding(competences=required, education_fields=("law",))
    return seen(vacancy=vacancy.model_copy(update={"weights": own}), **person)


def test_the_place_in_the_own_order_is_told_and_gives_no_points() -> None:
    """KP6 reads the place; the share stays one or nothing, so that a long list costs nobody anything."""
    first, third, none = (
        seen(interests=(), preferences=order)
        for order in (("Dukcapil",), ("setda", "", "bkd", "DUKCAPIL"), ("setda", "bkd"))
    )
    assert [preferred(what) for what in (first, third, none)] == [
        Preference(rank=1, of=1),
        Preference(rank=3, of=3),
        Preference(rank=0, of=2),
    ]
    assert preferred(seen(interests=("dukcapil",))) is None
    assert [part(what, SCORING).share for what in (first, third, none)] == [1, 1, 0]
    assert part(third, SCORING).raw == "1. setda, 2. bkd, 3. dukcapil"


@given(people, levels, weights)
def test_bounded(person: dict[str, Any], required: dict[str, int], own: dict[str, int]) -> None:
    found = score(looking(person, required, own), SCORING)
    assert 0 <= found.total <= BEST
    assert all(0 <= (part.points or 0) <= part.weight * 100 for part in found.factors)
    assert {part.name for part in found.factors if part.points is None} == set(found.missing)


def better(person: dict[str, Any], data: st.DataObject) -> dict[str, Any]:
    """The same person, better in one factor of which something is known already."""
    order = [*reversed(Predicate)]
    ways: list[dict[str, Any]] = [{"competences": {k: min(5, v + 1) for k, v in person["competences"].items()}}]
    ways.append({"performance": {y: order[min(4, order.index(r) + 1)] for y, r in person["performance"].items()}})
    if person["education_field"]:
        ways.append({"education_field": "law"})
    if person["experience"]:
        ways.append({"experience": [*person["experience"], Experience(field="policy", years=3)]})
    if person["interests"]:
        ways.append({"interests": [*person["interests"], "dukcapil"]})
    return {**person, **data.draw(st.sampled_from(ways))}


@given(people, levels, weights, st.data())
def test_monotone(person: dict[str, Any], required: dict[str, int], own: dict[str, int], data: st.DataObject) -> None:
    before = score(looking(person, required, own), SCORING)
    after = score(looking(better(person, data), required, own), SCORING)
    assert after.total >= before.total
    for old, new in zip(before.factors, after.factors, strict=True):
        assert (new.points or 0) >= (old.points or 0)


@given(people, levels, weights, st.randoms(use_true_random=False))
def test_the_order_of_input_never_matters(
    person: dict[str, Any],
    required: dict[str, int],
    own: dict[str, int],
    random: Any,
) -> None:
    def shuffled(value: Any) -> Any:
        if isinstance(value, dict):
            return dict(random.sample([*value.items()], len(value)))
        return random.sample(value, len(value)) if isinstance(value, list) else value

    turned = {name: shuffled(value) for name, value in person.items()}
    head = Head(case="c", attempt=1, person="p", vacancy="v")
    first, second = (
        evaluate(head, Snapshot(edition=EDITION, seen=what), {})
        for what in (looking(person, required, own), looking(turned, shuffled(required), shuffled(own)))
    )
    assert (first.findings, first.score, first.eligible) == (second.findings, second.score, second.eligible)
