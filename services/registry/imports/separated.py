"""CSV as spreadsheets write it: comma, semicolon or tab, with or without byte order mark."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO

from services.registry.imports.report import Finding, finding
from services.registry.imports.table import Lines, Raw, Table, Unreadable

_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def open_csv(file: BinaryIO, columns: Mapping[str, bool], _kind: str) -> tuple[Sequence[Finding], Lines]:
    """The table of a CSV file, read as it comes. Raises Unreadable."""
    if file.read(2) in _UTF16:
        raise Unreadable(finding(1, "BAD_ENCODING"))
    file.seek(0)
    text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="")
    first = text.readline()
    separator = max(",;\t", key=first.count)
    header = next(csv.reader([first], delimiter=separator), [])
    table = Table(header, _rows(text, separator), columns)
    return table.unknown, table


def _rows(text: io.TextIOWrapper, separator: str) -> Iterator[Raw]:
    rows, number = csv.reader(text, delimiter=separator), 1
    while True:
        number += 1
        try:
            yield number, [cell.strip() for cell in next(rows)]
        except StopIteration:
            return
        except csv.Error as error:
            yield finding(number, "BAD_CSV", cell=str(error))
