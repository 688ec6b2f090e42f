"""`mutasi notify …`: the ledger of messages, their words, what came back, and the errands that follow."""

import sys
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer
import yaml

from services.cli.contacts import contact
from services.cli.language import say
from services.cli.registry import Key
from services.cli.session import session

notify = typer.Typer(
    no_args_is_help=True, help="Messages: ledger, resend, cancel, preview, bounces, errands, contacts."
)
Id = Annotated[str, typer.Argument(help="Id of the message.")]
Channel = Annotated[str, typer.Argument(help="Name of the channel, such as email.")]
SERVICE, COLUMNS = "notification", ("channel", "waiting", "paused", "failures", "shut_until")


def add_to(app: typer.Typer) -> None:
    """Add the commands about messages."""
    notify.add_typer(contact, name="contact")
    app.add_typer(notify, name="notify")


@notify.command("ledger")
def ledger(
    context: typer.Context,
    status: Annotated[str, typer.Option(help="Only this state, such as failed or bounced.")] = "",
    cursor: Annotated[str, typer.Option(help="`next` of the page before.")] = "",
) -> None:
    """Messages, the newest first."""
    here = session(context)
    found = here.client.get(SERVICE, "/v1/messages", status=status, cursor=cursor, limit=100)
    here.output.rows(found, found["items"], "id", "status", "failure", "code", "template", "channel", "case")


@notify.command("resend")
def resend(context: typer.Context, id: Id, key: Key = "") -> None:
    """Send a message again that did not arrive, or may not have."""
    here = session(context)
    found = here.client.post(SERVICE, f"/v1/messages/{quote(id)}/resend", key=key)
    here.output.done(found, say(f"{id} dikirim ulang.", f"{id} is sent again."))


@notify.command("cancel")
def cancel(context: typer.Context, id: Id, key: Key = "") -> None:
    """Stop a message that waits."""
    here = session(context)
    found = here.client.post(SERVICE, f"/v1/messages/{quote(id)}/cancel", key=key)
    here.output.done(found, say(f"{id} dibatalkan.", f"{id} is cancelled."))


@notify.command("bulk")
def bulk(
    context: typer.Context,
    act: Annotated[str, typer.Argument(help="resend (releases what is stale) or cancel (drops it).")],
    status: Annotated[str, typer.Argument(help="stale, failed, ambiguous, suppressed, bounced, cancelled or queued.")],
    template: Annotated[str, typer.Option(help="Only messages with these words.")] = "",
    limit: Annotated[int, typer.Option(help="At most so many, those of the oldest events first.")] = 500,
) -> None:
    """Do it to many messages at once; `left` says how many there still are."""
    here = session(context)
    body = {"act": act, "status": status, "template": template, "limit": limit}
    found = here.client.post(SERVICE, "/v1/messages/bulk", body)
    done, left = found["done"], found["left"]
    here.output.done(found, say(f"{done} pesan, tersisa {left}.", f"{done} messages, {left} left."))


@notify.command("channels")
def channels(context: typer.Context) -> None:
    """Who waits on which channel, and which channel is paused or left alone."""
    here = session(context)
    found = here.client.get(SERVICE, "/v1/channels")
    here.output.rows(found, found, *COLUMNS)


@notify.command("pause")
def pause(context: typer.Context, channel: Channel) -> None:
    """Let nothing leave on a channel for now."""
    here = session(context)
    found = here.client.post(SERVICE, f"/v1/channels/{quote(channel)}/pause")
    here.output.rows(found, found, *COLUMNS)


@notify.command("resume")
def resume(context: typer.Context, channel: Channel) -> None:
    """Let messages leave on a channel again."""
    here = session(context)
    found = here.client.post(SERVICE, f"/v1/channels/{quote(channel)}/resume")
    here.output.rows(found, found, *COLUMNS)


