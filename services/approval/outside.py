"""The HTTP door of an authority outside (BKN, a governor, a minister), asked as an effect until it answers.

`PUT <url>/v1/requests/<task>` says what is asked; a repeat is the same request. 202: not decided yet. 200: the answer,
`{"task", "decision", "issuer", "number", "dated", "sha256", "code", "reason"}`. Certainty C: no such interface is
published, so each authority's own papers decide its shape.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import quote

import httpx

from services.approval.domain import Said, ToAsk
from shared.runtime.service import Job, TryAgain

FIRST, LONGEST, LARGEST = 2.0, 3600.0, 20_000  # seconds, seconds, bytes
NOT_YET = frozenset({202, 408, 425, 429, 500, 502, 503, 504})
log = logging.getLogger(__name__)


class Asking:
    """Asks the authority of a letter. It may take weeks; the clerk's task does not wait for it."""

    def __init__(self, nip_of: Callable[[str], Awaitable[str]], urls: Mapping[str, str], timeout: float = 20.0) -> None:
        self._nip_of, self._urls, self._timeout = nip_of, urls, timeout

    async def run(self, job: Job) -> Mapping[str, Any]:
        """One attempt. Raises TryAgain."""
        wanted = ToAsk.model_validate(job.data)
        url = self._urls.get(wanted.issuer.partition(":")[0])
        if url is None:
            return {"code": "NOT_CONNECTED"}
        later = TryAgain(min(FIRST * 2.0 ** (job.attempt - 1), LONGEST), "AUTHORITY_SILENT")
        try:
            async with httpx.AsyncClient(timeout=self._timeout) as client:
                reply = await client.put(
                    f"{url.rstrip('/')}/v1/requests/{quote(wanted.task)}", json=await self._body(wanted)
                )
        except httpx.HTTPError:
            raise later from None
        if reply.status_code in NOT_YET:
            raise later
        return _read(wanted, reply)

    async def _body(self, wanted: ToAsk) -> dict[str, Any]:
        """What the authority needs to know of the person is their number; nothing else leaves."""
        return {**wanted.model_dump(mode="json", exclude={"person"}), "nip": await self._nip_of(wanted.person)}


def _read(wanted: ToAsk, reply: httpx.Response) -> Mapping[str, Any]:
    """Its answer, as far as it can be read at all; whether it will do is judged in the domain."""
    if reply.status_code != httpx.codes.OK:
        log.warning("authority refused the request", extra={"task": wanted.task, "status": reply.status_code})
        return {"code": "AUTHORITY_DENIED_US"}
    try:
        said = reply.json() if len(reply.content) <= LARGEST else None
    except ValueError:
        said = None
    if not isinstance(said, dict):
        return {"code": "LETTER_UNREADABLE"}
    return {"answer": {name: said[name] for name in Said.model_fields if name in said}}
