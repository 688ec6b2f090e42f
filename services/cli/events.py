"""`mutasi events parked …`: messages that a service could not take."""

from typing import Annotated
from urllib.parse import quote

import typer

from services.cli.language import say
from services.cli.session import PORTS, session

events = typer.Typer(no_args_is_help=True, help="Events: parked messages.")
parked = typer.Typer(no_args_is_help=True, help="Parked messages: list, show, replay, skip.")
Name = Annotated[str, typer.Argument(help=f"Service: {', '.join(PORTS)}.")]
Id = Annotated[str, typer.Argument(help="Id of the parked message.")]
COLUMNS = ("service", "_id", "kind", "aggregate", "reason", "status")


def add_to(app: typer.Typer) -> None:
    """Add the commands about parked messages."""
    events.add_typer(parked, name="parked")
    app.add_typer(events, name="events")


@parked.command("list")
def listed(
    context: typer.Context,
    service: Annotated[str, typer.Argument(help="One service; without it all of them.")] = "",
    status: Annotated[str, typer.Option(help="parked, replayed or skipped.")] = "parked",
) -> None:
    """The oldest first."""
    here = session(context)
    rows = [
        {"service": name, **record}
        for name in ([_known(service)] if service else PORTS)
        for record in here.client.get(name, "/ops/parked", status=status, limit=500)["parked"]
    ]
    here.output.rows({"parked": rows}, rows, *COLUMNS)


@parked.command("show")
def show(context: typer.Context, service: Name, id: Id) -> None:
    """One, with its bytes and why it was parked."""
    here = session(context)
    here.output.fields(here.client.get(_known(service), f"/ops/parked/{quote(id, safe='')}"))


@parked.command("replay")
def replay(context: typer.Context, service: Name, id: Id) -> None:
    """Handle it again, in order."""
    here = session(context)
    found = here.client.post(_known(service), f"/ops/parked/{quote(id, safe='')}/replay")
    here.output.done(found, f"{id}: {found.get('status', 'replayed')}")


@parked.command("skip")
def skip(
    context: typer.Context, service: Name, id: Id, reason: Annotated[str, typer.Option(help="Why it is given up.")]
) -> None:
    """Give it up for good; who and why is journaled."""
    here = session(context)
    found = here.client.post(_known(service), f"/ops/parked/{quote(id, safe='')}/skip", {"reason": reason})
    here.output.done(found, f"{id}: {found.get('status', 'skipped')}")


def _known(service: str) -> str:
    if service not in PORTS:
        raise typer.BadParameter(say(f"layanan {service!r} tidak ada", f"there is no service {service!r}"))
    return service
