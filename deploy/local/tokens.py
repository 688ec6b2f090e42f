"""The demo provider's parts without HTTP: its accounts, its one-time codes, its key and what it signs."""

import hashlib
import hmac
import json
import os
import secrets
import time
import uuid
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import OKPKey
from pydantic import BaseModel, TypeAdapter

AUDIENCE = "mutasi"
CODE_SECONDS = 60
TOKEN_SECONDS = 3600


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


class Grants:
    """One-time codes of a minute's life."""

    def __init__(self) -> None:
        self._grants: dict[str, tuple[float, Grant]] = {}

    def add(self, grant: Grant) -> str:
        """A new code for the grant."""
        now = time.monotonic()
        self._grants = {code: held for code, held in self._grants.items() if held[0] > now}
        code = secrets.token_urlsafe(32)
        self._grants[code] = (now + CODE_SECONDS, grant)
        return code

    def redeem(self, code: str, client_id: str, redirect_uri: str, verifier: str) -> Grant | None:
        """The grant of a code that is handed in for the first time by whoever asked for it."""
        until, grant = self._grants.pop(code, (0.0, None))
        if grant is None or until < time.monotonic():
            return None
        digest = hashlib.sha256(verifier.encode()).digest()
        proof = urlsafe_b64encode(digest).decode().rstrip("=")
        proven = hmac.compare_digest(proof.encode(), grant.challenge.encode())
        same = (client_id, redirect_uri) == (grant.client_id, grant.redirect_uri)
        return grant if proven and same else None


class Signer:
    """Signs tokens with an Ed25519 key that is made once and kept."""

    def __init__(self, issuer: str, key_file: Path) -> None:
        self._issuer = issuer
        self._key = _key(key_file)

    def jwks(self) -> dict[str, Any]:
        """The public key, for those who verify."""
        return {"keys": [self._key.as_dict(private=False)]}

    def tokens(self, login: str, client_id: str = AUDIENCE, nonce: str = "") -> dict[str, Any]:
        """The answer of the token endpoint for a person."""
        access = self._sign(login, AUDIENCE, {"client_id": client_id, "scope": "openid"}, "at+jwt")
        identity = self._sign(login, client_id, {"nonce": nonce} if nonce else {}, "JWT")
        return {
            "access_token": access,
            "id_token": identity,
            "token_type": "Bearer",
            "expires_in": TOKEN_SECONDS,
            "scope": "openid",
        }

    def _sign(self, login: str, audience: str, more: dict[str, str], kind: str) -> str:
        now = int(time.time())
        claims = {
            "iss": self._issuer,
            "aud": audience,
            "sub": login,
            "iat": now,
            "exp": now + TOKEN_SECONDS,
            "jti": uuid.uuid4().hex,
        }
        # RFC 9864 names the curve; "EdDSA" is deprecated there.
        header = {"alg": "Ed25519", "kid": self._key.kid, "typ": kind}
        return jwt.encode(header, claims | more, self._key, algorithms=["Ed25519"])


def _key(file: Path) -> OKPKey:
    if not file.exists():
        key = OKPKey.generate_key("Ed25519", {"use": "sig", "alg": "Ed25519"}, auto_kid=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            json.dump(key.as_dict(private=True), handle)
    return OKPKey.import_key(json.loads(file.read_text()))
