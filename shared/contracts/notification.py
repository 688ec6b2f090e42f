"""What the notification service tells: which message went to whom on which channel, once."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import ClassVar

from shared.kernel.decider import Event, Frozen


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
    at: datetime | None = None


class MessageSent(Event):
    """The channel accepted the message."""

    TYPE: ClassVar[str] = "mutasi.message.sent.v1"
    KEY: ClassVar[str] = "message"
    message: str
    case: str = ""
    person: str
    channel: str
    template: str
    event: str
    attempt: int
    at: datetime | None = None


class MessageFailed(MessageSent):
    """The channel refused the message for good; `code` says why."""

    TYPE: ClassVar[str] = "mutasi.message.failed.v1"
    code: str


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
    code: str
    at: datetime | None = None


EVENTS = (
    DeskChanged,
    MessageDue,
    MessageQueued,
    MessageRequeued,
    MessageSent,
    MessageFailed,
    MessageAmbiguous,
    MessageSuppressed,
)
