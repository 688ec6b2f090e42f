"""Errands: what the agency has to do where no channel reaches a person. Pure.

An address that bounces has to be corrected at its source, the registry; a legal notice that no channel could deliver
has to be handed over on paper, with proof.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from pydantic import Field

from services.notification.domain.facts import Home
from services.notification.domain.rules import day
from shared.contracts.contacts import MessagePassed
from shared.contracts.notification import ErrandDone, ErrandOpened, MessageBounced
from shared.kernel.decider import Command, Decider, Event, Facts, Frozen, Message, Refused

Unreached = MessageBounced | MessagePassed


class Finish(Command):
    """It was done on that day; `proof` is the number of the receipt, `digest` the SHA-256 of its scan."""

    on: date
    proof: str = Field(max_length=200)
    digest: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")


class Errand(Frozen):
    """One errand."""

    errand: str
    status: Literal["new", "open", "done"] = "new"
    kind: Literal["correct", "deliver"] = "deliver"
    person: str = ""
    agency: str = ""
    message: str = ""
    case: str = ""
    code: str = ""
    opened_on: date | None = None
    done_on: date | None = None
    by: str = ""
    proof: str = ""
    digest: str = ""


def initial(id: str) -> Errand:
    """An errand nobody opened yet."""
    return Errand(errand=id)


def deliver_id(message: str) -> str:
    """One delivery on paper per message."""
    return f"deliver:{message}"


def correct_id(event: MessageBounced) -> str:
    """One correction per person, channel and version of the particulars, however many messages come back."""
    return f"correct:{event.person}:{event.channel}:{event.known}"


def hard(event: MessageBounced) -> bool:
    """True where the address itself is at fault: class 5 of RFC 3463, but for what is wrong with the mail system, the
    line, the protocol, the words or the policy of the other side (5.3 to 5.7)."""
    return event.reply.code.startswith(("5.0", "5.1", "5.2"))


def code_of(event: Unreached) -> str:
    """Why it did not arrive."""
    return event.reply.code if isinstance(event, MessageBounced) else event.code


def decide(state: Errand, message: Message, facts: Facts) -> list[Event]:
    """Open it once; close it with proof."""
    match message.body:
        case MessageBounced() | MessagePassed() as event if state.status == "new":
            return [_opened(state, event, message, facts)]
        case Finish() as command:
            return _finish(state, command, message)
    return []


def _opened(state: Errand, event: Unreached, message: Message, facts: Facts) -> ErrandOpened:
    home = facts.get(Home, event.person)
    return ErrandOpened(
        errand=state.errand,
        kind="correct" if state.errand.startswith("correct:") else "deliver",
        person=event.person,
        agency=home.agency if home else "",
        message=event.message,
        case=event.case,
        code=code_of(event),
        at=message.time,
    )


def _finish(state: Errand, command: Finish, message: Message) -> list[Event]:
    if state.status == "new":
        raise Refused("ERRAND_UNKNOWN", status=404)
    if state.status == "done":
        return []
    if command.on > day(message.time):
        raise Refused("NOT_YET_DONE", status=422, where="on")
    if not command.proof.strip():
        raise Refused("PROOF_MISSING", status=422, where="proof")
    by = (message.actor.person or message.actor.login) if message.actor else ""
    known = state.model_dump(include={"errand", "kind", "person", "message", "case"})
    return [ErrandDone(**known, by=by, **command.model_dump())]


def evolve(state: Errand, event: Event) -> Errand:
    """The errand after one of its own events."""
    match event:
        case ErrandOpened():
            told = event.model_dump(exclude={"at"})
            on = day(event.at) if event.at else None
            return Errand(**told, status="open", opened_on=on)
        case ErrandDone():
            said = {"by": event.by, "done_on": event.on, "proof": event.proof, "digest": event.digest}
            return state.model_copy(update={"status": "done", **said})
    return state


def answer(state: Errand) -> Mapping[str, Any]:
    """What the agency sees."""
    return state.model_dump(mode="json", exclude={"errand"})


ERRANDS = Decider("errands", Errand, initial, decide, evolve, answer=answer)
