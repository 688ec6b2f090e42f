"""An SMTP server that takes everything at once and notes when which message came: as fast as Python can."""

import asyncio
import re
import sys
import time
from pathlib import Path
from typing import BinaryIO

_ID = re.compile(rb"^Message-ID:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_END, FLUSH = b"\r\n.\r\n", 0.1
_SAID = {b"EHLO": b"250-sink\r\n250 8BITMIME\r\n", b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}


class Session(asyncio.Protocol):
    """One connection. Each message becomes a line: seconds since the epoch, Message-ID, recipient."""

    def __init__(self, notes: BinaryIO) -> None:
        self._notes, self._buffer, self._to, self._data = notes, b"", b"", False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        """Commands, line by line, and messages, up to the dot."""
        self._buffer += data
        while (end := self._buffer.find(_END if self._data else b"\r\n")) >= 0:
            said, size = self._buffer[:end], len(_END) if self._data else 2
            self._buffer = self._buffer[end + size :]
            if self._data:
                self._take(said)
            else:
                self._command(said)

    def _take(self, message: bytes) -> None:
        found = _ID.search(message)
        self._notes.write(b"%.6f %s %s\n" % (time.time(), found[1] if found else b"-", self._to))
        self._data = False
        self._transport.write(b"250 taken\r\n")

    def _command(self, line: bytes) -> None:
        verb = line[:4].upper()
        self._data = verb == b"DATA"
        if verb == b"RCPT":
            self._to = line.partition(b"<")[2].partition(b">")[0]
        self._transport.write(_SAID.get(verb, b"250 ok\r\n"))
        if verb == b"QUIT":
            self._transport.close()


async def serve(port: int, file: Path) -> None:
    """For ever."""
    with file.open("ab") as notes:
        await asyncio.get_running_loop().create_server(lambda: Session(notes), "127.0.0.1", port)
        while True:
            await asyncio.sleep(FLUSH)
            notes.flush()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
