"""`mutasi group open|show|accept|decline`: swaps and chains, in which all move or none."""

from typing import Annotated
from urllib.parse import quote

import typer

from services.cli.language import say
from services.cli.registry import Key
from services.cli.session import session

group = typer.Typer(no_args_is_help=True, help="A swap or chain: open, show, accept, decline.")
Id = Annotated[str, typer.Argument(help="Id of the group.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands about groups."""
    app.add_typer(group, name="group")


@group.command("open")
def open_group(
    context: typer.Context,
    people: Annotated[list[str], typer.Argument(help="Ids of the people: each takes the seat of the next.")],
    purpose: Annotated[str, typer.Option(help="Which need it answers.")],
    expected_result: Annotated[str, typer.Option(help="What will be better.")],
    vacancy: Annotated[str, typer.Option(help="A chain: the first takes it, each next the seat left before.")] = "",
    key: Key = "",
) -> None:
    """Propose it to its members; each is told and has to accept."""
    here = session(context)
    wish = {"people": people, "vacancy": vacancy, "purpose": purpose, "expected_result": expected_result}
    found = here.client.post("proposal", "/v1/groups", wish, key)
    here.output.done(found, say(f"Tukar tempat: {found['id']}.", f"Exchange: {found['id']}."))


@group.command("show")
def show(context: typer.Context, id: Id) -> None:
    """How far each member is; when it has ended, what else would be possible."""
    here = session(context)
    found = here.client.get("proposal", f"/v1/groups/{quote(id)}")
    here.output.fields(found, "status", "code", "until", "vacancy", "alternatives")
    if not here.output.as_json:
        here.output.rows(found, found["members"], "person", "origin.post", "target.post", "accepted", "case", "step")


@group.command("accept")
def accept(
    context: typer.Context,
    id: Id,
    reason: Annotated[str, typer.Option(help="Why.")],
    consent: Annotated[bool, typer.Option("--consent", help="I agree that my data are examined.")] = False,
    also: Annotated[list[str] | None, typer.Option(help="A member whose seat I would take as well.")] = None,
    key: Key = "",
) -> None:
    """Agree, as a member."""
    said = {"reason": reason, "consent": consent, "also": also or []}
    here = session(context)
    found = here.client.post("proposal", f"/v1/groups/{quote(id)}/accept", said, key)
    here.output.done(found, say(f"Disetujui; keadaan: {found['status']}.", f"Accepted; now: {found['status']}."))


@group.command("decline")
def decline(context: typer.Context, id: Id, key: Key = "") -> None:
    """Do not agree, as a member; it is over for all."""
    here = session(context)
    found = here.client.post("proposal", f"/v1/groups/{quote(id)}/decline", None, key)
    here.output.done(found, say("Tidak disetujui.", "Declined."))
