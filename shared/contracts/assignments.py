"""Temporary assignments in an emergency (surat tugas, K9): at once, the post unchanged. Said by the proposal service.

One letter sends people of one unit to another. What is missing of their documents is owed by a date, and named.
"""

from datetime import date, datetime
from typing import ClassVar, Literal

from shared.contracts.proposal import Content
from shared.kernel.decider import Event, Frozen


class Basis(Frozen):
    """The decree that declares the emergency (status darurat), as its issuer numbered and dated it."""

    number: str
    dated: date
    issuer: str
    sha256: str = ""


class Unit(Frozen):
    """A unit of an agency, where people come from or are sent to."""

    agency: str
    unit: str


class Debt(Frozen):
    """A document that a person still owes; `n` counts those of a letter from 1."""

    n: int
    person: str
    document: str


class AssignmentOrdered(Event):
    """The letter is in force from `starts_on` to `ends_on`; `ends_at` is the end of that day there.

    `debts` are due at `due`; whoever owes one is reminded at `remind_at`.
    """

    TYPE: ClassVar[str] = "mutasi.assignment.ordered.v1"
    KEY: ClassVar[str] = "assignment"
    assignment: str
    by: str
    basis: Basis
    people: tuple[str, ...]
    origin: Unit
    target: Unit
    starts_on: date
    ends_on: date
    ends_at: datetime
    purpose: str
    expected_result: str
    debts: tuple[Debt, ...] = ()
    due: datetime
    remind_at: datetime


class AssignmentGiven(Event):
    """One of the people is told: where to, from when until when, and which documents they owe until `due`."""

    TYPE: ClassVar[str] = "mutasi.assignment.given.v1"
    KEY: ClassVar[str] = "assignment"
    assignment: str
    person: str
    agency: str
    unit: str
    starts_on: date
    ends_on: date
    documents: tuple[str, ...] = ()
    due: datetime


class AssignmentConfirmed(Event):
    """Both heads agreed, and the authority confirmed the letter, after the fact."""

    TYPE: ClassVar[str] = "mutasi.assignment.confirmed.v1"
    KEY: ClassVar[str] = "assignment"
    assignment: str


class AssignmentOver(Event):
    """The term ended; `kept` are those whose ordinary case is still open, so they stay until it is decided."""

    TYPE: ClassVar[str] = "mutasi.assignment.over.v1"
    KEY: ClassVar[str] = "assignment"
    assignment: str
    kept: tuple[str, ...] = ()


class AssignmentEnded(Event):
    """One of the people is no longer assigned.

    They return to their unit (term; refused: not confirmed, with `code`; recalled), or moved, or serve no more (gone).
    """

    TYPE: ClassVar[str] = "mutasi.assignment.ended.v1"
    KEY: ClassVar[str] = "assignment"
    assignment: str
    person: str
    cause: Literal["term", "refused", "recalled", "moved", "gone"]
    code: str = ""
    agency: str
    unit: str


class AssignmentConverted(Event):
    """An ordinary case is proposed for one of the people, who is told and heard as for every proposal of an agency."""

    TYPE: ClassVar[str] = "mutasi.assignment.converted.v1"
    KEY: ClassVar[str] = "assignment"
    assignment: str
    person: str
    case: str
    content: Content
    by: str
    benefit: str
    training: str


class AssignmentReverted(Event):
    """That case came to nothing: the assignment goes on as before, if its term is not over."""

    TYPE: ClassVar[str] = "mutasi.assignment.reverted.v1"
    KEY: ClassVar[str] = "assignment"
    assignment: str
    person: str
    case: str


class DebtsRemembered(Event):
    """Somebody is reminded of the documents they owe until `due`, or that they are `overdue`."""

    TYPE: ClassVar[str] = "mutasi.assignment.debts_remembered.v1"
    KEY: ClassVar[str] = "assignment"
    assignment: str
    person: str
    documents: tuple[str, ...]
    due: datetime
    overdue: bool = False


class DebtSettled(Event):
    """A document was handed in: the paper itself, or an affidavit (surat pernyataan) instead of one that is lost.

    The file of this hash was stored before, as a document of the kind `filed_as`.
    """

    TYPE: ClassVar[str] = "mutasi.assignment.debt_settled.v1"
    KEY: ClassVar[str] = "assignment"
    assignment: str
    n: int
    person: str
    document: str
    kind: Literal["paper", "affidavit"]
    number: str
    dated: date
    sha256: str
    by: str
    filed_as: str = ""
    media: str = ""
    size: int = 0


EVENTS = (
    AssignmentOrdered,
    AssignmentGiven,
    AssignmentConfirmed,
    AssignmentOver,
    AssignmentEnded,
    AssignmentConverted,
    AssignmentReverted,
    DebtsRemembered,
    DebtSettled,
)
