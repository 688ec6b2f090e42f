"""A day at the desk: forward, ask, recall, votes, claims held too long, holidays announced late, comments."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.approval.desk import _row
from services.approval.domain import (
    Answer,
    Ask,
    Case,
    Claim,
    Comment,
    Decide,
    Forward,
    Holder,
    Recall,
    Release,
    make_cases,
)
from shared.contracts.approval import TaskDecided, TaskEscalated, TaskReleased
from shared.contracts.tasks import DecisionPending, TaskAnswered, TaskQuestioned, TaskRescheduled
from shared.kernel.calendar import Calendar, Zone, indonesia
from shared.kernel.decider import Actor, NotYet, Refused, TimerDue
from tests.unit.approval.kit import CHAINS, OFFICIALS, evaluation, facts, opened, say, task
from tests.unit.proposal.bench import NOW, Bench, outcome
from tests.unit.proposal.kit import RINA, actor, office

FIRST = OFFICIALS[0]
SETDA = office("direct_superior", "setda")
OTHER = actor("p-other", SETDA)
LATER = NOW + timedelta(days=30)


def with_chain(stage: int = 0, desk: dict[str, Any] | None = None, **changes: object) -> Bench[Case]:
    """An open case under K1 with one stage, or its desk, changed."""
    chain = CHAINS.on("one_agency", date(2026, 11, 23))
    stages = list(chain.stages)
    stages[stage] = stages[stage].model_copy(update=changes)
    update = {"stages": tuple(stages), "desk": chain.desk.model_copy(update=desk or {})}
    case = Bench(make_cases(CHAINS.model_copy(update={"chains": (chain.model_copy(update=update),)})), "c-1", facts())
    case.tell(evaluation())
    return case


def claimed() -> Bench[Case]:
    """A case whose first task its official holds."""
    case = opened()
    case.facts[Holder.KIND, OTHER.person] = Holder(offices=OTHER.offices)
    case.tell(Claim(task=task()), FIRST)
    return case


def timer(case: Bench[Case], name: str) -> TimerDue:
    """The clock of that name as it comes due."""
    (found,) = [timer for timer in case.decider.timers(case.state) if timer.name == name]
    return TimerDue(id=found.id, name=found.name, at=found.at)


def holder(case: Bench[Case]) -> str:
    """Who holds the waiting task."""
    assert case.state.task is not None
    return case.state.task.claimed_by


# -- forward ---------------------------------------------------------------------------------------------------------


def test_a_task_is_handed_to_a_colleague_who_may_decide_it() -> None:
    case = claimed()
    case.tell(Forward(task=task(), to=OTHER.person, reason="cuti"), FIRST)
    assert holder(case) == OTHER.person
    assert outcome(case, Decide(task=task(), decision="approve"), FIRST) == "NOT_CLAIMED_BY_YOU"
    assert outcome(case, Decide(task=task(), decision="approve"), OTHER) == "decided+queued"


def test_a_colleague_takes_another_ones_task_by_forwarding_only_when_it_is_overdue() -> None:
    case = claimed()
    third = actor("p-third", SETDA)
    wish = Forward(task=task(), to=OTHER.person, reason="tidak bergerak")
    assert outcome(case, wish, third) == "CLAIMED_BY_ANOTHER"
    case.tell(timer(case, "deadline"), at=LATER)
    assert outcome(case, wish, third) == "forwarded"


@pytest.mark.parametrize(
    ("to", "code"),
    [("p-nobody", "OFFICE_NEEDED"), ("p-sister", "KONFLIK_KEPENTINGAN"), ("p-rina", "KONFLIK_KEPENTINGAN")],
)
def test_nobody_gets_a_task_that_they_may_not_decide(to: str, code: str) -> None:
    case = claimed()
    if to != "p-nobody":
        case.facts[Holder.KIND, to] = Holder(offices=(SETDA,))
    assert outcome(case, Forward(task=task(), to=to, reason="x"), FIRST) == code


# -- questions stop the clock (I11) ----------------------------------------------------------------------------------


def test_i11_a_question_stops_the_clock_and_the_answer_gives_back_the_days_that_were_left() -> None:
    case = claimed()
    wednesday = datetime(2026, 11, 25, 2, tzinfo=UTC)  # two of five working days gone; due Monday the 30th
    (asked,) = case.tell(Ask(task=task(), question="SK yang mana?"), FIRST, wednesday)
    assert isinstance(asked, TaskQuestioned)
    assert asked.days_left == 3
    assert [timer.name for timer in case.decider.timers(case.state)] == ["answer"]
    assert outcome(case, Decide(task=task(), decision="approve"), FIRST) == "QUESTION_OPEN"
    assert outcome(case, Ask(task=task(), question="lagi"), FIRST) == "QUESTION_NOT_POSSIBLE"
    assert outcome(case, Answer(task=task(), answer="saya"), OTHER) == "NOT_ASKED"
    monday = datetime(2026, 11, 30, 2, tzinfo=UTC)
    (answered,) = case.tell(Answer(task=task(), answer="SK 2023"), RINA, monday)
    assert isinstance(answered, TaskAnswered)
    assert answered.due == datetime(2026, 12, 3, 15, 59, 59, 999_000, tzinfo=UTC)
    assert outcome(case, Answer(task=task(), answer="lagi"), RINA) == "NOT_ASKED"
    case.tell(timer(case, "deadline"), at=answered.due)
    assert case.state.task is not None
    assert case.state.task.overdue


def test_silence_of_the_person_sets_the_clock_going_again() -> None:
    case = claimed()
    case.tell(Ask(task=task(), question="SK yang mana?"), FIRST)
    due = timer(case, "answer")
    (answered,) = case.tell(due, at=due.at)
    assert isinstance(answered, TaskAnswered)
    assert (answered.by, answered.answer) == ("", "")
    assert {timer.name for timer in case.decider.timers(case.state)} == {"deadline", "release"}
    assert outcome(case, due) == "-"


def test_no_question_where_the_chain_gives_no_term_for_it() -> None:
    case = with_chain(desk={"answer": None})
    case.tell(Claim(task=task()), FIRST)
    assert outcome(case, Ask(task=task(), question="x"), FIRST) == "QUESTION_NOT_POSSIBLE"


# -- a decision can be recalled in its grace -------------------------------------------------------------------------


def test_a_decision_holds_at_the_end_of_its_grace_and_not_before() -> None:
    case = with_chain(desk={"recall_minutes": 15})
    *_, pending = case.tell(Decide(task=task(), decision="approve", take=True), FIRST)
    assert isinstance(pending, DecisionPending)
    assert pending.effective_at == NOW + timedelta(minutes=15)
    assert list(case.state.decisions) == []
    for body in (Decide(task=task(), decision="approve"), Release(task=task())):
        assert outcome(case, body, FIRST) == "DECISION_PENDING"
    assert outcome(case, Claim(task=task()), OTHER) == "DECISION_PENDING"
    due = timer(case, "grace")
    said = case.tell(due, at=due.at)
    assert [event.TYPE.split(".")[2] for event in said] == ["decided", "queued"]
    assert case.state.decisions[0].by == FIRST.person


def test_a_recalled_decision_never_was() -> None:
    case = with_chain(desk={"recall_minutes": 15})
    case.tell(Decide(task=task(), decision="refuse", code="MIN_STAF_ASAL", reason="x", take=True), FIRST)
    due = timer(case, "grace")
    assert outcome(case, Recall(task=task()), OTHER) == "NOTHING_TO_RECALL"
    case.tell(Recall(task=task()), FIRST)
    assert holder(case) == FIRST.person
    assert outcome(case, due) == "-"
    assert outcome(case, Recall(task=task()), FIRST) == "NOTHING_TO_RECALL"
    assert outcome(case, Decide(task=task(), decision="approve"), FIRST) == "decision_pending"


def test_a_recall_after_the_grace_is_too_late_although_the_clock_is_late_too() -> None:
    case = with_chain(desk={"recall_minutes": 15})
    case.tell(Decide(task=task(), decision="approve", take=True), FIRST)
    with pytest.raises(Refused, match="NOTHING_TO_RECALL"):
        case.tell(Recall(task=task()), FIRST, NOW + timedelta(minutes=15))


# -- a body decides by a quorum --------------------------------------------------------------------------------------


def body(n: int) -> list[Actor]:
    """Members of a body that holds the first stage."""
    return [actor(f"p-member{i}", SETDA) for i in range(n)]


def test_a_quorum_of_equal_words_decides() -> None:
    case = with_chain(quorum=2)
    one, two, three = body(3)
    against = Decide(task=task(), decision="refuse", code="MIN_STAF_ASAL", reason="kosong")
    assert outcome(case, Decide(task=task(), decision="approve"), one) == "voted"
    assert outcome(case, Decide(task=task(), decision="approve"), one) == "VOTED_ALREADY"
    assert outcome(case, against, two) == "voted"
    said = case.tell(against, three)
    decided = next(event for event in said if isinstance(event, TaskDecided))
    assert (decided.decision, decided.members) == ("refuse", ("p-member1", "p-member2"))
    assert case.state.acted == ("p-member2", "p-member1")


def test_every_member_of_a_body_is_out_of_the_later_stages() -> None:
    case = with_chain(quorum=2)
    for member in body(2):
        case.tell(Decide(task=task(), decision="approve"), member)
    both = actor("p-member0", office("unit_head", "setda"))
    assert outcome(case, Claim(task=task(2)), both) == "DUTIES_NOT_SEPARATE"


# -- clocks ----------------------------------------------------------------------------------------------------------


def test_a_claim_that_is_held_too_long_goes_back_by_itself() -> None:
    case = claimed()
    due = timer(case, "release")
    assert due.at == datetime(2026, 11, 26, 15, 59, 59, 999_000, tzinfo=UTC)
    (released,) = case.tell(due, at=due.at)
    assert isinstance(released, TaskReleased)
    assert (released.by, released.cause, holder(case)) == (FIRST.person, "silence", "")
    assert outcome(case, due) == "-"
    assert outcome(case, Claim(task=task()), OTHER) == "claimed"


def announced_late(zone: Zone, as_of: date) -> Calendar:
    """The national calendar, and a day off on 30 November that nobody knew of before the 27th."""
    known = indonesia(zone, as_of)
    if as_of < date(2026, 11, 27):
        return known
    off = known.collective_leave | {date(2026, 11, 30)}
    return Calendar(holidays=known.holidays, collective_leave=off, zone=zone, settled=known.settled)


def test_e01_a_holiday_announced_after_the_start_moves_the_deadline_on() -> None:
    case = Bench(make_cases(CHAINS, announced_late), "c-1", facts())
    case.tell(evaluation())
    first = timer(case, "deadline")
    assert first.at == datetime(2026, 11, 30, 15, 59, 59, 999_000, tzinfo=UTC)
    (moved,) = case.tell(first, at=first.at)
    assert isinstance(moved, TaskRescheduled)
    second = timer(case, "deadline")
    assert second.at == moved.due == first.at + timedelta(days=1)
    assert outcome(case, first) == "-"
    (late,) = case.tell(second, at=second.at)
    assert isinstance(late, TaskEscalated)


def test_a_working_day_announced_after_the_start_shortens_nothing() -> None:
    """A Saturday that is worked after all: the term is over when it was said to be over."""

    def saturdays(zone: Zone, as_of: date) -> Calendar:
        known = indonesia(zone, as_of)
        if as_of < date(2026, 11, 27):
            return known
        return Calendar(known.holidays, known.collective_leave, zone, weekend=frozenset({6}))

    case = Bench(make_cases(CHAINS, saturdays), "c-1", facts())
    case.tell(evaluation())
    due = timer(case, "deadline")
    (late,) = case.tell(due, at=due.at)
    assert isinstance(late, TaskEscalated)
    assert case.state.task is not None
    assert case.state.task.due == due.at


# -- comments and the record of a decision ---------------------------------------------------------------------------


def test_comments_are_kept_in_order_up_to_a_limit() -> None:
    case = opened()
    for i in range(50):
        case.tell(Comment(text=f"catatan {i}"), FIRST)
    assert [comment.text for comment in case.state.comments][::49] == ["catatan 0", "catatan 49"]
    assert outcome(case, Comment(text="satu lagi"), FIRST) == "COMMENTS_FULL"


def test_a_decision_says_code_rule_and_text() -> None:
    case = opened()
    decided = say(case, 1, "refuse", "MIN_STAF_ASAL", "tersisa dua orang")[0]
    assert isinstance(decided, TaskDecided)
    assert (decided.code, decided.reason) == ("MIN_STAF_ASAL", "tersisa dua orang")
    assert decided.rule == CHAINS.chains[0].stages[0].citation != ""


def test_each_of_many_tasks_says_the_status_it_would_have_alone() -> None:
    reasons = (None, Refused("CLAIMED_BY_ANOTHER"), Refused("OFFICE_NEEDED", status=403), NotYet("person/p-1"))
    assert [_row("c-1.1.1", reason)["status"] for reason in reasons] == [200, 409, 403, 409]
