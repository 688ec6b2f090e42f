"""What notification does to the outside: it sends e-mail, or only notes what it would (channel `record`)."""

from collections.abc import Callable, Collection, Mapping
from random import SystemRandom
from typing import Any, Protocol

from jinja2 import TemplateError

from services.notification.domain.facts import PLACES, NotKnown, Particulars
from services.notification.domain.ledger import Send
from services.notification.mail import BadAddress, compose, wire
from services.notification.settings import Settings
from services.notification.smtp import PutOff, Rejected, Unanswered, Unreachable
from shared.runtime.service import Effect, Job, TryAgain

# One round: so many attempts, the pause doubling from the first to the longest (seconds): about two hours.
TRIES, FIRST, LONGEST = 8, 60.0, 3600.0
# A server that is away, or particulars not yet told, are asked for again much sooner.
SOON, SOON_LONGEST = 2.0, 60.0
Outcome = Mapping[str, Any]


class Directory(Protocol):
    """Where names, addresses and titles are looked up at the moment of sending."""

    async def person(self, person: str) -> Particulars | None:
        """Particulars; None for a person who was forgotten. Raises NotKnown."""

    async def titles(self, ids: Collection[str]) -> Mapping[str, str]:
        """Titles of places (`unit/…`); unknown ones are left out."""


class MailServer(Protocol):
    """Takes messages: see `smtp.Pool`."""

    async def send(self, sender: str, recipient: str, content: bytes) -> None:
        """Hand one message over. Raises Unreachable, PutOff, Rejected, Unanswered."""


class Recorder(Protocol):
    """Keeps what the channel `record` was asked to send."""

    async def record(self, key: str, recipient: str, channel: str) -> None:
        """Keep one message; the same key twice is one record, which counts its times."""


def _spread() -> float:
    return SystemRandom().uniform(0.5, 1.5)


class Email:
    """Sends one message; a `legal` one again when the answer got lost, since missing it is worse than two."""

    def __init__(
        self,
        directory: Directory,
        server: MailServer,
        settings: Settings,
        *,
        legal: bool,
        spread: Callable[[], float] = _spread,
    ) -> None:
        self.directory, self.server, self.settings = directory, server, settings
        self.legal, self.spread = legal, spread

    async def run(self, job: Job) -> Outcome:
        """One attempt. Raises TryAgain while the round lasts, then leaves it to the ledger ("deferred")."""
        letter = Send.model_validate(job.data)
        try:
            person = await self.directory.person(letter.person)
        except NotKnown:
            if job.attempt >= TRIES:
                return {"result": "suppressed", "code": "NO_ADDRESS"}
            raise self._again(job, "NOT_KNOWN", SOON, SOON_LONGEST) from None
        if person is None or not person.email:
            return {"result": "suppressed", "code": "NO_ADDRESS"}
        titles = await self._titles(letter)
        try:
            mail = compose(letter, person, titles, self.settings.portal_url, self.settings.mail_from)
        except BadAddress:
            return {"result": "failed", "code": "BAD_ADDRESS"}
        except TemplateError:
            return {"result": "failed", "code": "BAD_TEMPLATE"}
        return await self._send(job, person.email, wire(mail))

    async def _titles(self, letter: Send) -> dict[str, str]:
        ids = {name: f"{name}/{letter.values[name]}" for name in PLACES if letter.values.get(name)}
        known = await self.directory.titles(tuple(ids.values()))
        return {name: known[id] for name, id in ids.items() if id in known}

    async def _send(self, job: Job, recipient: str, content: bytes) -> Outcome:
        try:
            await self.server.send(self.settings.mail_from, recipient, content)
        except Rejected as no:
            return {"result": "failed", "code": no.code}
        except PutOff as later:
            return self._later(job, later.code, FIRST, LONGEST)
        except Unreachable as away:
            return self._later(job, away.code, SOON, SOON_LONGEST)
        except Unanswered:
            if self.legal and job.attempt < TRIES:
                raise TryAgain(self.settings.smtp_window, "UNANSWERED") from None
            return {"result": "ambiguous", "code": "UNANSWERED"}
        return {"result": "sent"}

    def _later(self, job: Job, code: str, first: float, longest: float) -> Outcome:
        if job.attempt >= TRIES:
            return {"result": "deferred", "code": code}
        raise self._again(job, code, first, longest)

    def _again(self, job: Job, code: str, first: float, longest: float) -> TryAgain:
        return TryAgain(min(first * 2.0 ** (job.attempt - 1), longest) * self.spread(), code)


class Record:
    """The channel for measurements and tests: it keeps recipient, channel and key, and sends nothing."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder

    async def run(self, job: Job) -> Outcome:
        """Keep one message. A repeat meets the same record."""
        letter = Send.model_validate(job.data)
        await self.recorder.record(letter.message, letter.person, "record")
        return {"result": "sent"}


def effects(directory: Directory, server: MailServer, recorder: Recorder, settings: Settings) -> dict[str, Effect]:
    """The effects by kind of work, with what a crash in between means.

    `parallel` is far above the connections, because work that waits for a slot lets its lease run out; who
    waits for a connection gives up in time.
    """
    plain = Email(directory, server, settings, legal=False)
    legal = Email(directory, server, settings, legal=True)
    lease = settings.longest_attempt
    return {
        "email": Effect(plain.run, crash="ambiguous", lease=lease, parallel=10_000),
        "email_legal": Effect(legal.run, crash="repeat", lease=max(lease, settings.smtp_window), parallel=10_000),
        "record": Effect(Record(recorder).run, crash="repeat", lease=10.0, parallel=64),
    }
