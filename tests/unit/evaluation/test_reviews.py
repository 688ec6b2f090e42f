"""Looking back at a move: who is asked when, what a verdict needs, what follows from it."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.evaluation.domain.facts import Employee, Promise
from services.evaluation.domain.review.followups import FOLLOW_UPS, CloseFollowUp, FollowUp, OpenFollowUp
from services.evaluation.domain.review.form import Form, form, verdict
from services.evaluation.domain.review.reviews import REVIEWS, AnswerReview
from services.evaluation.domain.review.state import Review
from services.evaluation.domain.review.summary import summary
from shared.contracts.registry import EmployeeMoved
from shared.contracts.reviews import (
    FollowUpClosed,
    FollowUpOpened,
    ReviewAnswered,
    ReviewAsked,
    ReviewCompleted,
    ReviewDue,
    ReviewsScheduled,
)
from shared.kernel.decider import Actor, Event, Fact, Facts, Frozen, Message, Refused, TimerDue
from tests.unit.evaluation.cases import RINA as PROFILE

EFFECTIVE = date(2027, 1, 31)
MOVED = EmployeeMoved(
    person="p1", profile=PROFILE, case="c1", decree="d1", left=PROFILE.placement, effective_on=EFFECTIVE
)
RINA, BOSS = Actor(login="rina", person="p1"), Actor(login="boss", person="p9")
Known = dict[tuple[str, str], Fact | None]
FACTS: Known = {
    ("employee", "p1"): Employee(profile=PROFILE),
    ("promise", "c1"): Promise(expected_result="Antrean turun 30 persen"),
}


def said(body: Frozen, actor: Actor | None = None, at: datetime = datetime(2027, 2, 1, tzinfo=UTC)) -> Message:
    return Message(body=body, id="m", time=at, actor=actor)


def step(state: Review, message: Message, facts: Known = FACTS) -> tuple[Review, list[Event]]:
    events = REVIEWS.decide(state, message, Facts(facts))
    for event in events:
        state = REVIEWS.evolve(state, event)
    return state, events


def begun() -> Review:
    return step(REVIEWS.initial("r:c1"), said(MOVED))[0]


def ring(state: Review, id: str, facts: Known = FACTS) -> tuple[Review, list[Event]]:
    """The timer of that id comes due."""
    (timer,) = [one for one in REVIEWS.timers(state) if one.id == id]
    return step(state, said(TimerDue(id=timer.id, name=timer.name, at=timer.at), at=timer.at), facts)


def reply(result: str, **more: str) -> AnswerReview:
    return AnswerReview(months=3, answers={"result": result, **more})


def test_a_move_is_looked_back_at_after_three_six_and_twelve_months() -> None:
    state, (event,) = step(REVIEWS.initial("r:c1"), said(MOVED))
    assert isinstance(event, ReviewsScheduled)
    assert (event.months, event.expected_result) == ((3, 6, 12), "Antrean turun 30 persen")
    days = {timer.id: str(timer.at.date()) for timer in REVIEWS.timers(state)}
    assert days == {"due:3": "2027-04-30", "due:6": "2027-07-31", "due:12": "2028-01-31"}
    assert step(state, said(MOVED))[1] == []


def test_the_person_and_the_superior_are_asked_and_both_answers_end_it() -> None:
    state, events = ring(begun(), "due:3")
    assert [type(event) for event in events] == [ReviewDue, ReviewAsked]
    assert {timer.id for timer in REVIEWS.timers(state)} == {"late:3", "due:6", "due:12"}
    state, events = step(state, said(reply("reached", strain="4"), RINA))
    assert [type(event) for event in events] == [ReviewAnswered]
    state, events = step(state, said(reply("partly", gap="4"), BOSS))
    assert isinstance(events[-1], ReviewCompleted)
    assert (events[-1].verdict, events[-1].heard) == ("partly", ("person", "superior"))
    assert {timer.id for timer in REVIEWS.timers(state)} == {"due:6", "due:12"}


def test_silence_is_no_success() -> None:
    state, _ = ring(begun(), "due:3")
    state, _ = step(state, said(reply("reached"), RINA))
    _, (event,) = ring(state, "late:3")
    assert isinstance(event, ReviewCompleted)
    assert (event.verdict, event.heard, event.code) == ("cannot_be_judged", ("person",), "")
    _, (event,) = ring(ring(begun(), "due:3")[0], "late:3")
    assert isinstance(event, ReviewCompleted)
    assert (event.verdict, event.code) == ("cannot_be_judged", "UNANSWERED")


@pytest.mark.parametrize(("status", "unit", "code"), [("active", "elsewhere", "MOVED_ON"), ("dead", "", "NOT_SERVING")])
def test_nobody_is_asked_about_somebody_who_is_not_there(status: str, unit: str, code: str) -> None:
    place = PROFILE.placement.model_copy(update={"unit": unit or PROFILE.placement.unit})
    profile = PROFILE.model_copy(update={"status": status, "placement": place})
    _, (event,) = ring(begun(), "due:3", FACTS | {("employee", "p1"): Employee(profile=profile)})
    assert isinstance(event, ReviewCompleted)
    assert (event.verdict, event.code) == ("cannot_be_judged", code)


@pytest.mark.parametrize(
    ("actor", "command", "code"),
    [
        (RINA, AnswerReview(months=6, answers={"result": "reached"}), "REVIEW_NOT_OPEN"),
        (RINA, AnswerReview(months=4, answers={"result": "reached"}), "REVIEW_NOT_OPEN"),
        (RINA, reply("splendid"), "CHOICE_UNKNOWN"),
        (RINA, reply("reached", gap="3"), "QUESTION_UNKNOWN"),
        (BOSS, reply("reached", strain="3"), "QUESTION_UNKNOWN"),
        (RINA, AnswerReview(months=3, answers={"strain": "3"}), "ANSWER_MISSING"),
    ],
)
def test_what_is_not_asked_is_refused(actor: Actor, command: AnswerReview, code: str) -> None:
    state, _ = ring(begun(), "due:3")
    with pytest.raises(Refused, match=code):
        step(state, said(command, actor))


def test_each_answers_once() -> None:
    state, _ = ring(begun(), "due:3")
    state, _ = step(state, said(reply("partly"), RINA))
    with pytest.raises(Refused, match="REVIEW_ANSWERED"):
        step(state, said(reply("reached"), RINA))


CHOICES = ("reached", "partly", "not_reached", "cannot_tell", None)
WORST = ("not_reached", "partly")


@pytest.mark.parametrize(("person", "superior"), list(product(CHOICES, CHOICES)))
def test_a_success_needs_both_voices_and_a_shortfall_one(person: str | None, superior: str | None) -> None:
    said: dict[Any, str] = {
        party: choice for party, choice in (("person", person), ("superior", superior)) if choice is not None
    }
    found, voices = verdict(said), (person, superior)
    short = next((one for one in WORST if one in voices), None)
    assert found == (short or ("reached" if voices == ("reached", "reached") else "cannot_be_judged"))


def test_a_shortfall_is_followed_up_and_closed_with_its_cause() -> None:
    short = ReviewCompleted(
        case="c1", person="p1", agency="palu", unit="u", months=6, verdict="not_reached", heard=("superior",),
        expected_result="Antrean turun 30 persen",
    )  # fmt: skip
    fresh = FOLLOW_UPS.initial("f:c1:6")
    (opened,) = FOLLOW_UPS.decide(fresh, said(short), Facts())
    assert isinstance(opened, FollowUpOpened)
    assert (opened.office, opened.cases, opened.person) == ("personnel_verifier", ("c1",), "p1")
    state = FOLLOW_UPS.evolve(fresh, opened)
    assert FOLLOW_UPS.decide(state, said(short), Facts()) == []
    fine = short.model_copy(update={"verdict": "reached"})
    assert FOLLOW_UPS.decide(fresh, said(fine), Facts()) == []
    with pytest.raises(Refused, match="CAUSE_UNKNOWN"):
        FOLLOW_UPS.decide(state, said(CloseFollowUp(cause="bad_luck", finding="?"), BOSS), Facts())
    (closed,) = FOLLOW_UPS.decide(state, said(CloseFollowUp(cause="too_few", finding="Kurang dua."), BOSS), Facts())
    assert isinstance(closed, FollowUpClosed)
    ended: FollowUp = FOLLOW_UPS.evolve(state, closed)
    assert (ended.status, ended.cause, ended.closed_by) == ("closed", "too_few", "boss")
    with pytest.raises(Refused, match="FOLLOW_UP_CLOSED"):
        FOLLOW_UPS.decide(ended, said(CloseFollowUp(cause="too_few", finding="x"), BOSS), Facts())


def test_a_look_that_found_no_shortfall_opens_nothing() -> None:
    told: dict[str, Any] = {"agency": "palu", "title": "Gelombang 1", "months": 6, "expected_result": "-30 %"}
    about: dict[str, Any] = {**told, "cases": ("c1", "c2"), "basis": {}}
    fresh = FOLLOW_UPS.initial("f-x")
    for one in ("reached", "cannot_be_judged"):
        with pytest.raises(Refused, match="NOTHING_SHORT"):
            FOLLOW_UPS.decide(fresh, said(OpenFollowUp(**about, verdict=one), BOSS), Facts())
    (opened,) = FOLLOW_UPS.decide(fresh, said(OpenFollowUp(**about, verdict="partly"), BOSS), Facts())
    assert isinstance(opened, FollowUpOpened)
    assert (opened.case, opened.person, opened.by) == ("c1", "", "boss")


def closed(number: int, strain: str) -> Review:
    """A move whose first look back is closed."""
    state, _ = ring(begun(), "due:3")
    state, _ = step(state, said(reply("reached", strain=strain), RINA))
    return step(state, said(reply("reached" if number % 2 else "not_reached"), BOSS))[0]


def test_what_reviews_say_together_and_few_answers_are_suppressed() -> None:
    reviews = [closed(number, str(number % 5 + 1)) for number in range(5)]
    three, six, _ = summary(reviews)
    assert (three.closed, dict(three.verdicts)) == (5, {"not_reached": 3, "reached": 2})
    (strain,) = [one for one in three.questions if one.question == "strain"]
    assert strain.mean is not None
    assert (strain.answers, strain.mean.value, strain.suppressed) == (5, 3.0, False)
    assert (six.closed, six.open) == (0, 0)
    (few,) = [one for one in summary(reviews[:4])[0].questions if one.question == "strain"]
    assert (few.mean, few.suppressed) == (None, True)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"after": [6, 3]}, "months rise"),
        ({"questions": []}, "`result` is asked"),
        ({"term": 0}, "term"),
        ({"causes": {}}, "causes"),
    ],
)
def test_a_wrong_file_is_refused_with_its_fault(change: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        Form.model_validate(form().model_dump() | change)


@given(st.sampled_from(["person", "superior"]))
def test_every_question_can_be_answered(party: Any) -> None:
    for question in form().asked(party).values():
        assert form().scales[question.scale]


class Looks(RuleBasedStateMachine):
    """Timers and answers in any order: every round ends once, and nothing is asked for ever."""

    @initialize()
    def move(self) -> None:
        self.state, self.ended = begun(), 0

    @precondition(lambda self: bool(REVIEWS.timers(self.state)))
    @rule()
    def ring(self) -> None:
        timer = min(REVIEWS.timers(self.state), key=lambda timer: (timer.at, timer.id))
        self._take(said(TimerDue(id=timer.id, name=timer.name, at=timer.at), at=timer.at + timedelta(seconds=1)))

    @rule(actor=st.sampled_from([RINA, BOSS]), months=st.sampled_from([3, 6, 12]), choice=st.sampled_from(CHOICES[:4]))
    def answer(self, actor: Actor, months: int, choice: str) -> None:
        party = "person" if actor is RINA else "superior"
        round = self.state.round(months)
        command = said(AnswerReview(months=months, answers={"result": choice}), actor)
        if round is None or round.status != "open" or party in round.answers:
            with pytest.raises(Refused, match=r"REVIEW_NOT_OPEN|REVIEW_ANSWERED"):
                step(self.state, command)
        else:
            self._take(command)

    def _take(self, message: Message) -> None:
        self.state, events = step(self.state, message)
        self.ended += sum(isinstance(event, ReviewCompleted) for event in events)

    @invariant()
    def each_round_ends_once_and_has_its_timer_until_then(self) -> None:
        closed = [one for one in self.state.rounds if one.status == "closed"]
        assert len(closed) == self.ended
        assert len(REVIEWS.timers(self.state)) == len(self.state.rounds) - len(closed)


TestLooks = Looks.TestCase
