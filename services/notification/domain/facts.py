"""What notification keeps of others' data: how to greet and reach a person, and what places are called."""

from typing import ClassVar, Literal

from shared.kernel.decider import Fact


class Particulars(Fact):
    """How a person is greeted and reached. No other record of this service holds a name or an address."""

    KIND: ClassVar[str] = "particulars"
    name: str
    email: str
    language: Literal["id", "en"]
    zone: Literal["WIB", "WITA", "WIT"]


class Title(Fact):
    """What an agency, a unit or a post is called; ids `agency/…`, `unit/…`, `post/…`."""

    KIND: ClassVar[str] = "title"
    text: str


PLACES = ("agency", "unit", "post")


class NotKnown(LookupError):
    """Nobody told this person's particulars yet."""
