"""E-mail: the envelope around the words, handed to a mail server."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Protocol

from services.notification.channels import mime
from services.notification.channels.calendar import NAME, invitation
from services.notification.channels.port import Parcel, Rejected
from services.notification.domain.facts import Particulars

# What a name keeps in a header; brackets, quotes, @ and = mean something there.
PLAIN, LONGEST_NAME = " .,'’-", 120
PAPER = "SK-mutasi.pdf"
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


class MailServer(Protocol):
    """Takes messages: see `smtp.Pool`."""

    async def send(self, sender: str, recipient: str, content: bytes) -> str:
        """Hand one message over; the answer. Raises Unreachable, PutOff, Rejected, Unanswered."""


class Email:
    """The channel `email`."""

    name = "email"
    safe = False
    parts: tuple[str, ...] = ("text", "html", "file")

    def __init__(self, server: MailServer, sender: str) -> None:
        self.server, self.sender = server, sender

    async def deliver(self, parcel: Parcel) -> str:
        """Hand it to the server; the answer to its data. Raises NotSent, Unanswered."""
        return await self.server.send(self.sender, parcel.address, compose(parcel, self.sender))


def recipient(person: Particulars) -> str:
    """The value of the field To. Raises Rejected BAD_ADDRESS."""
    if not _ADDRESS.fullmatch(person.email):
        raise Rejected("BAD_ADDRESS")
    shown = "".join(c if c.isalnum() or c in PLAIN else " " for c in person.name)
    return mime.mailbox("To", " ".join(shown.split())[:LONGEST_NAME], person.email)


def message_header(message: str, domain: str) -> str:
    """The Message-ID: the same for every sending of the same message."""
    return f"<{message.replace(':', '.')}@{domain}>"


def compose(parcel: Parcel, sender: str) -> bytes:
    """The whole e-mail as it is handed over. Raises Rejected BAD_ADDRESS."""
    words, letter = parcel.words, parcel.letter
    whole = mime.together("alternative", (mime.text("plain", words.text), mime.text("html", words.html)))
    files: list[mime.Part] = []
    if letter.appointment is not None:
        method, content = invitation(parcel, letter.appointment, sender)
        files.append(mime.file(f'text/calendar; charset="utf-8"; method={method}; name="{NAME}"', NAME, content))
    if parcel.paper:
        files.append(mime.file(f'application/pdf; name="{PAPER}"', PAPER, parcel.paper))
    if files:
        whole = mime.together("mixed", (whole, *files))
    return whole.wire(_fields(parcel, sender))


def _fields(parcel: Parcel, sender: str) -> Iterator[tuple[str, str]]:
    yield "From", mime.mailbox("From", "mutasi ASN", sender)
    yield "To", recipient(parcel.person)
    yield "Subject", mime.words("Subject", parcel.words.subject)
    yield "Date", format_datetime(datetime.now(UTC))  # real time, also where the demo shifts the domain's
    yield "Message-ID", message_header(parcel.letter.message, sender.rpartition("@")[2])
    yield "Auto-Submitted", "auto-generated"
    if parcel.words.off:
        # A page that asks (RFC 2369), and one click of a mail program that posts (RFC 8058): a scanner stops nothing.
        yield "List-Unsubscribe", f"<{parcel.words.off}>"
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"
    yield "Content-Language", parcel.person.language
    yield "MIME-Version", "1.0"
