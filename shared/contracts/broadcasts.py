"""One announcement to many: drafted, released, told page by page."""

from typing import ClassVar

from pydantic import Field

from shared.kernel.decider import Event, Frozen


class Audience(Frozen):
    """Whoever belongs to the agency, and to the unit where one is named; who holds that office there, if one is named.
    An empty agency is everybody's."""

    agency: str = Field(default="", max_length=100)
    unit: str = Field(default="", max_length=100)
    office: str = Field(default="", max_length=100)


class BroadcastDrafted(Event):
    """What is to be announced to whom; nothing is sent yet. A later draft replaces an earlier one."""

    TYPE: ClassVar[str] = "mutasi.broadcast.drafted.v1"
    KEY: ClassVar[str] = "broadcast"
    broadcast: str
    audience: Audience
    title_id: str
    title_en: str
    text_id: str
    text_en: str
    by: str


class BroadcastReleased(Event):
    """It is sent to as many as the dry run counted."""

    TYPE: ClassVar[str] = "mutasi.broadcast.released.v1"
    KEY: ClassVar[str] = "broadcast"
    broadcast: str
    expected: int
    by: str


class BroadcastPage(Event):
    """These persons are told, by one message each."""

    TYPE: ClassVar[str] = "mutasi.broadcast.page.v1"
    KEY: ClassVar[str] = "broadcast"
    broadcast: str
    page: int
    persons: tuple[str, ...]
    title_id: str
    title_en: str
    text_id: str
    text_en: str


class BroadcastDone(Event):
    """Everybody's message is in the ledger."""

    TYPE: ClassVar[str] = "mutasi.broadcast.done.v1"
    KEY: ClassVar[str] = "broadcast"
    broadcast: str
    told: int


EVENTS = (BroadcastDrafted, BroadcastReleased, BroadcastPage, BroadcastDone)
