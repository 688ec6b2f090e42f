"""Exports: what the registry keeps, as CSV that comes back in unchanged and that no spreadsheet runs as a formula."""

import csv
import io
from collections.abc import AsyncIterator, Mapping
from typing import Any

from services.registry.imports.kinds import columns
from services.registry.imports.table import safe

EXPORTED = ("agencies", "units", "posts")
"""Kinds that come out as they went in. People do not: the birth date is not kept."""


def row_of(kind: str, registered: Mapping[str, Any]) -> Mapping[str, str]:
    """The row of a file that would register this again."""
    flat = {**registered, **registered.get("requirements", {})}
    for name in ("unit", "post", "parent"):
        flat[name] = str(flat.get(name) or "").rpartition(":")[2]
    flat["predecessors"] = [id.rpartition(":")[2] for id in flat.get("predecessors", ())]
    return {name: _cell(flat.get(name)) for name in columns(kind)}


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case dict():
            return "|".join(f"{name}={part}" for name, part in value.items())
        case list() | tuple():
            return "|".join(str(part) for part in value)
    return str(value)


async def exported(kind: str, registered: AsyncIterator[Mapping[str, Any]]) -> AsyncIterator[str]:
    """The file, line by line."""
    yield _line(list(columns(kind)))
    async for one in registered:
        yield _line([safe(cell) for cell in row_of(kind, one).values()])


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()
