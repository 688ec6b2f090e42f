"""The copy of a decree that goes with a mail, fetched from the service that prints it."""

import asyncio
import time

import httpx

from shared.host.ticket import HEADER, ticket

CONNECTIONS, SECONDS = 4, 10.0  # a fetch is well within the margin of `Settings.longest_attempt`


class PaperAway(Exception):
    """It could not be fetched now; it may be there a moment later."""


class Papers:
    """Fetches papers of at most `largest` bytes; without a secret none, so that the link alone leads to them."""

    def __init__(self, base: str, secret: str, largest: int) -> None:
        self._base, self._secret, self._largest = base.rstrip("/"), secret, largest
        self._http: httpx.AsyncClient | None = None

    async def copy(self, paper: str, person: str) -> bytes:
        """The PDF of a paper about this person; b"" where it is larger than a mail should carry. Raises PaperAway."""
        if not self._secret:
            return b""
        path = f"/v1/decrees/{paper}/copy/{person}"
        shown = {HEADER: ticket(self._secret, path, time.time())}
        try:
            async with asyncio.timeout(SECONDS), self._client.stream("GET", self._base + path, headers=shown) as answer:
                answer.raise_for_status()
                large = int(answer.headers["content-length"]) > self._largest
                return b"" if large else await answer.aread()
        except (httpx.HTTPError, TimeoutError):
            raise PaperAway from None

    async def close(self) -> None:
        """Close the connections."""
        if self._http is not None:
            await self._http.aclose()

    @property
    def _client(self) -> httpx.AsyncClient:
        if self._http is None:
            self._http = httpx.AsyncClient(
                limits=httpx.Limits(max_connections=CONNECTIONS), timeout=SECONDS, follow_redirects=False
            )
        return self._http
