"""A public door of our own on the loopback: answers what the test wants and keeps what it was asked."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body."""
        return json.loads(self.body)


@dataclass
class Door:
    """Answers by method and path without its query; what nobody planned is a 404 problem."""

    url: str = ""
    answers: dict[str, tuple[int, Any]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def find(self, start: str) -> list[Asked]:
        """The requests whose method and path begin so."""
        return [one for one in self.asked if f"{one.method} {one.path}".startswith(start)]


class _Handler(BaseHTTPRequestHandler):
    door: Door

    def _answer(self) -> None:
        size = int(self.headers.get("content-length") or 0)
        one = Asked(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, self.rfile.read(size))
        self.door.asked.append(one)
        missing = (404, {"code": "NOT_FOUND", "detail": "tidak ada", "mend": "periksa"})
        status, body = self.door.answers.get(f"{one.method} {one.path.partition('?')[0]}", missing)
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = _answer

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the test keeps the requests."""


@contextmanager
def opened() -> Iterator[Door]:
    """A door for the time of the block."""
    door = Door()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"door": door}))
    door.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield door
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
