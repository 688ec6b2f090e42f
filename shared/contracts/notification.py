"""What the notification service tells: which message went to whom on which channel, once."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import ClassVar, Literal

from shared.contracts.digests import DigestItem
from shared.kernel.decider import Event, Frozen

# Whether what went wrong passes by itself, never, or is a fault of ours or of the line; "" where it was not told.
Failure = Literal["", "temporary", "permanent", "technical"]


class Period(Frozen):
    """Days on which somebody holds an office: from `since` up to, not including, `until`."""

    since: date
    until: date | None = None


class DeskChanged(Event):
    """Who sits at a desk (an office of an agency and unit) changed: all periods of this person."""

    TYPE: ClassVar[str] = "mutasi.desk.changed.v1"
    KEY: ClassVar[str] = "desk"
    desk: str
    person: str
    version: int
    periods: tuple[Period, ...]


class MessageDue(Event):
    """The holders of a desk are to be told of an event; without `persons` it waits for the first to come."""

    TYPE: ClassVar[str] = "mutasi.message.due.v1"
    KEY: ClassVar[str] = "desk"
    desk: str
    event: str
    about: str
    case: str
    subject: str
    persons: tuple[str, ...]
    values: Mapping[str, str] = {}
    on: date
    happened_at: datetime | None = None  # when the event was said, where that was long before


class Reply(Frozen):
    """What came of one attempt: a code of ours ("" when it was taken) and the provider's words, addresses masked."""

    attempt: int
    at: datetime
    code: str = ""
    text: str = ""


class Appointment(Frozen):
    """A day for the reader's calendar. The same `uid` later replaces it, `cancelled` takes it out; no `day` then."""

    uid: str
    day: date | None = None
    cancelled: bool = False


class MessageQueued(Event):
    """A message is due to a person: one per event, person and channel."""

    TYPE: ClassVar[str] = "mutasi.message.queued.v1"
    KEY: ClassVar[str] = "message"
    message: str
    case: str = ""
    person: str
    channel: str
    template: str
    event: str
    category: str = ""
    urgency: str = ""
    legal: bool = False
    page: str = ""
    values: Mapping[str, str] = {}
    deadline: datetime | None = None  # by when the reader must have acted
    appointment: Appointment | None = None
    attach: str = ""  # id of the paper that goes with it where the channel carries files
    items: tuple[DigestItem, ...] = ()  # of a digest
    happened_at: datetime | None = None  # when the event was said, where that was long before
    lane: int = 0  # its place in the order of sending, as of the day it was queued; 0 goes first
    tried: tuple[str, ...] = ()  # channels that were given it before this one
    at: datetime | None = None


class MessageRequeued(Event):
    """A message is sent again in a new `round`: `by` an operator, or put off by the channel (`code`)."""

    TYPE: ClassVar[str] = "mutasi.message.requeued.v1"
    KEY: ClassVar[str] = "message"
    message: str
    case: str = ""
    person: str
    round: int
    by: str = ""
    code: str = ""
    failure: Failure = ""
    replies: tuple[Reply, ...] = ()
    at: datetime | None = None


class MessageSent(Event):
    """The channel accepted the message. `replies` are those of this round, `version` names the words sent."""

    TYPE: ClassVar[str] = "mutasi.message.sent.v1"
    KEY: ClassVar[str] = "message"
    message: str
    case: str = ""
    person: str
    channel: str
    template: str
    event: str
    attempt: int
    legal: bool = False
    known: int = 0  # version of the particulars whose address was used
    version: str = ""
    attached: str = ""  # SHA-256 of the paper that went with it
    replies: tuple[Reply, ...] = ()
    at: datetime | None = None


class MessageFailed(MessageSent):
    """The channel refused the message for good; `code` says why."""

    TYPE: ClassVar[str] = "mutasi.message.failed.v1"
    code: str
    failure: Failure = ""


class MessageAmbiguous(MessageSent):
    """A crash or a cut line hides whether the channel took it: shown, never sent blindly again."""

    TYPE: ClassVar[str] = "mutasi.message.ambiguous.v1"
    code: str = ""


class MessageSuppressed(Event):
    """Not sent on purpose: no address, or switched off; `code` says why."""

    TYPE: ClassVar[str] = "mutasi.message.suppressed.v1"
    KEY: ClassVar[str] = "message"
    message: str
    case: str = ""
    person: str
    channel: str
    template: str
    event: str
    legal: bool = False
    code: str
    at: datetime | None = None


class MessageCancelled(Event):
    """An operator stopped it before it was sent; what was under way already may still be told as sent."""

    TYPE: ClassVar[str] = "mutasi.message.cancelled.v1"
    KEY: ClassVar[str] = "message"
    message: str
    case: str = ""
    person: str
    by: str
    at: datetime | None = None


class MessageDelivered(Event):
    """The recipient's side confirmed that it has the message."""

    TYPE: ClassVar[str] = "mutasi.message.delivered.v1"
    KEY: ClassVar[str] = "message"
    message: str
    case: str = ""
    person: str
    channel: str
    legal: bool = False
    known: int = 0  # as of the sending
    reply: Reply
    at: datetime | None = None


class MessageBounced(MessageDelivered):
    """The message came back after it had been accepted; `reply.code` holds the status (RFC 3463)."""

    TYPE: ClassVar[str] = "mutasi.message.bounced.v1"


class MessageSeen(Event):
    """The person opened the message: engagement, no part of its delivery."""

    TYPE: ClassVar[str] = "mutasi.message.seen.v1"
    KEY: ClassVar[str] = "message"
    message: str
    case: str = ""
    person: str
    at: datetime | None = None


class PreferencesChanged(Event):
    """What a person wants to be told where: the whole of it. `off` names "category:channel"; times are "HH:MM" in the
    person's own zone, both empty without quiet hours; `language` "" is that of the registry; what can wait is told in a
    `digest` at that hour ("" is 07:30), weekly on Mondays, or at once ("")."""

    TYPE: ClassVar[str] = "mutasi.preferences.changed.v1"
    KEY: ClassVar[str] = "person"
    person: str
    off: tuple[str, ...] = ()
    quiet_from: str = ""
    quiet_until: str = ""
    language: Literal["", "id", "en"] = ""
    digest: Literal["", "daily", "weekly"] = ""
    digest_at: str = ""
    channels: tuple[str, ...] = ()  # in the order they are tried; e-mail comes last where it is not named


class ErrandOpened(Event):
    """The agency has to do what no channel can: `correct` an address, or `deliver` a message on paper."""

    TYPE: ClassVar[str] = "mutasi.errand.opened.v1"
    KEY: ClassVar[str] = "errand"
    errand: str
    kind: Literal["correct", "deliver"]
    person: str
    agency: str = ""
    message: str
    case: str = ""
    code: str
    at: datetime | None = None


class ErrandDone(Event):
    """It was done: by whom, on which day, and what proves it (number of the receipt; SHA-256 of its scan)."""

    TYPE: ClassVar[str] = "mutasi.errand.done.v1"
    KEY: ClassVar[str] = "errand"
    errand: str
    kind: Literal["correct", "deliver"]
    person: str
    message: str
    case: str = ""
    by: str
    on: date
    proof: str
    digest: str = ""


EVENTS = (
    DeskChanged,
    MessageDue,
    MessageQueued,
    MessageRequeued,
    MessageSent,
    MessageFailed,
    MessageAmbiguous,
    MessageSuppressed,
    MessageCancelled,
    MessageDelivered,
    MessageBounced,
    MessageSeen,
    PreferencesChanged,
    ErrandOpened,
    ErrandDone,
)
