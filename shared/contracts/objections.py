"""What the approval service tells of objections against decrees (keberatan), and of what a court said."""

from datetime import date, datetime
from typing import ClassVar, Literal

from shared.kernel.decider import Event, Frozen


class RegimeTerm(Frozen):
    """By when something is to be done under one law; certainty S sure, P probable, C to be checked."""

    regime: str
    until: datetime
    citation: str
    certainty: Literal["S", "P", "C"]


class ObjectionFiled(Event):
    """The person concerned objects to the decree (keberatan). The authority answers by `due`, the earliest of `terms`.

    `documents` are the SHA-256 of what was handed in.
    """

    TYPE: ClassVar[str] = "mutasi.objection.filed.v1"
    case: str
    decree: str
    objection: str
    person: str
    agency: str
    grounds: str
    documents: tuple[str, ...] = ()
    filed_on: date
    terms: tuple[RegimeTerm, ...]
    due: datetime


class ObjectionAnswered(Event):
    """The authority decided the objection; a granted one is carried out: the register revokes the decree."""

    TYPE: ClassVar[str] = "mutasi.objection.answered.v1"
    case: str
    decree: str
    objection: str
    person: str
    agency: str
    outcome: Literal["granted", "rejected"]
    remedy: Literal["", "revoke"] = ""
    reason: str
    by: str
    answered_on: date


class ObjectionUnanswered(Event):
    """The term passed in silence. `meaning` is the setting that held: recorded as a fact, or granted."""

    TYPE: ClassVar[str] = "mutasi.objection.unanswered.v1"
    case: str
    decree: str
    objection: str
    person: str
    agency: str
    due: datetime
    meaning: Literal["recorded", "granted"]


class CourtRecorded(Event):
    """What an administrative court (PTUN) was asked or decided about the decree, as a fact."""

    TYPE: ClassVar[str] = "mutasi.court.recorded.v1"
    case: str
    decree: str
    objection: str
    person: str
    agency: str
    court: str
    number: str
    step: Literal["filed", "upheld", "annulled", "withdrawn"]
    on: date
    by: str


EVENTS = (ObjectionFiled, ObjectionAnswered, ObjectionUnanswered, CourtRecorded)
