"""E-mail: the envelope around the words, handed to a mail server."""

import re
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Protocol

from services.notification.channels.calendar import NAME, invitation
from services.notification.channels.port import Parcel, Rejected
from services.notification.domain.facts import Particulars

# What a name keeps in a header; brackets, quotes, @ and = mean something there. A line may have 998 bytes.
PLAIN, LONGEST_NAME, UNFOLDED = " .,'’-", 120, 990
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


class MailServer(Protocol):
    """Takes messages: see `smtp.Pool`."""

    async def send(self, sender: str, recipient: str, content: bytes) -> str:
        """Hand one message over; the answer. Raises Unreachable, PutOff, Rejected, Unanswered."""


class Email:
    """The channel `email`."""

    name = "email"
    safe = False

    def __init__(self, server: MailServer, sender: str) -> None:
        self.server, self.sender = server, sender

    async def deliver(self, parcel: Parcel) -> str:
        """Hand it to the server; the answer to its data. Raises NotSent, Unanswered."""
        return await self.server.send(self.sender, parcel.address, wire(compose(parcel, self.sender)))


def mailbox(person: Particulars) -> Address:
    """Name and address for the header. Raises Rejected BAD_ADDRESS."""
    if not _ADDRESS.fullmatch(person.email):
        raise Rejected("BAD_ADDRESS")
    shown = "".join(c if c.isalnum() or c in PLAIN else " " for c in person.name)
    return Address(display_name=" ".join(shown.split())[:LONGEST_NAME], addr_spec=person.email)


def wire(mail: EmailMessage) -> bytes:
    """The e-mail as it is handed over. Headers are not folded: the email package loses quotes then."""
    return mail.as_bytes(policy=SMTP.clone(max_line_length=UNFOLDED))


def message_header(message: str, domain: str) -> str:
    """The Message-ID: the same for every sending of the same message."""
    return f"<{message.replace(':', '.')}@{domain}>"


def compose(parcel: Parcel, sender: str) -> EmailMessage:
    """The whole e-mail. Raises Rejected BAD_ADDRESS."""
    words, letter = parcel.words, parcel.letter
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(display_name="mutasi ASN", addr_spec=sender)
    mail["To"] = mailbox(parcel.person)
    mail["Subject"] = words.subject
    mail["Date"] = format_datetime(datetime.now(UTC))  # real time, also where the demo shifts the domain's
    mail["Message-ID"] = message_header(letter.message, sender.rpartition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"
    if words.off:
        # A page that asks (RFC 2369), and one click of a mail program that posts (RFC 8058): a scanner stops nothing.
        mail["List-Unsubscribe"] = f"<{words.off}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(words.text, cte="quoted-printable")
    mail.add_alternative(words.html, subtype="html", cte="quoted-printable")
    if letter.appointment is not None:
        method, file = invitation(parcel, letter.appointment, sender)
        mail.add_attachment(file, maintype="text", subtype="calendar", filename=NAME, params={"method": method})
    # Last, since adding a part moves every Content- header into the first one.
    mail["Content-Language"] = parcel.person.language
    return mail
