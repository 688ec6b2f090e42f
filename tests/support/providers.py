"""A chat provider on loopback that replays the documented replies kept in tests/data/notification/providers.

It stands in for services that exist only far away (Telegram, WhatsApp) and for faults no real server makes on
demand. No service imports it; the real counterparty of Matrix is Synapse (tests/integration/test_matrix.py).
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

REPLIES = Path(__file__).parents[1] / "data" / "notification" / "providers"
# What the stand-in for Meta signs with, and the word it shows when the address is set up.
SECRET, WORD = "s3cret-of-the-app", "word-of-ours"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class Provider:
    """Answers each request by its script: the name of a reply, "drop" or "hang"; after its end with `usual`."""

    usual: str
    script: list[str] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    seconds: float = 1.0  # of a "hang"
    url: str = ""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    provider: Provider

    def _answer(self) -> None:
        raw = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = json.loads(raw) if raw and "json" in headers.get("content-type", "") else raw.decode()
        self.provider.asked.append(Asked(self.command, self.path, headers, body))
        name = self.provider.script.pop(0) if self.provider.script else self.provider.usual
        if name == "hang":
            time.sleep(self.provider.seconds)
        if name in ("drop", "hang"):
            self.close_connection = True
            return
        reply = json.loads((REPLIES / f"{name}.json").read_text("utf-8"))
        said = reply["body"] if isinstance(reply["body"], str) else json.dumps(reply["body"])
        self.send_response(reply["status"])
        for header, value in {**reply["headers"], "Content-Length": str(len(said.encode()))}.items():
            self.send_header(header, value)
        self.end_headers()
        self.wfile.write(said.encode())

    do_GET = do_POST = do_PUT = _answer

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: what was asked is kept."""


@contextmanager
def standing_in(usual: str) -> Iterator[Provider]:
    """A provider for the time of the block."""
    provider = Provider(usual)
    handler = type("Handler", (_Handler,), {"provider": provider})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    provider.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
