"""Signing in with an OpenID provider: code flow with PKCE (RFC 7636), state, nonce and issuer checked (RFC 9207)."""

import base64
import hashlib
import secrets
import time
import warnings
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx
from joserfc import jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import KeySet

from services.portal.sessions import Begun

ALGORITHMS = ("EdDSA", "Ed25519", "ES256", "RS256")
LEEWAY = 30  # seconds between our clock and the provider's


class LoginFailed(Exception):
    """The provider did not say who this is; the reason is for the log."""


@dataclass(frozen=True, slots=True)
class Client:
    """What the provider knows of us."""

    issuer: str
    client_id: str
    redirect_uri: str
    discovery_url: str = ""


@dataclass(frozen=True, slots=True)
class Who:
    """Who signed in; the access token is good for so many seconds."""

    login: str
    token: str
    seconds: float


class Provider:
    """The provider as we use it. What it says of itself is read anew at each login: logins are rare."""

    def __init__(self, client: Client, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._client = client
        self._http = httpx.AsyncClient(transport=transport, timeout=10)

    async def close(self) -> None:
        """End the connections."""
        await self._http.aclose()

    async def begin(self, target: str) -> tuple[str, Begun, str]:
        """State, what to remember under it, and the address to send the browser to. Raises LoginFailed."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        digest = hashlib.sha256(verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self._client.client_id,
            "redirect_uri": self._client.redirect_uri,
            "scope": "openid",
            "state": state,
            "nonce": nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        endpoint = (await self._discover())["authorization_endpoint"]
        return state, Begun(nonce, verifier, target), f"{endpoint}?{urlencode(asked)}"

    async def finish(self, begun: Begun, code: str, issuer: str) -> Who:
        """Change the code for tokens. Raises LoginFailed."""
        if issuer not in ("", self._client.issuer):
            raise LoginFailed("the answer came from another issuer")
        known = await self._discover()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._client.redirect_uri,
            "client_id": self._client.client_id,
            "code_verifier": begun.verifier,
        }
        tokens = await self._json("POST", known["token_endpoint"], data=form)
        keys = await self._json("GET", known["jwks_uri"])
        login = self._verified(str(tokens.get("id_token", "")), keys, begun.nonce)
        return Who(login, str(tokens["access_token"]), float(tokens.get("expires_in", 300)))

    def _verified(self, token: str, keys: dict[str, Any], nonce: str) -> str:
        """The login of an ID token that is meant for us and for this login."""
        registry = jwt.JWTClaimsRegistry(
            now=lambda: int(time.time()),
            leeway=LEEWAY,
            iss={"essential": True, "value": self._client.issuer},
            aud={"essential": True, "value": self._client.client_id},
            exp={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            with warnings.catch_warnings():  # providers still write EdDSA, which RFC 9864 renames Ed25519
                warnings.simplefilter("ignore", SecurityWarning)
                public = [key for key in keys["keys"] if key.get("kty") != "oct"]
                claims = jwt.decode(token, KeySet.import_key_set({"keys": public}), ALGORITHMS).claims
            registry.validate(claims)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise LoginFailed(f"ID token: {error}") from error
        return str(claims["sub"])

    async def _discover(self) -> dict[str, Any]:
        issuer = self._client.issuer
        url = self._client.discovery_url or f"{issuer.rstrip('/')}/.well-known/openid-configuration"
        known = await self._json("GET", url)
        if known.get("issuer") != issuer:
            raise LoginFailed("the provider calls itself by another name")
        return known

    async def _json(self, method: str, url: str, data: dict[str, str] | None = None) -> dict[str, Any]:
        try:
            reply = (await self._http.request(method, url, data=data)).raise_for_status()
            found: dict[str, Any] = reply.json()
        except (httpx.HTTPError, ValueError) as error:
            raise LoginFailed(f"{method} {url}: {type(error).__name__}") from error
        return found
