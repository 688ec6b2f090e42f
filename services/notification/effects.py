"""What notification does to the outside: it hands messages to their channel, and tells the ledger how that ended."""

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from random import SystemRandom
from typing import Any, Literal, NamedTuple, Protocol

from jinja2 import TemplateError

from services.notification.channels.port import (
    Channel,
    NotSent,
    Parcel,
    Rejected,
    Unanswered,
    Unreachable,
)
from services.notification.channels.record import Record, Recorder
from services.notification.domain.facts import NotKnown, Reader
from services.notification.domain.ledger import Send
from services.notification.domain.masks import masked
from services.notification.domain.preferences import quiet_for, switchable
from services.notification.domain.rules import rules
from services.notification.links import Links
from services.notification.papers import PaperAway
from services.notification.settings import Settings
from services.notification.valves import Valves
from services.notification.words import Pages, places, words
from shared.kernel.calendar import Zone
from shared.runtime.service import Effect, Job, TryAgain

# One round: so many attempts, the pause doubling from the first to the longest (seconds): about two hours.
TRIES, FIRST, LONGEST = 8, 60.0, 3600.0
# A server that is away, or particulars not yet told, are asked for again much sooner.
SOON, SOON_LONGEST = 2.0, 60.0
Outcome = Mapping[str, Any]


class Directory(Protocol):
    """Where names, addresses and titles are looked up at the moment of sending."""

    async def reader(self, person: str, channel: str, contact: str = "") -> Reader:
        """Who is told, and where; `contact` names an address that is not verified yet. Raises NotKnown."""

    async def titles(self, ids: Collection[str]) -> Mapping[str, str]:
        """Titles of places (`unit/…`); unknown ones are left out."""


class Papers(Protocol):
    """Where the copy of a decree is fetched from."""

    async def copy(self, paper: str, person: str) -> bytes:
        """The PDF of a paper about this person; b"" where the link has to do. Raises PaperAway."""


class Sources(NamedTuple):
    """Where what a message needs is found at the moment of sending."""

    directory: Directory
    links: Links
    papers: Papers


def _spread() -> float:
    return SystemRandom().uniform(0.5, 1.5)


