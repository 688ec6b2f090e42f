"""Chat addresses of a person: given by them, shown to be theirs by a code, taken back. Pure.

The address itself never comes here: it lies beside (`facts.Addresses`) under the name `contact`, so that no journal and
no topic has it and a person can be forgotten (UU 27/2022).
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Any

from services.notification.domain.ladder import CHAT
from shared.contracts.contacts import Contact, ContactAdded, ContactRemoved, ContactTested, ContactVerified
from shared.contracts.people import PersonForgotten
from shared.kernel.decider import Command, Decider, Event, Facts, Frozen, Message, Refused

VALID = timedelta(hours=24)
ALL = ""  # every channel
_BOOK = "contacts:"
_FORMS: Mapping[str, re.Pattern[str]] = {
    "matrix": re.compile(r"@[a-z0-9._=/+-]{1,100}:[A-Za-z0-9.-]{1,100}(?::\d{1,5})?"),
    "telegram": re.compile(r"[1-9]\d{4,15}"),  # the number of a private chat
    "whatsapp": re.compile(r"\+[1-9]\d{7,14}"),  # E.164
    "apprise": re.compile(r"[A-Za-z0-9._@+-]{1,100}"),
}


class AddContact(Command):
    """An address lies under the name `contact`; `digest` is the SHA-256 of the code that is sent there."""

    channel: str
    contact: str
    digest: str


class ConfirmContact(Command):
    """The code that came."""

    channel: str
    code: str


class RemoveContact(Command):
    """Not to be used any more."""

    channel: str


class TryContact(Command):
    """Send a message there, to see it arrive."""

    channel: str


class Waiting(Frozen):
    """An address whose code was not told yet."""

    contact: str
    n: int
    digest: str
    until: datetime


class Book(Frozen):
    """One person's."""

    person: str
    n: int = 0
    tests: int = 0
    waiting: Mapping[str, Waiting] = {}
    verified: Mapping[str, Contact] = {}


def book_id(person: str) -> str:
    """One book per person; the id is not the person's own, since no two kinds of a service share ids."""
    return f"{_BOOK}{person}"


def initial(id: str) -> Book:
    """Nothing but what the registry knows."""
    return Book(person=id.removeprefix(_BOOK))


def address(channel: str, said: str) -> str:
    """The address as the provider wants it. Raises Refused BAD_CONTACT."""
    plain = said.strip()
    if channel == "whatsapp":
        plain = re.sub(r"[ ().-]", "", plain)
        plain = "+62" + plain[1:] if plain.startswith("0") else plain
    if not _FORMS[channel].fullmatch(plain):
        raise Refused("BAD_CONTACT", status=422, where="address", channel=channel)
    return plain


def digest(code: str) -> str:
    """What is kept of a code; case, spaces and hyphens do not count."""
    return sha256(re.sub(r"[\s-]", "", code).upper().encode()).hexdigest()


def decide(state: Book, message: Message, _facts: Facts) -> list[Event]:
    """Add, confirm, take back; forget."""
    match message.body:
        case AddContact() as command:
            return [_added(state, command, message.time)]
        case ConfirmContact() as command:
            return _confirmed(state, command, message.time)
        case RemoveContact() as command:
            return _removed(state, command.channel)
        case TryContact() as command:
            if command.channel in CHAT and command.channel not in state.verified:
                raise Refused("NOT_VERIFIED", status=409, where="channel")
            return [ContactTested(person=state.person, channel=command.channel, n=state.tests + 1)]
        case PersonForgotten():
            return _removed(state, ALL)
    return []


def _added(state: Book, command: AddContact, at: datetime) -> ContactAdded:
    said: dict[str, Any] = command.model_dump()
    return ContactAdded(person=state.person, n=state.n + 1, until=at + VALID, **said)


def _removed(state: Book, channel: str) -> list[Event]:
    known = {**state.verified, **state.waiting}
    left = {name: one for name, one in state.verified.items() if channel not in (ALL, name)}
    gone = channel in known or (channel == ALL and known)
    return [ContactRemoved(person=state.person, channel=channel, verified=left)] if gone else []


def _confirmed(state: Book, command: ConfirmContact, at: datetime) -> list[Event]:
    waiting = state.waiting.get(command.channel)
    if waiting is None or at >= waiting.until or not compare_digest(digest(command.code), waiting.digest):
        raise Refused("WRONG_CODE", status=422, where="code")
    now = {**state.verified, command.channel: Contact(contact=waiting.contact, n=waiting.n)}
    return [ContactVerified(person=state.person, channel=command.channel, verified=now)]


def evolve(state: Book, event: Event) -> Book:
    """After one of its own events."""
    match event:
        case ContactAdded():
            waiting = Waiting.model_validate(event.model_dump())
            return state.model_copy(update={"n": event.n, "waiting": {**state.waiting, event.channel: waiting}})
        case ContactRemoved() if event.channel == ALL:
            return Book(person=state.person, n=state.n)
        case ContactVerified():
            waiting_still = {name: one for name, one in state.waiting.items() if name != event.channel}
            return state.model_copy(update={"waiting": waiting_still, "verified": event.verified})
        case ContactTested():
            return state.model_copy(update={"tests": event.n})
    return state


def answer(state: Book) -> Mapping[str, Any]:
    """What the person sees: which channels are verified, which wait for their code and until when."""
    waiting = {name: one.until.isoformat() for name, one in state.waiting.items()}
    return {"verified": sorted(state.verified), "waiting": waiting}


CONTACTS = Decider("contacts", Book, initial, decide, evolve, answer=answer)
