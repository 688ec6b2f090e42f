"""`mutasi reorganise propose|show`: everybody of units that change, on one list from a file (K8)."""

from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote
from uuid import uuid4

import typer

from services.cli.client import REFUSED, failure
from services.cli.language import language, say
from services.cli.registry import Key
from services.cli.session import Session, session

reorganise = typer.Typer(no_args_is_help=True, help="A reorganisation: propose a list from a file, show.")


def add_to(app: typer.Typer) -> None:
    """Add the commands about reorganisations."""
    app.add_typer(reorganise, name="reorganise")


@reorganise.command("propose")
def propose(  # noqa: PLR0913, PLR0917 - one option per field
    context: typer.Context,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV, XLSX or JSON: nip, post.")],
    agency: Annotated[str, typer.Option(help="Code of the agency.")],
    unit: Annotated[list[str], typer.Option(help="Code of a unit that changes; several times.")],
    number: Annotated[str, typer.Option(help="Number of the regulation.")],
    dated: Annotated[str, typer.Option(help="Its day, as 2026-10-01.")],
    issuer: Annotated[str, typer.Option(help="Who issued it.")],
    purpose: Annotated[str, typer.Option(help="Which need it answers.")],
    expected_result: Annotated[str, typer.Option(help="What will be better.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what is wrong and who is missing.")] = False,
    key: Key = "",
) -> None:
    """Propose the list, when it is whole. Ends with 1 when a row is wrong or somebody is missing."""
    here, key = session(context), key or uuid4().hex
    about = {"agency": agency, "unit": unit, "number": number, "dated": dated, "issuer": issuer}
    about |= {"purpose": purpose, "expected_result": expected_result}
    found = _sent(here, file, key, {**about, "dry_run": "true"})
    if found["findings"] or here.output.as_json:
        here.output.rows(found, [{**one, "says": one["says"][language()]} for one in found["findings"]], *SHOWN)
    if not found["whole"]:
        count = len(found["findings"])
        detail = say(f"Daftar belum lengkap: {count} temuan.", f"The list is not whole: {count} findings.")
        raise failure(REFUSED, "LIST_NOT_WHOLE", detail, say("Perbaiki lalu ulangi.", "Mend it and try again."))
    if dry_run:
        return here.output.done(found, say(f"{found['rows']} baris baik.", f"{found['rows']} rows are fine."))
    made = _sent(here, file, key, about)
    return here.output.done(made, say(f"Diusulkan: {made['id']}.", f"Proposed: {made['id']}."))


def _sent(here: Session, file: Path, key: str, about: dict[str, Any]) -> Any:  # noqa: ANN401 - as JSON is
    with file.open("rb") as content:
        return here.client.upload_file("registry", "/v1/reorganisations", content, key=key, **about)


@reorganise.command("show")
def show(context: typer.Context, id: Annotated[str, typer.Argument(help="Id of the list.")]) -> None:
    """Where it stands, and who has moved."""
    here = session(context)
    found = here.client.get("registry", f"/v1/reorganisations/{quote(id)}")
    here.output.fields(found, "status", "units", "code", "reason")
    if not here.output.as_json:
        rows = [{**move, "came": _came(found["done"], move["case"])} for move in found["moves"]]
        here.output.rows(found, rows, "case", "person", "origin.post", "target.post", "came")


def _came(done: dict[str, str], case: str) -> str:
    return (done[case] or say("pindah", "moved")) if case in done else ""


SHOWN = ("row", "column", "cell", "rule", "says")
