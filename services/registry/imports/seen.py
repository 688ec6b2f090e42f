"""Which row of a file said something first: on disk, so that a file of a million rows takes no more memory than one of
a thousand."""

import sqlite3
from types import TracebackType
from typing import Self


class Seen:
    """Keys of a file by the row that brought them first; a context manager that leaves nothing behind."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)  # "": a private file that SQLite removes itself
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute("CREATE TABLE seen (key TEXT PRIMARY KEY, row INTEGER) WITHOUT ROWID")
        self._db.execute("BEGIN")

    def first(self, key: str, row: int) -> int:
        """The row that brought this key first, which may be this one."""
        self._db.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (key, row))
        found = self._db.execute("SELECT row FROM seen WHERE key = ?", (key,)).fetchone()
        return int(found[0])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()
