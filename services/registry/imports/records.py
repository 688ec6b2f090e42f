"""JSON, read as it comes: an array of objects under our own names, or in the shape of SIASN (see siasn.yaml)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from itertools import count
from typing import BinaryIO

import ijson
import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from services.registry.imports.report import Finding, finding
from services.registry.imports.table import Line, Lines, checked

_SPACE = b" \t\r\n"


class Field(BaseModel):
    """Where a column comes from: the first of these names that is there; `values` translates what it says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    names: tuple[str, ...]
    day: str = ""  # how its dates are written, for strptime
    values: Mapping[str, str] = {}


@cache
def shapes() -> Mapping[str, Mapping[str, Field]]:
    """The columns of each kind in SIASN's words. Raises pydantic.ValidationError when the file is broken."""
    raw = yaml.safe_load(files("services.registry.imports").joinpath("siasn.yaml").read_text("utf-8"))
    return TypeAdapter(dict[str, dict[str, Field]]).validate_python(raw)


def open_json(file: BinaryIO, columns: Mapping[str, bool], kind: str) -> tuple[Sequence[Finding], Lines]:
    """The records of an array, or of `data` in an object as SIASN answers; a missing column is told by each row."""
    return (), _lines(file, columns, shapes().get(kind, {}))


def _lines(file: BinaryIO, columns: Mapping[str, bool], shape: Mapping[str, Field]) -> Iterator[Line]:
    first = b" "
    while first and first in _SPACE:
        first = file.read(1)
    file.seek(0)
    records = ijson.items(file, "item" if first == b"[" else "data.item", use_float=True)
    unknown: set[str] = set()
    for number in count(1):
        try:
            record = next(records, None)
        except (ijson.JSONError, UnicodeDecodeError, ValueError) as error:
            yield finding(number, "BAD_JSON", cell=str(error)[:100])
            return
        if record is None:
            return
        if not isinstance(record, dict):
            yield finding(number, "NOT_AN_OBJECT", cell=str(record))
            continue
        yield from _unknown(number, record, columns, shape, unknown)
        yield _line(number, record, columns, shape)


def _unknown(
    number: int, record: Mapping[str, object], columns: Mapping[str, bool], shape: Mapping[str, Field], told: set[str]
) -> Iterator[Line]:
    """Names that mean nothing here, each once; a record of SIASN has a hundred more than we read."""
    if any(name in record for field in shape.values() for name in field.names if name not in columns):
        return
    for name in sorted(set(record) - set(columns) - told):
        told.add(name)
        yield finding(number, "UNKNOWN_COLUMN", name, warning=True)


def _line(number: int, record: Mapping[str, object], columns: Mapping[str, bool], shape: Mapping[str, Field]) -> Line:
    cells = {name: _text(record[name]) for name in columns if name in record}
    for column, field in shape.items():
        if column not in cells and (name := next((name for name in field.names if name in record), "")):
            cells[column] = _translated(field, _text(record[name]))
    return checked(number, cells)


def _translated(field: Field, text: str) -> str:
    if field.day and text:
        try:
            return datetime.strptime(text, field.day).date().isoformat()
        except ValueError:
            return text
    return field.values.get(text, text)


def _text(value: object) -> str:
    """A value as a cell: several parted by |, pairs as name=value."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case dict():
            return "|".join(f"{name}={_text(part)}" for name, part in value.items())
        case list():
            return "|".join(_text(part) for part in value)
    return str(value).strip()
