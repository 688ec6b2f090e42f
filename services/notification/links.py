"""Links in mails that act: signed, expiring, of one message and so of one person; followed once (`domain/links.py`)."""

import base64
import hmac
import re
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from motor.motor_asyncio import AsyncIOMotorDatabase
from pymongo import ReturnDocument

from services.notification.domain.links import Act

_TOKEN = re.compile(r"([0-9a-f]{32})\.(off|on|seen)\.([0-9]{10})\.([A-Za-z0-9_-]{43})")


class Link(NamedTuple):
    """What a token says: the message it was sent with, what it asks for, until when."""

    message: str
    act: Act
    until: datetime


class NoLink(Exception):
    """No token of ours, or one that has expired: `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Links:
    """Makes and reads tokens. The secret is made once and kept in the service's own database."""

    def __init__(self, base: str, days: int, secret: bytes = b"") -> None:
        self._base, self._days, self._secret = base.rstrip("/"), days, secret

    async def attach(self, db: AsyncIOMotorDatabase[Any]) -> None:
        """Fetch the secret; the first process that comes makes it."""
        made = {"$setOnInsert": {"secret": secrets.token_bytes(32)}}
        after = ReturnDocument.AFTER
        found = await db["keys"].find_one_and_update({"_id": "links"}, made, upsert=True, return_document=after)
        self._secret = found["secret"]

    def url(self, message: str, act: Act, now: datetime) -> str:
        """The address of the page, good for so many days from now."""
        return f"{self._base}/n/{self.token(Link(message, act, now + timedelta(days=self._days)))}"

    def token(self, link: Link) -> str:
        """`<message>.<act>.<until>.<proof>`. Raises RuntimeError before `attach`."""
        said = f"{link.message.removeprefix('m:')}.{link.act}.{int(link.until.timestamp())}"
        return f"{said}.{self._proof(said)}"

    def read(self, token: str, now: datetime) -> Link:
        """What a token asks for. Raises NoLink LINK_UNKNOWN, LINK_EXPIRED."""
        parts = _TOKEN.fullmatch(token)
        if parts is None or not hmac.compare_digest(parts[4], self._proof(token.rpartition(".")[0])):
            raise NoLink("LINK_UNKNOWN")
        until = datetime.fromtimestamp(int(parts[3]), UTC)
        if until <= now:
            raise NoLink("LINK_EXPIRED")
        acts: dict[str, Act] = {"off": "off", "on": "on", "seen": "seen"}
        return Link(f"m:{parts[1]}", acts[parts[2]], until)

    def _proof(self, said: str) -> str:
        if not self._secret:
            raise RuntimeError("the database is not open yet")
        return base64.urlsafe_b64encode(hmac.digest(self._secret, said.encode(), "sha256")).decode().rstrip("=")
