"""`mutasi decree show|pdf|preview|sign|inaugurate|verify`; what else is done to one later: `remedies`."""

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

import httpx
import typer

from services.cli.client import BROKEN, NOT_FOUND, REFUSED, failure, no_answer
from services.cli.language import say
from services.cli.registry import Key
from services.cli.session import Session, session

if TYPE_CHECKING:
    from shared.signature import Finding

HELP = "A decree: show, pdf, preview, sign, inaugurate, verify, correct, amend, revoke."
decree = typer.Typer(no_args_is_help=True, help=HELP)
DecreeId = Annotated[str, typer.Argument(help="Id of the decree.")]
SENTENCES = {
    "NOT_A_PDF": ("Berkas ini bukan PDF yang utuh.", "This file is no intact PDF."),
    "NOT_SIGNED": ("Berkas ini tidak bertanda tangan elektronik.", "This file carries no electronic signature."),
    "CHANGED": ("Berkas ini telah diubah sesudah ditandatangani.", "This file was changed after it was signed."),
    "NOT_TRUSTED": ("Penanda tangan berkas ini tidak dikenal.", "Nobody we trust signed this file."),
    "NO_TIME": ("Tanda tangannya tanpa penanda waktu.", "The signature has no time stamp."),
}


def add_to(app: typer.Typer) -> None:
    """Add the commands about decrees."""
    app.add_typer(decree, name="decree")


@decree.command("show")
def show_decree(context: typer.Context, id: DecreeId) -> None:
    """The data of a decree."""
    here = session(context)
    here.output.fields(here.client.get("approval", f"/v1/decrees/{quote(id)}"))


@decree.command("pdf")
def pdf(
    context: typer.Context,
    id: DecreeId,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="File to write; else named after the decree.")] = None,
) -> None:
    """Write the decree as PDF."""
    here = session(context)
    content = here.client.raw("approval", f"/v1/decrees/{quote(id)}/pdf")
    here.write(content, out or Path(f"{id.replace('/', '-')}.pdf"))


@decree.command("preview")
def preview(
    context: typer.Context,
    agency: Annotated[str, typer.Argument(help="Code of the agency.")],
    kind: Annotated[str, typer.Option(help="transfer, between, amendment, suspension or revocation.")] = "transfer",
    out: Annotated[Path | None, typer.Option("--out", "-o", help="File to write; else named after both.")] = None,
) -> None:
    """Write a sample of an agency's papers as PDF: its letterhead and numbers, invented data."""
    here = session(context)
    content = here.client.raw("approval", f"/v1/decree-layouts/{quote(agency)}", kind=kind)
    here.write(content, out or Path(f"{agency}-{kind}.pdf"))


@decree.command("sign")
def sign(
    context: typer.Context, papers: Annotated[list[str], typer.Argument(help="Ids of papers.")], key: Key = ""
) -> None:
    """Ask for the signatures of papers that have none; a result for each."""
    here = session(context)
    found = here.client.post("approval", "/v1/decrees/sign", {"papers": papers}, key)
    here.output.rows(found, found["items"], "paper", "ok", "code")


@decree.command("inaugurate")
def inaugurate(
    context: typer.Context,
    id: DecreeId,
    on: Annotated[str, typer.Option("--on", help="The day (YYYY-MM-DD); without one it is called off.")] = "",
    place: Annotated[str, typer.Option("--place", help="Where.")] = "",
    key: Key = "",
) -> None:
    """Set the day and place of the inauguration (pelantikan), move it, or call it off."""
    here = session(context)
    found = here.client.post(
        "approval", f"/v1/decrees/{quote(id)}/inauguration", {"held_on": on or None, "place": place}, key
    )
    here.output.done(found, f"{id}: {found['held_on'] or '–'} {found['place']}".strip())


@decree.command("verify")
def verify(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The PDF file.", exists=True, dir_okay=False)],
    offline: Annotated[bool, typer.Option("--offline", help="Ask nobody: only what the file proves itself.")] = False,
    roots: Annotated[Path | None, typer.Option(help="Trusted certificates (PEM); else MUTASI_SIGNING_ROOTS.")] = None,
) -> None:
    """Is this file genuine, signed by whom, and does the decree still hold.

    Ends with 0 when it is genuine and in force, 1 when it was revoked, 4 when nobody knows it, 6 when it is not
    genuine.
    """
    here = session(context)
    finding, hashed = _finding(file, roots or Path(here.need("MUTASI_SIGNING_ROOTS")))
    if not finding.genuine:
        raise failure(BROKEN, finding.fault, say(*SENTENCES[finding.fault]), _advice(here, finding))
    found: dict[str, Any] = {"genuine": True, **finding.model_dump(mode="json", exclude={"fault"})}
    if not offline:
        found["standing"] = _standing(here, finding, hashed)
    here.output.fields(found, *(() if here.output.as_json else SHOWN))
    if found.get("standing", {}).get("status") == "revoked":
        number = (found["standing"]["revocation"] or {}).get("number", "")
        raise failure(
            REFUSED, "REVOKED", say(f"Surat ini telah dicabut. {number}", f"It was revoked. {number}").strip()
        )


SHOWN = (
    *("genuine", "signer", "office", "agency", "signed_at", "digest"),
    *("standing.number_text", "standing.status", "standing.effective_on"),
    *("standing.corrections", "standing.amendments"),
)


def _finding(file: Path, roots: Path) -> tuple["Finding", str]:
    """What the file proves itself, and its SHA-256. Raises Failure for certificates that cannot be read."""
    from shared import signature  # noqa: PLC0415 - a second to load, which no other command needs

    try:
        trusted = signature.roots_in(roots)
    except (OSError, ValueError) as error:
        raise failure(REFUSED, "BAD_ROOTS", f"{roots}: {error}") from None
    content = file.read_bytes()[: signature.LARGEST + 1]
    return signature.check(content, trusted), sha256(content).hexdigest()


def _standing(here: Session, finding: "Finding", file: str) -> dict[str, Any]:
    """What the portal's public page says. Raises Failure."""
    url = f"{here.addresses['portal'].rstrip('/')}/verifikasi/{finding.digest}"
    try:
        reply = httpx.get(url, params={"sha256": file}, headers={"accept": "application/json"}, timeout=30)
    except httpx.HTTPError as error:
        raise no_answer("portal", url, error) from None
    if reply.status_code == httpx.codes.NOT_FOUND:
        detail = say("Surat ini tidak terdaftar di sana.", "This paper is not on record there.")
        raise failure(NOT_FOUND, "NOT_ON_RECORD", detail, url)
    if reply.is_error:
        raise no_answer("portal", url, httpx.HTTPError(f"HTTP {reply.status_code}"))
    return dict(reply.json())


def _advice(here: Session, finding: "Finding") -> str:
    if not finding.digest:
        return ""
    url = f"{here.addresses['portal'].rstrip('/')}/verifikasi/{finding.digest}"
    return say(f"Yang tercatat dapat dilihat di {url}", f"What is on record can be seen at {url}")
