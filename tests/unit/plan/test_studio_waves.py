"""From an adopted plan to its proposals: waves in order, circles with volunteers and with people on duty."""

from datetime import timedelta

from services.evaluation.plan.studio.commands import (
    Adopt,
    PublishCircles,
)
from services.evaluation.plan.studio.plans import case_of
from services.evaluation.plan.studio.state import Studio
from shared.contracts.plan import (
    PlanCirclesPublished,
    PlanWavePublished,
)
from shared.contracts.scenario import (
    Duty,
)
from tests.unit.plan.play import BODY, LATER, MOVES, adopted, consulting, wave_of


def test_waves_become_cases_in_order_once() -> None:
    play = adopted()
    assert play.refused(wave_of(2, {"a": "v-a"}), "ppk") == "WAVE_EARLY"
    assert play.refused(wave_of(1), "ppk") == "VACANCY_NEEDED"
    assert play.refused(wave_of(1, {"b": "v-x"}), "ppk") == "VACANCY_NEEDED"
    assert play.refused(wave_of(1, {"b": "v-a"}), "ppk") == "VACANCY_NEEDED"
    (event,) = play.do(wave_of(1, {"b": "v-b"}), "ppk")
    assert isinstance(event, PlanWavePublished)
    assert [(line.person, line.case) for line in event.lines] == [("ani", case_of("plan-1", "ani"))]
    assert play.refused(wave_of(1, {"b": "v-b"}), "ppk") == "WAVE_PUBLISHED"
    assert play.refused(wave_of(5), "ppk") == "WAVE_EMPTY"
    play.do(wave_of(2, {"a": "v-a"}), "ppk")
    assert sorted(play.state.waves) == ["1", "2"]


def test_circles_become_exchanges_once() -> None:
    assert adopted().refused(PublishCircles(), "ppk") == "WAVE_EMPTY"
    ring = tuple(move.model_copy(update={"wave": 0, "target": seat}) for move, seat in zip(MOVES, "ca", strict=True))
    play = consulting(ring)
    assert play.refused(PublishCircles(), "ppk") == "NOT_ADOPTED"
    play.now = LATER + timedelta(hours=1)
    play.do(Adopt(), "ppk")
    (event,) = play.do(PublishCircles(), "ppk")
    assert isinstance(event, PlanCirclesPublished)
    assert [(circle.people, circle.posts) for circle in event.circles] == [(("ani", "budi"), ("c", "a"))]
    assert play.refused(PublishCircles(), "ppk") == "WAVE_PUBLISHED"
    assert Studio.model_validate_json(play.state.model_dump_json()) == play.state


def test_who_is_on_duty_in_a_circle_is_told_why_what_they_gain_and_learn() -> None:
    ring = tuple(move.model_copy(update={"wave": 0, "target": seat}) for move, seat in zip(MOVES, "ca", strict=True))
    play = consulting(ring, BODY.model_copy(update={"duties": (Duty(person="budi", reason="need"),)}))
    play.now = LATER + timedelta(hours=1)
    play.do(Adopt(), "ppk")
    assert play.refused(PublishCircles(benefit="near home"), "ppk") == "DUTY_UNTOLD"
    (event,) = play.do(PublishCircles(benefit="near home", training="two days"), "ppk")
    assert isinstance(event, PlanCirclesPublished)
    assert [(circle.people, circle.orders) for circle in event.circles] == [(("ani", "budi"), ("", "need"))]
    assert (event.benefit, event.training) == ("near home", "two days")


def test_nothing_is_published_before_it_is_adopted() -> None:
    assert consulting().refused(wave_of(1, {"b": "v-b"})) == "NOT_ADOPTED"
