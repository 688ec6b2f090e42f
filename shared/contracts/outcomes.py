"""What is recorded to judge what moves brought: targets of units, costs, and what better regions do.

Said by the evaluation service on its own topic. Source: domain needs B09, B12, B16, J16, S19.
"""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Literal

from shared.kernel.decider import Event

CostKind = Literal["travel", "allowance", "other"]


class UnitTargetRecorded(Event):
    """What a unit set out to reach by a day (perjanjian kinerja), and what it did reach, None while it is not known.

    `goal` and `achieved` in hundredths of `measure`; `better` says on which side of the goal it is reached.
    """

    TYPE: ClassVar[str] = "mutasi.unit.target_recorded.v1"
    KEY: ClassVar[str] = "unit"
    target: str
    agency: str
    unit: str
    name: str
    measure: str
    due_on: date
    better: Literal["higher", "lower"]
    goal: int
    achieved: int | None = None
    by: str


class MoveCostRecorded(Event):
    """A move cost this much rupiah beside its training; `reference` is the paper that says so."""

    TYPE: ClassVar[str] = "mutasi.move.cost_recorded.v1"
    case: str
    kind: CostKind
    amount: int
    reference: str
    by: str


class LessonNoted(Event):
    """What a region does better by the comparison (`basis`, in figures), noted for the next plan of `agency`."""

    TYPE: ClassVar[str] = "mutasi.lesson.noted.v1"
    KEY: ClassVar[str] = "lesson"
    lesson: str
    agency: str
    region: str
    since: date
    until: date
    basis: Mapping[str, str]
    practice: str
    by: str


EVENTS = (UnitTargetRecorded, MoveCostRecorded, LessonNoted)
