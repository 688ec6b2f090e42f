"""Reads a CSV file as people send them: usual separators, ragged rows, bytes of other encodings."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from services.registry.imports.report import Finding, finding

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_LOST = "\ufffd"  # stands where bytes were no UTF-8
_PRINTED = 32
_DELETE = 127

Cells = Mapping[str, str]
Line = tuple[int, Cells] | Finding


class Unreadable(Exception):
    """The file as a whole cannot be read; says why, as findings of its header."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__(findings[0].rule)
        self.findings = findings


class Table:
    """The rows of a file. Raises Unreadable when the header lacks a column or is no text."""

    def __init__(self, file: BinaryIO, columns: Mapping[str, bool]) -> None:
        if file.read(2) in _UTF16:
            raise Unreadable(finding(1, "BAD_ENCODING"))
        file.seek(0)
        text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="")
        first = text.readline()
        self._rows = csv.reader(text, delimiter=_separator(first))
        self.header = [name.strip().lower() for name in next(csv.reader([first], delimiter=_separator(first)), [])]
        wanting = [name for name, needed in columns.items() if needed and name not in self.header]
        if wanting:
            raise Unreadable(*(finding(1, "MISSING_COLUMN", name) for name in wanting))
        if len(set(self.header)) < len(self.header):
            raise Unreadable(finding(1, "REPEATED_COLUMN"))
        self.unknown = [finding(1, "UNKNOWN_COLUMN", name, warning=True) for name in self.header if name not in columns]

    def __iter__(self) -> Iterator[Line]:
        """Row number and cells by column, or what is wrong with the row as such; blank rows are left out."""
        number = 1
        while True:
            number += 1
            try:
                cells = [cell.strip() for cell in next(self._rows)]
            except StopIteration:
                return
            except csv.Error as error:
                yield finding(number, "BAD_CSV", cell=str(error))
                continue
            if any(cells):
                yield self._line(number, cells)

    def _line(self, number: int, cells: list[str]) -> Line:
        if len(cells) != len(self.header):
            return finding(number, "RAGGED_ROW", values={"has": len(cells), "wanted": len(self.header)})
        for name, cell in zip(self.header, cells, strict=True):
            if _LOST in cell:
                return finding(number, "BAD_ENCODING", name, cell)
            if any(ord(sign) < _PRINTED or ord(sign) == _DELETE for sign in cell):
                return finding(number, "BAD_CHARACTER", name, repr(cell))
        return number, dict(zip(self.header, cells, strict=True))


def _separator(header: str) -> str:
    """Comma, or the semicolon or tab that spreadsheets with Indonesian settings write."""
    return max(",;\t", key=header.count)
