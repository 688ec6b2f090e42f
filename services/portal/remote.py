"""The other services' public doors, asked with the user's own token: what they refuse is refused to the user."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from services.portal.settings import Doors

TIMEOUT, CONNECT = 10.0, 3.0
OK_BELOW = 400
UNREACHABLE = 503


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service said; a refusal's body is its problem (RFC 9457)."""

    status: int
    body: Mapping[str, Any] = field(default_factory=dict)
    content: bytes = b""
    media: str = ""

    @property
    def ok(self) -> bool:
        """True unless it was refused."""
        return self.status < OK_BELOW

    @property
    def code(self) -> str:
        """The rule that refused."""
        return str(self.body.get("code", ""))


class Remote:
    """One connection pool for all the services."""

    def __init__(self, doors: Doors, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._doors = doors
        self._http = httpx.AsyncClient(transport=transport)

    async def close(self) -> None:
        """End the pool."""
        await self._http.aclose()

    async def ask(  # noqa: PLR0913 - a request is made of all of these
        self,
        service: str,
        method: str,
        path: str,
        token: str,
        *,
        lang: str,
        key: str = "",
        body: object = None,
        content: bytes | None = None,
        version: str = "",
        seconds: float = TIMEOUT,
    ) -> Answer:
        """One request; with the version that was seen, it is refused if there is another by now. A service that does
        not answer in so many seconds is a refusal like any other."""
        headers = {"authorization": f"Bearer {token}", "accept-language": lang}
        if key:
            headers["idempotency-key"] = key
        if version:
            headers["if-match"] = f'"{version}"'
        url = f"{getattr(self._doors, f'{service}_url').rstrip('/')}{path}"
        try:
            sent: Mapping[str, Any] = {"json": body} if content is None else {"content": content}
            patience = httpx.Timeout(seconds, connect=CONNECT)
            reply = await self._http.request(method, url, headers=headers, timeout=patience, **sent)
        except httpx.HTTPError:
            return Answer(UNREACHABLE, {"code": "UNREACHABLE", "where": service})
        media = reply.headers.get("content-type", "")
        if "json" not in media:
            return Answer(reply.status_code, {}, reply.content, media)
        return Answer(reply.status_code, reply.json())
