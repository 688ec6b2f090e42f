"""What the toy's services tell each other."""

from datetime import datetime
from typing import ClassVar, Literal

from shared.kernel.decider import Event, Fact

Status = Literal["", "submitted", "approved", "completed", "withdrawn", "refused", "expired"]


class PersonChanged(Event):
    """A person's level, newest version."""

    TYPE: ClassVar[str] = "toy.person.changed.v1"
    KEY: ClassVar[str] = "person"
    person: str
    level: int


class PostOpened(Event):
    """A post with so many seats."""

    TYPE: ClassVar[str] = "toy.post.opened.v1"
    KEY: ClassVar[str] = "post"
    post: str
    quota: int


class OfCase(Event):
    """Every event about one case of one person for one post."""

    case: str
    person: str
    post: str


class CaseSubmitted(OfCase):
    """The case is open until `until` at the latest."""

    TYPE: ClassVar[str] = "toy.case.submitted.v1"
    until: datetime


class CaseNoted(OfCase):
    """One of the two answers came in."""

    TYPE: ClassVar[str] = "toy.case.noted.v1"
    part: Literal["seat", "granted"]


class CaseApproved(OfCase):
    """From now on nobody withdraws."""

    TYPE: ClassVar[str] = "toy.case.approved.v1"


class CaseEnded(OfCase):
    """The case is over."""

    TYPE: ClassVar[str] = "toy.case.ended.v1"
    status: Status


class SeatGranted(OfCase):
    """The register holds a seat for the case."""

    TYPE: ClassVar[str] = "toy.seat.granted.v1"


class SeatRefused(OfCase):
    """No seat is left."""

    TYPE: ClassVar[str] = "toy.seat.refused.v1"


class SeatFreed(OfCase):
    """The case gave its seat back."""

    TYPE: ClassVar[str] = "toy.seat.freed.v1"


class FileOpened(OfCase):
    """Somebody must decide; `level` as known then."""

    TYPE: ClassVar[str] = "toy.file.opened.v1"
    level: int
    at: datetime


class FileNoted(OfCase):
    """The level changed while the file is open."""

    TYPE: ClassVar[str] = "toy.file.noted.v1"
    level: int


class FileReminded(OfCase):
    """Nobody decided for two days."""

    TYPE: ClassVar[str] = "toy.file.reminded.v1"


class FileDecided(OfCase):
    """Granted or refused."""

    TYPE: ClassVar[str] = "toy.file.decided.v1"
    granted: bool


class FileClosed(OfCase):
    """The case is over."""

    TYPE: ClassVar[str] = "toy.file.closed.v1"


class DecreeIssued(OfCase):
    """The number and the event are one write."""

    TYPE: ClassVar[str] = "toy.decree.issued.v1"
    number: int


class Level(Fact):
    """A person's level."""

    KIND: ClassVar[str] = "level"
    level: int


class Quota(Fact):
    """A post's seats."""

    KIND: ClassVar[str] = "quota"
    quota: int


class LetterQueued(Event):
    """A person is to be told of an event."""

    TYPE: ClassVar[str] = "toy.letter.queued.v1"
    KEY: ClassVar[str] = "letter"
    letter: str
    person: str
    event: str


class LetterEnded(Event):
    """Sent, or nobody knows."""

    TYPE: ClassVar[str] = "toy.letter.ended.v1"
    KEY: ClassVar[str] = "letter"
    letter: str
    outcome: str


class Tallied(Event):
    """One more answer of the register was counted; `at` is its sequence there."""

    TYPE: ClassVar[str] = "toy.tally.counted.v1"
    KEY: ClassVar[str] = "post"
    post: str
    case: str
    at: int
    held: bool
