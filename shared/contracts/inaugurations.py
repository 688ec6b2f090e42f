"""What the approval service tells of inaugurations (pelantikan): a day beside the decree's and its effect's."""

from datetime import date
from typing import ClassVar

from shared.kernel.decider import Event


class InaugurationSet(Event):
    """The person of a decree is inaugurated on that day at that place; without a day (`held_on`) it is called off.

    `n` counts what was said of this inauguration from 1; `by` is empty when the decree was revoked.
    """

    TYPE: ClassVar[str] = "mutasi.inauguration.set.v1"
    case: str
    decree: str
    person: str
    n: int
    held_on: date | None = None
    place: str = ""
    by: str = ""


EVENTS = (InaugurationSet,)
