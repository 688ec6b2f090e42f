"""What the notification service tells: which message went to whom on which channel, once."""

from typing import ClassVar

from shared.kernel.decider import Event


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


EVENTS = (MessageQueued, MessageSent, MessageFailed, MessageAmbiguous, MessageSuppressed)
