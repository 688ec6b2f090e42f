"""`mutasi correction …`: ask to have one's own record corrected; decide what people of an agency ask for."""

from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from services.cli.language import language, say
from services.cli.session import session

correction = typer.Typer(
    no_args_is_help=True, help="Corrections of records: fields, ask, mine, withdraw, list, decide."
)
Id = Annotated[str, typer.Argument(help="Id of the request, as k-….")]
Person = Annotated[str, typer.Argument(help="Id of the person who asks.")]
Reason = Annotated[str, typer.Option(help="Why; the person reads it, and it names nobody.")]
Rule = Annotated[str, typer.Option(help="The rule or document that it rests on.")]
Key = Annotated[str, typer.Option(help="Idempotency-Key: the same key again is the same command.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands about corrections."""
    app.add_typer(correction, name="correction")


@correction.command("fields")
def fields(context: typer.Context) -> None:
    """What may be asked for."""
    here = session(context)
    found = here.client.get("registry", "/v1/corrections/fields")
    rows = [
        {**one, "text": one["text"][language()], "about": one["about"][language()] if one["about"] else ""}
        for one in found["fields"]
    ]
    here.output.rows(found, rows, "field", "text", "about", "source")


@correction.command("ask")
def ask(  # noqa: PLR0913, PLR0917 - one option per field
    context: typer.Context,
    field: Annotated[str, typer.Argument(help="Which field, as `fields` lists them.")],
    value: Annotated[str, typer.Argument(help="What it should say.")],
    reason: Annotated[str, typer.Option(help="Why.")],
    about: Annotated[str, typer.Option(help="Which one of several: a year, a competence.")] = "",
    evidence: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="A file; its hash alone is sent.")
    ] = None,
    key: Key = "",
) -> None:
    """Ask to have one's own record corrected."""
    here = session(context)
    body = {"field": field, "about": about, "value": value, "reason": reason}
    body["evidence"] = sha256(evidence.read_bytes()).hexdigest() if evidence else ""
    found = here.client.post("registry", "/v1/me/corrections", body, key)
    id = found["correction"]
    here.output.done(found, say(f"Permintaan {id} diteruskan kepada instansi.", f"Request {id} is with your agency."))


@correction.command("mine")
def mine(context: typer.Context) -> None:
    """What I asked for, and what came of it."""
    here = session(context)
    found = here.client.get("registry", "/v1/me/corrections")
    here.output.rows(found, found["items"], "correction", "field", "about", "was", "value", "status", "due", "reason")


@correction.command("withdraw")
def withdraw(context: typer.Context, id: Id) -> None:
    """Take a request back while nobody decided it."""
    here = session(context)
    found = here.client.post("registry", f"/v1/me/corrections/{quote(id, safe='')}/withdraw", {})
    here.output.done(found, say(f"Permintaan {id} ditarik.", f"Request {id} is withdrawn."))


@correction.command("list")
def listed(
    context: typer.Context,
    agency: Annotated[str, typer.Argument(help="Code of the agency, as in palu.")],
    decided: Annotated[bool, typer.Option("--decided", help="Those that were decided.")] = False,
    after: Annotated[str, typer.Option(help="`next` of the page before.")] = "",
) -> None:
    """What people of an agency asked for."""
    here = session(context)
    status = "decided" if decided else "open"
    path = f"/v1/agencies/{quote(agency)}/corrections"
    found = here.client.get("registry", path, status=status, after=after, limit=200)
    columns = ("correction", "person", "name", "field", "about", "now", "value", "due", "status")
    here.output.rows(found, found["items"], *columns)


@correction.command("grant")
def grant(context: typer.Context, person: Person, id: Id, reason: Reason, rule: Rule) -> None:
    """The record becomes what was asked."""
    _decided(context, person, id, "grant", {"reason": reason, "rule": rule})


@correction.command("refuse")
def refuse(context: typer.Context, person: Person, id: Id, reason: Reason, rule: Rule) -> None:
    """The record stays as it is."""
    _decided(context, person, id, "refuse", {"reason": reason, "rule": rule})


def _decided(context: typer.Context, person: str, id: str, act: str, body: dict[str, Any]) -> None:
    here = session(context)
    path = f"/v1/people/{quote(person, safe='')}/corrections/{quote(id, safe='')}/{act}"
    found = here.client.post("registry", path, body)
    here.output.done(found, say(f"Permintaan {id} diputus.", f"Request {id} is decided."))
