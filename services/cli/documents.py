"""`mutasi document …`: the documents of a case, as the person and its officials handle them."""

from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer

from services.cli.language import language, say
from services.cli.registry import Key
from services.cli.session import session

document = typer.Typer(no_args_is_help=True, help="Documents of a case: list, add, get, check, remove, views, kinds.")
Case = Annotated[str, typer.Argument(help="Id of the case.")]
Number = Annotated[int, typer.Argument(help="Number of the document in the case.")]
STANDING = {
    "present": ("ada", "there"),
    "stood_for": ("diganti surat pernyataan", "stood for by an affidavit"),
    "expired": ("kedaluwarsa", "out of date"),
    "rejected": ("ditolak", "rejected"),
    "missing": ("belum ada", "missing"),
}


def add_to(app: typer.Typer) -> None:
    """Add the commands about documents."""
    app.add_typer(document, name="document")


@document.command("kinds")
def kinds(context: typer.Context) -> None:
    """The kinds of documents, with their sources."""
    here = session(context)
    found = here.client.get("proposal", "/v1/document-kinds")
    rows = [{**kind, "title": kind["title"][language()]} for kind in found["kinds"]]
    here.output.rows(found, rows, "kind", "letter", "title", "issuer", "valid_months", "restricted", "citation")


@document.command("list")
def listed(context: typer.Context, case: Case) -> None:
    """What the case holds, and what such a move needs."""
    here = session(context)
    found = here.client.get("proposal", f"/v1/proposals/{quote(case)}/documents")
    here.output.rows(found, found["items"], "document", "kind", "number", "issued_on", "expires_on", "checked", "size")
    if not here.output.as_json and found["checklist"]:
        lines = [{**line, "title": line["title"][language()]} for line in found["checklist"]]
        shown = [{**line, "standing": say(*STANDING[line["standing"]])} for line in lines]
        here.output.rows(found, shown, "letter", "kind", "title", "due", "standing")


@document.command("add")
def add(  # noqa: PLR0913, PLR0917 - one option per field
    context: typer.Context,
    case: Case,
    kind: Annotated[str, typer.Argument(help="Kind, as `mutasi document kinds` names it.")],
    file: Annotated[Path, typer.Argument(help="PDF, JPEG or PNG.", exists=True, dir_okay=False)],
    number: Annotated[str, typer.Option(help="Number written on it.")] = "",
    issued_on: Annotated[str, typer.Option(help="Date written on it, year-month-day.")] = "",
    task: Annotated[str, typer.Option(help="The task that an official attaches it to.")] = "",
    key: Key = "",
) -> None:
    """Store a file and name it as a document of the case."""
    here = session(context)
    path, content = f"/v1/proposals/{quote(case)}", file.read_bytes()
    stored = here.client.upload("proposal", f"{path}/files", content, kind="application/octet-stream")
    body = {"kind": kind, "sha256": stored["sha256"], "number": number, "issued_on": issued_on or None, "task": task}
    found = here.client.post("proposal", f"{path}/documents", body, key)
    here.output.done(found, say(f"{kind} masuk ke berkas {case}.", f"{kind} is in the file of {case}."))


@document.command("get")
def get(
    context: typer.Context,
    case: Case,
    number: Number,
    out: Annotated[Path, typer.Option("--out", "-o", help="File to write.")],
    reason: Annotated[str, typer.Option(help="Why, where it is restricted; the person can read it.")] = "",
) -> None:
    """Write a document to a file."""
    here = session(context)
    content = here.client.raw("proposal", f"/v1/proposals/{quote(case)}/documents/{number}", reason=reason)
    here.write(content, out)


@document.command("check")
def check(
    context: typer.Context,
    case: Case,
    number: Number,
    accept: Annotated[bool, typer.Option("--accept/--reject", help="Whether it is accepted.")],
    reason: Annotated[str, typer.Option(help="Why it is not.")] = "",
    key: Key = "",
) -> None:
    """Accept a document, or say why not."""
    here = session(context)
    path = f"/v1/proposals/{quote(case)}/documents/{number}/check"
    found = here.client.post("proposal", path, {"accepted": accept, "reason": reason}, key)
    done = ("diterima", "accepted") if accept else ("ditolak", "rejected")
    here.output.done(found, say(f"Dokumen {number} {done[0]}.", f"Document {number} is {done[1]}."))


@document.command("remove")
def remove(context: typer.Context, case: Case, number: Number, key: Key = "") -> None:
    """Take out a document that you filed, before the case is handed in."""
    here = session(context)
    found = here.client.post("proposal", f"/v1/proposals/{quote(case)}/documents/{number}/remove", None, key)
    here.output.done(found, say(f"Dokumen {number} dikeluarkan.", f"Document {number} is out."))


@document.command("views")
def views(context: typer.Context, case: Case) -> None:
    """Who looked at the restricted documents of a case, when and why."""
    here = session(context)
    found = here.client.get("proposal", f"/v1/proposals/{quote(case)}/document-views")
    here.output.rows(found, found["newest"], "at", "document", "kind", "by", "reason")
