"""A file that is imported: how far it was taken, so that it goes on after a crash, and whether it is undone. Pure."""

from typing import Annotated, Literal

from pydantic import Field

from services.registry.domain.values import Text
from shared.contracts.imports import ImportAdvanced, ImportBegun, ImportReversed
from shared.kernel.decider import Command, Decider, Event, Facts, Frozen, Message, Refused

REVERSIBLE = ("units", "posts", "people", "cases")
"""Kinds of file that can be taken back as a whole: an office is ended, an account stays."""


class File(Frozen):
    """A file by its content. Rows up to `rows` were dealt with; `refused` are those among them that were not taken."""

    file: str
    kind: str = ""
    by: str = ""
    status: Literal["new", "running", "done", "reversed"] = "new"
    run: int = 0
    rows: int = 0
    taken: int = 0
    refused: tuple[int, ...] = ()


class OfFile(Command):
    """A command about a file."""


class BeginFile(OfFile):
    """Take the file, or go on with it where it was left."""

    kind: str


class AdvanceFile(OfFile):
    """Everything up to this row was dealt with."""

    rows: Annotated[int, Field(ge=0)]
    taken: Annotated[int, Field(ge=0)]
    refused: tuple[int, ...] = ()
    ended: bool = False


class ReverseFile(OfFile):
    """The records are what they were before; said after each of them said so."""

    reason: Text


def _decide(state: File, message: Message, _facts: Facts) -> list[Event]:
    by = message.actor.login if message.actor else ""
    match message.body:
        case BeginFile() as command:
            begun = ImportBegun(file=state.file, kind=command.kind, by=by, run=state.run + 1)
            return [] if state.status == "running" else [begun]
        case AdvanceFile() as command:
            return [ImportAdvanced(file=state.file, **command.model_dump())] if state.status == "running" else []
        case ReverseFile() as command:
            reversible(state)
            reversed_ = ImportReversed(file=state.file, by=by, reason=command.reason)
            return [] if state.status == "reversed" else [reversed_]
    return []


def reversible(state: File) -> None:
    """Raises Refused for a file of a kind that stays."""
    if state.kind not in REVERSIBLE:
        raise Refused("KIND_STAYS", kind=state.kind)


def _evolve(state: File, event: Event) -> File:
    match event:
        case ImportBegun():
            return File(file=state.file, kind=event.kind, by=event.by, status="running", run=event.run)
        case ImportAdvanced():
            now = {"rows": event.rows, "taken": event.taken, "refused": (*state.refused, *event.refused)}
            return state.model_copy(update=now | ({"status": "done"} if event.ended else {}))
        case ImportReversed():
            return state.model_copy(update={"status": "reversed"})
    return state


FILES: Decider[File] = Decider(
    "files", File, lambda id: File(file=id), _decide, _evolve, answer=lambda state: state.model_dump(exclude={"file"})
)
