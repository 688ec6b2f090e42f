"""The demo provider's parts without HTTP: its accounts, its one-time codes, its key and what it signs."""

import hashlib
import hmac
import json
import os
import secrets
import time
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from pydantic import BaseModel, TypeAdapter

AUDIENCE = "mutasi"
CODE_SECONDS = 60
TOKEN_SECONDS = 300  # as real providers have it, so that renewing is lived and not only tested
SCRIPT_SECONDS = 3600
RENEWAL_SECONDS = 8 * 3600
BACKCHANNEL = "http://schemas.openid.net/event/backchannel-logout"


class Account(BaseModel):
    """One person of the demo: the login, and who that is in words."""

    login: str
    label: str


class Accounts:
    """The demo accounts, read anew each time, since the demo's loader writes them while we run."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def all(self) -> list[Account]:
        """The accounts of the file; none before it is written."""
        if not self._file.exists():
            return []
        return TypeAdapter(list[Account]).validate_json(self._file.read_bytes())


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What a one-time code stands for."""

    login: str
    client_id: str
    redirect_uri: str
    challenge: str
    nonce: str


@dataclass(frozen=True, kw_only=True)
class Login:
    """One login that goes on: what a token that renews stands for."""

    sid: str
    login: str
    client_id: str


T = TypeVar("T")


class OneTime(Generic[T]):
    """Secrets that are good once and for so many seconds, and what each stands for."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._held: dict[str, tuple[float, T]] = {}

    def add(self, value: T) -> str:
        """A new secret for it."""
        now = time.monotonic()
        self._held = {secret: held for secret, held in self._held.items() if held[0] > now}
        secret = secrets.token_urlsafe(32)
        self._held[secret] = (now + self._seconds, value)
        return secret

    def redeem(self, secret: str) -> T | None:
        """What a secret stands for that is handed in for the first time, and in time."""
        until, value = self._held.pop(secret, (0.0, None))
        return value if until > time.monotonic() else None

    def drop(self, unwanted: Callable[[T], bool]) -> None:
        """These are good no more."""
        self._held = {secret: held for secret, held in self._held.items() if not unwanted(held[1])}


def proven(grant: Grant, client_id: str, redirect_uri: str, verifier: str) -> bool:
    """Whether the one who hands in a code is the one who asked for it (RFC 7636)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    proof = urlsafe_b64encode(digest).decode().rstrip("=")
    same = (client_id, redirect_uri) == (grant.client_id, grant.redirect_uri)
    return hmac.compare_digest(proof.encode(), grant.challenge.encode()) and same


class Signer:
    """Signs tokens with an Ed25519 key that is made once and kept."""

    def __init__(self, issuer: str, key_file: Path) -> None:
        self._issuer = issuer
        self._key = _key(key_file)

    def jwks(self) -> dict[str, Any]:
        """The public key, for those who verify."""
        return {"keys": [self._key.as_dict(private=False)]}

    def tokens(self, login: str, client_id: str = AUDIENCE, seconds: int = SCRIPT_SECONDS) -> dict[str, Any]:
        """The answer of the token endpoint for a person; what is added to it is the caller's."""
        claims = {"aud": AUDIENCE, "sub": login, "client_id": client_id, "scope": "openid"}
        access = self._sign(claims, "at+jwt", seconds)
        return {"access_token": access, "token_type": "Bearer", "expires_in": seconds, "scope": "openid"}

    def identity(self, login: Login, nonce: str = "") -> str:
        """The ID token of a login."""
        claims = {"aud": login.client_id, "sub": login.login, "sid": login.sid}
        return self._sign(claims | ({"nonce": nonce} if nonce else {}), "JWT", TOKEN_SECONDS)

    def logout(self, login: Login) -> str:
        """The logout token of a login (OpenID Connect Back-Channel Logout 1.0 §2.4)."""
        claims = {"aud": login.client_id, "sub": login.login, "sid": login.sid, "events": {BACKCHANNEL: {}}}
        return self._sign(claims, "logout+jwt", CODE_SECONDS)

    def login_of(self, identity: str) -> Login | None:
        """Whose ID token this is, also when it has expired: it says who leaves, and opens nothing."""
        try:
            claims = jwt.decode(identity, self._key, algorithms=["Ed25519"]).claims
            return Login(sid=claims["sid"], login=claims["sub"], client_id=claims["aud"])
        except (JoseError, ValueError, KeyError):
            return None

    def _sign(self, claims: dict[str, Any], kind: str, seconds: int) -> str:
        now = int(time.time())
        common = {"iss": self._issuer, "iat": now, "exp": now + seconds, "jti": uuid.uuid4().hex}
        # RFC 9864 names the curve; "EdDSA" is deprecated there.
        header = {"alg": "Ed25519", "kid": self._key.kid, "typ": kind}
        return jwt.encode(header, common | claims, self._key, algorithms=["Ed25519"])


def _key(file: Path) -> OKPKey:
    if not file.exists():
        key = OKPKey.generate_key("Ed25519", {"use": "sig", "alg": "Ed25519"}, auto_kid=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            json.dump(key.as_dict(private=True), handle)
    return OKPKey.import_key(json.loads(file.read_text()))
