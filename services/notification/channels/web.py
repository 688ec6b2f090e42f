"""One provider's HTTP API: a few connections of its own, and every end of a call as one of the port's exceptions."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from services.notification.channels.port import PutOff, Unanswered, Unreachable

TOO_MANY, SERVER_FAULT = 429, 500
# A gateway that gave up waiting knows no more than we do of what became of the request behind it.
UNCERTAIN = 504
LONGEST_WAIT = 24 * 3600.0
Json = Mapping[str, Any]


class Answer:
    """What came: the status, and the JSON object of the body ({} where it is none)."""

    def __init__(self, response: httpx.Response) -> None:
        self.status, self.text, self.headers = response.status_code, response.text, response.headers
        try:
            said = response.json()
        except ValueError:
            said = {}
        self.json: Json = said if isinstance(said, dict) else {}

    @property
    def good(self) -> bool:
        """True for 2xx."""
        return httpx.codes.is_success(self.status)

    def told(self, text: object = "") -> str:
        """The status and the provider's words, for the ledger."""
        return f"{self.status} {text or self.text}"


class Web:
    """Calls one provider. The connections are its own, so that a dead provider holds up nobody else's messages."""

    def __init__(
        self, name: str, base: str, *, headers: Mapping[str, str], connections: int, seconds: float, wait: float
    ) -> None:
        self.code = name.upper()
        self._http = httpx.AsyncClient(
            base_url=base,
            headers=headers,
            limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
            timeout=httpx.Timeout(seconds, pool=wait),
            follow_redirects=False,
        )

    async def ask(self, method: str, path: str, body: Json | None = None) -> Answer:
        """One call. Raises Unreachable before anything was sent, Unanswered after, PutOff for 429 and 5xx."""
        try:
            answer = Answer(await self._http.request(method, path, json=body))
        except httpx.PoolTimeout:
            raise Unreachable("BUSY") from None
        except (httpx.ConnectError, httpx.ConnectTimeout):
            raise Unreachable("UNREACHABLE") from None
        except (httpx.HTTPError, httpx.InvalidURL):
            raise Unanswered from None
        if answer.status == UNCERTAIN:
            raise Unanswered
        if answer.status == TOO_MANY or answer.status >= SERVER_FAULT:
            raise PutOff(f"{self.code}_{answer.status}", answer.told(), wait_of(answer))
        return answer

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()


def wait_of(answer: Answer) -> float:
    """Seconds the provider wants us to wait: Retry-After (RFC 9110 10.2.3), `retry_after_ms` (Matrix) or
    `parameters.retry_after` (Telegram); 0 where it does not say."""
    told = answer.headers.get("retry-after", "")
    inner = answer.json.get("parameters")
    if isinstance(inner, dict) and isinstance(inner.get("retry_after"), int | float):
        seconds = float(inner["retry_after"])
    elif isinstance(answer.json.get("retry_after_ms"), int | float):
        seconds = answer.json["retry_after_ms"] / 1000.0
    elif told.isdigit():
        seconds = float(told)
    else:
        seconds = _until(told)
    return min(max(seconds, 0.0), LONGEST_WAIT)


def _until(moment: str) -> float:
    try:
        return (parsedate_to_datetime(moment) - datetime.now(UTC)).total_seconds()
    except (TypeError, ValueError):
        return 0.0
