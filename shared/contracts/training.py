"""Training that goes with a move (pelatihan): what is planned, done, and found by a reassessment; kept apart.

Said by the evaluation service on its own topic. Source: domain needs P07, S10, S11, S19, J05, J06; indicator KP9.
"""

from datetime import date, datetime
from typing import ClassVar

from shared.contracts.registry import Placement
from shared.kernel.decider import Event, Frozen


class TrainingLine(Frozen):
    """One course, and the gap it is for: levels the post asks and the person was assessed at (None: never assessed).

    The induction of newcomers (onboarding) is for no gap. `required`: it is due; else it is advice.
    """

    course: str
    competence: str = ""
    asked: int = 0
    assessed: int | None = None
    required: bool


class TrainingPlanned(Event):
    """What the person should learn for the new post, before the effective date or up to and including `until`."""

    TYPE: ClassVar[str] = "mutasi.training.planned.v1"
    case: str
    person: str
    placement: Placement
    effective_on: date
    until: date
    lines: tuple[TrainingLine, ...]


class TrainingDue(Event):
    """Some of what is required is not done and the term is near, or over: the person is told."""

    TYPE: ClassVar[str] = "mutasi.training.due.v1"
    case: str
    person: str
    until: date
    missing: tuple[str, ...]


class TrainingOverdue(Event):
    """The term is over: `office` is told what is missing."""

    TYPE: ClassVar[str] = "mutasi.training.overdue.v1"
    case: str
    person: str
    office: str
    agency: str
    unit: str
    until: date
    missing: tuple[str, ...]
    at: datetime


class TrainingCompleted(Event):
    """A course was done; `certificate` is its number, `cost` in rupiah (S19)."""

    TYPE: ClassVar[str] = "mutasi.training.completed.v1"
    case: str
    person: str
    course: str
    completed_on: date
    certificate: str
    cost: int
    by: str


class CompetenceReassessed(Event):
    """The level found by an assessment after the course: a certificate is no competence (KP9)."""

    TYPE: ClassVar[str] = "mutasi.training.reassessed.v1"
    case: str
    person: str
    competence: str
    level: int
    assessed_on: date
    by: str


EVENTS = (TrainingPlanned, TrainingDue, TrainingOverdue, TrainingCompleted, CompetenceReassessed)
