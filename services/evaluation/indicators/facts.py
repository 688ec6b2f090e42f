"""Local copies that indicators need beside those of evaluation and plan; none is written for a plain transfer."""

from datetime import date
from typing import ClassVar, Literal

from shared.kernel.decider import Fact


class Surveyed(Fact):
    """What a unit answered in a survey of a month ("2026-05"), counted; id is `surveyed_id`."""

    KIND: ClassVar[str] = "surveyed"
    agency: str
    unit: str
    month: str
    answers: int
    strained: int | None = None
    low_morale: int | None = None
    poor_climate: int | None = None
    unvalued: int | None = None


def surveyed_id(unit: str, month: str) -> str:
    """Id of that fact."""
    return f"{unit}/{month}"


class Needed(Fact):
    """What a workload analysis (ABK) says a post needs in a year; id is `needed_id`."""

    KIND: ClassVar[str] = "needed"
    agency: str
    unit: str
    post: str
    year: int
    need: int


def needed_id(post: str, year: int) -> str:
    """Id of that fact: the registry tells each year of a post for itself."""
    return f"{post}/{year}"


class Ended(Fact):
    """A case that ended without a move, and on which day; id is the case. `reasoned`: with rule or code, and words."""

    KIND: ClassVar[str] = "ended"
    how: Literal["refused", "withdrawn"]
    stage: str = ""
    reasoned: bool = False
    on: date


class Objected(Fact):
    """An objection against a decree was filed, or answered; id is the objection and which of the two."""

    KIND: ClassVar[str] = "objected"
    agency: str
    step: Literal["filed", "granted", "rejected"]
    on: date


class Commented(Fact):
    """Somebody commented on a case; id is the event."""

    KIND: ClassVar[str] = "commented"
    case: str
    on: date


FACTS = (Commented, Ended, Needed, Objected, Surveyed)
