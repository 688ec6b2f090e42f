"""The rows of a file as people send it: a CSV, a workbook or JSON, told apart by their first bytes.

Every format gives the same: row number and cells as text, or what is wrong with the row as such; the rest goes on.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import BinaryIO

from services.registry.imports.report import Finding, finding

LOST = "\ufffd"  # stands where bytes were no UTF-8
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_LONGEST = 131_072  # characters of a cell, as the CSV reader takes them
_FORMULA = ("=", "+", "-", "@")

Cells = Mapping[str, str]
Line = tuple[int, Cells] | Finding
Raw = tuple[int, Sequence[str]] | Finding


class Unreadable(Exception):
    """The file as a whole cannot be read; says why, as findings of its header."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__(findings[0].rule)
        self.findings = findings


class Table:
    """Rows under a header. Raises Unreadable when the header lacks a column."""

    def __init__(self, header: Sequence[str], rows: Iterable[Raw], columns: Mapping[str, bool]) -> None:
        self.header = [name.strip().lower() for name in header]
        self._rows = rows
        wanting = [name for name, needed in columns.items() if needed and name not in self.header]
        if wanting:
            raise Unreadable(*(finding(1, "MISSING_COLUMN", name) for name in wanting))
        if len(set(self.header)) < len(self.header):
            raise Unreadable(finding(1, "REPEATED_COLUMN"))
        self.unknown = [finding(1, "UNKNOWN_COLUMN", name, warning=True) for name in self.header if name not in columns]

    def __iter__(self) -> Iterator[Line]:
        """Row number and cells by column, or what is wrong with the row as such; blank rows are left out."""
        for row in self._rows:
            if isinstance(row, Finding):
                yield row
            elif any(row[1]):
                yield self._line(*row)

    def _line(self, number: int, cells: Sequence[str]) -> Line:
        if len(cells) != len(self.header):
            return finding(number, "RAGGED_ROW", values={"has": len(cells), "wanted": len(self.header)})
        return checked(number, dict(zip(self.header, cells, strict=True)))


def checked(number: int, cells: Cells) -> Line:
    """The row, or the cell that no text can have. The apostrophe of a safe export is taken off again."""
    for name, cell in cells.items():
        if LOST in cell:
            return finding(number, "BAD_ENCODING", name, cell)
        if len(cell) > _LONGEST:
            return finding(number, "TOO_LONG", name, cell, values={"max_length": _LONGEST})
        if _CONTROL.search(cell):
            return finding(number, "BAD_CHARACTER", name, repr(cell))
    return number, {name: _plain(cell) for name, cell in cells.items()}


def _plain(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:2] in (*_FORMULA, "'") else cell


def safe(cell: str) -> str:
    """The cell where a spreadsheet opens it: what would run as a formula begins with an apostrophe (CWE-1236)."""
    return f"'{cell}" if cell.startswith((*_FORMULA, "'", "\t", "\r")) else cell


Lines = Iterable[Line]
Opener = Callable[[BinaryIO, Mapping[str, bool], str], tuple[Sequence[Finding], Lines]]
"""Reads a file of a kind with these columns: what is doubtful about its header, and its lines. Raises Unreadable."""
