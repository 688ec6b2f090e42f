"""Where people want to be told besides e-mail: their chat addresses, and a message that goes on to another channel.

No event carries the address itself: it is kept where it is used and nowhere else, under the `contact` named here.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from shared.contracts.notification import MessageQueued
from shared.kernel.decider import Event, Frozen


class Contact(Frozen):
    """One verified address: `contact` names it, `n` counts the addresses this person has given."""

    contact: str
    n: int


class ContactAdded(Event):
    """A person gave an address on a channel; a message with a code goes there. `digest`: SHA-256 of that code."""

    TYPE: ClassVar[str] = "mutasi.contact.added.v1"
    KEY: ClassVar[str] = "person"
    person: str
    channel: str
    contact: str
    n: int
    digest: str
    until: datetime


class ContactVerified(Event):
    """The person told the code, so the address is theirs. `verified`: all of theirs by channel."""

    TYPE: ClassVar[str] = "mutasi.contact.verified.v1"
    KEY: ClassVar[str] = "person"
    person: str
    channel: str
    verified: Mapping[str, Contact]


class ContactRemoved(ContactVerified):
    """The person took the address back. `verified`: what is left."""

    TYPE: ClassVar[str] = "mutasi.contact.removed.v1"


class ContactTested(Event):
    """A person wants to see a message arrive on a channel."""

    TYPE: ClassVar[str] = "mutasi.contact.tested.v1"
    KEY: ClassVar[str] = "person"
    person: str
    channel: str
    n: int


class MessagePassed(MessageQueued):
    """This message is told on the channel `to` instead ("paper": the agency delivers it), because it was chosen first
    or because the one before (`code` says why) did not deliver. `tried`: the channels it was given to so far."""

    TYPE: ClassVar[str] = "mutasi.message.passed.v1"
    to: str
    code: str = ""


EVENTS = (ContactAdded, ContactVerified, ContactRemoved, ContactTested, MessagePassed)
