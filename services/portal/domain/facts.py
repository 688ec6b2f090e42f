"""The portal's read models. It decides nothing, so it has no aggregate: every event of a case is one fact."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar, Literal

from shared.contracts.proposal import Content
from shared.contracts.registry import Placement
from shared.contracts.tasks import Mandate
from shared.kernel.decider import Fact


class Entry(Fact):
    """One event of a case under the event's own id: a repeat meets itself, order comes from `at` when it is read.

    `data` are the fields that a reader of the story needs; no name and no person id is among them.
    """

    KIND: ClassVar[str] = "entry"
    case: str
    type: str
    source: str
    sequence: int
    at: datetime
    data: Mapping[str, Any]


class Deed(Fact):
    """Whose doing an event of a case was, under the event's own id: beside its `Entry`, for officials of the case."""

    KIND: ClassVar[str] = "deed"
    by: str


class Change(Fact):
    """What was done to a vacancy, or to the documents of a case, under the event's own id: no line of a story, but news
    to whoever has the page open. `by` is a person, or a login without one; "" for what comes about by itself."""

    KIND: ClassVar[str] = "change"
    of: str
    type: str
    at: datetime
    by: str = ""
    data: Mapping[str, Any]


class Mandates(Fact):
    """The rights of a person to act for others."""

    KIND: ClassVar[str] = "mandates"
    mandates: tuple[Mandate, ...]


class File(Fact):
    """What is proposed in a case, newest version."""

    KIND: ClassVar[str] = "file"
    content: Content


class Place(Fact):
    """What an agency, unit or post is called; `zone` and `province` are known for agencies."""

    KIND: ClassVar[str] = "place"
    name: str
    zone: Literal["WIB", "WITA", "WIT"] = "WIB"
    province: str = ""


class Particulars(Fact):
    """What a person is called, for the officials of their case; the number is not kept."""

    KIND: ClassVar[str] = "particulars"
    name: str


class Paper(Fact):
    """A decree, an amendment or a revocation under the hash of its data: what is printed on it, people by id."""

    KIND: ClassVar[str] = "paper"
    kind: Literal["transfer", "amendment", "revocation"]
    paper: str
    decree: str
    case: str
    person: str
    agency: str
    number_text: str
    signatory: str
    issued_on: date
    effective_on: date
    origin: Placement | None = None
    target: Placement | None = None


class Planned(Fact):
    """A case that a wave of a plan proposed, and when."""

    KIND: ClassVar[str] = "planned"
    at: datetime


class SignedFile(Fact):
    """The hash of the data that a signed file carries, under the SHA-256 of the file."""

    KIND: ClassVar[str] = "signed_file"
    digest: str
