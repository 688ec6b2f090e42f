"""The state of a temporary assignment and how events change it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from shared.contracts.assignments import (
    AssignmentConfirmed,
    AssignmentConverted,
    AssignmentEnded,
    AssignmentOrdered,
    AssignmentOver,
    AssignmentReverted,
    Basis,
    Debt,
    DebtSettled,
    DebtsRemembered,
    Unit,
)
from shared.kernel.decider import Event, Frozen, Refused

PREFIX = "t-"


def assignment_of(case: str) -> str:
    """Id of the assignment that a case came of, "" for any other case."""
    return case.rpartition("-")[0] if case.startswith(PREFIX) else ""


class Paper(Frozen):
    """How a debt was settled: by the paper or an affidavit, of which kind of documents, and by whom."""

    kind: str
    number: str
    dated: date
    sha256: str
    filed_as: str = ""
    media: str = ""
    by: str = ""


class Assignment(Frozen):
    """A letter and its people. `active` are those still assigned, `open` while there are any; `ended` says why the
    others are not. `cases` are the open ordinary cases of some of them; `over` once the term ended."""

    assignment: str
    open: bool = False
    by: str = ""
    basis: Basis | None = None
    people: tuple[str, ...] = ()
    active: tuple[str, ...] = ()
    ended: Mapping[str, str] = {}
    cases: Mapping[str, str] = {}
    origin: Unit | None = None
    target: Unit | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    ends_at: datetime | None = None
    purpose: str = ""
    expected_result: str = ""
    confirmed: bool = False
    over: bool = False
    debts: tuple[Debt, ...] = ()
    settled: Mapping[str, Paper] = {}
    due: datetime | None = None
    remind_at: datetime | None = None
    reminded: int = 0
    conversions: int = 0

    @property
    def home(self) -> Unit:
        """Where the people come from. Raises Refused NOT_FOUND for a letter that nobody ordered."""
        if self.origin is None:
            raise Refused("NOT_FOUND", status=404)
        return self.origin

    @property
    def owed(self) -> tuple[Debt, ...]:
        """What is still missing."""
        return tuple(debt for debt in self.debts if str(debt.n) not in self.settled)

    def owed_by(self, person: str) -> tuple[str, ...]:
        """The documents that somebody still owes."""
        return tuple(debt.document for debt in self.owed if debt.person == person)


def evolve(state: Assignment, event: Event) -> Assignment:
    """The state after the event."""
    after = state.model_copy(update=_changes(state, event))
    return after.model_copy(update={"open": bool(after.active)})


def _changes(state: Assignment, event: Event) -> dict[str, Any]:
    match event:
        case AssignmentOrdered():
            kept = {name: getattr(event, name) for name in AssignmentOrdered.model_fields}
            return {**kept, "active": event.people}
        case AssignmentConfirmed():
            return {"confirmed": True}
        case AssignmentOver():
            return {"over": True}
        case DebtSettled():
            return {"settled": {**state.settled, str(event.n): Paper.model_validate(event.model_dump())}}
        case DebtsRemembered():
            return {"reminded": 2 if event.overdue else 1}
    return _of_person(state, event)


def _of_person(state: Assignment, event: Event) -> dict[str, Any]:
    match event:
        case AssignmentEnded():
            left = tuple(person for person in state.active if person != event.person)
            cases = {person: case for person, case in state.cases.items() if person != event.person}
            return {"active": left, "cases": cases, "ended": {**state.ended, event.person: event.cause}}
        case AssignmentConverted():
            cases = {**state.cases, event.person: event.case}
            return {"cases": cases, "conversions": state.conversions + 1}
        case AssignmentReverted():
            return {"cases": {person: case for person, case in state.cases.items() if person != event.person}}
    return {}
