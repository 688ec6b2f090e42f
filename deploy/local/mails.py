"""The mails that the demo's SMTP server keeps: one file each, so that a restart loses none."""

import re
import time
import uuid
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from pydantic import BaseModel

KEY = re.compile(r"^\d{20}-[0-9a-f]{8}$")


class Summary(BaseModel):
    """One line of the list."""

    id: str
    received: datetime
    sender: str
    to: list[str]
    subject: str


class Mail(Summary):
    """One mail with what its reader sees."""

    headers: list[tuple[str, str]]
    text: str
    html: str
    attachments: list[str]


class Mails:
    """A folder of mails, newest first."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        keys = sorted(path.stem for path in folder.glob("*.eml") if KEY.match(path.stem))
        self._list = [_summary(key, self._read(key)) for key in keys]

    def add(self, sender: str, to: list[str], content: bytes) -> str:
        """Keeps a mail with its envelope, which the mail itself does not tell, and returns its key."""
        key = f"{time.time_ns():020d}-{uuid.uuid4().hex[:8]}"
        envelope = f"X-Envelope-From: {sender}\r\nX-Envelope-To: {', '.join(to)}\r\n"
        part = self._folder / f".{key}.part"
        part.write_bytes(envelope.encode() + content)
        part.rename(self._folder / f"{key}.eml")
        self._list.append(_summary(key, self._read(key)))
        return key

    def latest(self, to: str, offset: int, limit: int) -> list[Summary]:
        """The newest mails, on demand those to one address."""
        wanted = [mail for mail in reversed(self._list) if not to or to in mail.to]
        return wanted[offset : offset + limit]

    def get(self, key: str) -> Mail | None:
        """One mail; only keys of our own making reach the disk."""
        if not KEY.match(key) or not (self._folder / f"{key}.eml").exists():
            return None
        message = self._read(key)
        return Mail(
            **_summary(key, message).model_dump(),
            headers=[(name, str(value)) for name, value in message.items()],
            text=_body(message, "plain"),
            html=_body(message, "html"),
            attachments=[part.get_filename() or "?" for part in message.iter_attachments()],
        )

    def file(self, key: str, number: int) -> tuple[str, bytes] | None:
        """Name and bytes of one attachment, counted from 0."""
        if self.get(key) is None:
            return None
        parts = list(self._read(key).iter_attachments())
        if not 0 <= number < len(parts):
            return None
        content = parts[number].get_payload(decode=True)
        return parts[number].get_filename() or "?", content if isinstance(content, bytes) else b""

    def _read(self, key: str) -> EmailMessage:
        content = (self._folder / f"{key}.eml").read_bytes()
        return message_from_bytes(content, policy=policy.default)


def _summary(key: str, message: EmailMessage) -> Summary:
    to = str(message["X-Envelope-To"] or "")
    return Summary(
        id=key,
        received=datetime.fromtimestamp(int(key[:20]) / 1e9, UTC),
        sender=str(message["X-Envelope-From"] or ""),
        to=[address.strip() for address in to.split(",") if address.strip()],
        subject=str(message["Subject"] or ""),
    )


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""
