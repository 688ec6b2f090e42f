"""Runs an import: window by window, look up, check, send; nothing of a bad row is sent."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any, BinaryIO

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from services.registry.domain.ids import post_id, unit_id
from services.registry.domain.texts import rule_of, texts
from services.registry.imports.checks import Known, Numbered, References, faults, references
from services.registry.imports.formats import open_file
from services.registry.imports.report import Finding, Report, finding
from services.registry.imports.rows import KINDS, PersonRow, Row, UnitRow, columns
from services.registry.imports.table import Cells, Line, Unreadable
from shared.kernel.decider import Command, Decider, NotYet, Refused

__all__ = ["Import", "Known", "Send"]

WINDOW = 200  # rows looked up together and in flight at once
_FORBIDDEN = 403
Send = Callable[[Decider[Any], str, Command], Awaitable[Mapping[str, Any]]]
"""Runs one command and gives the answer. Raises Refused, NotYet."""


class Import:
    """One file of one kind; `today` is the domain's day."""

    def __init__(self, kind: str, known: Known, send: Send, today: date, *, dry_run: bool) -> None:
        self._kind, self._known, self._send, self._today = kind, known, send, today
        self._first: dict[str, int] = {}
        self._written: set[str] = set()
        self.report = Report(kind, dry_run=dry_run)

    async def run(self, file: BinaryIO) -> Report:
        """Take the good rows. The report names every cell that kept a row from being taken."""
        try:
            doubts, found = open_file(file, columns(self._kind), self._kind)
        except Unreadable as unreadable:
            self.report.findings += unreadable.findings
            return self.report
        self.report.findings += doubts
        lines = iter(found)
        while window := list(islice(lines, WINDOW)):
            await self._take(window)
        return self.report

    async def _take(self, window: list[Line]) -> None:
        self.report.rows += sum(not isinstance(line, Finding) or line.severity == "refused" for line in window)
        rows = list(self._parsed(window))
        refs = await references(rows, self._known, self._written)
        good = [(number, row) for number, row in rows if self._checked(number, row, refs)]
        if self.report.dry_run:
            self.report.taken += len(good)
            return
        for wave in _waves(good, refs):
            await asyncio.gather(*(self._sent(number, row, refs) for number, row in wave))

    def _parsed(self, window: list[Line]) -> Iterator[Numbered]:
        for line in window:
            if isinstance(line, Finding):
                self.report.findings.append(line)
                continue
            number, cells = line
            try:
                yield number, KINDS[self._kind].model_validate({k: v for k, v in cells.items() if v})
            except ValidationError as error:
                self.report.findings += [_of(number, cells, detail) for detail in error.errors()]

    def _checked(self, number: int, row: Row, refs: References) -> bool:
        found = list(faults(number, row, refs, self._today))
        self.report.findings += found
        if any(fault.severity == "refused" for fault in found):
            return False
        key = row.key(refs.people)
        first = self._first.setdefault(key, number) if key else number
        if first != number:
            self.report.findings.append(finding(number, "REPEATED_ROW", values={"first": first}))
        elif isinstance(row, UnitRow):
            for units in (refs.units, self._written):
                units.add(row.target(refs.people))  # later rows of the file may name it as their parent
        return first == number

    async def _sent(self, number: int, row: Row, refs: References) -> None:
        try:
            answer = await self._send(row.DECIDER, row.target(refs.people), row.command(refs.people))
        except Refused as refused:
            if refused.status == _FORBIDDEN:
                self._refuse(number, row, "NOT_YOUR_AGENCY", "agency")
            else:
                self._refuse(number, row, refused.code, refused.where)
        except NotYet:
            self._refuse(number, row, "NOT_YET")
        else:
            self.report.taken += 1
            self._doubt(number, row, answer)

    def _refuse(self, number: int, row: Row, code: str, column: str = "") -> None:
        rule = code if code in texts() else "REFUSED"
        cell = "" if column in ("", "nip", "name") else str(getattr(row, column, ""))
        self.report.findings.append(finding(number, rule, column, cell, values={"code": code}))

    def _doubt(self, number: int, row: Row, answer: Mapping[str, Any]) -> None:
        if isinstance(row, PersonRow) and answer["profile"]["placement"]["post"] != post_id(row.agency, row.post):
            self.report.findings.append(finding(number, "SEAT_KEPT", "post", row.post, warning=True))


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
