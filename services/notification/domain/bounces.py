"""Delivery status notifications (RFC 3464): what a mail system says of messages it could not deliver, or did. Pure."""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from typing import Literal, NamedTuple

from services.notification.domain.masks import masked

_OURS = re.compile(r"<?m\.([0-9a-f]{32})@")
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_OUTCOMES: dict[str, Literal["delivered", "bounced"]] = {"failed": "bounced", "delivered": "delivered"}


class Notified(NamedTuple):
    """One of our messages, what became of it, the status (RFC 3463) and the other side's words."""

    message: str
    status: Literal["delivered", "bounced"]
    code: str
    text: str


def read(content: bytes) -> tuple[Notified, ...]:
    """Every message of ours that the notification tells the end of; "delayed" and "relayed" are no end.

    Nothing for mail that is no notification, or about mail that is not ours.
    """
    mail = message_from_bytes(content, policy=default)
    if mail.get_content_type() != "multipart/report":
        return ()
    message = next(_ours(mail), "")
    return tuple(_told(message, part) for part in _recipients(mail) if message and _action(part) in _OUTCOMES)


def _ours(mail: EmailMessage) -> Iterator[str]:
    """The Message-ID of the returned message or of its headers, if it is one of ours."""
    for part in mail.walk():
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers"):
            inner = part.get_payload()
            whole = inner[0] if isinstance(inner, list) else None
            # Headers as they came: to fold or decode what another server mangled raises.
            headers = whole.raw_items() if isinstance(whole, Message) else _lines(str(part.get_content()))
            for name, value in headers:
                if name.lower() == "message-id" and (found := _OURS.search(str(value))):
                    yield f"m:{found[1]}"


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        name, _, value = line.partition(":")
        yield name, value


def _recipients(mail: EmailMessage) -> Iterator[Message]:
    """The blocks of the status part that speak of a recipient."""
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            yield from (block for block in part.get_payload() if isinstance(block, Message) and block.get("Action"))


def _action(block: Message) -> str:
    return str(block["Action"]).strip().lower()


def _told(message: str, block: Message) -> Notified:
    status = _STATUS.search(str(block.get("Status", "")))
    address = str(block.get("Final-Recipient", "")).rpartition(";")[2].strip()
    words = masked(str(block.get("Diagnostic-Code", "")).rpartition(";")[2], address)
    return Notified(message, _OUTCOMES[_action(block)], status[0] if status else "5.0.0", words)
