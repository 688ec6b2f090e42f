"""The indicators by hand: what each counts, what it leaves out, and when it cannot be judged."""

import random
from datetime import UTC, date, datetime

import pytest

from services.evaluation.domain.review.state import Answer, Cost, Review, Round
from services.evaluation.domain.training.trainings import Done, Found, Training
from services.evaluation.indicators import house, people
from services.evaluation.indicators.book import book
from services.evaluation.indicators.facts import Ended, Needed, Objected
from services.evaluation.indicators.people import Fit, Rated
from services.evaluation.indicators.reading import Part, Reading
from services.evaluation.indicators.targets import TARGETS, RecordTarget, Target
from services.evaluation.plan.studio.state import Note, Studio
from shared.contracts.evaluation import Factor, Preference, Score
from shared.contracts.registry import Placement
from shared.contracts.reviews import Verdict
from shared.contracts.training import TrainingLine
from shared.kernel.decider import Facts, Message, Refused

DAY = date(2027, 3, 1)


def parts(reading: Reading) -> dict[str, Part]:
    """The figures by name; each has a name in the book."""
    named = book()[reading.indicator].parts
    assert [one.part for one in reading.parts if one.part not in named] == []
    assert reading.parts[0].part == next(iter(named))
    return {one.part: one for one in reading.parts}


def seat(unit: str) -> Placement:
    return Placement(agency="palu", unit=unit, post=f"p-{unit}")


def need(unit: str, many: int, year: int = 2027) -> Needed:
    return Needed(agency="palu", unit=unit, post=f"p-{unit}", year=year, need=many)


def test_kp1_is_the_three_units_worked_by_hand_with_the_moves_and_without_them() -> None:
    # docs/registry.md: 8 needed and 3 there, 5 and 9, 8 and 8 make 9; three people moved make 3
    needed = [need("dukcapil", 8), need("disdik", 5), need("puskesmas", 8), need("puskesmas", 2, 2025)]
    staff = {"p-dukcapil": 6, "p-disdik": 6, "p-puskesmas": 8, "p-cook": 1}
    moves = [(seat("disdik"), seat("dukcapil"))] * 3
    found = parts(house.balance(needed, staff, moves))
    assert (found["after"].value, found["before"].value) == (3, 9)
    assert house.balance([], staff, moves).waits == "NOT_RECORDED"


def rated(number: int, before: str, after: str, moved_on: date | None = None) -> Rated:
    return Rated(person=f"p{number}", performance={"2026": before, "2027": after}, moved_on=moved_on)


def test_kp4_takes_off_what_colleagues_with_the_same_start_changed_by_themselves() -> None:
    stayed = [rated(n, "very_good", "good") for n in range(4)] + [rated(9, "good", "good"), rated(10, "good", "good")]
    moved = [rated(20 + n, "very_good", "very_good", DAY) for n in range(3)]
    moved += [rated(30 + n, "good", "very_good", DAY) for n in range(2)]
    late = rated(40, "good", "very_good", date(2027, 8, 1))  # of 2027 less than half was in the new post
    found = people.performance([*moved, late], stayed, Part(part="superior"))
    # 5->5 where the others went 5->4, and 4->5 where they stayed at 4: everybody is one step better off
    assert (parts(found)["effect"].value, parts(found)["effect"].n, found.waits) == (1.0, 5, "")
    assert people.performance(moved[:2], stayed, Part(part="superior")).waits == "TOO_FEW"
    assert parts(people.performance(moved[:2], stayed, Part(part="superior")))["effect"].value is None


def test_kp4_with_nobody_to_compare_with_is_no_figure() -> None:
    moved = [rated(n, "good", "very_good", DAY) for n in range(6)]
    assert people.performance(moved, [], Part(part="superior")).waits == "NOT_RECORDED"


def score(**shares: str) -> Score:
    named = {"jpm": "competence", "education": "education", "wish": "interest"}
    return Score(
        total=0,
        factors=tuple(
            Factor(name=named[name], raw="", points=0, weight=1, source="", values={"share": share})
            for name, share in shares.items()
        ),
    )


def test_kp6_counts_what_was_never_assessed_as_missing_and_not_as_zero() -> None:
    known = [score(jpm="4/5", education="1", wish="0")] * 4 + [score(jpm="1", education="0", wish="1")]
    found = parts(people.fit([Fit(score=one) for one in (*known, score(jpm="", education="", wish=""))]))
    assert [(found[name].value, found[name].n) for name in ("jpm", "education", "wish")] == [
        (pytest.approx(0.84), 5),
        (0.8, 5),
        (0.2, 5),
    ]


