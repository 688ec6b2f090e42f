"""`mutasi vacancy …`, `mutasi person …`, `mutasi import`, `template` and `export`."""

from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from services.cli.client import REFUSED, failure
from services.cli.language import say
from services.cli.session import session

vacancy = typer.Typer(no_args_is_help=True, help="Vacancies: list, publish, change.")
person = typer.Typer(no_args_is_help=True, help="People: list, forget.")
Vacancy = Annotated[str, typer.Argument(help="Id of the vacancy.")]
Reason = Annotated[str, typer.Option(help="Why; those who applied may read it.")]
Id = Annotated[str, typer.Argument(help="Id of the person.")]
Key = Annotated[str, typer.Option(help="Idempotency-Key: the same key again is the same command.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands of the registry."""
    app.add_typer(vacancy, name="vacancy")
    app.add_typer(person, name="person")
    app.command("import")(take_file)
    app.command("take-back")(take_back)
    app.command("template")(template)
    app.command("export")(export)


@vacancy.command("list")
def listed(  # noqa: PLR0913, PLR0917 - one option per filter
    context: typer.Context,
    agency: Annotated[str, typer.Option(help="Of this agency only.")] = "",
    unit: Annotated[str, typer.Option(help="Of this unit only, by its id.")] = "",
    kind: Annotated[str, typer.Option(help="Of this kind of post only, as in staff.")] = "",
    region: Annotated[str, typer.Option(help="In this province only, as the agencies registered it.")] = "",
    rank: Annotated[str, typer.Option(help="Open to somebody of this rank, as in III/c.")] = "",
    closes_until: Annotated[str, typer.Option(help="Closing by that day; the first to close come first.")] = "",
    all_of_them: Annotated[bool, typer.Option("--all", help="Closed ones too.")] = False,
    after: Annotated[str, typer.Option(help="`next` of the page before.")] = "",
) -> None:
    """Vacancies that one can apply for."""
    here = session(context)
    only = "" if all_of_them else "true"
    filters = {
        "agency": agency,
        "unit": unit,
        "kind": kind,
        "region": region,
        "rank": rank,
        "closes_until": closes_until,
    }
    found = here.client.get("registry", "/v1/vacancies", **filters, open=only, after=after, limit=200)
    here.output.rows(found, found["items"], "id", "post_title", "placement.unit", "quota", "closes_on", "open")


@vacancy.command("publish")
def publish(  # noqa: PLR0913, PLR0917 - one option per field
    context: typer.Context,
    agency: Annotated[str, typer.Option(help="Code of the agency.")],
    post: Annotated[str, typer.Option(help="Id of the post, as in p:palu:setda-analyst.")],
    closes_on: Annotated[str, typer.Option(help="Last day to apply, year-month-day.")],
    purpose: Annotated[str, typer.Option(help="Which need it answers.")],
    quota: Annotated[int, typer.Option(help="Seats to give.")] = 1,
    reference: Annotated[str, typer.Option(help="The agency's own reference.")] = "",
    admit: Annotated[
        list[str] | None, typer.Option(help="Kind of move by which one may come, as inter_province.")
    ] = None,
    ranked: Annotated[
        bool, typer.Option("--ranked", help="Ranked after the closing date; else who comes first.")
    ] = False,
    key: Key = "",
) -> None:
    """Open seats of a post, for people of the agency where no kind of move is named."""
    here = session(context)
    wanted = {"agency": agency, "post": post, "quota": quota, "closes_on": closes_on}
    body = wanted | {"purpose": purpose, "reference": reference} | ({"admits": admit} if admit else {})
    body |= {"mode": "ranked"} if ranked else {}
    found = here.client.post("registry", "/v1/vacancies", body, key)
    here.output.done(found, say(f"Lowongan {found['id']} terbit.", f"Vacancy {found['id']} is published."))


@vacancy.command("from-need")
def from_need(
    context: typer.Context,
    post: Annotated[str, typer.Argument(help="Id of the post, as in p:palu:setda-analyst.")],
    closes_on: Annotated[str, typer.Option(help="Last day to apply, year-month-day.")],
    ranked: Annotated[
        bool, typer.Option("--ranked", help="Ranked after the closing date; else who comes first.")
    ] = False,
    reference: Annotated[str, typer.Option(help="The agency's own reference.")] = "",
    key: Key = "",
) -> None:
    """Publish the vacancy that follows from the need of a post: as many seats as are short, and free."""
    here = session(context)
    body = {"closes_on": closes_on, "mode": "ranked" if ranked else "first_come", "reference": reference}
    found = here.client.post("registry", f"/v1/posts/{quote(post, safe='')}/vacancy", body, key)
    seats = found["quota"]
    here.output.done(found, say(f"Lowongan {found['id']}: {seats} kursi.", f"Vacancy {found['id']}: {seats} seats."))


@vacancy.command("amend")
def amend(
    context: typer.Context,
    id: Vacancy,
    reason: Reason,
    quota: Annotated[int | None, typer.Option(help="Seats to give; fewer let go of those reserved last.")] = None,
    closes_on: Annotated[str | None, typer.Option(help="Last day to apply, year-month-day.")] = None,
    purpose: Annotated[str | None, typer.Option(help="Which need it answers.")] = None,
) -> None:
    """Change how many seats, until when, or what for."""
    _changed(context, id, "amend", {"reason": reason, "quota": quota, "closes_on": closes_on, "purpose": purpose})


@vacancy.command("close")
def close(context: typer.Context, id: Vacancy, reason: Reason) -> None:
    """Let nobody else apply; who applied in time goes on."""
    _changed(context, id, "close", {"reason": reason})


@vacancy.command("cancel")
def cancel(context: typer.Context, id: Vacancy, reason: Reason) -> None:
    """Take the vacancy back: the open cases for it end, and the people are told."""
    _changed(context, id, "cancel", {"reason": reason})


def _changed(context: typer.Context, id: str, act: str, body: dict[str, Any]) -> None:
    here = session(context)
    found = here.client.post("registry", f"/v1/vacancies/{quote(id, safe='')}/{act}", body)
    here.output.done(found, say(f"Lowongan {id} diubah.", f"Vacancy {id} is changed."))


@person.command("list")
def people(
    context: typer.Context,
    agency: Annotated[str, typer.Option(help="Of this agency only.")] = "",
    unit: Annotated[str, typer.Option(help="Of this unit only, by its id.")] = "",
    after: Annotated[str, typer.Option(help="`next` of the page before.")] = "",
) -> None:
    """The people of your agencies and units, with their ids and posts."""
    here = session(context)
    found = here.client.get("registry", "/v1/people", agency=agency, unit=unit, after=after)
    about = ("particulars.name", "profile.placement.post", "profile.rank", "profile.post_since")
    here.output.rows(found, found["items"], "id", *about)


@person.command("restricted")
def restricted(
    context: typer.Context, id: Id, reason: Annotated[str, typer.Option(help="Why; kept for ever.")]
) -> None:
    """What a record says of discipline; that you looked, and why, is written down, and the person may read it."""
    here = session(context)
    found = here.client.post("registry", f"/v1/people/{quote(id, safe='')}/restricted", {"reason": reason})
    here.output.fields(found, "person", "under_process")


@person.command("looks")
def looks(context: typer.Context, id: Id) -> None:
    """Who looked at the restricted fields of your record, when and why."""
    here = session(context)
    found = here.client.get("registry", f"/v1/people/{quote(id, safe='')}/looks")
    here.output.rows(found, found["newest"], "at", "by", "fields", "reason")


@person.command("forget")
def forget(
    context: typer.Context,
    id: Id,
    reason: Annotated[str, typer.Option(help="Why; kept for ever, so it names nobody.")],
    key: Key = "",
) -> None:
    """Erase name, NIP and contacts of a person, in every service; what the person did stays under the id."""
    here = session(context)
    found = here.client.post("registry", f"/v1/people/{quote(id, safe='')}/forget", {"reason": reason}, key)
    here.output.done(found, say(f"Data pribadi {id} dihapus.", f"The particulars of {id} are erased."))


def take_file(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(help="agencies, units, posts, people … or cases; see docs/registry.md.")],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A CSV (UTF-8), XLSX or JSON file.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check only; nothing is taken.")] = False,
) -> None:
    """Import a file: good rows are taken, every wrong cell is named. Ends with 1 if a row was refused."""
    here = session(context)
    wish = "true" if dry_run else ""
    with file.open("rb") as content:
        report = here.client.upload_file("registry", f"/v1/imports/{quote(kind)}", content, dry_run=wish)
    shown = [_shown(found) for found in report["findings"]]
    if shown or here.output.as_json:
        here.output.rows(report, shown, "row", "column", "rule", "severity", "says", "remedy")
    if report["refused"]:
        detail = say(
            f"{report['refused']} dari {report['rows']} baris ditolak.",
            f"{report['refused']} of {report['rows']} rows were refused.",
        )
        raise failure(
            REFUSED,
            "ROWS_REFUSED",
            detail,
            say(
                "Perbaiki lalu impor lagi; baris yang baik tidak berubah.",
                "Mend them and import again; good rows stay as they are.",
            ),
        )
    if not here.output.as_json:
        taken, batch = report["taken"], report["import"]
        here.output.done(report, say(f"{taken} baris diterima ({batch}).", f"{taken} rows were taken ({batch})."))


def take_back(
    context: typer.Context,
    file: Annotated[str, typer.Argument(help="What the import answered as `import`.")],
    reason: Annotated[str, typer.Option(help="Why; names nobody.")],
) -> None:
    """Take a whole file back: every record is again what it was before, if nothing was decided on any of them."""
    here = session(context)
    found = here.client.post("registry", f"/v1/imports/{quote(file, safe='')}/reverse", {"reason": reason})
    here.output.done(found, say(f"Berkas {file} dibatalkan.", f"The file {file} is taken back."))


def _shown(found: dict[str, Any]) -> dict[str, Any]:
    return {
        **found,
        "says": say(found["says"]["id"], found["says"]["en"]),
        "remedy": say(found["remedy"]["id"], found["remedy"]["en"]),
    }


def template(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(help="agencies, units, posts, people … or cases; see docs/registry.md.")],
    file: Annotated[Path, typer.Argument(dir_okay=False, help="Where to write the workbook, as in posts.xlsx.")],
) -> None:
    """Write an XLSX template to fill in, with drop-down lists and an example."""
    _fetched(context, f"/v1/imports/{quote(kind)}/template", file)


def export(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(help="agencies, units or posts.")],
    file: Annotated[Path, typer.Argument(dir_okay=False, help="Where to write the CSV.")],
    agency: Annotated[str, typer.Option(help="Of this agency only.")] = "",
) -> None:
    """Write what is registered as a CSV that may be imported again."""
    _fetched(context, f"/v1/exports/{quote(kind)}?agency={quote(agency)}", file)


def _fetched(context: typer.Context, path: str, file: Path) -> None:
    here = session(context)
    file.write_bytes(here.client.raw("registry", path))
    here.output.done({"file": str(file)}, say(f"{file} ditulis.", f"{file} is written."))
