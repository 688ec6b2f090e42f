"""One line of time from what was told in any order, and the next posts with what is lacking."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.evaluation.domain.batch.crowd import Crowd
from services.evaluation.domain.career.ahead import SHOWN, ahead
from services.evaluation.domain.career.line import line
from services.evaluation.domain.facts import Known, Region, Vacancy
from services.evaluation.domain.review.state import Review, Round
from services.evaluation.domain.ruleset import edition
from services.evaluation.domain.training.trainings import Done, Found, Training
from shared.contracts.registry import Placement, Profile
from tests.unit.evaluation.cases import DUKCAPIL, RINA, RULES, SEAT, changed, demanding

BEGIN = datetime(2026, 1, 5, 2, tzinfo=UTC)
ON = date(2026, 11, 23)


def told(number: int, profile: Profile, decree: str = "") -> Known:
    at = BEGIN + timedelta(days=30 * number)
    return Known(person="p-rina", at=at, sequence=number, profile=profile, decree=decree)


FIRST = changed(RINA, rank_since=date(2022, 4, 1), performance={"2024": "good"}, competences={"public_service": 3})
LEARNT = changed(FIRST, performance={"2024": "good", "2025": "very_good"}, competences={"public_service": 4})
RISEN = changed(LEARNT, rank="III/d", rank_since=date(2026, 4, 1), talent_box=8, potential="high")
MOVED = changed(RISEN, placement=DUKCAPIL, post_since=date(2026, 5, 1))
KNOWN = (told(1, FIRST), told(2, LEARNT), told(3, RISEN), told(4, MOVED, "sk-1"))
TRAINED = Training(
    id="t:c-1",
    case="c-1",
    done={"public-service": Done(completed_on=date(2026, 6, 1), certificate="901", cost=0)},
    found={"public_service": Found(level=5, assessed_on=date(2026, 7, 1))},
)
REVIEWED = Review(
    id="r", case="c-1", effective_on=date(2026, 5, 1), rounds=(Round(months=3, verdict="reached"), Round(months=6))
)


def test_everything_stands_on_one_line_in_the_order_of_its_days() -> None:
    found = line(KNOWN, [TRAINED], [REVIEWED])
    steps = [(str(step.on), step.kind, step.what, step.before, step.after) for step in found]
    assert steps == [
        ("2022-04-01", "rank", "rank", "", "III/c"),
        ("2023-05-02", "post", "setda-analyst", "", ""),
        ("2024-12-31", "appraisal", "2024", "", "good"),
        ("2025-12-31", "appraisal", "2025", "", "very_good"),
        ("2026-02-04", "assessment", "public_service", "", "3"),
        ("2026-03-06", "assessment", "public_service", "3", "4"),
        ("2026-04-01", "rank", "rank", "III/c", "III/d"),
        ("2026-04-05", "talent", "potential", "", "high"),
        ("2026-04-05", "talent", "talent_box", "", "8"),
        ("2026-05-01", "post", "dukcapil-analyst", "setda-analyst", ""),
        ("2026-06-01", "training", "public-service", "", ""),
        ("2026-07-01", "assessment", "public_service", "", "5"),
        ("2026-08-01", "review", "3", "", "reached"),
    ]


@given(st.permutations(KNOWN), st.lists(st.sampled_from(KNOWN)))
def test_neither_order_nor_repeats_matter(order: list[Known], again: list[Known]) -> None:
    assert line([*order, *again], [TRAINED], [REVIEWED]) == line(KNOWN, [TRAINED], [REVIEWED])


def crowd(*posts: Vacancy, **profile: Any) -> Crowd:
    return Crowd(
        on=ON,
        people=[changed(RINA, **profile)],
        vacancies=posts,
        ages={"setda-analyst": 60},
        regions={"palu": Region(kind="city", province="ST")},
        initiative="own",
    )


def at(post: str, vacancy: Vacancy = SEAT, **values: object) -> Vacancy:
    place = Placement(agency="palu", unit="dukcapil", post=post)
    return vacancy.model_copy(update={"placement": place, **values})


def test_next_are_the_posts_one_may_come_to_and_then_those_for_which_something_is_lacking() -> None:
    hard = at("hard", demanding(competences={"gis": 5, "public_service": 3}))
    own = SEAT.model_copy(update={"placement": RINA.placement})
    high = at("high", post_kind="jpt_madya")
    found = ahead(crowd(hard, at("fine"), own, high), edition(RULES, ON, "palu"))
    assert [(one.post, one.eligible) for one in found] == [("fine", True), ("hard", False)]
    assert found[0].lacking == ()
    lacking = [(one.rule, one.outcome, one.hard) for one in found[1].lacking]
    assert lacking == [("COMPETENCE", "unknown", True)]
    assert [(one.rule, one.hard) for one in found[1].noted] == [("COMPETENCE-FULL", False), ("R30", False)]
    assert [(gap.competence, gap.asked, gap.assessed) for gap in found[1].training] == [("gis", 5, None)]


def test_a_rotation_that_is_due_is_noted_and_nothing_lacks() -> None:
    (found,) = ahead(crowd(at("fine"), post_since=date(2020, 1, 1)), edition(RULES, ON, "palu"))
    assert (found.eligible, found.lacking, [one.rule for one in found.noted]) == (True, (), ["R03-MAX"])


def test_no_more_than_so_many_are_shown_and_nobody_has_none() -> None:
    found = ahead(crowd(*(at(f"p-{number}") for number in range(SHOWN + 2))), edition(RULES, ON, "palu"))
    assert [one.post for one in found] == [f"p-{number}" for number in range(SHOWN)]
    assert ahead(crowd(), edition(RULES, ON, "palu")) == ()
