"""Tables of JSON documents with a majority and a primary's view: what a failover can take back, and what readers see.

A replica set's log is one line: while the majority lags, every later write lags too, and all of them are kept or taken
back together. Readers see the majority's view only.
"""

from collections import deque
from collections.abc import Callable, Iterator

import orjson

from shared.runtime.ports import Raw

OLD_KEPT = 4
_JSON_ONLY = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_SUBCLASS
Noticed = Callable[[str, str, Raw | None, Raw], None]


def pack(raw: Raw) -> bytes:
    """JSON text of a document; raises TypeError for what JSON does not know, as the driver would for odd types."""
    return orjson.dumps(raw, option=_JSON_ONLY)


class Doc:
    """One version of a document. `raw` is for looking only; `copy` is the reader's own."""

    __slots__ = ("raw", "text")

    def __init__(self, raw: Raw) -> None:
        self.text = pack(raw)
        self.raw: Raw = orjson.loads(self.text)

    def copy(self) -> Raw:
        """A deep copy."""
        copied: Raw = orjson.loads(self.text)
        return copied


class Tables:
    """Named tables of documents by id. `noticed(table, id, before, after)` hears every write a majority has."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[str, Doc]] = {}
        self._old: dict[tuple[str, str], deque[Doc]] = {}
        self._undo: list[tuple[str, str, Doc | None]] | None = None
        self.noticed: list[Noticed] = []

    # -- the primary's view: what writes are matched against ------------------------------------------------------

    def get(self, table: str, id: str) -> Doc | None:
        """The newest version, also one that may still be taken back."""
        return self._rows.get(table, {}).get(id)

    def rows(self, table: str) -> dict[str, Doc]:
        """All newest versions."""
        return self._rows.setdefault(table, {})

    def put(self, table: str, id: str, raw: Raw) -> None:
        """Insert or replace."""
        self.keep(table, id, Doc(raw))

    def keep(self, table: str, id: str, after: Doc) -> None:
        """The same, with what was made a document already."""
        before = self.get(table, id)
        self._rows.setdefault(table, {})[id] = after
        if self._undo is not None:
            self._undo.append((table, id, before))
        else:
            self._agreed(table, id, before, after)

    # -- the majority's view: what readers see --------------------------------------------------------------------

    def seen(self, table: str) -> Iterator[tuple[str, Doc]]:
        """All documents a majority has, by id."""
        hidden = self._hidden(table)
        for id, doc in sorted(self.rows(table).items()):
            kept = hidden.get(id, doc)
            if kept is not None:
                yield id, kept

    def read(self, table: str, id: str) -> Doc | None:
        """What a majority has."""
        return self._hidden(table).get(id, self.get(table, id)) if self._undo else self.get(table, id)

    def older(self, table: str, id: str) -> list[Doc]:
        """What a majority had some writes ago, the oldest first."""
        return list(self._old.get((table, id), ()))

    def _hidden(self, table: str) -> dict[str, Doc | None]:
        hidden: dict[str, Doc | None] = {}
        for name, id, before in self._undo or ():
            if name == table:
                hidden.setdefault(id, before)
        return hidden

    def _agreed(self, table: str, id: str, before: Doc | None, after: Doc) -> None:
        if before is not None:
            self._old.setdefault((table, id), deque(maxlen=OLD_KEPT)).append(before)
        for noticed in self.noticed:
            noticed(table, id, before.raw if before else None, after.raw)

    # -- a majority that lags -------------------------------------------------------------------------------------

    @property
    def lagging(self) -> bool:
        """True while writes can still be taken back."""
        return self._undo is not None

    def lag(self) -> None:
        """From now on the majority does not hear of writes."""
        self._undo = []

    def catch_up(self) -> None:
        """The majority has them all."""
        undo, self._undo = self._undo or [], None
        versions: dict[tuple[str, str], list[Doc | None]] = {}
        for table, id, before in undo:
            versions.setdefault((table, id), []).append(before)
        passed: dict[tuple[str, str], int] = {}
        for table, id, before in undo:
            place = passed[table, id] = passed.get((table, id), 0) + 1
            line = versions[table, id]
            after = line[place] if place < len(line) else self.get(table, id)
            assert after is not None
            self._agreed(table, id, before, after)

    def take_back(self) -> None:
        """A failover: the new primary never heard of them."""
        undo, self._undo = self._undo or [], None
        for table, id, before in reversed(undo):
            if before is None:
                del self._rows[table][id]
            else:
                self._rows[table][id] = before
