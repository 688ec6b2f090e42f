"""A seat of a first-come vacancy that becomes free before its decree: who waits for it, and whom it is offered."""

from datetime import datetime
from typing import ClassVar, Literal

from shared.kernel.decider import Event


class SeatAwaited(Event):
    """The case was refused because all seats are taken: it waits in the order in which it came."""

    TYPE: ClassVar[str] = "mutasi.seat.awaited.v1"
    vacancy: str
    case: str
    person: str
    attempt: int


class SeatOffered(Event):
    """A seat became free: it is kept for this case, the first of those who wait, until the person has answered."""

    TYPE: ClassVar[str] = "mutasi.seat.offered.v1"
    vacancy: str
    case: str
    person: str
    attempt: int
    until: datetime


class SeatAccepted(Event):
    """The seat is wanted: the case goes on as this attempt."""

    TYPE: ClassVar[str] = "mutasi.seat.accepted.v1"
    vacancy: str
    case: str
    person: str
    attempt: int


class SeatDeclined(Event):
    """The case waits no more: the offer was declined, or nobody answered in time, or nobody is there to answer."""

    TYPE: ClassVar[str] = "mutasi.seat.declined.v1"
    vacancy: str
    case: str
    person: str
    attempt: int
    cause: Literal["declined", "lapsed"]


EVENTS = (SeatAwaited, SeatOffered, SeatAccepted, SeatDeclined)
