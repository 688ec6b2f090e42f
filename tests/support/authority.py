"""A stand-in for the system of an authority outside, over real HTTP, that answers as it is told to.

It answers in the shape of `services/approval/outside.py`: late, twice with two letters, out of order, wrongly.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, Literal

Mood = Literal[
    "well", "late", "busy", "held", "lost", "nonsense", "another's", "the one before", "wrong issuer", "older",
    "future", "refuses", "denies", "huge",
]  # fmt: skip
CODES: dict[str, int] = {"late": 202, "busy": 503, "denies": 403}
LOST = 0
"""No status at all: it has decided, and the connection breaks before it could say so."""
HOLDS = 120.0  # seconds that it holds an answer back at most
CHANGES: dict[str, dict[str, str]] = {
    "another's": {"task": "c-other.1.6"},
    "wrong issuer": {"issuer": "governor:Maluku"},
    "older": {"dated": "2020-01-01"},
    "future": {"dated": "2999-01-01"},
    "refuses": {"decision": "refuse", "code": "PERTEK_DITOLAK", "reason": "formasi belum disetujui"},
    "huge": {"reason": "x" * 30_000},
}


@dataclass
class Authority:
    """`moods` are what it does at the next requests, `of_task` at those for one task; then it does well. Each letter
    that it gives has a new number, in `gave` with its task; one in the mood "held" waits until it is `freed`."""

    moods: list[Mood] = field(default_factory=list)
    of_task: dict[str, list[Mood]] = field(default_factory=dict)
    asked: list[dict[str, Any]] = field(default_factory=list)
    gave: list[tuple[str, str]] = field(default_factory=list)
    freed: Event = field(default_factory=Event)
    url: str = ""

    def about(self, case: str) -> list[dict[str, Any]]:
        """The requests about a case, in the order they came."""
        return [asked for asked in self.asked if _case(asked) == case]

    def numbers(self, task: str) -> list[str]:
        """Of the letters that it gave for a task, in the order they left."""
        return [number for about, number in self.gave if about == task]

    def answer(self, body: dict[str, Any]) -> tuple[int, bytes]:
        """The answer to one request."""
        moods = self.of_task.get(body["task"], self.moods)
        mood = moods.pop(0) if moods else "well"
        self.asked.append(body)
        number = f"PT-{len(self.asked)}"
        if mood in CODES:
            return CODES[mood], b"{}"
        if mood == "nonsense":
            return 200, b"<html>"
        if mood == "held":
            self.freed.wait(HOLDS)
        self.gave.append((body["task"], number))
        return LOST if mood == "lost" else 200, json.dumps(self._letter(body, number, mood)).encode()

    def _letter(self, body: dict[str, Any], number: str, mood: Mood) -> dict[str, Any]:
        letter = {
            "task": body["task"],
            "decision": "approve",
            "issuer": body["issuer"],
            "number": number,
            "dated": body["letters"][-1]["dated"],
            "sha256": "cd" * 32,
        }
        if mood == "the one before":
            tasks = [asked["task"] for asked in self.about(_case(body))]
            letter["task"] = [task for task in tasks if task != body["task"]][-1]
        return letter | CHANGES.get(mood, {})


def _case(body: dict[str, Any]) -> str:
    return str(body["task"]).rsplit(".", 2)[0]


@contextmanager
def answering(authority: Authority) -> Iterator[Authority]:
    """The authority's system at an address of its own for the time of the block."""

    class Door(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            status, content = authority.answer(body)
            if status == LOST:
                return
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
