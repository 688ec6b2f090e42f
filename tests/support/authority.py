"""A stand-in for the system of an authority outside, over real HTTP, that answers as it is told to.

It answers in the shape of `services/approval/outside.py`: late, twice with two letters, for another request, wrongly.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Literal

Mood = Literal["well", "late", "busy", "nonsense", "another's", "wrong issuer", "future", "refuses", "denies", "huge"]
CODES: dict[str, int] = {"late": 202, "busy": 503, "denies": 403}
CHANGES: dict[str, dict[str, str]] = {
    "another's": {"task": "c-other.1.6"},
    "wrong issuer": {"issuer": "governor:Maluku"},
    "future": {"dated": "2999-01-01"},
    "refuses": {"decision": "refuse", "code": "PERTEK_DITOLAK", "reason": "formasi belum disetujui"},
    "huge": {"reason": "x" * 30_000},
}


@dataclass
class Authority:
    """`moods` are what it does at the next requests, then it does well; each letter that it gives has a new number."""

    moods: list[Mood] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""

    def answer(self, body: dict[str, Any]) -> tuple[int, bytes]:
        """The answer to one request."""
        mood = self.moods.pop(0) if self.moods else "well"
        self.asked.append(body)
        if mood in CODES:
            return CODES[mood], b"{}"
        if mood == "nonsense":
            return 200, b"<html>"
        letter = {
            "task": body["task"],
            "decision": "approve",
            "issuer": body["issuer"],
            "number": f"PT-{len(self.asked)}",
            "dated": body["letters"][-1]["dated"],
            "sha256": "cd" * 32,
        }
        return 200, json.dumps(letter | CHANGES.get(mood, {})).encode()


@contextmanager
def answering(authority: Authority) -> Iterator[Authority]:
    """The authority's system at an address of its own for the time of the block."""

    class Door(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            status, content = authority.answer(body)
            self.send_response(status)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    authority.url = f"http://127.0.0.1:{server.server_port}"
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield authority
    finally:
        server.shutdown()
        server.server_close()
