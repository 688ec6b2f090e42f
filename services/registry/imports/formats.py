"""Which format a file has, by its first bytes: nobody trusts the name of a file."""

from collections.abc import Mapping, Sequence
from typing import BinaryIO

from services.registry.imports.records import open_json
from services.registry.imports.report import Finding
from services.registry.imports.separated import open_csv
from services.registry.imports.table import Lines, Opener
from services.registry.imports.workbook import open_xlsx

_ZIP, _JSON, _MARK = b"PK", (b"[", b"{"), b"\xef\xbb\xbf"
_LOOK = 64


def open_file(file: BinaryIO, columns: Mapping[str, bool], kind: str) -> tuple[Sequence[Finding], Lines]:
    """What is doubtful about the file, and its lines. Raises Unreadable."""
    head = file.read(_LOOK)
    file.seek(0)
    return _opener(head)(file, columns, kind)


def _opener(head: bytes) -> Opener:
    if head.startswith(_ZIP):
        return open_xlsx
    return open_json if head.removeprefix(_MARK).lstrip().startswith(_JSON) else open_csv
