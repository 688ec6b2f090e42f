"""`mutasi quality …`: how good the records are, and what to mend."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote

import typer

from services.cli.language import language, say
from services.cli.session import session

quality = typer.Typer(no_args_is_help=True, help="Data quality: agency, tasks, look, people, mine.")
Agency = Annotated[str, typer.Argument(help="Code of the agency, as in palu.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands about data quality."""
    app.add_typer(quality, name="quality")


@quality.command("agency")
def of_agency(context: typer.Context, agency: Agency) -> None:
    """How many records show each indicator."""
    here = session(context)
    found = here.client.get("registry", f"/v1/agencies/{quote(agency)}/quality")
    here.output.rows(found, [_said(one) for one in found["indicators"]], "id", "people", "text", "certainty")
    if not here.output.as_json:
        here.output.fields(found, "people", "sound", "looked_on")


@quality.command("tasks")
def tasks(context: typer.Context, agency: Agency) -> None:
    """What is to be mended since when, as the last look found it."""
    here = session(context)
    found = here.client.get("registry", f"/v1/agencies/{quote(agency)}/quality/figure")
    here.output.rows(found, found["tasks"], "indicator", "people", "since")


@quality.command("look")
def look(context: typer.Context, agency: Agency) -> None:
    """Let the records be looked at now, as after an import."""
    here = session(context)
    found = here.client.post("registry", f"/v1/agencies/{quote(agency)}/quality/look", {})
    here.output.done(found, say("Data akan segera diperiksa.", "The records will be looked at soon."))


@quality.command("people")
def people(
    context: typer.Context,
    agency: Agency,
    indicator: Annotated[str, typer.Option(help="Of this indicator only, as in nip_unlikely.")] = "",
    after: Annotated[str, typer.Option(help="`next` of the page before.")] = "",
) -> None:
    """Who has a record to mend, and what is wrong in it."""
    here = session(context)
    found = here.client.get(
        "registry", f"/v1/agencies/{quote(agency)}/quality/people", indicator=indicator, after=after, limit=200
    )
    rows = [{**one, "defects": ", ".join(defect["id"] for defect in one["defects"])} for one in found["items"]]
    here.output.rows(found, rows, "person", "unit", "post", "defects")


@quality.command("mine")
def mine(context: typer.Context) -> None:
    """What is wrong in one's own record, and how it is mended."""
    here = session(context)
    found = here.client.get("registry", "/v1/me/quality")
    here.output.rows(found, [_said(one) for one in found["defects"]], "id", "text", "mend")


def _said(one: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**one, "text": one["text"][language()], "mend": one["mend"][language()]}
