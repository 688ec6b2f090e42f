"""What waits instead of being sent: digests, and what an operator decides; and the links of mails that act."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Literal

from shared.kernel.decider import Event, Frozen


class DigestItem(Frozen):
    """One message of a digest, as it would have been sent alone."""

    message: str
    template: str
    page: str = ""
    values: Mapping[str, str] = {}
    happened_at: datetime | None = None


class MessageStale(Event):
    """The event is older than the ledger, so that another may have sent it: an operator releases or drops it."""

    TYPE: ClassVar[str] = "mutasi.message.stale.v1"
    KEY: ClassVar[str] = "message"
    message: str
    case: str = ""
    person: str
    channel: str
    template: str
    event: str
    legal: bool = False
    happened_at: datetime | None = None
    at: datetime | None = None


class MessageGathered(Event):
    """It waits for the person's digest on this channel instead of being sent alone."""

    TYPE: ClassVar[str] = "mutasi.message.gathered.v1"
    KEY: ClassVar[str] = "message"
    message: str
    case: str = ""
    person: str
    channel: str
    template: str
    page: str = ""
    values: Mapping[str, str] = {}
    happened_at: datetime | None = None


class MessageDigested(Event):
    """It is told in `digest`, the message whose own end says what became of it."""

    TYPE: ClassVar[str] = "mutasi.message.digested.v1"
    KEY: ClassVar[str] = "message"
    message: str
    case: str = ""
    person: str
    digest: str
    at: datetime | None = None


class DigestGrown(Event):
    """One more message waits for the digest, which is due at the person's hour."""

    TYPE: ClassVar[str] = "mutasi.digest.grown.v1"
    KEY: ClassVar[str] = "digest"
    digest: str
    person: str
    channel: str
    item: DigestItem
    due: datetime


class DigestDue(Event):
    """The hour has come: everything gathered is told in one message."""

    TYPE: ClassVar[str] = "mutasi.digest.due.v1"
    KEY: ClassVar[str] = "digest"
    digest: str
    person: str
    channel: str
    number: int
    count: int
    items: tuple[DigestItem, ...]


class LinkFollowed(Event):
    """A link of a mail was followed, which it can be once: `what` ("category:channel") was switched off or on."""

    TYPE: ClassVar[str] = "mutasi.link.followed.v1"
    KEY: ClassVar[str] = "person"
    person: str
    link: str
    message: str
    act: Literal["off", "on"]
    what: tuple[str, ...]
    until: datetime  # when the link expires by itself
    at: datetime


EVENTS = (
    MessageStale,
    MessageGathered,
    MessageDigested,
    DigestGrown,
    DigestDue,
    LinkFollowed,
)
