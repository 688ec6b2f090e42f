"""`mutasi task …`: the approver's queue."""

from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from services.cli.language import say
from services.cli.registry import Key
from services.cli.session import session

task = typer.Typer(no_args_is_help=True, help="Tasks: list, claim, release, approve, refuse, return.")
Id = Annotated[str, typer.Argument(help="Id of the task.")]
Code = Annotated[str, typer.Option(help="Reason code of this stage.")]
Reason = Annotated[str, typer.Option(help="The reason; the person concerned reads it.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands about tasks."""
    app.add_typer(task, name="task")


@task.command("list")
def listed(
    context: typer.Context,
    mine: Annotated[bool, typer.Option("--mine", help="Claimed by me only.")] = False,
    standing_in: Annotated[bool, typer.Option("--standing-in", help="Where I act for somebody else.")] = False,
    after: Annotated[str, typer.Option(help="`next` of the page before.")] = "",
) -> None:
    """What waits, the earliest deadline first."""
    here = session(context)
    view = "mine" if mine else "substitute" if standing_in else "offices"
    found = here.client.get("approval", "/v1/tasks", view=view, after=after, limit=100)
    here.output.rows(found, found["items"], "task", "stage", "due", "overdue", "claimed_by", "vacancy")


@task.command("claim")
def claim(context: typer.Context, id: Id, key: Key = "") -> None:
    """Take a task on."""
    here = session(context)
    found = here.client.post("approval", f"/v1/tasks/{quote(id)}/claim", key=key)
    here.output.done(found, say(f"{id} Anda ambil.", f"You took {id} on."))


@task.command("release")
def release(context: typer.Context, id: Id, key: Key = "") -> None:
    """Put a task back."""
    here = session(context)
    found = here.client.post("approval", f"/v1/tasks/{quote(id)}/release", key=key)
    here.output.done(found, say(f"{id} dilepas.", f"{id} is released."))


@task.command("approve")
def approve(  # noqa: PLR0913, PLR0917 - a letter is made of these
    context: typer.Context,
    id: Id,
    reason: Reason = "",
    letter: Annotated[Path | None, typer.Option(help="File of the letter that the stage asks for.")] = None,
    number: Annotated[str, typer.Option(help="Number of the letter.")] = "",
    dated: Annotated[str, typer.Option(help="Date of the letter, year-month-day.")] = "",
    issuer: Annotated[str, typer.Option(help="Whose letter it is: bkn, home_affairs, governor:PROVINCE …")] = "",
    key: Key = "",
) -> None:
    """Approve a claimed task, with the letter of a move between agencies where the stage asks for it."""
    body: dict[str, Any] = {"decision": "approve", "reason": reason}
    if letter is not None:
        digest = sha256(letter.read_bytes()).hexdigest()
        body["letter"] = {"number": number, "dated": dated, "sha256": digest, "issuer": issuer}
    _decide(context, id, body, key)


@task.command("refuse")
def refuse(context: typer.Context, id: Id, code: Code, reason: Reason, key: Key = "") -> None:
    """Refuse a claimed task."""
    _decide(context, id, {"decision": "refuse", "code": code, "reason": reason}, key)


@task.command("return")
def give_back(
    context: typer.Context,
    id: Id,
    code: Code,
    reason: Reason,
    missing: Annotated[list[str] | None, typer.Option(help="Kind of document asked for; may be repeated.")] = None,
    key: Key = "",
) -> None:
    """Return the file of a claimed task to be mended."""
    body = {"decision": "return", "code": code, "reason": reason, "missing": missing or []}
    _decide(context, id, body, key)


def _decide(context: typer.Context, id: str, body: dict[str, Any], key: str) -> None:
    here = session(context)
    found = here.client.post("approval", f"/v1/tasks/{quote(id)}/decide", body, key)
    here.output.done(
        found, say(f"{id}: keputusan dicatat ({body['decision']}).", f"{id}: decision recorded ({body['decision']}).")
    )
