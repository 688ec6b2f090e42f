"""`mutasi notify contact …`: where one wants to be told besides e-mail."""

from typing import Annotated

import typer

from services.cli.language import say
from services.cli.registry import Key
from services.cli.session import session

contact = typer.Typer(no_args_is_help=True, help="Your chat addresses: list, add, confirm, choose, test, remove.")
Channel = Annotated[str, typer.Argument(help="matrix, telegram, whatsapp or apprise.")]
SERVICE = "notification"


@contact.command("list")
def listed(context: typer.Context) -> None:
    """Your addresses, and the channels this system has."""
    here = session(context)
    found = here.client.get(SERVICE, "/v1/contacts")
    here.output.rows(found, found["contacts"], "channel", "ready", "verified", "waiting")


@contact.command("add")
def add(
    context: typer.Context,
    channel: Channel,
    address: Annotated[str, typer.Argument(help="Matrix id, number of the Telegram chat, telephone number.")],
    key: Key = "",
) -> None:
    """Give an address; a code is sent there."""
    here = session(context)
    found = here.client.put(SERVICE, f"/v1/contacts/{channel}", {"address": address}, key)
    here.output.done(found, say("Kode dikirim ke alamat itu.", "A code was sent there."))


@contact.command("confirm")
def confirm(
    context: typer.Context,
    channel: Channel,
    code: Annotated[str, typer.Argument(help="The code that came.")],
    key: Key = "",
) -> None:
    """Tell the code."""
    here = session(context)
    found = here.client.post(SERVICE, f"/v1/contacts/{channel}/confirm", {"code": code}, key)
    here.output.done(found, say(f"Alamat {channel} dikonfirmasi.", f"The address on {channel} is confirmed."))


@contact.command("choose")
def choose(
    context: typer.Context,
    channels: Annotated[list[str], typer.Argument(help="In the order they are tried; e-mail comes last by itself.")],
    key: Key = "",
) -> None:
    """Say where you want to be told; the rest of your preferences stays."""
    here = session(context)
    now = here.client.get(SERVICE, "/v1/preferences")
    wishes = {name: value for name, value in now.items() if name not in ("id", "version", "rows")}
    found = here.client.put(SERVICE, "/v1/preferences", wishes | {"channels": channels}, key)
    here.output.done(found, say(f"Urutan kanal: {', '.join(channels)}.", f"Channels in order: {', '.join(channels)}."))


@contact.command("test")
def try_out(context: typer.Context, channel: Channel, key: Key = "") -> None:
    """Send yourself a test message (also: email)."""
    here = session(context)
    found = here.client.post(SERVICE, f"/v1/contacts/{channel}/test", key=key)
    here.output.done(found, say("Pesan uji dikirim.", "A test message is on its way."))


@contact.command("remove")
def remove(context: typer.Context, channel: Channel, key: Key = "") -> None:
    """Take an address back; it is erased."""
    here = session(context)
    found = here.client.delete(SERVICE, f"/v1/contacts/{channel}", key)
    here.output.done(found, say(f"Alamat {channel} dihapus.", f"The address on {channel} is erased."))