@notify.command("announce")
def announce(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="YAML: audience (agency, unit, office), title_id/en, text_id/en.")],
    key: Key = "",
) -> None:
    """Draft an announcement to many; tells how many it would reach. Nothing is sent."""
    here = session(context)
    told = here.client.post(SERVICE, "/v1/broadcasts", yaml.safe_load(file.read_text("utf-8")), key)
    found = here.client.get(SERVICE, f"/v1/broadcasts/{quote(told['id'])}/audience")
    id, many = told["id"], found["count"]
    here.output.done({"id": id, **found}, say(f"{id}: {many} penerima.", f"{id}: {many} recipients."))


@notify.command("release")
def release(
    context: typer.Context,
    id: Annotated[str, typer.Argument(help="Id of the announcement.")],
    expected: Annotated[int, typer.Option(help="How many the dry run counted.")],
    key: Key = "",
) -> None:
    """Send an announcement, once, after everything else that waits."""
    here = session(context)
    found = here.client.post(SERVICE, f"/v1/broadcasts/{quote(id)}/release", {"expected": expected}, key)
    here.output.done(found, say(f"{id} dilepas.", f"{id} is released."))


@notify.command("preview")
def preview(
    context: typer.Context,
    template: Annotated[str, typer.Argument(help="Name of the words; without it they are listed.")] = "",
    language: Annotated[str, typer.Option(help="id or en.")] = "id",
) -> None:
    """The words of a message with invented values."""
    here = session(context)
    if not template:
        rows = here.client.get(SERVICE, "/v1/templates")
        here.output.rows(rows, rows, "template", "category", "urgency", "legal", "versions", "faults")
        return
    found = here.client.get(SERVICE, f"/v1/templates/{quote(template)}", language=language)
    here.output.done(found, f"{found['subject']}\n\n{found['text']}")


@notify.command("bounce")
def bounce(
    context: typer.Context,
    mail: Annotated[Path | None, typer.Argument(help="A mail, or a Maildir; without it standard input.")] = None,
) -> None:
    """Tell the ledger what came back, as the end of a mail system's pipe or over a mailbox (read mails move to cur)."""
    here = session(context)
    waiting = sorted((mail / "new").iterdir()) if mail is not None and mail.is_dir() else [mail]
    for one in waiting:
        content = one.read_bytes() if one is not None else sys.stdin.buffer.read()
        found = here.client.upload(SERVICE, "/v1/bounces", content, kind="message/rfc822")
        if one is not None and one != mail:
            one.rename(one.parent.parent / "cur" / f"{one.name}:2,S")
        taken, unknown = len(found["taken"]), len(found["unknown"])
        here.output.done(found, say(f"{taken} dicatat, {unknown} tidak dikenal.", f"{taken} noted, {unknown} unknown."))


@notify.command("errands")
def errands(
    context: typer.Context,
    status: Annotated[str, typer.Option(help="open or done.")] = "open",
    after: Annotated[str, typer.Option(help="`next` of the page before.")] = "",
) -> None:
    """Addresses to correct and notices to deliver on paper."""
    here = session(context)
    found = here.client.get(SERVICE, "/v1/errands", status=status, after=after, limit=100)
    here.output.rows(found, found["items"], "id", "kind", "agency", "person", "code", "opened_on", "proof")


@notify.command("done")
def done(
    context: typer.Context,
    id: Annotated[str, typer.Argument(help="Id of the errand.")],
    on: Annotated[str, typer.Option(help="The day, YYYY-MM-DD.")],
    proof: Annotated[str, typer.Option(help="Number of the receipt.")],
    digest: Annotated[str, typer.Option(help="SHA-256 of the scanned receipt.")] = "",
    key: Key = "",
) -> None:
    """An errand was done, with proof."""
    here = session(context)
    body = {"on": on, "proof": proof, "digest": digest}
    found = here.client.post(SERVICE, f"/v1/errands/{quote(id)}/done", body, key)
    here.output.done(found, say(f"{id} selesai.", f"{id} is done."))
