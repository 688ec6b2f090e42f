"""Who looked at the restricted fields of a person's record (UU 27/2022): what the registry says of it."""

from datetime import datetime
from typing import ClassVar

from shared.kernel.decider import Event


class RecordOpened(Event):
    """Somebody of an office looked at these restricted fields of this person, and why."""

    TYPE: ClassVar[str] = "mutasi.record.opened.v1"
    KEY: ClassVar[str] = "person"
    person: str
    by: str
    fields: tuple[str, ...]
    reason: str
    at: datetime


EVENTS = (RecordOpened,)
