"""`mutasi emergency …`: people sent elsewhere at once, their post unchanged, and the papers they owe (K9)."""

from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from services.cli.language import say
from services.cli.registry import Key
from services.cli.session import session

emergency = typer.Typer(no_args_is_help=True, help="A temporary assignment, what is owed, and the way back.")
Id = Annotated[str, typer.Argument(help="Id of the letter of assignment.")]
Debt = Annotated[int, typer.Option(help="Number of what is owed.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands about emergencies."""
    app.add_typer(emergency, name="emergency")


@emergency.command("order")
def order(  # noqa: PLR0913, PLR0917 - one option per field
    context: typer.Context,
    people: Annotated[list[str], typer.Argument(help="Ids of the people, all of one unit.")],
    agency: Annotated[str, typer.Option(help="Agency that they are sent to.")],
    unit: Annotated[str, typer.Option(help="Id of the unit there.")],
    ends_on: Annotated[str, typer.Option(help="Last day, as 2027-03-31.")],
    number: Annotated[str, typer.Option(help="Number of the decree that declares the emergency.")],
    dated: Annotated[str, typer.Option(help="Its day, as 2026-10-03.")],
    issuer: Annotated[str, typer.Option(help="Who declared it.")],
    purpose: Annotated[str, typer.Option(help="Which need it answers.")],
    expected_result: Annotated[str, typer.Option(help="What will be better.")],
    missing: Annotated[list[str] | None, typer.Option(help="A document that they owe, as latest_decree.")] = None,
    key: Key = "",
) -> None:
    """Send them today; heads and authority are asked afterwards, missing documents are owed by a date."""
    here = session(context)
    basis = {"number": number, "dated": dated, "issuer": issuer}
    place = {"agency": agency, "unit": unit, "ends_on": ends_on}
    wish = {"people": people, "basis": basis, "purpose": purpose, "expected_result": expected_result}
    found = here.client.post("proposal", "/v1/assignments", {**wish, **place, "missing": missing or []}, key)
    here.output.done(found, say(f"Surat tugas: {found['id']}.", f"Letter of assignment: {found['id']}."))


@emergency.command("show")
def show(context: typer.Context, id: Id) -> None:
    """Who is still assigned, whether it was confirmed, and what is still owed by when."""
    here = session(context)
    found = here.client.get("proposal", f"/v1/assignments/{quote(id)}")
    here.output.fields(found, "starts_on", "ends_on", "confirmed", "active", "ended", "cases", "due")
    if not here.output.as_json:
        here.output.rows(found, found["owed"], "n", "person", "document")


@emergency.command("settle")
def settle(  # noqa: PLR0913, PLR0917 - one option per field
    context: typer.Context,
    id: Id,
    debt: Debt,
    file: Annotated[Path, typer.Argument(help="PDF, JPEG or PNG.", exists=True, dir_okay=False)],
    dated: Annotated[str, typer.Option(help="Its day, as 2026-11-10.")],
    number: Annotated[str, typer.Option(help="Number written on it.")] = "",
    affidavit: Annotated[bool, typer.Option("--affidavit", help="A statement instead of a lost paper.")] = False,
    key: Key = "",
) -> None:
    """Store a file and hand it in as a document that is owed."""
    here, content = session(context), file.read_bytes()
    door = f"/v1/assignments/{quote(id)}/debts/{debt}/files"
    stored = here.client.upload("proposal", door, content, kind="application/octet-stream")
    paper = {"n": debt, "number": number, "dated": dated, "sha256": stored["sha256"]}
    _post(context, id, "settle", {**paper, "kind": "affidavit" if affidavit else "paper"}, key)


@emergency.command("paper")
def paper(
    context: typer.Context,
    id: Id,
    debt: Debt,
    out: Annotated[Path, typer.Option("--out", "-o", help="File to write.")],
    reason: Annotated[str, typer.Option(help="Why, where it is restricted; the person can read it.")] = "",
) -> None:
    """Write the document that was handed in to a file."""
    here = session(context)
    content = here.client.raw("proposal", f"/v1/assignments/{quote(id)}/debts/{debt}/file", reason=reason)
    here.write(content, out)


@emergency.command("views")
def views(context: typer.Context, id: Id, debt: Debt) -> None:
    """Who looked at a restricted document that was handed in, when and why."""
    here = session(context)
    found = here.client.get("proposal", f"/v1/assignments/{quote(id)}/debts/{debt}/views")
    here.output.rows(found, found["newest"], "at", "kind", "by", "reason")


@emergency.command("convert")
def convert(  # noqa: PLR0913, PLR0917 - one option per field
    context: typer.Context,
    id: Id,
    person: Annotated[str, typer.Argument(help="Id of the person.")],
    vacancy: Annotated[str, typer.Argument(help="Id of the vacancy.")],
    reason: Annotated[str, typer.Option(help="Why this person.")],
    benefit: Annotated[str, typer.Option(help="What the person gains.")],
    training: Annotated[str, typer.Option(help="The training that goes with it.")],
    key: Key = "",
) -> None:
    """Propose an ordinary case for one of them, who is told and heard; they stay until it is decided."""
    wish = {"person": person, "vacancy": vacancy, "reason": reason, "benefit": benefit, "training": training}
    _post(context, id, "convert", wish, key)


@emergency.command("recall")
def recall(
    context: typer.Context,
    id: Id,
    people: Annotated[list[str], typer.Argument(help="Ids of the people.")],
    reason: Annotated[str, typer.Option(help="Why.")],
    key: Key = "",
) -> None:
    """Let them return before the term."""
    _post(context, id, "recall", {"people": people, "reason": reason}, key)


def _post(context: typer.Context, id: str, path: str, body: dict[str, Any], key: str) -> None:
    here = session(context)
    found = here.client.post("proposal", f"/v1/assignments/{quote(id)}/{path}", body, key)
    here.output.done(found, say("Dicatat.", "Recorded."))
