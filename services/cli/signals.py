"""`mutasi signal …`: complaints, surveys and disasters, and what a unit's series say."""

from typing import Annotated, Any
from urllib.parse import quote

import typer

from services.cli.language import say
from services.cli.session import session

signal = typer.Typer(no_args_is_help=True, help="Signals of demand: complaints, surveys, disasters.")
Agency = Annotated[str, typer.Option(help="Code of the agency.")]
Unit = Annotated[str, typer.Option(help="Code of the unit.")]
Month = Annotated[str, typer.Option(help="As in 2026-10.")]
Counted = Annotated[int | None, typer.Option(help="How many of those who answered.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands of demand."""
    app.add_typer(signal, name="signal")


@signal.command("service")
def service(  # noqa: PLR0913, PLR0917 - one option per field
    context: typer.Context,
    agency: Agency,
    unit: Unit,
    service: Annotated[str, typer.Option(help="Code of the service, as in ktp.")],
    month: Month,
    complaints: Annotated[int, typer.Option(help="How many there were.")],
    post: Annotated[str | None, typer.Option(help="Code of the post that does the work.")] = None,
    served: Annotated[int | None, typer.Option(help="How often the service was given.")] = None,
    satisfaction: Annotated[
        int | None, typer.Option(help="Satisfaction index (IKM) in hundredths: 2500-10000.")
    ] = None,
) -> None:
    """Complaints about a service in a month; the same month again replaces them."""
    body = {"agency": agency, "unit": unit, "service": service, "month": month, "complaints": complaints}
    _sent(context, "services", body | {"post": post, "served": served, "satisfaction": satisfaction})


@signal.command("survey")
def survey(  # noqa: PLR0913, PLR0917 - one option per field
    context: typer.Context,
    agency: Agency,
    unit: Unit,
    month: Month,
    answers: Annotated[int, typer.Option(help="How many answered.")],
    dissatisfied: Counted = None,
    strained: Counted = None,
    low_morale: Counted = None,
    poor_climate: Counted = None,
    unvalued: Counted = None,
) -> None:
    """What the people of a unit answered, counted."""
    body = {"agency": agency, "unit": unit, "month": month, "answers": answers}
    told = {"dissatisfied": dissatisfied, "strained": strained, "low_morale": low_morale}
    _sent(context, "surveys", body | told | {"poor_climate": poor_climate, "unvalued": unvalued})


@signal.command("disaster")
def disaster(  # noqa: PLR0913, PLR0917 - one option per field
    context: typer.Context,
    agency: Agency,
    reference: Annotated[str, typer.Option(help="The agency's own reference.")],
    name: Annotated[str, typer.Option(help="What happened, and where.")],
    status: Annotated[str, typer.Option(help="alert, emergency or transition.")],
    decree: Annotated[str, typer.Option(help="Number of the decree that declares it.")],
    since: Annotated[str, typer.Option(help="First day, year-month-day.")],
    unit: Annotated[list[str], typer.Option(help="Code of a unit that it strikes; once for each.")],
    until: Annotated[str | None, typer.Option(help="Day from which it is over.")] = None,
) -> None:
    """A disaster with the decree that declares it."""
    body = {"agency": agency, "reference": reference, "name": name, "status": status, "decree": decree}
    _sent(context, "disasters", body | {"since": since, "until": until, "units": unit})


@signal.command("list")
def listed(context: typer.Context, unit: Annotated[str, typer.Argument(help="Id of the unit.")]) -> None:
    """What a unit's services and surveys said, month by month."""
    here = session(context)
    found = here.client.get("registry", f"/v1/units/{quote(unit, safe='')}/signals")
    rows = [{"id": one["id"], **month} for one in found["items"] for month in one["months"]]
    here.output.rows(found, rows, "id", "month", "complaints", "served", "answers", "strained", "low_morale")


def _sent(context: typer.Context, kind: str, body: dict[str, Any]) -> None:
    here = session(context)
    found = here.client.post("registry", f"/v1/signals/{kind}", body)
    here.output.done(found, say(f"{found['id']} dicatat.", f"{found['id']} is recorded."))
