"""`mutasi outcomes …`: are groups treated alike, and did moves help. Both read a CSV file that is kept nowhere."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from services.cli.client import REFUSED, failure
from services.cli.language import language, say
from services.cli.session import session

outcomes = typer.Typer(no_args_is_help=True, help="Outcomes: fairness, effects.")
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A CSV file in UTF-8 with a header.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands about outcomes."""
    app.add_typer(outcomes, name="outcomes")


@outcomes.command("fairness")
def fairness(context: typer.Context, file: File) -> None:
    """Shares found eligible and scores by group. Columns: person, then one per attribute (sex, age_band, region …)."""
    here = session(context)
    people = {row.pop("person"): {name: group for name, group in row.items() if group} for row in _rows(file, "person")}
    found = here.client.post("evaluation", f"/v1/audits/fairness?lang={language()}", {"people": people})
    rows = [{"attribute": one["name"], **group} for one in found["attributes"] for group in one["groups"]]
    here.output.rows(found, rows, "attribute", "name", "people", "rate", "score", "ratio", "p_value", "suppressed")
    if not here.output.as_json:
        here.output.rows(found, [{"to look into": said} for said in found["warnings"]], "to look into")


@outcomes.command("effects")
def effects(
    context: typer.Context,
    file: File,
    expected: Annotated[float, typer.Option(help="Expected change in per cent, as in -30.")],
) -> None:
    """Did the moves help. Columns: unit, moved (yes or no), and the figure while picking, before and after."""
    here = session(context)
    body = {"units": units_of(file), "expected": expected / 100}
    found = here.client.post("evaluation", f"/v1/audits/effects?lang={language()}", body)
    here.output.fields(found, "text", "units", "compared", "raw", "effect", "share", "verdict", "follow_up")


def units_of(file: Path) -> list[dict[str, object]]:
    """The units of a file with their figures in three windows. Raises Failure where a column is missing."""
    columns = ("unit", "moved", "picking", "before", "after")
    return [{**row, "moved": row["moved"] == "yes"} for row in _rows(file, *columns)]


def _rows(file: Path, *columns: str) -> list[dict[str, str]]:
    """The rows. Raises Failure where a column is missing."""
    with file.open(encoding="utf-8", newline="") as stream:
        rows: list[dict[str, str]] = list(csv.DictReader(stream))
    known: Mapping[str, str] = rows[0] if rows else {}
    if missing := [column for column in columns if column not in known]:
        names = ", ".join(missing)
        raise failure(REFUSED, "COLUMN_MISSING", say(f"Kolom tidak ada: {names}.", f"Columns missing: {names}."))
    return rows
