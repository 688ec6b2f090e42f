"""Who is signed in: a signed cookie with an opaque id; tokens stay in the portal's own database until they expire."""

import asyncio
import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase

_FIELDS = ("login", "token", "refresh", "identity", "sid")
Database = AsyncIOMotorDatabase[Any]
LOGIN_SECONDS = 600
LONGEST = 12 * 3600  # seconds after which everybody signs in again, however long the provider would renew
POLL = 0.05
EARLY = 30.0  # seconds before its end that a token is renewed
RENEWAL = 15.0  # seconds that one request has for renewing, while the others of the browser wait


@dataclass(frozen=True, slots=True)
class Held:
    """What the provider gave for a login: an access token good for `seconds`, and what renews it for `kept` more.

    `identity` is the ID token, which the provider wants to see again at the end; `sid` is its name for the session.
    """

    login: str
    token: str
    seconds: float
    refresh: str = ""
    kept: float = 0.0
    identity: str = ""
    sid: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """One signed-in browser. `key` is the stored name of the session, not the cookie's id."""

    key: str
    csrf: str
    held: Held

    @property
    def login(self) -> str:
        """Who it is."""
        return self.held.login

    @property
    def token(self) -> str:
        """What shows it to the services."""
        return self.held.token

    @property
    def stale(self) -> bool:
        """Whether the token ends soon, and can be renewed."""
        return bool(self.held.refresh) and self.held.seconds < EARLY


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
        for name in ("sid", "login"):
            await self._sessions.create_index(name, name=name)
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

    async def create(self, held: Held) -> str:
        """A new session; its id, which only the browser's cookie keeps."""
        id = secrets.token_urlsafe(32)
        last = _in(LONGEST)
        said = {"csrf": secrets.token_urlsafe(24), "last": last, **_kept(held, last)}
        await self._sessions.insert_one({"_id": _key(id), **said})
        return id

    async def get(self, id: str) -> Session | None:
        """The session of a cookie's id, None if it expired or never was."""
        return await self._find(_key(id)) if id else None

    async def end(self, session: Session) -> None:
        """Sign out."""
        await self._sessions.delete_one({"_id": session.key})

    async def end_all(self, sid: str, login: str) -> int:
        """Sign out every browser of the provider's session, or of the login where it names none; how many."""
        query = {"sid": sid} if sid else {"login": login}
        return int((await self._sessions.delete_many(query)).deleted_count)

    async def renewing(self, session: Session) -> bool:
        """Take the renewal of this session for this request; False while another one has it."""
        free = {"_id": session.key, "token": session.token, "renewing": {"$not": {"$gt": _in(0)}}}
        taken = await self._sessions.update_one(free, {"$set": {"renewing": _in(RENEWAL)}})
        return bool(taken.matched_count)

    async def not_renewed(self, session: Session) -> None:
        """Give the renewal back: the next request may try."""
        await self._sessions.update_one({"_id": session.key}, {"$unset": {"renewing": ""}})

    async def renewed(self, session: Session, held: Held) -> Session | None:
        """Keep the new tokens; None if the session was ended meanwhile."""
        found = await self._sessions.find_one({"_id": session.key})
        if found:
            fresh = {"$set": _kept(held, found["last"].replace(tzinfo=UTC)), "$unset": {"renewing": ""}}
            await self._sessions.update_one({"_id": session.key}, fresh)
        return await self._find(session.key)

    async def awaited(self, session: Session) -> Session | None:
        """The session with the tokens that another request of this browser fetches, or as it is if that takes long."""
        deadline = time.monotonic() + RENEWAL
        found = await self._find(session.key)
        while found and found.token == session.token and time.monotonic() < deadline:
            await asyncio.sleep(POLL)
            found = await self._find(session.key)
        return found

    async def _find(self, key: str) -> Session | None:
        found = await self._sessions.find_one({"_id": key, "until": {"$gt": _in(0)}})
        return Session(key, found["csrf"], _held(found)) if found else None

    async def leave_note(self, session: Session, note: str) -> None:
        """A note for the next page."""
        await self._sessions.update_one({"_id": session.key}, {"$set": {"note": note}})

    async def take_note(self, session: Session) -> str:
        """The note of the last page, shown once."""
        found = await self._sessions.find_one_and_update({"_id": session.key}, {"$unset": {"note": ""}})
        return str((found or {}).get("note", ""))


def _kept(held: Held, last: datetime) -> dict[str, Any]:
    """What is stored of the tokens: moments instead of seconds from now."""
    moments = {"expires": _in(held.seconds), "until": min(_in(max(held.seconds, held.kept)), last)}
    return {field: getattr(held, field) for field in _FIELDS} | moments


def _held(found: Mapping[str, Any]) -> Held:
    said = {field: found[field] for field in _FIELDS}
    return Held(**said, seconds=_left(found["expires"]), kept=_left(found["until"]))


def _left(moment: datetime) -> float:
    return moment.replace(tzinfo=UTC).timestamp() - time.time()


def _key(id: str) -> str:
    """What is stored is not what the browser holds: who reads the database cannot sign in."""
    return hashlib.sha256(id.encode()).hexdigest()


def _in(seconds: float) -> datetime:
    return datetime.fromtimestamp(time.time() + seconds, UTC)
