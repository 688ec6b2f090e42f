"""A reorganisation (penataan organisasi, K8): everybody of the units that change, on one list. Said by the registry."""

from datetime import date
from typing import ClassVar

from shared.contracts.registry import Placement
from shared.kernel.decider import Event, Frozen


class Resettled(Frozen):
    """One row of the list: from where to where; `case` is what the decree and the move are told under."""

    case: str
    person: str
    origin: Placement
    target: Placement


class ReorganisationProposed(Event):
    """The whole list is proposed, on the regulation that changes these units."""

    TYPE: ClassVar[str] = "mutasi.reorganisation.proposed.v1"
    KEY: ClassVar[str] = "reorganisation"
    reorganisation: str
    agency: str
    units: tuple[str, ...]
    by: str
    number: str
    dated: date
    issuer: str
    purpose: str
    expected_result: str
    moves: tuple[Resettled, ...]


class ReorganisationApproved(Event):
    """The chain approved the list: one decree event may be issued, with a paper for each. As `roster.approved`."""

    TYPE: ClassVar[str] = "mutasi.reorganisation.approved.v1"
    KEY: ClassVar[str] = "reorganisation"
    reorganisation: str
    agency: str
    office: str
    by: str
    consented: tuple[str, ...] = ()
    purpose: str
    expected_result: str
    moves: tuple[Resettled, ...]


class ReorganisationRefused(Event):
    """The chain refused the list, with code and reason; another one may be proposed."""

    TYPE: ClassVar[str] = "mutasi.reorganisation.refused.v1"
    KEY: ClassVar[str] = "reorganisation"
    reorganisation: str
    code: str
    reason: str


class ReorganisationNoted(Event):
    """One of the people has moved, or could not, as `code` says: that one needs a decision of their own."""

    TYPE: ClassVar[str] = "mutasi.reorganisation.noted.v1"
    KEY: ClassVar[str] = "reorganisation"
    reorganisation: str
    case: str
    code: str = ""


class ReorganisationCompleted(Event):
    """Nobody of the list is waited for any more."""

    TYPE: ClassVar[str] = "mutasi.reorganisation.completed.v1"
    KEY: ClassVar[str] = "reorganisation"
    reorganisation: str
    moved: int
    left: int


EVENTS = (
    ReorganisationProposed,
    ReorganisationApproved,
    ReorganisationRefused,
    ReorganisationNoted,
    ReorganisationCompleted,
)
