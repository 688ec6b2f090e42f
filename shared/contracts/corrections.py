"""Corrections that people ask of their own record (perbaikan data), and who looked at a number that pages mask.

What somebody wants their record to say, and why, may be a name or a number: it travels with their particulars
(`PersonParticulars.wishes`) and is forgotten with them. These events say the rest.
"""

from datetime import datetime
from typing import ClassVar

from shared.kernel.decider import Event


class CorrectionAsked(Event):
    """A person asks to have a field of their record corrected; `office` of the agency decides by `due`.

    `about` tells which one where a field has several (a year, a competence); `evidence` is the SHA-256 of a file that
    the person keeps.
    """

    TYPE: ClassVar[str] = "mutasi.correction.asked.v1"
    KEY: ClassVar[str] = "person"
    person: str
    correction: str
    field: str
    about: str = ""
    evidence: str = ""
    office: str
    agency: str
    unit: str = ""
    asked_at: datetime
    due: datetime


class CorrectionEscalated(Event):
    """Nobody answered by `late`: `office` is told again and `superior` of the agency besides; said again when `until`
    passes without an answer."""

    TYPE: ClassVar[str] = "mutasi.correction.escalated.v1"
    KEY: ClassVar[str] = "person"
    person: str
    correction: str
    field: str
    about: str = ""
    office: str
    superior: str
    agency: str
    unit: str = ""
    late: datetime
    until: datetime


class CorrectionDelayed(Event):
    """The person hears that nobody answered by `late`, and that `superior` of the agency was told."""

    TYPE: ClassVar[str] = "mutasi.correction.delayed.v1"
    KEY: ClassVar[str] = "person"
    person: str
    correction: str
    field: str
    about: str = ""
    superior: str
    agency: str
    late: datetime
    until: datetime


class CorrectionGranted(Event):
    """The agency mended the record as asked; what it says now is told as the record always is."""

    TYPE: ClassVar[str] = "mutasi.correction.granted.v1"
    KEY: ClassVar[str] = "person"
    person: str
    correction: str
    field: str
    agency: str
    reason: str
    rule: str
    by: str
    decided_at: datetime


class CorrectionRefused(CorrectionGranted):
    """The record stays as it is, for that reason and by that rule."""

    TYPE: ClassVar[str] = "mutasi.correction.refused.v1"


class CorrectionWithdrawn(Event):
    """The person took the request back before it was decided."""

    TYPE: ClassVar[str] = "mutasi.correction.withdrawn.v1"
    KEY: ClassVar[str] = "person"
    person: str
    correction: str
    decided_at: datetime


class NumberRevealed(Event):
    """Somebody had the NIP of this person shown in full; `reason` is empty where it was the person."""

    TYPE: ClassVar[str] = "mutasi.person.number_revealed.v1"
    KEY: ClassVar[str] = "person"
    person: str
    by: str
    reason: str = ""
    at: datetime


EVENTS = (
    CorrectionAsked,
    CorrectionEscalated,
    CorrectionDelayed,
    CorrectionGranted,
    CorrectionRefused,
    CorrectionWithdrawn,
    NumberRevealed,
)
