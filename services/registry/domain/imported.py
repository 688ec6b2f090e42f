"""What a file said of a record, and how that is taken back while nothing else was said of it. Pure."""

from typing import Generic, TypeVar

from shared.kernel.decider import Command, Event, Frozen, Refused

T = TypeVar("T", bound=Frozen)
UNDONE = "undone"
"""Stands for the file in an event that says again what was before one."""


class Imported(Frozen, Generic[T]):
    """The file that said this record last, and what it was `before` (None: it was not there).

    `sealed` once something else was said of it: then the file can no longer be taken back.
    """

    batch: str
    before: T | None = None
    sealed: bool = False


class UndoImport(Command):
    """Let this record be what it was before that file."""

    batch: str


def batch_of(said: Command | Event) -> str:
    """The file that a command or an event comes from, "" for every other."""
    return str(getattr(said, "batch", ""))


def marked(kind: type[Imported[T]], known: Imported[T] | None, event: Event, before: T | None) -> Imported[T] | None:
    """The mark after this event; one file may say several things of a record, the first of them found it as it was."""
    batch = batch_of(event)
    if batch == UNDONE:
        return None
    if not batch:
        return kind(batch=known.batch, sealed=True) if known else None
    if known and known.batch == batch and not known.sealed:
        return known
    return kind(batch=batch, before=before)


def must_be_undone(known: Imported[T] | None, command: UndoImport) -> bool:
    """False when there is nothing (more) to undo. Raises Refused once something else was said of the record."""
    if known is None or known.batch != command.batch:
        return False
    if known.sealed:
        raise Refused("DECIDED_SINCE")
    return True
