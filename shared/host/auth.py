"""Who calls: bearer tokens of an OpenID provider, verified here. They say the login and nothing else."""

import asyncio
import hashlib
import time
import warnings
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import httpx
import structlog
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError, SecurityWarning
from joserfc.jwk import KeySet
from joserfc.jws import extract_compact

from shared.kernel.decider import Refused

ALGORITHMS = ("EdDSA", "Ed25519", "ES256", "RS256")  # asymmetric only: nobody signs with a public key
LEEWAY = 30  # seconds between our clock and the provider's
REFRESH = 600.0  # seconds after which keys are fetched again, so that a withdrawn key ends
RETRY = 10.0  # seconds between fetches, so that forged tokens cannot make us hammer the provider
LONGEST = 8192  # characters of a token
log = structlog.get_logger()
_TYPES = ("jwt", "at+jwt", "application/at+jwt")
_SYMMETRIC = "oct"


def _refuse(reason: str) -> Refused:
    return Refused("UNAUTHENTICATED", status=401, reason=reason)


class Tokens:
    """Verifies tokens; remembers good ones until they expire: a signature costs half a millisecond."""

    def __init__(
        self,
        issuer: str,
        audience: str,
        jwks_url: str,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        clock: Callable[[], float] = time.time,
        room: int = 10_000,
    ) -> None:
        self._url, self._transport, self._clock, self._room = jwks_url, transport, clock, room
        self._claims = jwt.JWTClaimsRegistry(
            now=lambda: int(clock()),
            leeway=LEEWAY,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
            typ={"values": ["Bearer"]},  # Keycloak writes here that an ID or refresh token is one
        )
        self._known: OrderedDict[bytes, tuple[float, str]] = OrderedDict()
        self._keys: KeySet | None = None
        self._tried = self._next = float("-inf")
        self._lock = asyncio.Lock()

    async def login(self, authorization: str) -> str:
        """The login of an Authorization header. Raises Refused UNAUTHENTICATED, or BUSY without keys."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token or len(token) > LONGEST or not token.isascii():
            raise _refuse("no_token")
        name = hashlib.sha256(token.encode()).digest()
        if self._keys is None or self._clock() >= self._next:
            await self._fetch()
        known = self._known.get(name)
        if known is None or known[0] <= self._clock():
            known = self._known[name] = await self._verify(token)
            if len(self._known) > self._room:
                self._known.popitem(last=False)
        self._known.move_to_end(name)
        return known[1]

    async def _verify(self, token: str) -> tuple[float, str]:
        try:
            header = extract_compact(token.encode()).headers()
            if header.get("alg") not in ALGORITHMS or str(header.get("typ")).lower() not in _TYPES:
                raise _refuse("wrong_kind")
            claims = await self._decode(token)
            self._claims.validate(claims)
        except JoseError as error:
            raise _refuse(error.error) from None
        except (ValueError, TypeError, KeyError):
            raise _refuse("malformed") from None
        subject = claims["sub"]
        if not subject.isprintable() or len(subject) > 200:  # noqa: PLR2004
            raise _refuse("malformed")
        return claims["exp"] + LEEWAY, subject

    async def _decode(self, token: str) -> dict[str, Any]:
        try:
            return self._claims_of(token)
        except InvalidKeyIdError:
            await self._fetch()  # the provider may have changed its key
            return self._claims_of(token)

    def _claims_of(self, token: str) -> dict[str, Any]:
        if self._keys is None:
            raise Refused("BUSY", status=503)
        with warnings.catch_warnings():  # providers still write EdDSA, which RFC 9864 renames Ed25519
            warnings.simplefilter("ignore", SecurityWarning)
            return jwt.decode(token, self._keys, ALGORITHMS).claims

    async def _fetch(self) -> None:
        """Fetch the keys, at most once per RETRY. Without the provider the old ones stay good."""
        async with self._lock:
            now = self._clock()
            if now - self._tried < RETRY:
                return
            self._tried, self._next = now, now + RETRY
            try:
                async with httpx.AsyncClient(transport=self._transport, timeout=5) as client:
                    keys = (await client.get(self._url)).raise_for_status().json()["keys"]
                fresh = KeySet.import_key_set({"keys": [key for key in keys if key.get("kty") != _SYMMETRIC]})
            except (httpx.HTTPError, JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
                log.warning("keys_not_fetched", error=type(error).__name__)
                return
            if self._keys is not None and fresh.as_dict() != self._keys.as_dict():
                self._known.clear()  # a token of a withdrawn key is verified anew, and fails
            self._keys, self._next = fresh, now + REFRESH
