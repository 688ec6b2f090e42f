"""Signing in with an OpenID provider: code flow with PKCE (RFC 7636), state, nonce and issuer checked (RFC 9207).

Tokens are renewed while somebody works, until the provider ends the login (OpenID Connect Back-Channel Logout 1.0).
"""

import secrets
import time
import warnings
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import KeySet

from services.portal.sessions import LONGEST, Begun, Held

ALGORITHMS = ("EdDSA", "Ed25519", "ES256", "RS256")
LEEWAY = 30  # seconds between our clock and the provider's
LOGOUT_SECONDS = 300  # how old a logout token may be
EVENT = "http://schemas.openid.net/event/backchannel-logout"


class LoginFailed(Exception):
    """The provider did not say who this is, or that they still are; the reason is for the log."""


class ProviderAway(LoginFailed):
    """The provider did not answer: nobody knows whether it would have said no."""


@dataclass(frozen=True, slots=True)
class Client:
    """What the provider knows of us."""

    issuer: str
    client_id: str
    redirect_uri: str
    discovery_url: str = ""


class Provider:
    """The provider as we use it. What it says of itself is read anew each time: logins and renewals are rare."""

    def __init__(
        self,
        client: Client,
        transport: httpx2.AsyncBaseTransport | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._client, self._clock = client, clock
        self._http = AsyncOAuth2Client(
            client_id=client.client_id,
            token_endpoint_auth_method="none",  # noqa: S106 - a public client proves itself by PKCE
            scope="openid",
            redirect_uri=client.redirect_uri,
            code_challenge_method="S256",
            transport=transport,
            timeout=10,
        )

    @property
    def origin(self) -> str:
        """Scheme and host of the provider."""
        parts = urlsplit(self._client.issuer)
        return f"{parts.scheme}://{parts.netloc}"

    async def close(self) -> None:
        """End the connections."""
        await self._http.aclose()

    async def begin(self, target: str) -> tuple[str, Begun, str]:
        """State, what to remember under it, and the address to send the browser to. Raises LoginFailed."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        endpoint = (await self._discover())["authorization_endpoint"]
        address, _ = self._http.create_authorization_url(endpoint, state, verifier, nonce=nonce)
        return state, Begun(nonce, verifier, target), str(address)

    async def finish(self, begun: Begun, code: str, issuer: str) -> Held:
        """Change the code for tokens. Raises LoginFailed."""
        if issuer not in ("", self._client.issuer):
            raise LoginFailed("the answer came from another issuer")
        known = await self._discover()
        asked = self._http.fetch_token(
            known["token_endpoint"], code=code, code_verifier=begun.verifier, grant_type="authorization_code"
        )
        return await self._held(known, await _answered(asked), {"nonce": {"essential": True, "value": begun.nonce}})

    async def renew(self, held: Held) -> Held:
        """New tokens for those that end soon. Raises LoginFailed, also when the provider ended the login."""
        known = await self._discover()
        tokens = await _answered(self._http.refresh_token(known["token_endpoint"], refresh_token=held.refresh))
        if not tokens.get("id_token"):
            return _held(tokens, {"sub": held.login, "sid": held.sid}, held.identity)
        return await self._held(known, tokens, {"sub": {"essential": True, "value": held.login}})

    async def farewell(self, held: Held, back: str) -> str:
        """Where a browser signs out at the provider too, "" if it has no such page. Raises LoginFailed."""
        endpoint = (await self._discover()).get("end_session_endpoint", "")
        asked = {"id_token_hint": held.identity, "post_logout_redirect_uri": back, "client_id": self._client.client_id}
        return f"{endpoint}?{urlencode(asked)}" if endpoint else ""

    async def ended(self, token: str) -> tuple[str, str]:
        """The provider's session and the login that a logout token ends; one of them may be "". Raises LoginFailed."""
        claims = await self._verified(token, await self._discover(), {"iat": {"essential": True}})
        said = claims.get("events")
        sid, login = str(claims.get("sid", "")), str(claims.get("sub", ""))
        old = int(claims["iat"]) < self._clock() - LOGOUT_SECONDS
        if not isinstance(said, dict) or EVENT not in said or "nonce" in claims or old or not (sid or login):
            raise LoginFailed("not a logout token, or an old one")
        return sid, login

    async def _held(self, known: Mapping[str, Any], tokens: Mapping[str, Any], wanted: dict[str, Any]) -> Held:
        identity = str(tokens.get("id_token", ""))
        claims = await self._verified(
            identity, known, {"exp": {"essential": True}, "sub": {"essential": True}, **wanted}
        )
        return _held(tokens, claims, identity)

    async def _verified(self, token: str, known: Mapping[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
        """The claims of a token that the provider signed for us."""
        keys = await self._json(known["jwks_uri"])
        registry = jwt.JWTClaimsRegistry(
            now=lambda: int(self._clock()),
            leeway=LEEWAY,
            iss={"essential": True, "value": self._client.issuer},
            aud={"essential": True, "value": self._client.client_id},
            **wanted,
        )
        try:
            with warnings.catch_warnings():  # providers still write EdDSA, which RFC 9864 renames Ed25519
                warnings.simplefilter("ignore", SecurityWarning)
                public = [key for key in keys["keys"] if key.get("kty") != "oct"]
                claims = jwt.decode(token, KeySet.import_key_set({"keys": public}), ALGORITHMS).claims
            registry.validate(claims)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise LoginFailed(f"token: {error}") from error
        return claims

    async def _discover(self) -> dict[str, Any]:
        issuer = self._client.issuer
        known = await self._json(self._client.discovery_url or f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if known.get("issuer") != issuer:
            raise LoginFailed("the provider calls itself by another name")
        return known

    async def _json(self, url: str) -> dict[str, Any]:
        try:
            reply = (await self._http.request("GET", url, withhold_token=True)).raise_for_status()
            found: dict[str, Any] = reply.json()
        except (httpx2.HTTPError, ValueError) as error:
            raise ProviderAway(f"{url}: {type(error).__name__}") from error
        return found


async def _answered(asked: Awaitable[Mapping[str, Any]]) -> Mapping[str, Any]:
    """What the token endpoint gave. Raises LoginFailed where it refused, ProviderAway where it did not answer."""
    try:
        tokens = await asked
    except OAuthError as error:
        raise LoginFailed(f"the provider refused: {error.error}") from error
    except (httpx2.HTTPError, ValueError) as error:
        raise ProviderAway(f"token endpoint: {type(error).__name__}") from error
    if not tokens.get("access_token"):
        raise LoginFailed("the provider gave no token")
    return tokens


def _held(tokens: Mapping[str, Any], claims: Mapping[str, Any], identity: str) -> Held:
    seconds = float(tokens.get("expires_in", 300))
    refresh = str(tokens.get("refresh_token", ""))
    return Held(
        login=str(claims["sub"]),
        token=str(tokens["access_token"]),
        seconds=seconds,
        refresh=refresh,
        # A provider that does not say how long it would renew is asked when the time comes.
        kept=float(tokens.get("refresh_expires_in") or LONGEST) if refresh else seconds,
        identity=identity,
        sid=str(claims.get("sid", "")),
    )
