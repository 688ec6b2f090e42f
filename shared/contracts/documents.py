"""The documents of a case (domain rule R13); said by the proposal service, which keeps the files.

An event names a file by its SHA-256 and never carries it, nor the name it was uploaded under. `kind` is one of
`shared.kernel.documents`.
"""

from datetime import date, datetime
from typing import ClassVar

from shared.kernel.decider import Event, Frozen


class Filed(Frozen):
    """A document as a submission names it: its number in the file, counted from 1, its kind, and the hash."""

    document: int
    kind: str
    sha256: str


class DocumentFiled(Event):
    """A stored file became a document of the case. `expires_on` is the first day it is relied on no more."""

    TYPE: ClassVar[str] = "mutasi.document.filed.v1"
    case: str
    person: str
    document: int
    kind: str
    sha256: str
    media: str
    size: int
    by: str
    at: datetime
    number: str = ""
    issued_on: date | None = None
    expires_on: date | None = None
    task: str = ""  # the approver's task that it is attached to


class DocumentChecked(Event):
    """A verifier looked at it: accepted, or not and why. One that was not accepted is missing again."""

    TYPE: ClassVar[str] = "mutasi.document.checked.v1"
    case: str
    person: str
    document: int
    kind: str
    by: str
    accepted: bool
    reason: str = ""


class DocumentRemoved(Event):
    """Whoever filed it took it out again; its file is erased."""

    TYPE: ClassVar[str] = "mutasi.document.removed.v1"
    case: str
    document: int
    by: str


class DocumentOpened(Event):
    """Somebody looked at a restricted document, and why (UU 27/2022). The person and the auditors may read this."""

    TYPE: ClassVar[str] = "mutasi.document.opened.v1"
    case: str
    person: str
    document: int
    kind: str
    by: str
    reason: str
    at: datetime


EVENTS = (DocumentFiled, DocumentChecked, DocumentRemoved, DocumentOpened)
