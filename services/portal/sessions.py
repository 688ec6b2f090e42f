"""Who is signed in: a signed cookie with an opaque id; tokens stay in the portal's own database until they expire."""

import base64
import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase

Database = AsyncIOMotorDatabase[Any]
LOGIN_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Session:
    """One signed-in browser. `key` is the stored name of the session, not the cookie's id."""

    key: str
    login: str
    token: str
    csrf: str


@dataclass(frozen=True, slots=True)
class Begun:
    """A login under way: what has to come back, and where to go afterwards."""

    nonce: str
    verifier: str
    target: str


class Cookies:
    """Signs and checks values that a browser keeps for us."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def sign(self, value: str) -> str:
        """The value with its proof."""
        return f"{value}.{self._proof(value)}"

    def read(self, signed: str) -> str:
        """The value if the proof is ours, else ""."""
        value, _, proof = signed.rpartition(".")
        return value if hmac.compare_digest(proof.encode(), self._proof(value).encode()) else ""

    def _proof(self, value: str) -> str:
        digest = hmac.digest(self._secret, value.encode(), "sha256")
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")


class Sessions:
    """Sessions and logins under way, in MongoDB; it removes what expired."""

    def __init__(self, db: Database) -> None:
        self._sessions, self._logins, self._secrets = db["sessions"], db["logins"], db["secrets"]

    async def open(self) -> Cookies:
        """Make the indexes; the signing secret is made once and shared by all replicas."""
        for many in (self._sessions, self._logins):
            await many.create_index("until", name="until", expireAfterSeconds=0)
        fresh = {"$setOnInsert": {"value": secrets.token_bytes(32)}}
        await self._secrets.update_one({"_id": "cookies"}, fresh, upsert=True)
        found = await self._secrets.find_one({"_id": "cookies"}) or {}
        return Cookies(bytes(found["value"]))

    async def begin(self, state: str, begun: Begun) -> None:
        """Remember a login under way."""
        known = {"nonce": begun.nonce, "verifier": begun.verifier, "target": begun.target}
        await self._logins.insert_one({"_id": _key(state), **known, "until": _in(LOGIN_SECONDS)})

    async def finish(self, state: str) -> Begun | None:
        """The login that this state began; it can be finished once."""
        found = await self._logins.find_one_and_delete({"_id": _key(state), "until": {"$gt": _in(0)}})
        return Begun(found["nonce"], found["verifier"], found["target"]) if found else None

    async def create(self, login: str, token: str, seconds: float) -> str:
        """A new session; its id, which only the browser's cookie keeps."""
        id = secrets.token_urlsafe(32)
        said = {"login": login, "token": token, "csrf": secrets.token_urlsafe(24), "until": _in(seconds)}
        await self._sessions.insert_one({"_id": _key(id), **said})
        return id

    async def get(self, id: str) -> Session | None:
        """The session of a cookie's id, None if it expired or never was."""
        if not id:
            return None
        found = await self._sessions.find_one({"_id": _key(id), "until": {"$gt": _in(0)}})
        return Session(found["_id"], found["login"], found["token"], found["csrf"]) if found else None

    async def end(self, session: Session) -> None:
        """Sign out."""
        await self._sessions.delete_one({"_id": session.key})

    async def leave_note(self, session: Session, note: str) -> None:
        """A note for the next page."""
        await self._sessions.update_one({"_id": session.key}, {"$set": {"note": note}})

    async def take_note(self, session: Session) -> str:
        """The note of the last page, shown once."""
        found = await self._sessions.find_one_and_update({"_id": session.key}, {"$unset": {"note": ""}})
        return str((found or {}).get("note", ""))


def _key(id: str) -> str:
    """What is stored is not what the browser holds: who reads the database cannot sign in."""
    return hashlib.sha256(id.encode()).hexdigest()


def _in(seconds: float) -> datetime:
    return datetime.fromtimestamp(time.time() + seconds, UTC)
