"""XLSX: the first sheet of a workbook, row by row, with what spreadsheets do to numbers and dates undone."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from itertools import count
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from services.registry.imports.report import Finding, finding
from services.registry.imports.table import Lines, Raw, Table, Unreadable

UNPACKED = 512_000_000  # bytes: a workbook of 100,000 people has about 150 MB unpacked; more is a bomb
_EXACT = 15  # digits that a spreadsheet keeps of a number
_LONGEST = 32_767  # characters of a cell, by the format


class _LostDigits(ValueError):
    """A number of more digits than a spreadsheet keeps: a NIP whose end is gone."""


def open_xlsx(file: BinaryIO, columns: Mapping[str, bool], _kind: str) -> tuple[Sequence[Finding], Lines]:
    """The table of the first sheet. Raises Unreadable for what is no workbook, or unpacks to too much."""
    try:
        with ZipFile(file) as parts:
            if sum(part.file_size for part in parts.infolist()) > UNPACKED:
                raise Unreadable(finding(1, "TOO_BIG_UNPACKED"))
        file.seek(0)
        sheet = load_workbook(file, read_only=True, data_only=True).worksheets[0]
        rows = sheet.iter_rows(values_only=True)
        header = [str(name) for name in next(rows, ()) if name not in (None, "")]
    except (BadZipFile, InvalidFileException, KeyError, IndexError, ValueError, SyntaxError) as error:
        raise Unreadable(finding(1, "BAD_WORKBOOK", cell=type(error).__name__)) from error
    table = Table(header, _rows(rows, len(header)), columns)
    return table.unknown, table


def _rows(rows: Iterator[tuple[object, ...]], width: int) -> Iterator[Raw]:
    """Cells as text, cut or filled to the header's width unless there is something beyond it."""
    for number in count(2):
        try:
            row = next(rows, None)
        except (ValueError, SyntaxError, KeyError) as error:  # the sheet's XML ends in the middle
            yield finding(number, "BAD_WORKBOOK", cell=type(error).__name__)
            return
        if row is None:
            return
        yield _row(number, row, width)


def _row(number: int, row: tuple[object, ...], width: int) -> Raw:
    cells: list[str] = []
    for place, value in enumerate(row):
        try:
            cells.append(_text(value))
        except _LostDigits:
            return finding(number, "NUMBER_LOST_DIGITS", cell=f"{place + 1}")
        except ValueError as error:
            return finding(number, "TOO_LONG", cell=str(error), values={"max_length": _LONGEST})
    while len(cells) > width and not cells[-1]:
        cells.pop()
    return number, cells + [""] * (width - len(cells))


def _text(value: object) -> str:
    """A cell as it would stand in a CSV."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat()
        case date():
            return value.isoformat()
        case int() | float():
            return _number(value)
    text = str(value).strip()
    if len(text) > _LONGEST:
        raise ValueError(text[:20])
    return text


def _number(value: float) -> str:
    whole = int(value)
    if len(str(abs(whole))) > _EXACT:
        raise _LostDigits
    return str(whole) if whole == value else str(value)