def test_kp6_tells_the_rank_obtained_of_those_who_gave_an_order_and_the_share_of_the_others() -> None:
    ranks = (1, 1, 2, 3, 3, 0)
    told = [Fit(score=score(wish="1"), preference=Preference(rank=rank, of=3)) for rank in ranks]
    rest = [Fit(score=score(wish="0"))] * 5
    found = parts(people.fit([*told, *rest]))
    assert (found["wish"].value, found["wish"].n) == (0, 5), "whoever told an order is not counted here"
    assert (found["listed"].value, found["listed"].n) == (5 / 6, 6)
    assert (found["first"].value, found["first"].n) == (2 / 6, 6)
    assert (found["rank"].value, found["rank"].n) == (2, 5)
    few = parts(people.fit(told[:3]))
    assert (few["rank"].value, few["wish"].value) == (None, None), "fewer than five are not shown"


def test_kp5_is_median_and_ninetieth_percentile() -> None:
    found = parts(house.speed([3, 5, 4, 20, 6, 7, 5, 4, 6, 5, 8]))
    assert (found["median"].value, found["p90"].value) == (5, 8)
    assert (house.speed([3]).waits, parts(house.speed([3]))["median"].value) == ("TOO_FEW", None)


def test_kp7_counts_reasons_readers_and_objections() -> None:
    ended = [Ended(how="refused", stage="evaluation", reasoned=True, on=DAY)] * 5
    ended += [Ended(how="refused", stage="approval", on=DAY), Ended(how="withdrawn", on=DAY)]
    objected = [Objected(agency="palu", step=step, on=DAY) for step in ("filed", "filed", "granted")]
    found = parts(house.trust(ended, (3, 5), objected, 40, Part(part="trust")))
    values = {name: one.value for name, one in found.items()}
    assert values == {"reasoned": 5 / 6, "opened": 0.6, "objections": 0.05, "upheld": 1, "trust": None}


def test_kp8_counts_comments_answers_and_withdrawals() -> None:
    notes = tuple(Note(comment=n, person="p", text="t", answer="a" * (n > 2)) for n in range(1, 7))
    plans = [Studio(plan="1", notes=notes), Studio(plan="2")]
    found = parts(house.participation(plans, [Ended(how="withdrawn", on=DAY)], 5, 9))
    values = {name: one.value for name, one in found.items()}
    assert values == {"answered": 4 / 6, "per_plan": 3, "withdrawn": 0.1, "per_move": 5 / 9}


def review(number: int, *verdicts: Verdict | None, cost: int = 0, **answers: str) -> Review:
    said = {"person": Answer(by="p", choices=answers)} if answers else {}
    return Review(
        id=f"r:c{number}",
        case=f"c{number}",
        rounds=tuple(
            Round(months=3 * at, status="closed" if verdict else "waiting", verdict=verdict, answers=said)
            for at, verdict in enumerate(verdicts, 1)
        ),
        costs=(Cost(kind="travel", amount=cost),) if cost else (),
    )


def test_kp10_takes_the_last_review_that_says_something_and_no_data_is_no_success() -> None:
    reviews = [
        review(1, "not_reached", "reached"),
        review(2, "reached", "cannot_be_judged"),
        review(3, "reached", None),
        review(4, "partly"),
        review(5, "not_reached"),
        review(6, "cannot_be_judged"),
        review(7, None),
    ]
    found = parts(people.results(reviews))
    assert [found[name].value for name in ("reached", "partly", "not_reached")] == [0.6, 0.2, 0.2]
    assert (found["unjudged"].value, found["unjudged"].n) == (2 / 7, 7)
    assert people.results(reviews[-2:]).waits == "NOT_RECORDED"


def test_opinions_of_fewer_than_five_are_not_shown() -> None:
    reviews = [review(n, "reached", strain="4") for n in range(5)]
    assert people.opinion("people", reviews, "strain").value == 4
    few = people.opinion("people", reviews[:4], "strain")
    assert (few.value, few.low, few.n) == (None, None, 4)


def trained(number: int, cost: int, level: int) -> Training:
    line = TrainingLine(course="gis", competence="gis", asked=3, assessed=1, required=True)
    return Training(
        id=f"t:c{number}",
        case=f"c{number}",
        until=date(2027, 6, 1),
        lines=(line,),
        done={"gis": Done(completed_on=DAY, certificate="s", cost=cost)} if cost else {},
        found={"gis": Found(level=level, assessed_on=DAY)} if level else {},
    )


def test_kp9_counts_plans_whose_term_is_over_and_gaps_that_an_assessment_closed() -> None:
    plans = [trained(n, 100, 3 * (n < 2)) for n in range(5)] + [trained(9, 0, 2)]
    found = parts(people.training(plans, date(2027, 7, 1)))
    assert (found["ready"].value, found["closed"].value) == (5 / 6, 2 / 6)
    assert people.training(plans, DAY).waits == "NOT_RECORDED"


