"""A lean HTTP/1.1 client for loads: it shares the machine with what it measures, so its own cost counts."""

import asyncio
from collections import defaultdict, deque
from typing import NamedTuple
from urllib.parse import urlsplit

_END = b"\r\n\r\n"
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Answer(NamedTuple):
    """Status and body."""

    status: int
    body: bytes


class Client:
    """Keeps connections alive, as many as there are requests at once. Raises `OSError` or `TimeoutError`."""

    def __init__(self, seconds: float = 15.0) -> None:
        self._seconds = seconds
        self._idle: dict[str, deque[Streams]] = defaultdict(deque)

    async def post(self, base: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        """One request. A connection on which anything went wrong is not used again."""
        async with asyncio.timeout(self._seconds):
            reader, writer = await self._connect(base)
            try:
                writer.write(_request(base, path, headers, body))
                answer = await _read(reader)
            except BaseException:
                writer.transport.abort()
                raise
        self._idle[base].append((reader, writer))
        return answer

    async def _connect(self, base: str) -> Streams:
        idle = self._idle[base]
        while idle:
            reader, writer = idle.pop()
            if not reader.at_eof():
                return reader, writer
            writer.transport.abort()
        address = urlsplit(base)
        return await asyncio.open_connection(address.hostname, address.port)

    def close(self) -> None:
        """Drop all connections."""
        for idle in self._idle.values():
            for _, writer in idle:
                writer.transport.abort()
        self._idle.clear()


def _request(base: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
    all = {
        "host": urlsplit(base).netloc,
        "content-type": "application/json",
        "content-length": str(len(body)),
        **headers,
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in all.items())
    return f"POST {path} HTTP/1.1\r\n{lines}\r\n".encode() + body


async def _read(reader: asyncio.StreamReader) -> Answer:
    """The services' answers all say their length. Raises `ConnectionError` for one that was cut off."""
    try:
        head = (await reader.readuntil(_END)).decode("latin-1").lower()
        length = next(int(line[15:]) for line in head.split("\r\n") if line.startswith("content-length:"))
        return Answer(int(head[9:12]), await reader.readexactly(length))
    except asyncio.IncompleteReadError as error:
        raise ConnectionResetError("the answer was cut off") from error
