"""`mutasi quality …`: how good the records are, and what to mend."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote

import typer

from services.cli.language import language
from services.cli.session import session

quality = typer.Typer(no_args_is_help=True, help="Data quality: agency, people, mine.")
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
        here.output.fields(found, "people", "sound")


@quality.command("people")
def people(
    context: typer.Context,
    agency: Agency,
    after: Annotated[str, typer.Option(help="`next` of the page before.")] = "",
) -> None:
    """Who has a record to mend, and what is wrong in it."""
    here = session(context)
    found = here.client.get("registry", f"/v1/agencies/{quote(agency)}/quality/people", after=after, limit=200)
    rows = [{**one, "defects": ", ".join(defect["id"] for defect in one["defects"])} for one in found["items"]]
    here.output.rows(found, rows, "person", "unit", "defects")


@quality.command("mine")
def mine(context: typer.Context) -> None:
    """What is wrong in one's own record, and how it is mended."""
    here = session(context)
    found = here.client.get("registry", "/v1/me/quality")
    here.output.rows(found, [_said(one) for one in found["defects"]], "id", "text", "mend")


def _said(one: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**one, "text": one["text"][language()], "mend": one["mend"][language()]}
