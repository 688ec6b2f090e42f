"""How the registry moves the members of a group on one date, or none of them. Key is the group.

First everybody is asked and leaves the seat as far as the register of seats goes (ready), then everybody takes the
new one (ordered); one who cannot refuses it for all.
"""

from datetime import date
from typing import ClassVar, Literal

from shared.contracts.registry import Placement
from shared.kernel.decider import Event, Frozen


class GroupMember(Frozen):
    """One of those who move."""

    person: str
    case: str
    decree: str
    origin: Placement
    target: Placement


class GroupMoveScheduled(Event):
    """The group moves at 00:00 local time (`zone`) of the effective date; said again when the date changed."""

    TYPE: ClassVar[str] = "mutasi.group_move.scheduled.v1"
    KEY: ClassVar[str] = "group"
    group: str
    members: tuple[GroupMember, ...]
    effective_on: date
    zone: Literal["WIB", "WITA", "WIT"]


class GroupMoveAsked(Event):
    """The day has come: can everybody move?"""

    TYPE: ClassVar[str] = "mutasi.group_move.asked.v1"
    KEY: ClassVar[str] = "group"
    group: str
    members: tuple[GroupMember, ...]
    effective_on: date


class GroupMoveNoted(Event):
    """One member said that they can."""

    TYPE: ClassVar[str] = "mutasi.group_move.noted.v1"
    KEY: ClassVar[str] = "group"
    group: str
    person: str


class GroupMoveOrdered(Event):
    """Everybody can: they move."""

    TYPE: ClassVar[str] = "mutasi.group_move.ordered.v1"
    KEY: ClassVar[str] = "group"
    group: str
    members: tuple[GroupMember, ...]


class GroupMoveRefused(Event):
    """Nobody moves, and why."""

    TYPE: ClassVar[str] = "mutasi.group_move.refused.v1"
    KEY: ClassVar[str] = "group"
    group: str
    members: tuple[GroupMember, ...]
    code: str


class EmployeeMoveReady(Event):
    """The person can move with the group, and no longer holds the seat they leave against the others."""

    TYPE: ClassVar[str] = "mutasi.employee.move_ready.v1"
    KEY: ClassVar[str] = "person"
    person: str
    group: str
    decree: str


EVENTS = (
    GroupMoveScheduled,
    GroupMoveAsked,
    GroupMoveNoted,
    GroupMoveOrdered,
    GroupMoveRefused,
    EmployeeMoveReady,
)
