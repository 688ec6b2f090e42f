"""Training that goes with a move: which course for which gap, when somebody is reminded, what counts as done."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.evaluation.domain.facts import Post
from services.evaluation.domain.training.catalogue import Catalogue, catalogue
from services.evaluation.domain.training.trainings import TRAININGS, Reassess, RecordCourse, Training
from shared.contracts.registry import EmployeeMoved
from shared.contracts.training import (
    CompetenceReassessed,
    TrainingCompleted,
    TrainingDue,
    TrainingOverdue,
    TrainingPlanned,
)
from shared.kernel.competence import COMMON
from shared.kernel.decider import Actor, Event, Fact, Facts, Frozen, Message, Refused, TimerDue
from tests.unit.evaluation.cases import RINA, SEAT

EFFECTIVE = date(2027, 1, 4)
OFFICER = Actor(login="officer", person="p9")
ASKED = {"gis": 3, "integrity": 3, "communication": 3, "decision_making": 2}
ASSESSED = {"gis": 1, "integrity": 3, "communication": 2}
DONE = RecordCourse(course="gis", completed_on=date(2027, 2, 1), certificate="SIG-12", cost=2_500_000)


def seat(asked: dict[str, int]) -> Post:
    return Post(
        sought=SEAT.model_copy(update={"requirements": SEAT.requirements.model_copy(update={"competences": asked})})
    )


MOVED = EmployeeMoved(
    person="p1", profile=RINA.model_copy(update={"competences": ASSESSED}), case="c1", decree="d1",
    left=RINA.placement, effective_on=EFFECTIVE,
)  # fmt: skip
FACTS: dict[tuple[str, str], Fact | None] = {("post", RINA.placement.post): seat(ASKED)}


def told(
    state: Training, body: Frozen, at: datetime = datetime(2027, 3, 1, tzinfo=UTC)
) -> tuple[Training, list[Event]]:
    events = TRAININGS.decide(state, Message(body=body, id="m", time=at, actor=OFFICER), Facts(FACTS))
    for event in events:
        state = TRAININGS.evolve(state, event)
    return state, events


def begun() -> Training:
    return told(TRAININGS.initial("t:c1"), MOVED)[0]


def ring(state: Training, name: str) -> tuple[Training, list[Event]]:
    (timer,) = [one for one in TRAININGS.timers(state) if one.name == name]
    return told(state, TimerDue(id=timer.id, name=timer.name, at=timer.at), timer.at)


def test_a_wide_gap_is_required_a_small_one_and_what_nobody_assessed_is_advice() -> None:
    state, (event,) = told(TRAININGS.initial("t:c1"), MOVED)
    assert isinstance(event, TrainingPlanned)
    assert [(line.course, line.competence, line.assessed, line.required) for line in event.lines] == [
        ("induction", "", None, True),
        ("gis", "gis", 1, True),
        ("public-service", "communication", 2, False),
        ("management", "decision_making", None, False),
    ]
    assert (event.until, state.missing) == (EFFECTIVE + timedelta(days=90), ("induction", "gis"))
    assert told(state, MOVED)[1] == []


def test_the_person_is_reminded_and_at_the_end_the_office_is_told() -> None:
    state, (event,) = ring(begun(), "remind")
    assert isinstance(event, TrainingDue)
    assert event.missing == ("induction", "gis")
    assert [timer.name for timer in TRAININGS.timers(state)] == ["over"]
    state, events = ring(state, "over")
    assert [type(event) for event in events] == [TrainingDue, TrainingOverdue]
    assert TRAININGS.timers(state) == ()


def test_what_is_done_in_time_makes_ready_and_ends_the_reminders() -> None:
    state, (event,) = told(begun(), DONE)
    assert isinstance(event, TrainingCompleted)
    assert (event.cost, event.by, state.ready) == (2_500_000, "officer", False)
    state, _ = told(state, DONE.model_copy(update={"course": "induction"}))
    assert (state.missing, state.ready, TRAININGS.timers(state)) == ((), True, ())
    late, _ = told(
        begun(), DONE.model_copy(update={"completed_on": date(2027, 4, 5)}), datetime(2027, 4, 6, tzinfo=UTC)
    )
    late, _ = told(late, DONE.model_copy(update={"course": "induction"}))
    assert (late.missing, late.ready) == ((), False)


def test_a_certificate_closes_no_gap_only_an_assessment_does() -> None:
    state, _ = told(begun(), DONE)
    assert state.closed == ()
    state, (event,) = told(state, Reassess(competence="gis", level=2, assessed_on=date(2027, 2, 20)))
    assert isinstance(event, CompetenceReassessed)
    assert state.closed == ()
    state, _ = told(state, Reassess(competence="gis", level=3, assessed_on=date(2027, 2, 25)))
    assert state.closed == ("gis",)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (DONE.model_copy(update={"course": "cooking"}), "COURSE_NOT_PLANNED"),
        (DONE.model_copy(update={"completed_on": date(2027, 3, 2)}), "DAY_NOT_COME"),
        (Reassess(competence="integrity", level=3, assessed_on=date(2027, 2, 1)), "COMPETENCE_NOT_PLANNED"),
        (Reassess(competence="gis", level=3, assessed_on=date(2028, 2, 1)), "DAY_NOT_COME"),
    ],
)
def test_what_does_not_belong_is_refused(command: Frozen, code: str) -> None:
    with pytest.raises(Refused, match=code):
        told(begun(), command)


def test_a_course_is_recorded_once() -> None:
    state, _ = told(begun(), DONE)
    with pytest.raises(Refused, match="COURSE_DONE"):
        told(state, DONE)


LEVELS = st.dictionaries(st.sampled_from([*COMMON, "gis", "cobol"]), st.integers(1, 5), max_size=8)


@given(asked=LEVELS, assessed=LEVELS)
def test_every_gap_has_a_course_and_nothing_else_does(asked: dict[str, int], assessed: dict[str, int]) -> None:
    first, *lines = catalogue().lines(asked, assessed)
    assert first.course == catalogue().onboarding
    assert {line.competence for line in lines} == {one for one in asked if assessed.get(one, 0) < asked[one]}
    assert all(line.required == (line.assessed is not None and line.asked - line.assessed >= 2) for line in lines)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"remind": 90}, "fewer than days"),
        ({"onboarding": "nothing"}, "no course nothing"),
        ({"courses": [course.model_dump() for course in catalogue().courses[:-1]]}, "no other names"),
        ({"courses": [course.model_dump() for course in catalogue().courses * 2]}, "stands there twice"),
    ],
)
def test_a_wrong_file_is_refused_with_its_fault(change: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        Catalogue.model_validate(catalogue().model_dump() | change)
