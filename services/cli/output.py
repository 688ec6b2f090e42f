"""What a command shows: a table or lines for people, JSON for programs."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table

from services.cli.language import say

_UGLY = frozenset(map(chr, range(32))) - {"\n"}
_ENDLESS = 100_000  # columns where no terminal shows it: a row stays one line for the program that reads it


@dataclass(frozen=True, slots=True)
class Output:
    """One of the two forms."""

    as_json: bool = False

    def json(self, value: object) -> None:
        """For programs."""
        sys.stdout.write(orjson.dumps(value, default=str).decode() + "\n")

    def rows(self, value: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], *columns: str) -> None:
        """A list; `value` is all of it for programs. A column may be a path, as in "placement.unit"."""
        if self.as_json:
            return self.json(value)
        if not rows:
            sys.stdout.write(say("Tidak ada.\n", "There is none.\n"))
            return None
        table = Table(box=None, pad_edge=False, header_style="bold")
        for column in columns:
            table.add_column(column.rpartition(".")[2], overflow="fold")
        for row in rows:
            table.add_row(*(text_of(_at(row, column)) for column in columns))
        _console().print(table)
        return None

    def fields(self, value: Mapping[str, Any], *names: str) -> None:
        """One thing; without names all its fields that are not empty."""
        if self.as_json:
            return self.json(value)
        shown = names or tuple(value)
        table = Table(box=None, show_header=False, pad_edge=False)
        table.add_column(style="bold")
        table.add_column(overflow="fold")
        for name in shown:
            found = _at(value, name)
            if found not in (None, "", [], {}):
                table.add_row(name.rpartition(".")[2], text_of(found))
        _console().print(table)
        return None

    def done(self, value: Mapping[str, Any], sentence: str) -> None:
        """What was done."""
        if self.as_json:
            return self.json(value)
        sys.stdout.write(f"✓ {clean(sentence)}\n")
        return None


def text_of(value: object) -> str:
    """A value as text. What others wrote can neither steer the terminal nor be taken for markup."""
    match value:
        case None:
            return ""
        case Mapping():
            return clean(", ".join(f"{name}={text_of(inner)}" for name, inner in value.items()))
        case list() | tuple():
            return clean("; ".join(text_of(inner) for inner in value))
    return clean(str(value))


def clean(text: str) -> str:
    """Without control characters."""
    return "".join("�" if letter in _UGLY or "\x7f" <= letter <= "\x9f" else letter for letter in text)


def _at(value: Mapping[str, Any], path: str) -> Any:  # noqa: ANN401 - whatever stands there
    found: Any = value
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _console() -> Console:
    width = None if sys.stdout.isatty() else _ENDLESS
    return Console(markup=False, emoji=False, highlight=False, width=width)