def test_cost_stands_against_results_and_what_nobody_recorded_is_not_zero() -> None:
    plans = [trained(n, 100, 3 * (n < 2)) for n in range(5)] + [trained(9, 0, 0)]
    reviews = [review(n, "reached" if n < 2 else "partly", cost=50 * (n < 1)) for n in range(6)]
    found = parts(people.cost(reviews, plans))
    assert [found[name].value for name in ("per_move", "per_result", "per_gap")] == [110, 275, 275]
    assert (found["recorded"].value, found["recorded"].n) == (5 / 6, 6)
    nothing = people.cost([review(1, "reached")], [])
    assert (nothing.waits, parts(nothing)["per_result"].value) == ("NOT_RECORDED", None)


def target(unit: str, achieved: int | None, better: str = "higher") -> Target:
    return Target.model_validate({"agency": "palu", "unit": unit, "better": better, "goal": 90, "achieved": achieved})


def test_targets_reached_at_units_with_moves_and_at_others() -> None:
    ours = [target("a", 90), target("a", 89), target("a", 100), target("a", 89, "lower"), target("a", 91, "lower")]
    rest = [target("b", 90), target("b", 10), target("b", None)]
    found = parts(house.targets([*ours, *rest], "a".__eq__))
    assert (found["moved"].value, found["others"].value, found["others"].n) == (0.6, 0.5, 2)
    assert found["difference"].value == pytest.approx(0.1)


def test_a_target_is_fixed_on_its_day_and_its_result_is_told_after_it() -> None:
    told = {"agency": "palu", "unit": "a", "reference": "x", "name": "Antrean", "measure": "menit"}
    goal = {**told, "due_on": DAY, "better": "lower", "goal": 1500}

    def step(state: Target, at: datetime, **changes: object) -> Target:
        said = Message(body=RecordTarget.model_validate({**goal, **changes}), id="m", time=at)
        for event in TARGETS.decide(state, said, Facts()):
            state = TARGETS.evolve(state, event)
        return state

    before, after = datetime(2027, 2, 1, tzinfo=UTC), datetime(2027, 3, 2, tzinfo=UTC)
    state = step(step(Target(), before), before, goal=1400)
    with pytest.raises(Refused, match="TARGET_NOT_DUE"):
        step(state, before, goal=1400, achieved=1300)
    with pytest.raises(Refused, match="TARGET_FIXED"):
        step(state, after, goal=1600, achieved=1550)
    state = step(state, after, goal=1400, achieved=1300)
    assert (state.reached, state.unit) == (True, "u:palu:a")
    assert step(state, after, goal=1400, achieved=1300) == state


def test_every_indicator_of_the_brief_is_in_the_book() -> None:
    ids = [one.id for one in book().indicators]
    assert ids == [f"KP{n}" for n in range(1, 11)] + ["strain", "morale", "climate", "valued", "targets", "cost"]


def office(seed: int, steps: float, people_: int = 300) -> tuple[list[Rated], list[Rated]]:
    """People with a skill of their own and luck in each year, rated in five steps; of those rated low, half are moved,
    which makes them better by so many steps."""
    rng = random.Random(seed)
    names = ["very_poor", "poor", "needs_improvement", "good", "very_good"]

    def rate(level: float) -> str:
        return names[min(4, max(0, round(level + rng.gauss(0, 0.8))))]

    skills = [rng.gauss(2.4, 0.7) for _ in range(people_)]
    before = [rate(skill) for skill in skills]
    low = [n for n in range(people_) if before[n] in names[:3]]
    picked = set(rng.sample(low, len(low) // 2))
    ours = [rated(n, before[n], rate(skills[n] + steps), DAY) for n in sorted(picked)]
    rest = [rated(n, before[n], rate(skills[n])) for n in range(people_) if n not in picked]
    return ours, rest


def gain(seed: int, steps: float) -> tuple[Part, float]:
    """The effect as it is found, and before and after alone."""
    ours, rest = office(seed, steps)
    by = parts(people.performance(ours, rest, Part(part="superior")))
    return by["effect"], (by["after"].value or 0) - (by["before"].value or 0)


WORLDS = 20


def test_who_is_moved_for_a_low_rating_rises_by_themselves_and_that_is_no_effect() -> None:
    found = [gain(seed, 0.0) for seed in range(WORLDS)]
    assert all(alone > 0 for _, alone in found)  # before and after alone would call each of them a success
    assert sum(not (effect.low or 0) <= 0 <= (effect.high or 0) for effect, _ in found) <= 3
    planted = [gain(seed, 0.8)[0] for seed in range(WORLDS)]
    assert sum((effect.low or 0) > 0 for effect in planted) >= 18
