"""What a channel is: it takes one parcel, returns the provider's answer, or says how it ended otherwise."""

from typing import NamedTuple, Protocol

from services.notification.domain.facts import Particulars
from services.notification.domain.ledger import Send
from services.notification.words import Words
from shared.contracts.notification import Failure


class Parcel(NamedTuple):
    """One message ready to leave: whose it is, where it goes on this channel, and its words. `known` is the version of
    the address, `paper` a PDF that goes with it."""

    letter: Send
    person: Particulars
    address: str
    words: Words
    known: int = 0
    paper: bytes = b""


class Channel(Protocol):
    """One way out. `safe`: the provider knows a repeat by its id, so sending again makes no second message. `parts`:
    the forms of the words that it uses, see `Words`, and `file` where a paper may go with them."""

    name: str
    safe: bool
    parts: tuple[str, ...]

    async def deliver(self, parcel: Parcel) -> str:
        """Hand it over; what was answered. Raises NotSent (one of its kinds), Unanswered."""


class NotSent(Exception):
    """The message was certainly not taken; `code` says why, `reply` is what was answered."""

    failure: Failure = "technical"

    def __init__(self, code: str, reply: str = "", after: float = 0.0) -> None:
        super().__init__(code)
        self.code, self.reply, self.after = code, reply, after


class Unreachable(NotSent):
    """No connection, or it broke before the message was handed over: nothing is wrong with the message."""


class PutOff(NotSent):
    """The provider refused for the time being; not before `after` seconds, where it said so."""

    failure: Failure = "temporary"


class Unfit(NotSent):
    """The provider does not take it because of our own account, template or request: an operator has to mend that."""


class Rejected(NotSent):
    """The provider refused for good."""

    failure: Failure = "permanent"


class Unanswered(Exception):
    """The message was handed over and no answer came: it may have been taken (RFC 1047)."""

    code = "UNANSWERED"
