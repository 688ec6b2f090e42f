"""KP5 by stage: working days by hand, pauses told apart, terms kept."""

from datetime import UTC, datetime, timedelta

from services.approval.domain.speed import Pace, Step, paces, speeds, steps
from shared.contracts.approval import TaskDecided, TaskQueued
from shared.contracts.tasks import TaskAnswered, TaskQuestioned, TaskRescheduled
from shared.kernel.calendar import Zone, indonesia

MONDAY = datetime(2026, 8, 3, 2, tzinfo=UTC)  # no holiday before the 17th
CALENDAR = indonesia(Zone.WIB, MONDAY.date())
QUEUED = TaskQueued(
    case="c",
    task="c:1",
    attempt=1,
    person="p",
    stage="ppk",
    office="ppk",
    agency="palu",
    due=MONDAY + timedelta(days=4),
)
DECIDED = TaskDecided(case="c", task="c:1", attempt=1, person="p", stage="ppk", by="b", decision="approve")


def on(day: int) -> datetime:
    return MONDAY + timedelta(days=day)


def test_a_question_is_told_apart_and_moves_the_term() -> None:
    question = TaskQuestioned(case="c", task="c:1", person="p", by="b", question="?", days_left=3, until=on(20))
    answer = TaskAnswered(case="c", task="c:1", since=on(7), due=on(10))
    # Monday to Wednesday of the next week: 7 working days, of which Tuesday to Monday (4) with the person
    (step,) = steps([(on(0), QUEUED), (on(1), question), (on(7), answer), (on(9), DECIDED)], CALENDAR)
    assert (step.days, step.paused, step.kept) == (7, 4, True)


def test_what_is_late_is_late_unless_a_holiday_moved_the_term() -> None:
    late = [(on(0), QUEUED), (on(7), DECIDED)]
    moved = TaskRescheduled(case="c", task="c:1", due=on(8))
    assert [step.kept for step in steps(late, CALENDAR)] == [False]
    assert [step.kept for step in steps([late[0], (on(2), moved), late[1]], CALENDAR)] == [True]


def test_what_waits_or_began_before_the_period_is_not_counted() -> None:
    assert steps([(on(0), QUEUED)], CALENDAR) == []
    assert steps([(on(0), DECIDED)], CALENDAR) == []


def test_percentiles_need_five_tasks() -> None:
    made = [
        Step(stage="ppk", queued=on(0), due=on(1), days=days, paused=days // 2, kept=days < 3)
        for days in (1, 2, 3, 4, 10)
    ]
    (found,) = speeds(made)
    assert (found.median, found.p90, found.own_median, found.own_p90) == (3, 7.6, 2, 3.8)
    assert (found.tasks, found.kept, found.paused) == (5, 2, 9)
    (few,) = speeds(made[:4])
    assert (few.tasks, few.median, few.p90) == (4, None, None)


def test_months_and_regions_stand_beside_each_other_and_few_tasks_are_not_told() -> None:
    made = [
        Step(stage="ppk", agency="palu", queued=on(40 * (days > 3)), due=on(1), days=days, kept=days < 3)
        for days in (1, 2, 3, 4, 10)
    ]
    months = paces(made, lambda step: f"{step.queued:%Y-%m}")
    assert months == (Pace(name="2026-08", tasks=3, kept=2), Pace(name="2026-09", tasks=2, kept=0))
    whole, few = paces([*made, made[0].model_copy(update={"agency": "sigi"})], lambda step: step.agency, 5)
    assert whole == Pace(name="palu", tasks=5, kept=2, median=3, p90=7.6)
    assert few == Pace(name="sigi")