class Sending:
    """Sends one message; a `legal` one again when the answer got lost, since missing it is worse than two."""

    def __init__(
        self,
        sources: Sources,
        channel: Channel,
        settings: Settings,
        *,
        legal: bool,
        spread: Callable[[], float] = _spread,
    ) -> None:
        self.directory, self.links, self.papers = sources
        self.channel, self.settings, self.legal, self.spread = channel, settings, legal, spread

    async def run(self, job: Job) -> Outcome:
        """One attempt. Raises TryAgain while the round lasts, then leaves it to the ledger ("deferred")."""
        letter = Send.model_validate(job.data)
        try:
            reader = await self.directory.reader(letter.person, self.channel.name, letter.values.get("contact", ""))
        except NotKnown:
            if job.attempt >= TRIES:
                return {"result": "suppressed", "code": "NO_ADDRESS"}
            raise TryAgain(self._pause(job, SOON, SOON_LONGEST), "NOT_KNOWN") from None
        person = reader.particulars
        if person is None:
            return {"result": "suppressed", "code": "FORGOTTEN"}
        if reader.suspended or not reader.address:
            return {"result": "suppressed", "code": "SUSPENDED" if reader.address else "NO_ADDRESS"}
        if not letter.legal and letter.urgency != "high":
            self._respect(quiet_for(reader.wishes, Zone[person.zone], job.now))
        known = {**await self.directory.titles(places(letter)), "code": reader.code}
        paper = await self._paper(job, letter)
        pages = self._pages(letter, job.now)
        try:
            said = words(letter, person, known, pages, self.channel.parts, attached=bool(paper))
        except TemplateError:
            return {"result": "failed", "code": "BAD_TEMPLATE"}
        return await self._deliver(job, Parcel(letter, person, reader.address, said, reader.known, paper))

    async def _paper(self, job: Job, letter: Send) -> bytes:
        """The file that goes with it; b"" where the link has to do. Raises TryAgain while it may still come."""
        if not letter.attach or "file" not in self.channel.parts:
            return b""
        try:
            return await self.papers.copy(letter.attach, letter.person)
        except PaperAway:
            if job.attempt >= rules().attachment.tries:
                return b""
            raise TryAgain(self._pause(job, SOON, SOON_LONGEST), "PAPER_AWAY") from None

    def _pages(self, letter: Send, now: datetime) -> Pages:
        """A link to switch such messages off where that is possible, one to confirm that a legal notice was read."""
        free = switchable(letter.category, self.channel.name)
        off = self.links.url(letter.message, "off", now) if free else ""
        return Pages(self.settings.portal_url, off, self.links.url(letter.message, "seen", now) if letter.legal else "")

    def _respect(self, quiet: float) -> None:
        """Raises TryAgain while the reader's quiet hours last."""
        if quiet > 0:
            raise TryAgain(quiet, "QUIET_HOURS")

    async def _deliver(self, job: Job, parcel: Parcel) -> Outcome:
        try:
            answer = await self.channel.deliver(parcel)
        except Unanswered as silence:
            return self._unanswered(job, parcel, silence.code)
        except Rejected as no:
            return _outcome(job, parcel, "failed", no)
        except NotSent as later:
            return self._later(job, parcel, later)
        return _outcome(job, parcel, "sent", answer=answer)

    def _unanswered(self, job: Job, parcel: Parcel, code: str) -> Outcome:
        """Asked again where the provider knows a repeat, or where missing it is worse than two."""
        if (self.channel.safe or self.legal) and job.attempt < TRIES:
            safe = self._pause(job, SOON, SOON_LONGEST)
            raise TryAgain(safe if self.channel.safe else self.settings.smtp_window, code, _reply(job, parcel, code))
        return {**_outcome(job, parcel, "ambiguous"), "code": code, "reply": _reply(job, parcel, code)}

    def _later(self, job: Job, parcel: Parcel, later: NotSent) -> Outcome:
        if job.attempt >= TRIES:
            return _outcome(job, parcel, "deferred", later)
        slow = not isinstance(later, Unreachable)
        pause = self._pause(job, FIRST if slow else SOON, LONGEST if slow else SOON_LONGEST)
        raise TryAgain(max(pause, later.after), later.code, _reply(job, parcel, later.code, later.reply))

    def _pause(self, job: Job, first: float, longest: float) -> float:
        return float(min(first * 2.0 ** (job.attempt - 1), longest) * self.spread())


def _outcome(job: Job, parcel: Parcel, result: str, no: NotSent | None = None, answer: str = "") -> Outcome:
    code, failure, said = (no.code, no.failure, no.reply) if no else ("", "", answer)
    digest = sha256(parcel.paper).hexdigest() if parcel.paper else ""
    sent = {"version": parcel.words.version, "known": parcel.known, "attached": digest}
    return {"result": result, "code": code, "failure": failure, **sent, "reply": _reply(job, parcel, code, said)}


def _reply(job: Job, parcel: Parcel, code: str, answer: str = "") -> dict[str, Any]:
    """One attempt as the ledger keeps it, by the real clock."""
    at, text = datetime.now(UTC).isoformat(timespec="milliseconds"), masked(answer, parcel.address)
    return {"attempt": job.attempt, "at": at, "code": code, "text": text}


def effects(
    sources: Sources, channels: Collection[Channel], recorder: Recorder, settings: Settings, valves: Valves
) -> dict[str, Effect]:
    """The effects by kind of work, with what a crash in between means. What leaves the house waits in its lane, and
    its channel's valve hears how it ended.
    """
    lease = settings.longest_attempt
    found = {"record": Effect(Record(recorder).run, crash="repeat", lease=10.0, parallel=64)}
    for channel in channels:
        again: Literal["repeat", "ambiguous"] = "repeat" if channel.safe else "ambiguous"
        plain = valves.watched(channel.name, Sending(sources, channel, settings, legal=False).run)
        legal = valves.watched(channel.name, Sending(sources, channel, settings, legal=True).run)
        window = lease if channel.safe else max(lease, settings.smtp_window)
        found[channel.name] = Effect(plain, crash=again, lease=lease, parallel=50, waits=True)
        found[f"{channel.name}_legal"] = Effect(legal, crash="repeat", lease=window, parallel=50, waits=True)
    return found
