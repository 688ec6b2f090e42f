"""What notification keeps of others' data: how to greet and reach a person, and what places are called."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Literal, NamedTuple

from shared.contracts.contacts import Contact
from shared.kernel.decider import Fact, Frozen


class Particulars(Fact):
    """How a person is greeted and reached. No other record of this service holds a name or an address."""

    KIND: ClassVar[str] = "particulars"
    name: str
    email: str
    language: Literal["id", "en"]
    zone: Literal["WIB", "WITA", "WIT"]
    version: int = 0


class Wishes(Fact):
    """What a person wants to be told where, when and in which language: see `preferences.py`."""

    KIND: ClassVar[str] = "wishes"
    off: tuple[str, ...] = ()
    quiet_from: str = ""
    quiet_until: str = ""
    language: Literal["", "id", "en"] = ""
    digest: Literal["", "daily", "weekly"] = ""
    digest_at: str = ""
    channels: tuple[str, ...] = ()


class Ledger(Fact):
    """Since when this ledger knows what was sent; an older event may have been sent by another."""

    KIND: ClassVar[str] = "ledger"
    ID: ClassVar[str] = "ledger"
    since: datetime


class Contacts(Fact):
    """The chat addresses that a person has shown to be theirs, by channel."""

    KIND: ClassVar[str] = "contacts"
    verified: Mapping[str, Contact] = {}


class Given(Frozen):
    """One chat address and the code that was sent there."""

    address: str
    code: str


class Addresses(Fact):
    """The chat addresses a person gave on a channel, by the name their events use; id `person:channel`. Written at the
    door, read when a message is sent, and in no event: this is the only place that has them."""

    KIND: ClassVar[str] = "addresses"
    given: Mapping[str, Given] = {}


def addresses_id(person: str, channel: str) -> str:
    """One record per person and channel."""
    return f"{person}:{channel}"


class Suspended(Fact):
    """An address that messages came back from; id `person:channel:version of the particulars`."""

    KIND: ClassVar[str] = "suspended"
    code: str


def suspended_id(person: str, channel: str, known: int) -> str:
    """A new version of the particulars has a new id: an address that was mended is not suspended any more."""
    return f"{person}:{channel}:{known}"


class Home(Fact):
    """The agency and unit a person belongs to."""

    KIND: ClassVar[str] = "home"
    agency: str
    unit: str = ""


class Title(Fact):
    """What an agency, a unit or a post is called; ids `agency/…`, `unit/…`, `post/…`."""

    KIND: ClassVar[str] = "title"
    text: str


class Reader(NamedTuple):
    """All that is known of who gets a message. No particulars: the person was forgotten. `known` is the version of
    `address`; `code` is what a message that verifies the address tells."""

    particulars: Particulars | None
    wishes: Wishes = Wishes()
    suspended: bool = False
    address: str = ""
    known: int = 0
    code: str = ""


PLACES = ("agency", "unit", "post")


class NotKnown(LookupError):
    """Nobody told this person's particulars yet."""
