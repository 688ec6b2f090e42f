"""Asks the services, and turns what they refuse (RFC 9457) into one readable message with its remedy."""

import json
import sys
from collections.abc import Mapping
from typing import Any, BinaryIO
from uuid import uuid4

import httpx

from services.cli.language import language, say

TIMEOUT = httpx.Timeout(120.0, connect=5.0)
PATIENT = httpx.Timeout(None, connect=5.0)
REFUSED, DENIED, NOT_FOUND, NO_ANSWER, BROKEN, STUCK = 1, 3, 4, 5, 6, 7
_EXITS = {401: DENIED, 403: DENIED, 404: NOT_FOUND, 502: NO_ANSWER, 503: NO_ANSWER, 504: NO_ANSWER}


class Failure(Exception):
    """What went wrong, as a problem, and the exit code that says so to programs."""

    def __init__(self, exit_code: int, problem: Mapping[str, Any]) -> None:
        super().__init__(problem.get("detail", ""))
        self.exit_code, self.problem = exit_code, problem

    def tell(self, as_json: bool) -> None:
        """To standard error: the sentence, each wrong field, the remedy, and what to quote."""
        if as_json:
            sys.stderr.write(json.dumps(dict(self.problem), ensure_ascii=False) + "\n")
            return
        problem = self.problem
        lines = [f"✗ {problem.get('detail') or problem.get('title')}"]
        lines += [f"  {error.get('pointer', '')}: {error.get('detail', '')}" for error in problem.get("errors", ())]
        if problem.get("mend"):
            lines.append(f"  → {problem['mend']}")
        quoted = [str(problem[name]) for name in ("code", "correlation_id") if problem.get(name)]
        if quoted:
            lines.append(f"  [{' '.join(quoted)}]")
        sys.stderr.write("\n".join(lines) + "\n")


def failure(exit_code: int, code: str, detail: str, mend: str = "") -> Failure:
    """A failure of our own."""
    return Failure(exit_code, {"code": code, "detail": detail, "mend": mend})


class Client:
    """All services under their addresses, asked as one user."""

    def __init__(self, addresses: Mapping[str, str], token: str, transport: httpx.BaseTransport | None = None) -> None:
        self._addresses = addresses
        headers = {"authorization": f"Bearer {token}", "accept-language": language()}
        self._http = httpx.Client(headers=headers, timeout=TIMEOUT, transport=transport)

    def get(self, service: str, path: str, **params: object) -> Any:  # noqa: ANN401 - whatever JSON the service says
        """The JSON answer of a query; parameters that are empty are left out."""
        return self._send("GET", service, path, params=params).json()

    def post(self, service: str, path: str, body: object = None, key: str = "") -> Any:  # noqa: ANN401
        """The JSON answer of a command; the same key again is the same command."""
        return self._send("POST", service, path, body=body, key=key or uuid4().hex).json()

    def put(self, service: str, path: str, body: object, key: str = "") -> Any:  # noqa: ANN401
        """The JSON answer of a command that says the whole of something anew."""
        return self._send("PUT", service, path, body=body, key=key or uuid4().hex).json()

    def delete(self, service: str, path: str, key: str = "") -> Any:  # noqa: ANN401
        """The JSON answer of a command that takes something back."""
        return self._send("DELETE", service, path, key=key or uuid4().hex).json()

    def upload(self, service: str, path: str, content: bytes, *, kind: str = "text/csv", **params: object) -> Any:  # noqa: ANN401
        """The JSON answer to a file of this media type."""
        return self._send("POST", service, path, params=params, content=content, kind=kind).json()

    def upload_file(self, service: str, path: str, file: BinaryIO, *, key: str = "", **params: object) -> Any:  # noqa: ANN401
        """The JSON answer to a file as it is read from disk, however long it takes."""
        return self._send("POST", service, path, params=params, file=file, key=key).json()

    def raw(self, service: str, path: str, **params: object) -> bytes:
        """The bytes of a file."""
        return self._send("GET", service, path, params=params).content

    def _send(  # noqa: PLR0913 - a request is made of all of these
        self,
        method: str,
        service: str,
        path: str,
        *,
        params: Mapping[str, object] | None = None,
        body: object = None,
        content: bytes | None = None,
        file: BinaryIO | None = None,
        kind: str = "",
        key: str = "",
    ) -> httpx.Response:
        headers = {"idempotency-key": key} if key else {}
        if content is not None:
            headers["content-type"] = kind
        given = {name: value for name, value in (params or {}).items() if value not in ("", None)}
        asked = {name: value if isinstance(value, list) else str(value) for name, value in given.items()}
        url = f"{self._addresses[service].rstrip('/')}{path}"
        try:
            files, timeout = ({"file": file}, PATIENT) if file else (None, TIMEOUT)
            sent: dict[str, Any] = {"json": body, "content": content, "files": files}
            reply = self._http.request(method, url, params=asked, headers=headers, timeout=timeout, **sent)
        except httpx.HTTPError as error:
            raise no_answer(service, url, error) from None
        if reply.is_error:
            raise Failure(_EXITS.get(reply.status_code, REFUSED), _problem(reply))
        return reply


def no_answer(service: str, url: str, error: Exception) -> Failure:
    """A service that does not answer."""
    detail = say(f"{service} di {url} tidak menjawab", f"{service} at {url} does not answer")
    mend = say(
        "Periksa dengan `make doctor`, atau setel MUTASI_{0}_URL.", "Look with `make doctor`, or set MUTASI_{0}_URL."
    )
    return failure(NO_ANSWER, "NO_ANSWER", f"{detail}: {type(error).__name__}", mend.format(service.upper()))


def _problem(reply: httpx.Response) -> Mapping[str, Any]:
    try:
        found = reply.json()
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {"code": f"HTTP_{reply.status_code}", "detail": reply.text[:500]}
