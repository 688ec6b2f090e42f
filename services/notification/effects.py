"""What notification does to the outside: it hands messages to their channel, and tells the ledger how that ended."""

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from random import SystemRandom
from typing import Any, Protocol

from jinja2 import TemplateError

from services.notification.channels.email import Email, MailServer
from services.notification.channels.port import (
    Channel,
    NotSent,
    Parcel,
    PutOff,
    Rejected,
    Unanswered,
)
from services.notification.channels.record import Record, Recorder
from services.notification.domain.facts import PLACES, NotKnown, Reader
from services.notification.domain.ledger import Send
from services.notification.domain.masks import masked
from services.notification.domain.preferences import quiet_for
from services.notification.settings import Settings
from services.notification.words import words
from shared.kernel.calendar import Zone
from shared.runtime.service import Effect, Job, TryAgain

# One round: so many attempts, the pause doubling from the first to the longest (seconds): about two hours.
TRIES, FIRST, LONGEST = 8, 60.0, 3600.0
# A server that is away, or particulars not yet told, are asked for again much sooner.
SOON, SOON_LONGEST = 2.0, 60.0
Outcome = Mapping[str, Any]


class Directory(Protocol):
    """Where names, addresses and titles are looked up at the moment of sending."""

    async def reader(self, person: str, channel: str) -> Reader:
        """Who is told. Raises NotKnown."""

    async def titles(self, ids: Collection[str]) -> Mapping[str, str]:
        """Titles of places (`unit/…`); unknown ones are left out."""


def _spread() -> float:
    return SystemRandom().uniform(0.5, 1.5)


class Sending:
    """Sends one message; a `legal` one again when the answer got lost, since missing it is worse than two."""

    def __init__(
        self,
        directory: Directory,
        channel: Channel,
        settings: Settings,
        *,
        legal: bool,
        spread: Callable[[], float] = _spread,
    ) -> None:
        self.directory, self.channel, self.settings = directory, channel, settings
        self.legal, self.spread = legal, spread

    async def run(self, job: Job) -> Outcome:
        """One attempt. Raises TryAgain while the round lasts, then leaves it to the ledger ("deferred")."""
        letter = Send.model_validate(job.data)
        try:
            reader = await self.directory.reader(letter.person, self.channel.name)
        except NotKnown:
            if job.attempt >= TRIES:
                return {"result": "suppressed", "code": "NO_ADDRESS"}
            raise TryAgain(self._pause(job, SOON, SOON_LONGEST), "NOT_KNOWN") from None
        person = reader.particulars
        if person is None:
            return {"result": "suppressed", "code": "FORGOTTEN"}
        address = self.channel.where(person)
        if reader.suspended or not address:
            return {"result": "suppressed", "code": "SUSPENDED" if address else "NO_ADDRESS"}
        if not letter.legal and letter.urgency != "high":
            self._respect(quiet_for(reader.wishes, Zone[person.zone], job.now))
        titles = await self._titles(letter)
        try:
            said = words(letter, person, titles, self.settings.portal_url)
        except TemplateError:
            return {"result": "failed", "code": "BAD_TEMPLATE"}
        return await self._deliver(job, Parcel(letter, person, address, said))

    def _respect(self, quiet: float) -> None:
        """Raises TryAgain while the reader's quiet hours last."""
        if quiet > 0:
            raise TryAgain(quiet, "QUIET_HOURS")

    async def _titles(self, letter: Send) -> dict[str, str]:
        ids = {name: f"{name}/{letter.values[name]}" for name in PLACES if letter.values.get(name)}
        known = await self.directory.titles(tuple(ids.values()))
        return {name: known[id] for name, id in ids.items() if id in known}

    async def _deliver(self, job: Job, parcel: Parcel) -> Outcome:
        try:
            answer = await self.channel.deliver(parcel)
        except Unanswered:
            if self.legal and job.attempt < TRIES:
                raise TryAgain(self.settings.smtp_window, "UNANSWERED", _reply(job, parcel, "UNANSWERED")) from None
            return _outcome(job, parcel, "ambiguous", "UNANSWERED")
        except Rejected as no:
            return _outcome(job, parcel, "failed", no.code, no.reply)
        except NotSent as later:
            return self._later(job, parcel, later)
        return _outcome(job, parcel, "sent", "", answer)

    def _later(self, job: Job, parcel: Parcel, later: NotSent) -> Outcome:
        if job.attempt >= TRIES:
            return _outcome(job, parcel, "deferred", later.code, later.reply)
        slow = isinstance(later, PutOff)
        pause = self._pause(job, FIRST if slow else SOON, LONGEST if slow else SOON_LONGEST)
        raise TryAgain(max(pause, later.after), later.code, _reply(job, parcel, later.code, later.reply))

    def _pause(self, job: Job, first: float, longest: float) -> float:
        return float(min(first * 2.0 ** (job.attempt - 1), longest) * self.spread())


def _outcome(job: Job, parcel: Parcel, result: str, code: str, answer: str = "") -> Outcome:
    reply = _reply(job, parcel, code, answer)
    sent = {"version": parcel.words.version, "known": parcel.person.version}
    return {"result": result, "code": code, **sent, "reply": reply}


def _reply(job: Job, parcel: Parcel, code: str, answer: str = "") -> dict[str, Any]:
    """One attempt as the ledger keeps it, by the real clock."""
    at, text = datetime.now(UTC).isoformat(timespec="milliseconds"), masked(answer, parcel.address)
    return {"attempt": job.attempt, "at": at, "code": code, "text": text}


def effects(directory: Directory, server: MailServer, recorder: Recorder, settings: Settings) -> dict[str, Effect]:
    """The effects by kind of work, with what a crash in between means.

    `parallel` is far above the connections, because work that waits for a slot lets its lease run out; who
    waits for a connection gives up in time.
    """
    email = Email(server, settings.mail_from, settings.portal_url)
    plain = Sending(directory, email, settings, legal=False)
    legal = Sending(directory, email, settings, legal=True)
    lease = settings.longest_attempt
    return {
        "email": Effect(plain.run, crash="ambiguous", lease=lease, parallel=10_000),
        "email_legal": Effect(legal.run, crash="repeat", lease=max(lease, settings.smtp_window), parallel=10_000),
        "record": Effect(Record(recorder).run, crash="repeat", lease=10.0, parallel=64),
    }
