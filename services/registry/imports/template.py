"""The template of a kind of file: a workbook with columns, drop-down lists, formats that keep digits, an example."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any, Literal, get_args, get_origin

import yaml
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from pydantic import TypeAdapter

from services.registry.domain.values import GRADES, KINDS, LEVELS, PPPK_GRADES
from services.registry.imports.kinds import KINDS as ROWS
from services.registry.imports.kinds import columns

_LAST, _WIDTH, _TEXT = 10_000, 22, "@"
_LEVELS = sorted(name for name in LEVELS if not name.isdigit())
_KNOWN: Mapping[str, Sequence[str]] = {
    "rank": [*sorted(GRADES), *sorted(PPPK_GRADES)],
    "rank_min": sorted(GRADES),
    "rank_max": sorted(GRADES),
    "education_level": _LEVELS,
    "education_min": _LEVELS,
}


@cache
def examples() -> Mapping[str, Mapping[str, str]]:
    """A good row of each kind, by column. Raises pydantic.ValidationError when the file is broken."""
    raw = yaml.safe_load(files("services.registry.imports").joinpath("examples.yaml").read_text("utf-8"))
    return TypeAdapter(dict[str, dict[str, str]]).validate_python(raw)


def choices(kind: str, column: str) -> Sequence[str]:
    """What a cell may be, where that is a list; empty where it is free."""
    if kind == "posts" and column == "kind":
        return sorted(KINDS)
    return _KNOWN.get(column) or _listed(ROWS[kind].model_fields[column].annotation)


def _listed(annotation: Any) -> Sequence[str]:  # noqa: ANN401 - any type a column may have
    if annotation is bool:
        return ["yes", "no"]
    if get_origin(annotation) is Literal:
        return [str(one) for one in get_args(annotation)]
    found = (_listed(part) for part in get_args(annotation) if not isinstance(part, str))
    return next((one for one in found if one), [])


def template(kind: str) -> bytes:
    """The workbook. Only its first sheet is read when it comes back."""
    book = Workbook()
    names = list(columns(kind))
    data = book.worksheets[0]
    data.title = "data"
    _header(data, kind)
    lists = book.create_sheet("pilihan")
    for place, name in enumerate(names, 1):
        _column(data, lists, place, choices(kind, name))
    example = book.create_sheet("contoh")
    _header(example, kind)
    example.append([examples()[kind].get(name, "") for name in names])
    _explained(book.create_sheet("petunjuk"), kind)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _header(sheet: Worksheet, kind: str) -> None:
    """The names of the columns, those that must be filled in bold."""
    sheet.append(list(columns(kind)))
    for place, needed in enumerate(columns(kind).values(), 1):
        sheet.cell(1, place).font = Font(bold=needed)
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTH
    sheet.freeze_panes = "A2"


def _column(data: Worksheet, lists: Worksheet, place: int, allowed: Sequence[str]) -> None:
    """Everything is text, so that a spreadsheet drops no digit of a NIP and turns no rank into a date."""
    letter = get_column_letter(place)
    data.column_dimensions[letter].number_format = _TEXT
    if not allowed:
        return
    for row, value in enumerate(allowed, 1):
        lists.cell(row, place, value)
    rule = DataValidation("list", formula1=f"pilihan!${letter}$1:${letter}${len(allowed)}", allow_blank=True)
    rule.add(f"{letter}2:{letter}{_LAST}")
    data.add_data_validation(rule)


def _explained(sheet: Worksheet, kind: str) -> None:
    sheet.append(["kolom / column", "wajib / required", "pilihan / choices", "contoh / example"])
    for name, needed in columns(kind).items():
        listed = ", ".join(choices(kind, name))
        sheet.append([name, "ya / yes" if needed else "", listed, examples()[kind].get(name, "")])
