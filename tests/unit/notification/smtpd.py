"""A real SMTP server on loopback that answers as it is told to, and the e-mail effect in front of it."""

import asyncio
from collections.abc import Collection, Mapping
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from services.notification.channels.email import Email
from services.notification.channels.smtp import Pool
from services.notification.domain.facts import NotKnown, Particulars, Reader, Wishes
from services.notification.effects import Sending, Sources
from services.notification.links import Links
from services.notification.papers import PaperAway
from services.notification.settings import Settings
from shared.runtime.service import Job
from tests.unit.notification.samples import NOW

SITI = Particulars(name="Siti Aminah, S.Kom.", email="siti@example.test", language="id", zone="WIB", version=3)
VALUES = {"case": "c1"}


class Scripted:
    """Answers each message by its script: a reply, "drop", "hang" or "slow"; after its end with 250."""

    def __init__(self) -> None:
        self.script: list[str] = []
        self.rcpt: list[str] = []
        self.taken: list[bytes] = []
        self.seen: list[bytes] = []
        self.connections = 0
        self.arrived = asyncio.Event()

    async def handle_RCPT(self, _server: SMTP, _s: Session, envelope: Envelope, to: str, _o: list[str]) -> str:
        """The recipient, or the scripted answer to it."""
        answer = self.rcpt.pop(0) if self.rcpt else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(to)
        return answer

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        """The message has arrived whole; what is answered is scripted."""
        content = envelope.content
        assert isinstance(content, bytes)
        self.seen.append(content)
        self.arrived.set()
        answer = self.script.pop(0) if self.script else "250 OK"
        if answer == "drop":
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        elif answer in ("hang", "slow"):
            await asyncio.sleep(1.0 if answer == "hang" else 0.1)
            answer = "250 late"
        if answer.startswith("250"):
            self.taken.append(content)
        return answer

    def session(self) -> SMTP:
        """One more connection."""
        self.connections += 1
        return SMTP(self, hostname="mx.example.test", enable_SMTPUTF8=False)


class Known:
    """Particulars as the copies of a service hold them."""

    def __init__(self, persons: Mapping[str, Particulars | None]) -> None:
        self.persons = persons
        self.wishes = Wishes()
        self.suspended: tuple[str, ...] = ()
        self.chat: dict[str, str] = {}

    async def reader(self, person: str, channel: str, contact: str = "") -> Reader:
        """As the port says; an address that is not verified yet has a code."""
        if person not in self.persons:
            raise NotKnown(person)
        known = self.persons[person]
        if known is None:
            return Reader(None)
        address = known.email if channel == "email" else self.chat.get(channel, "")
        code = "ABCDE-FGHIJ" if contact else ""
        return Reader(known, self.wishes, channel in self.suspended, address, known.version, code)

    async def titles(self, ids: Collection[str]) -> Mapping[str, str]:
        """Every place has a title here."""
        return {id: f"Judul {id}" for id in ids}


class Desk:
    """Where papers are fetched: what it was asked for, and what it answers; without `paper` nothing is there."""

    def __init__(self, paper: bytes = b"") -> None:
        self.paper, self.asked = paper, list[tuple[str, str]]()

    async def copy(self, paper: str, person: str) -> bytes:
        """As the port says."""
        self.asked.append((paper, person))
        if not self.paper:
            raise PaperAway
        return self.paper


def known_links() -> Links:
    """Links whose secret needs no database."""
    return Links("https://notices.example.test", 60, b"k" * 32)


class Sender:
    """The effect with its pool, and jobs for it."""

    def __init__(self, settings: Settings, person: Particulars | None = SITI, *, legal: bool = False) -> None:
        self.pool = Pool(settings)
        email = Email(self.pool, settings.mail_from)
        self.known = Known({"p901": person})
        self.desk = Desk()
        sources = Sources(self.known, known_links(), self.desk)
        self.effect = Sending(sources, email, settings, legal=legal, spread=lambda: 1.0)

    async def send(self, message: str = "m:1", attempt: int = 1, **changes: Any) -> Mapping[str, Any]:
        """One attempt at one message: its result and code."""
        done = await self.told(message, attempt, **changes)
        return {name: done[name] for name in ("result", "code") if done.get(name)}

    async def told(self, message: str = "m:1", attempt: int = 1, **changes: Any) -> Mapping[str, Any]:
        """One attempt at one message: all that the ledger hears of it."""
        data = {
            "message": message,
            "person": "p901",
            "template": "proposal.refused",
            "page": "cases/c1",
            "values": VALUES,
        }
        return await self.effect.run(Job("send-1", message, "email", data | changes, attempt, NOW))


def mail(content: bytes) -> EmailMessage:
    found = message_from_bytes(content, policy=default)
    assert isinstance(found, EmailMessage)
    return found
