"""Decisions about looking back at a move: when people are asked, what they may answer, what came of it. Pure.

Source: domain needs A11, S17, J07-J10; indicator KP10.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from services.evaluation.domain.facts import Employee, Promise
from services.evaluation.domain.review.form import RESULT, SILENT, form, verdict
from services.evaluation.domain.review.state import Review, Round, evolve
from shared.contracts.outcomes import CostKind, MoveCostRecorded
from shared.contracts.registry import EmployeeMoved
from shared.contracts.reviews import (
    Party,
    ReviewAnswered,
    ReviewAsked,
    ReviewCompleted,
    ReviewDue,
    ReviewsScheduled,
)
from shared.kernel.decider import Command, Decider, Event, Facts, Message, Refused, Timer, TimerDue

DUE, LATE = "due", "late"
MOVED_ON, NOT_SERVING, UNANSWERED = "MOVED_ON", "NOT_SERVING", "UNANSWERED"
_SERVING = ("active", "seconded")


class AnswerReview(Command):
    """Answer what is asked after so many months: question -> choice, and a remark in own words."""

    months: int
    answers: Annotated[Mapping[str, str], Field(max_length=40)]
    remark: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""


class RecordCost(Command):
    """What the move cost beside training, in rupiah, and the number of the paper that says so (S19)."""

    kind: CostKind
    amount: Annotated[int, Field(ge=1, le=10**12)]
    reference: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]


def _scheduled(state: Review, moved: EmployeeMoved, facts: Facts) -> list[Event]:
    if state.case:
        return []
    promise = facts.get(Promise, moved.case)
    return [
        ReviewsScheduled(
            case=moved.case,
            person=moved.person,
            placement=moved.profile.placement,
            expected_result=promise.expected_result if promise else "",
            effective_on=moved.effective_on,
            months=form().after,
            left=moved.left,
        )
    ]


def _timer(state: Review, timer: TimerDue, facts: Facts) -> list[Event]:
    name, _, months = timer.id.partition(":")
    round = state.round(int(months))
    if round is None or state.placement is None:
        return []
    if name == LATE:
        return [_completed(state, round)]
    if gone := _gone(state, facts):
        return [_completed(state, round, gone)]
    until = timer.at + timedelta(days=form().term)
    place = {"agency": state.placement.agency, "unit": state.placement.unit}
    about = {"case": state.case, "person": state.person, "months": round.months, "until": until}
    asked = ReviewAsked.model_validate({**about, **place, "office": form().offices.superior})
    return [ReviewDue.model_validate(about), asked]


def _gone(state: Review, facts: Facts) -> str:
    """Why nobody is asked: the person no longer works at the place moved to."""
    employee = facts.get(Employee, state.person)
    if employee is None or employee.profile.status not in _SERVING:
        return NOT_SERVING
    return "" if employee.profile.placement == state.placement else MOVED_ON


def _completed(state: Review, round: Round, code: str = "") -> ReviewCompleted:
    said = {party: answer.choices.get(RESULT, SILENT) for party, answer in round.answers.items()}
    place = state.placement
    return ReviewCompleted(
        case=state.case,
        person=state.person,
        agency=place.agency if place else "",
        unit=place.unit if place else "",
        months=round.months,
        verdict="cannot_be_judged" if code else verdict(said),
        heard=tuple(sorted(said)),
        expected_result=state.expected_result,
        code=code or ("" if said else UNANSWERED),
    )


def party_of(state: Review, message: Message) -> Party:
    """As whom the caller answers; the person never as their own superior."""
    actor = message.actor
    return "person" if actor is not None and actor.person == state.person else "superior"


def _answer(state: Review, command: AnswerReview, message: Message) -> list[Event]:
    round = state.round(command.months)
    if round is None or round.status != "open":
        raise Refused("REVIEW_NOT_OPEN", where="months", months=command.months)
    party = party_of(state, message)
    if party in round.answers:
        raise Refused("REVIEW_ANSWERED", months=command.months)
    _check(party, command)
    answered = ReviewAnswered(
        case=state.case,
        months=command.months,
        party=party,
        by=message.actor.login if message.actor else "",
        answers=command.answers,
        remark=command.remark,
    )
    after = evolve(state, answered)
    complete = after.round(command.months)
    both = complete is not None and len(complete.answers) == len(("person", "superior"))
    return [answered, _completed(after, complete)] if both and complete else [answered]


def _check(party: Party, command: AnswerReview) -> None:
    asked = form().asked(party)
    if unknown := sorted(set(command.answers) - set(asked)):
        raise Refused("QUESTION_UNKNOWN", status=422, where=f"answers.{unknown[0]}", question=unknown[0])
    if RESULT not in command.answers:
        raise Refused("ANSWER_MISSING", status=422, where=f"answers.{RESULT}")
    for id, choice in command.answers.items():
        choices = form().scales[asked[id].scale]
        if choice not in choices:
            raise Refused("CHOICE_UNKNOWN", status=422, where=f"answers.{id}", choices=", ".join(choices))


def _decide(state: Review, message: Message, facts: Facts) -> list[Event]:
    match message.body:
        case EmployeeMoved() as moved:
            return _scheduled(state, moved, facts)
        case TimerDue() as timer:
            return _timer(state, timer, facts)
        case AnswerReview() as command:
            return _answer(state, command, message)
        case RecordCost() as command:
            by = message.actor.login if message.actor else ""
            return [MoveCostRecorded(case=state.case, **command.model_dump(), by=by)]
    return []


def _timers(state: Review) -> tuple[Timer, ...]:
    waiting = (Timer(f"{DUE}:{one.months}", state.due(one.months), DUE) for one in state.rounds if one.until is None)
    open = (Timer(f"{LATE}:{one.months}", one.until, LATE) for one in state.rounds if one.until)
    closed = {one.months for one in state.rounds if one.status == "closed"}
    return tuple(timer for timer in (*waiting, *open) if int(timer.id.partition(":")[2]) not in closed)


def _shown(state: Review) -> Mapping[str, Any]:
    """Where the rounds stand and who answered; what was answered each may read of their own."""
    rounds = [
        {**one.model_dump(mode="json", exclude={"answers"}), "due": state.due(one.months), "heard": sorted(one.answers)}
        for one in state.rounds
    ]
    return {**state.model_dump(mode="json", exclude={"id", "rounds"}), "rounds": rounds}


REVIEWS = Decider(
    name="reviews",
    state=Review,
    initial=lambda id: Review(id=id),
    decide=_decide,
    evolve=evolve,
    timers=_timers,
    answer=_shown,
)
