"""The documents that a case holds: a part of its state."""

from datetime import date, datetime
from typing import Literal

from shared.contracts.documents import DocumentChecked, DocumentFiled, DocumentRemoved
from shared.kernel.decider import Frozen

FILING = DocumentFiled | DocumentChecked | DocumentRemoved


class Document(Frozen):
    """One of them, by its number in the file, from 1. `task` is the approver's task that it is attached to."""

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
    task: str = ""
    checked: Literal["", "accepted", "rejected"] = ""
    checked_by: str = ""
    remark: str = ""

    @property
    def counts(self) -> bool:
        """Nobody rejected it."""
        return self.checked != "rejected"


def relied_on(document: Document, on: date) -> bool:
    """It counts, and is not out of date on that day."""
    return document.counts and (document.expires_on is None or on < document.expires_on)


def filed(held: tuple[Document, ...], event: FILING) -> tuple[Document, ...]:
    """What the case holds after the event."""
    match event:
        case DocumentFiled():
            return (*held, Document.model_validate(event.model_dump()))
        case DocumentChecked():
            verdict = {"checked": "accepted" if event.accepted else "rejected"}
            said = {**verdict, "checked_by": event.by, "remark": event.reason}
            return tuple(one.model_copy(update=said) if one.document == event.document else one for one in held)
    return tuple(one for one in held if one.document != event.document)
