"""Files already under way on paper: written down from an imported file, so that the proposal service adopts them. Pure.

The registry knows who the people are and nothing of the case: the file becomes a case of the proposal service, under
the id that is given here. Taken back and written down again it is another case: the first one has ended.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID, uuid5

from pydantic import StringConstraints

from services.registry.domain.ids import Code
from services.registry.domain.imported import Imported, UndoImport, marked, must_be_undone
from services.registry.domain.values import Day, Text
from shared.contracts.approval import TaskDecided
from shared.contracts.papers import Paper, PaperFiled, PaperSealed, PaperWithdrawn, PaperWord
from shared.kernel.decider import Command, Decider, Event, Facts, Frozen, Message, Refused

PREFIX = "b-"
_SPACE = UUID("0f0d2f0e-7a0c-5c5e-8f57-6b1c4d1a2e44")
Number = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
StageName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,47}$")]


def paper_id(agency: str, number: str, person: str) -> str:
    """Id of what a paper file is about one person; one letter may be about several."""
    return f"{PREFIX}{uuid5(_SPACE, f'{agency}/{number}/{person}').hex}"


def paper_of(case: str) -> str:
    """Id of the paper file that a case came from, "" for every other case."""
    return case.rpartition("-")[0] if case.startswith(PREFIX) else ""


class FilePaper(Command):
    """Write a paper file down: whose move, to which vacancy, and how far it came. Days are those of the agency."""

    agency: Code
    person: str
    vacancy: str
    number: Number
    dated: Day
    received_on: Day
    stage: StageName
    since: Day
    holder: str = ""
    words: tuple[PaperWord, ...] = ()
    initiative: Literal["own", "agency"]
    consent: bool
    purpose: Text
    expected_result: Text
    reason: Text
    batch: str


class PaperFile(Frozen):
    """The paper file as it was written down last, or as one that was taken back; `run` counts how often."""

    paper: str
    run: int = 0
    filed: PaperFiled | None = None
    imported: Imported[PaperFiled] | None = None


def misdated(dated: date, received_on: date, since: date, words: tuple[PaperWord, ...]) -> Iterator[str]:
    """Columns whose day stands before one that it must follow: dated, received, agreed to, at its stage."""
    if received_on < dated:
        yield "received_on"
    if since < received_on:
        yield "since"
    if any(not dated <= word.on <= since for word in words):
        yield "words"


def _decide(state: PaperFile, message: Message, _facts: Facts) -> list[Event]:
    match message.body:
        case FilePaper() as command:
            return _filed(state, command, message.actor.person if message.actor else "")
        case UndoImport() as command:
            return _undone(state, message) if must_be_undone(state.imported, command) else []
        case TaskDecided(case=case):
            current = state.filed is not None and state.filed.case == case
            sealed = state.imported is None or state.imported.sealed
            return [PaperSealed(case=case)] if current and not sealed else []
    return []


def _filed(state: PaperFile, command: FilePaper, by: str) -> list[Event]:
    """Raises Refused PARTY_TO_CASE, CONSENT_MISSING, BAD_ORDER_OF_DATES, PAPER_KNOWN."""
    if by and by in (command.person, *(word.by for word in command.words)):
        raise Refused("PARTY_TO_CASE", status=403, where="nip")
    if command.initiative == "own" and not command.consent:
        raise Refused("CONSENT_MISSING", status=422, where="consent")
    for where in misdated(command.dated, command.received_on, command.since, command.words):
        raise Refused("BAD_ORDER_OF_DATES", status=422, where=where)
    paper = Paper.model_validate(command.model_dump())
    about = {**command.model_dump(), "paper": paper, "by": by, "case": f"{state.paper}-{state.run + 1}"}
    event = PaperFiled.model_validate(about)
    if state.filed is None:
        return [event]
    same = {name: getattr(event, name) for name in ("case", "by", "batch")}
    if state.filed.model_copy(update=same) != event:
        raise Refused("PAPER_KNOWN", where="number")
    return []


def _undone(state: PaperFile, message: Message) -> list[Event]:
    if state.filed is None:
        return []
    by = message.actor.person if message.actor else ""
    told = state.filed.model_dump(include={"case", "person", "batch"})
    return [PaperWithdrawn.model_validate({**told, "by": by})]


def _evolve(state: PaperFile, event: Event) -> PaperFile:
    match event:
        case PaperFiled():
            mark = marked(Imported[PaperFiled], state.imported, event, None)
            return state.model_copy(update={"run": state.run + 1, "filed": event, "imported": mark})
        case PaperSealed():
            return state.model_copy(update={"imported": marked(Imported[PaperFiled], state.imported, event, None)})
        case PaperWithdrawn():
            return state.model_copy(update={"filed": None, "imported": None})
    raise TypeError(f"no paper file hears {event.TYPE}")


def _answer(state: PaperFile) -> Mapping[str, Any]:
    return state.filed.model_dump(mode="json", include={"case", "paper", "vacancy"}) if state.filed else {}


PAPERS: Decider[PaperFile] = Decider(
    "papers", PaperFile, lambda id: PaperFile(paper=id), _decide, _evolve, answer=_answer
)
