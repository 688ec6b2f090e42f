"""A promised seat that somebody else sits on: what the registry says of a vacancy, and what becomes of its cases."""

from datetime import datetime
from typing import ClassVar

from shared.kernel.decider import Event


class PostPromised(Event):
    """A vacancy of this post offers so many seats in all; 0 once it is cancelled.

    `as_of` is the sequence of the vacancy's event that says so, which tells a repeat from news.
    """

    TYPE: ClassVar[str] = "mutasi.post.promised.v1"
    KEY: ClassVar[str] = "post"
    post: str
    vacancy: str
    quota: int
    as_of: int


class VacancyShort(Event):
    """Of the seats that a vacancy still has to give, so many are not there: others sit on them, or the post has fewer
    seats (formasi) now. With `short` 0 all are there again."""

    TYPE: ClassVar[str] = "mutasi.vacancy.short.v1"
    KEY: ClassVar[str] = "vacancy"
    vacancy: str
    post: str
    short: int
    seats: int
    holders: int


class SeatsShort(Event):
    """The register of a vacancy's seats knows how many of them are not there; `as_of` is the sequence of the post's
    event that says so."""

    TYPE: ClassVar[str] = "mutasi.seats.short.v1"
    KEY: ClassVar[str] = "vacancy"
    vacancy: str
    short: int
    as_of: int


class PositionOverbooked(Event):
    """A reserved seat was taken by somebody else: this reservation, the youngest, is suspended until a seat is free."""

    TYPE: ClassVar[str] = "mutasi.position.overbooked.v1"
    vacancy: str
    case: str
    attempt: int


class ProposalSuspended(Event):
    """The case goes on without a seat. Should none be free by `until`, it is refused."""

    TYPE: ClassVar[str] = "mutasi.proposal.suspended.v1"
    case: str
    person: str
    attempt: int
    vacancy: str
    until: datetime


class ProposalResumed(Event):
    """The case has a seat again."""

    TYPE: ClassVar[str] = "mutasi.proposal.resumed.v1"
    case: str
    person: str
    attempt: int
    vacancy: str


PROMISES = (PostPromised, VacancyShort)
EVENTS = (SeatsShort, PositionOverbooked, ProposalSuspended, ProposalResumed)
