"""Runs an import: window by window, look up, check, send; nothing of a bad row is sent.

After so many windows it says how far it got, so that the same file goes on there after a crash. What was sent since is
sent again and changes nothing: every row meets the document that it made.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any, BinaryIO

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from services.registry.domain.files import AdvanceFile, File
from services.registry.domain.ids import post_id, unit_id
from services.registry.domain.texts import rule_of, texts
from services.registry.imports.checks import Known, Numbered, References, faults, references
from services.registry.imports.formats import open_file
from services.registry.imports.kinds import KINDS, columns
from services.registry.imports.patience import Send, patiently
from services.registry.imports.report import Finding, Report, finding
from services.registry.imports.rows import PersonRow, PostRow, Row, UnitRow
from services.registry.imports.seen import Seen
from services.registry.imports.table import Cells, Line, Unreadable
from shared.kernel.decider import NotYet, Refused

__all__ = ["Advance", "Import", "Known", "Send"]

WINDOW = 400  # rows looked up together and in flight at once
NOTED = 5  # windows between two notes of how far it got
_REMEMBERED = 50_000  # refused rows; a file with more of them is the wrong file, and begins anew
_FORBIDDEN = 403
Advance = Callable[[AdvanceFile], Awaitable[None]]
"""Keeps how far it got."""


class Import:
    """One file of one kind; `today` is the domain's day. `at` is the file as it was left; a dry run has none."""

    def __init__(
        self, kind: str, known: Known, send: Send, today: date, at: File | None = None, advance: Advance | None = None
    ) -> None:
        self._kind, self._known, self._send, self._today = kind, known, send, today
        self._at, self._advance = at, advance
        self._again = frozenset(at.refused if at else ())
        self._row = self._skip = at.rows if at else 0
        self._noted: set[int] = set()
        self._written: set[str] = set()
        self.report = Report(kind, dry_run=at is None, batch=at.file if at else "", taken=at.taken if at else 0)

    async def run(self, file: BinaryIO) -> Report:
        """Take the good rows. The report names every cell that kept a row from being taken."""
        try:
            doubts, found = open_file(file, columns(self._kind), self._kind)
        except Unreadable as unreadable:
            self.report.add(*unreadable.findings)
            return self.report
        self.report.add(*doubts)
        lines, windows = iter(found), 0
        with Seen() as seen:
            while window := list(islice(lines, WINDOW)):
                await self._take(window, seen)
                windows += 1
                if windows % NOTED == 0:
                    await self._note()
        await self._note(ended=True)
        return self.report

    async def _note(self, *, ended: bool = False) -> None:
        """Keep how far it got; not while more rows were refused than anybody mends."""
        bad = self.report.bad_rows
        if self._advance is None or (len(bad) > _REMEMBERED and not ended) or (self._row <= self._skip and not ended):
            return
        fresh = () if len(bad) > _REMEMBERED else tuple(sorted(bad - self._noted - self._again))
        note = AdvanceFile(rows=self._row, taken=self.report.taken, refused=fresh, ended=ended)
        await self._advance(note)
        self._noted |= bad

    async def _take(self, window: list[Line], seen: Seen) -> None:
        self.report.rows += sum(not isinstance(line, Finding) or line.severity == "refused" for line in window)
        rows = [one for one in self._parsed(window) if self._fresh(one, seen)]
        if not rows:
            return
        refs = await patiently(lambda: references(rows, self._known, self._written))
        good = [(number, row) for number, row in rows if self._checked(number, row, refs, seen)]
        if self._at is None:
            self.report.taken += len(good)
            return
        for wave in _waves(good, refs):
            await asyncio.gather(*(self._sent(number, row, refs) for number, row in wave))

    def _parsed(self, window: list[Line]) -> Iterator[Numbered]:
        for line in window:
            if isinstance(line, Finding):
                self._row = max(self._row, line.row)
                self.report.add(line)
                continue
            number, cells = line
            self._row = max(self._row, number)
            try:
                yield number, KINDS[self._kind].model_validate({k: v for k, v in cells.items() if v})
            except ValidationError as error:
                self.report.add(*(_of(number, cells, detail) for detail in error.errors()))

    def _fresh(self, one: Numbered, seen: Seen) -> bool:
        """False for a row that was taken before the crash; what it said is remembered all the same."""
        number, row = one
        if number > self._skip or number in self._again:
            return True
        if key := row.key():
            seen.first(key, number)
        if isinstance(row, UnitRow):
            self._written.add(row.target({}))
        return False

    def _checked(self, number: int, row: Row, refs: References, seen: Seen) -> bool:
        found = list(faults(number, row, refs, self._today))
        self.report.add(*found)
        if any(fault.severity == "refused" for fault in found):
            return False
        key = row.key()
        first = seen.first(key, number) if key else number
        if first != number:
            self.report.add(finding(number, "REPEATED_ROW", values={"first": first}))
        elif isinstance(row, UnitRow):
            for units in (refs.units, self._written):
                units.add(row.target(refs.people))  # later rows of the file may name it as their parent
        return first == number

    async def _sent(self, number: int, row: Row, refs: References) -> None:
        batch = self._at.file if self._at else ""
        try:
            answer = await self._send(row.DECIDER, row.target(refs.people), row.command(refs.people, batch))
        except Refused as refused:
            if refused.status == _FORBIDDEN:
                self._refuse(number, row, "NOT_YOUR_AGENCY", "agency")
            else:
                self._refuse(number, row, refused.code, refused.where)
        except NotYet:
            self._refuse(number, row, "NOT_YET")
        else:
            self.report.taken += 1
            if isinstance(row, PersonRow | PostRow):
                self.report.agencies.add(row.agency)
            self._doubt(number, row, answer)

    def _refuse(self, number: int, row: Row, code: str, column: str = "") -> None:
        rule = code if code in texts() else "REFUSED"
        cell = "" if column in ("", "nip", "name") else str(getattr(row, column, ""))
        self.report.add(finding(number, rule, column, cell, values={"code": code}))

    def _doubt(self, number: int, row: Row, answer: Mapping[str, Any]) -> None:
        if isinstance(row, PersonRow) and answer["profile"]["placement"]["post"] != post_id(row.agency, row.post):
            self.report.add(finding(number, "SEAT_KEPT", "post", row.post, warning=True))


def _waves(rows: Sequence[Numbered], refs: References) -> Iterator[Sequence[Numbered]]:
    """The rows that may go side by side: a unit waits for its parent, and for the version of it before."""
    wave: list[Numbered] = []
    named: set[str] = set()
    for number, row in rows:
        if isinstance(row, UnitRow):
            needs = {row.target(refs.people), unit_id(row.agency, row.parent or "")}
            if needs & named:
                yield wave
                wave, named = [], set()
            named.add(row.target(refs.people))
        wave.append((number, row))
    yield wave


def _of(number: int, cells: Cells, error: ErrorDetails) -> Finding:
    """A finding from what pydantic says about one column."""
    column = str(error["loc"][0])
    values = {name: value for name, value in error.get("ctx", {}).items() if name != "code"}
    return finding(number, rule_of(error["type"]), column, cells.get(column, ""), values=values)
