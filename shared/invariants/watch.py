"""What watches an invariant: it hears every event once and says at the end what broke it."""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar, NamedTuple

from shared.kernel.decider import Event


class Said(NamedTuple):
    """An event as a journal holds it. `actor` is the person or login that caused it, "" for none."""

    service: str
    aggregate: str
    sequence: int
    time: datetime
    actor: str
    event: Event


class Found(NamedTuple):
    """One invariant: how many things it was looked for on, and each that broke it with what was found there."""

    id: str
    checked: int
    broken: tuple[tuple[str, str], ...]


class Watch:
    """Base of the watches: hears all events, those of one aggregate in order, and keeps only what it must compare."""

    ID: ClassVar[str]

    def hear(self, said: Said) -> None:
        """Take one event in."""
        raise NotImplementedError

    def faults(self) -> Iterator[tuple[str, str]]:
        """Everything it was looked for on, with what breaks the invariant there, "" for nothing."""
        raise NotImplementedError

    def found(self) -> Found:
        """The answer, when every event was heard."""
        told = list(self.faults())
        return Found(self.ID, len(told), tuple(one for one in told if one[1]))
