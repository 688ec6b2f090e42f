"""`mutasi objection list|show|file|answer|suspend|court`, `mutasi decree correct|amend|revoke`."""

from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from services.cli.decrees import DecreeId, decree
from services.cli.language import say
from services.cli.registry import Key
from services.cli.session import session

objection = typer.Typer(
    no_args_is_help=True, help="An objection (keberatan): list, show, file, answer, suspend, court."
)
Reason = Annotated[str, typer.Option(help="Why, in at least ten letters.")]
Letter = Annotated[
    tuple[str, str, str, Path] | None,
    typer.Option(
        metavar="ISSUER NUMBER DATE FILE",
        help="How an authority outside took its decision back: of home_affairs, bkn or governor:<province>.",
    ),
]
SHOWN = ("status", "may_file", "filed_on", "due", "unanswered", "reason", "suspended_until", "court")


def add_to(app: typer.Typer) -> None:
    """Add the commands about objections; those about decrees are added to theirs."""
    app.add_typer(objection, name="objection")


@objection.command("list")
def waiting(context: typer.Context) -> None:
    """What waits for your answer as the authority, the earliest due first."""
    here = session(context)
    found = here.client.get("approval", "/v1/objections")
    here.output.rows(found, found["items"], "decree", "filed_on", "due", "unanswered", "grounds")


@objection.command("show")
def show(context: typer.Context, id: DecreeId) -> None:
    """The way open against a decree, its terms, and what came of it."""
    here = session(context)
    found = here.client.get("approval", f"/v1/decrees/{quote(id)}/objection")
    here.output.fields(found, *SHOWN)
    if not here.output.as_json:
        here.output.rows(found, found["way"]["terms"], "regime", "until", "citation", "certainty")


@objection.command("file")
def file_objection(
    context: typer.Context,
    id: DecreeId,
    grounds: Reason,
    documents: Annotated[list[Path] | None, typer.Option("--document", help="A document that shows it.")] = None,
    key: Key = "",
) -> None:
    """Object, as the person concerned. Of a document only its SHA-256 leaves this machine."""
    hashes = [_hash(document) for document in documents or []]
    _post(context, id, "objection", {"grounds": grounds, "documents": hashes}, key)


@objection.command("answer")
def answer(
    context: typer.Context,
    id: DecreeId,
    outcome: Annotated[str, typer.Argument(help="granted or rejected.")],
    reason: Reason,
    key: Key = "",
) -> None:
    """Decide it, as the authority; a granted one revokes the decree."""
    _post(context, id, "objection/answer", {"outcome": outcome, "reason": reason}, key)


@objection.command("suspend")
def suspend(
    context: typer.Context,
    id: DecreeId,
    reason: Reason,
    until: Annotated[str, typer.Option(help="The last day (YYYY-MM-DD); else that of the answer.")] = "",
    key: Key = "",
) -> None:
    """Let the decree take effect only after the answer, or after that day, as the authority."""
    _post(context, id, "objection/suspend", {"reason": reason, "until": until or None}, key)


@objection.command("court")
def court(
    context: typer.Context,
    id: DecreeId,
    step: Annotated[str, typer.Argument(help="filed, upheld, annulled or withdrawn.")],
    on: Annotated[str, typer.Argument(help="The day (YYYY-MM-DD).")],
    matter: Annotated[tuple[str, str], typer.Option(metavar="COURT NUMBER", help="Which court, and its number.")],
    key: Key = "",
) -> None:
    """Record what the administrative court was asked or decided, as the authority."""
    body = {"court": matter[0], "number": matter[1], "step": step, "on": on}
    _post(context, id, "objection/court", body, key)


@decree.command("correct")
def correct(
    context: typer.Context,
    id: DecreeId,
    part: Annotated[str, typer.Argument(help="origin_post, origin_unit, target_post or target_unit.")],
    written: Annotated[tuple[str, str], typer.Option(metavar="WRONG RIGHT", help="What stands there, what should.")],
    reason: Reason,
    key: Key = "",
) -> None:
    """Put a clerical error right (ralat), as the authority; number, date and effect stay."""
    _post(context, id, "correct", {"part": part, "wrong": written[0], "right": written[1], "reason": reason}, key)


@decree.command("amend")
def amend(
    context: typer.Context,
    id: DecreeId,
    effective_on: Annotated[str, typer.Argument(help="The new effective date (YYYY-MM-DD).")],
    reason: Reason,
    key: Key = "",
) -> None:
    """Another effective date (SK perubahan), as the authority."""
    _post(context, id, "amend", {"effective_on": effective_on, "reason": reason}, key)


@decree.command("revoke")
def revoke(
    context: typer.Context,
    id: DecreeId,
    reason: Reason,
    letter: Letter = None,
    key: Key = "",
) -> None:
    """Take it back (pencabutan), as the authority; with the letter of an authority outside where that took its own."""
    entered = None
    if letter is not None:
        issuer, number, dated, file = letter
        entered = {"issuer": issuer, "number": number, "dated": dated, "sha256": _hash(file)}
    _post(context, id, "revoke", {"reason": reason, "letter": entered}, key)


def _hash(file: Path) -> str:
    """Raises typer.BadParameter."""
    try:
        return sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        raise typer.BadParameter(f"{file}: {error.strerror}") from None


def _post(context: typer.Context, id: str, what: str, body: dict[str, Any], key: str) -> None:
    here = session(context)
    found = here.client.post("approval", f"/v1/decrees/{quote(id)}/{what}", body, key)
    number = found.get("number_text", "")
    here.output.done(found, say(f"Tercatat. {number}", f"Recorded. {number}").strip())
