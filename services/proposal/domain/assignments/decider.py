"""Decisions about a temporary assignment: at once, then what is owed, confirmed, converted, and the way back.

The letter is in force when it is ordered; heads and authority are asked after the fact by the chain of emergencies,
and a refusal sends everybody back. Nothing of it changes a post (I2).
"""

from collections.abc import Callable, Mapping
from typing import Any

from services.proposal.domain.assignments.commands import (
    ConvertAssignment,
    OrderAssignment,
    RecallPeople,
    SettleDebt,
)
from services.proposal.domain.assignments.debts import settle
from services.proposal.domain.assignments.order import order, speaks
from services.proposal.domain.assignments.state import Assignment, evolve
from services.proposal.domain.commands import Wish
from services.proposal.domain.compose import compose
from services.proposal.domain.facts import Employee
from services.proposal.domain.rules import Rules
from services.proposal.domain.state import Case
from services.proposal.domain.turn import Calendars, Occasion, Turn
from shared.contracts.assignments import (
    AssignmentConfirmed,
    AssignmentConverted,
    AssignmentEnded,
    AssignmentOver,
    AssignmentReverted,
    DebtsRemembered,
)
from shared.contracts.proposal import ProposalExpired, ProposalRefused, ProposalWithdrawn
from shared.contracts.rosters import RosterApproved, RosterRefused
from shared.kernel.calendar import indonesia
from shared.kernel.decider import Decider, Event, FactChanged, Facts, Frozen, Message, Refused, Timer, TimerDue

REMINDED, OVERDUE = 1, 2


def make_assignments(rules: Rules, calendars: Calendars = indonesia) -> Decider[Assignment]:
    """The decider of assignments under these settings and calendars."""

    def decide(state: Assignment, message: Message, facts: Facts) -> list[Event]:
        handle = HANDLERS.get(type(message.body))
        return handle(Occasion(message, facts, rules, calendars), state, message.body) if handle else []

    return Decider(
        name="assignments",
        state=Assignment,
        initial=lambda id: Assignment(assignment=id),
        decide=decide,
        evolve=evolve,
        timers=_timers,
        conflict=_conflict,
        answer=_answer,
        watches={"employee": "active"},
        register=True,  # the cases of its people are sources of their own
    )


def _convert(turn: Occasion, state: Assignment, command: ConvertAssignment) -> list[Event]:
    """Raises Refused NOT_ASSIGNED, ALREADY_CONVERTED, and what `compose` raises."""
    if command.person not in state.active:
        raise Refused("NOT_ASSIGNED", where="person")
    if command.person in state.cases:
        raise Refused("ALREADY_CONVERTED", case=state.cases[command.person])
    case = f"{state.assignment}-{state.conversions + 1}"
    wish = Wish.model_validate({**command.model_dump(), **state.model_dump(include={"purpose", "expected_result"})})
    about = Turn(turn.message, turn.facts, turn.rules, turn.calendars, Case(case=case))
    content = compose(about, wish, command.person, "agency")
    said = {**command.model_dump(), "assignment": state.assignment, "case": case, "by": turn.actor.person}
    return [AssignmentConverted.model_validate({**said, "content": content})]


def _recall(turn: Occasion, state: Assignment, command: RecallPeople) -> list[Event]:
    """Raises Refused NOT_ASSIGNED, OFFICE_NEEDED."""
    speaks(turn, state)
    if strangers := [person for person in command.people if person not in state.active]:
        raise Refused("NOT_ASSIGNED", where="people", person=strangers[0])
    return [_ended(state, person, "recalled", command.reason) for person in dict.fromkeys(command.people)]


def _approved(_turn: Occasion, state: Assignment, _event: RosterApproved) -> list[Event]:
    return [] if state.confirmed or not state.people else [AssignmentConfirmed(assignment=state.assignment)]


def _refused(_turn: Occasion, state: Assignment, event: RosterRefused) -> list[Event]:
    return [_ended(state, person, "refused", event.code) for person in state.active]


def _nothing(
    _turn: Occasion, state: Assignment, event: ProposalWithdrawn | ProposalRefused | ProposalExpired
) -> list[Event]:
    """An ordinary case came to nothing: who stayed for it returns."""
    person = next((who for who, case in state.cases.items() if case == event.case), "")
    if not person:
        return []
    reverted = AssignmentReverted(assignment=state.assignment, person=person, case=event.case)
    return [reverted, _ended(state, person, "term")] if state.over else [reverted]


def _changed(turn: Occasion, state: Assignment, change: FactChanged) -> list[Event]:
    """Who moved for good, or serves no more, is not assigned any more."""
    employee = turn.facts.get(Employee, change.id)
    if employee is None or change.id not in state.active:
        return []
    if employee.gone:
        return [_ended(state, change.id, "gone", employee.gone)]
    stays = (employee.placement.agency, employee.placement.unit) == (state.home.agency, state.home.unit)
    return [] if stays else [_ended(state, change.id, "moved")]


def _due(_turn: Occasion, state: Assignment, due: TimerDue) -> list[Event]:
    if due.id not in {timer.id for timer in _timers(state)}:
        return []
    if due.name == "return":
        kept = tuple(person for person in state.active if person in state.cases)
        back = [_ended(state, person, "term") for person in state.active if person not in kept]
        return [AssignmentOver(assignment=state.assignment, kept=kept), *back]
    debtors = dict.fromkeys(debt.person for debt in state.owed)
    about = {"assignment": state.assignment, "due": state.due, "overdue": due.name == "overdue"}
    return [
        DebtsRemembered.model_validate({**about, "person": person, "documents": state.owed_by(person)})
        for person in debtors
    ]


def _timers(state: Assignment) -> tuple[Timer, ...]:
    found = []
    if state.open and not state.over and state.ends_at:
        found.append(Timer("return", state.ends_at, "return"))
    if state.owed and state.reminded < REMINDED and state.remind_at:
        found.append(Timer("remind", state.remind_at, "remind"))
    if state.owed and state.reminded < OVERDUE and state.due:
        found.append(Timer("overdue", state.due, "overdue"))
    return tuple(found)


def _ended(state: Assignment, person: str, cause: str, code: str = "") -> AssignmentEnded:
    about = {"assignment": state.assignment, "person": person, "cause": cause, "code": code}
    return AssignmentEnded.model_validate({**about, **state.home.model_dump()})


def _conflict(_state: Assignment, _message: Message, _index: str) -> list[Event]:
    """Somebody of the letter is assigned by another one."""
    raise Refused("ALREADY_ASSIGNED", where="people")


def _answer(state: Assignment) -> Mapping[str, Any]:
    """Of what was handed in others learn that it is there, not what it says."""
    owed = [debt.model_dump() for debt in state.owed]
    settled = {n: paper.kind for n, paper in state.settled.items()}
    shown = state.model_dump(mode="json", exclude={"assignment", "open", "reminded", "conversions"})
    return {**shown, "owed": owed, "settled": settled}


HANDLERS: Mapping[type[Frozen], Callable[[Occasion, Assignment, Any], list[Event]]] = {
    OrderAssignment: order,
    SettleDebt: settle,
    ConvertAssignment: _convert,
    RecallPeople: _recall,
    RosterApproved: _approved,
    RosterRefused: _refused,
    ProposalWithdrawn: _nothing,
    ProposalRefused: _nothing,
    ProposalExpired: _nothing,
    FactChanged: _changed,
    TimerDue: _due,
}
