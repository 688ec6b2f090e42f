"""`mutasi kp …`: KP1-KP10 side by side, move by move, region by region; targets, costs, lessons."""

from typing import Annotated, Any
from urllib.parse import quote

import typer

from services.cli.language import language, say
from services.cli.registry import Key
from services.cli.session import session

kp = typer.Typer(no_args_is_help=True, help="What moves brought: KP1-KP10, regions, targets, costs, lessons.")
Agency = Annotated[str, typer.Argument(help="Code of the agency, as in palu.")]
Since = Annotated[str, typer.Option(help="First day, as in 2026-01-01; without it a year back.")]
LARGE = 10_000  # from here on without decimals
Until = Annotated[str, typer.Option(help="Last day; without it today.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands about indicators."""
    app.add_typer(kp, name="kp")


def _period(since: str, until: str) -> dict[str, str]:
    return {name: day for name, day in (("since", since), ("until", until)) if day}


@kp.command("show")
def show(context: typer.Context, agency: Agency, since: Since = "", until: Until = "") -> None:
    """KP1-KP10 with pulse, targets and cost, over the moves that took effect in the period."""
    here = session(context)
    found = here.client.get(
        "evaluation", f"/v1/agencies/{quote(agency)}/indicators", lang=language(), **_period(since, until)
    )
    rows = [row for one in found["items"] for row in _rows(one)]
    here.output.rows(found, rows, "indicator", "name", "figure", "value", "low", "high", "n", "unit")
    if not here.output.as_json:
        here.output.rows(found, [one for one in found["items"] if one["text"]], "indicator", "text")


def _rows(one: dict[str, Any]) -> list[dict[str, Any]]:
    """The figures of one indicator, its name on the first line."""
    told = [
        {"figure": part["name"], **{name: _short(part[name]) for name in ("value", "low", "high")}, "n": part["n"]}
        for part in one["figures"]
    ] or [{}]
    head = {"indicator": one["indicator"], "name": one["name"], "unit": one["unit"]}
    return [{**head, **told[0]}, *told[1:]]


def _short(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}" if abs(value) < LARGE else f"{value:,.0f}"


@kp.command("speed")
def speed(context: typer.Context, agency: Agency, since: Since = "", until: Until = "") -> None:
    """Working days by stage (KP5) of the tasks queued in the period; `own` is without what the person had to mend."""
    here = session(context)
    found = here.client.get("approval", f"/v1/agencies/{quote(agency)}/speed", **_period(since, until))
    columns = ("stage", "tasks", "kept", "median", "p90", "own_median", "own_p90", "paused")
    here.output.rows(found, found["items"], *columns)


@kp.command("moves")
def moves(context: typer.Context, agency: Agency, since: Since = "", until: Until = "") -> None:
    """What was expected of each move, and what was seen after months."""
    here = session(context)
    found = here.client.get("evaluation", f"/v1/agencies/{quote(agency)}/moves", **_period(since, until))
    here.output.rows(
        found, found["items"], "case", "unit", "effective_on", "expected_result", "seen", "verdict", "cost"
    )


@kp.command("regions")
def regions(
    context: typer.Context,
    since: Since = "",
    until: Until = "",
    by: Annotated[str, typer.Option(help="agency or province.")] = "agency",
) -> None:
    """Results reached against what the same mix of cases reaches over all regions."""
    here = session(context)
    found = here.client.get("evaluation", "/v1/regions/results", by=by, **_period(since, until))
    columns = ("region", "cases", "observed", "expected", "ratio", "low", "high", "limits", "standing")
    here.output.rows(found, found["items"], *columns)


@kp.command("lesson")
def lesson(  # noqa: PLR0913, PLR0917 - one option per field
    context: typer.Context,
    agency: Agency,
    region: Annotated[str, typer.Argument(help="The region that does better by the comparison.")],
    since: Annotated[str, typer.Option(help="First day of the comparison.")],
    until: Annotated[str, typer.Option(help="Its last day.")],
    practice: Annotated[str, typer.Option(help="What they do.")],
    by: Annotated[str, typer.Option(help="agency or province.")] = "agency",
    key: Key = "",
) -> None:
    """Note for the agency's next plan what a better region does."""
    here = session(context)
    body = {"region": region, "since": since, "until": until, "practice": practice, "by": by}
    found = here.client.post("evaluation", f"/v1/agencies/{quote(agency)}/lessons", body, key)
    here.output.fields(found, "id", "region", "basis", "practice")


@kp.command("target")
def target(  # noqa: PLR0913, PLR0917 - one option per field
    context: typer.Context,
    agency: Agency,
    unit: Annotated[str, typer.Argument(help="Code of the unit.")],
    reference: Annotated[str, typer.Argument(help="The agency's own reference of the target.")],
    name: Annotated[str, typer.Option(help="What is to be reached.")],
    measure: Annotated[str, typer.Option(help="In what it is counted.")],
    due_on: Annotated[str, typer.Option(help="By which day.")],
    goal: Annotated[int, typer.Option(help="In hundredths of the measure.")],
    better: Annotated[str, typer.Option(help="higher or lower.")] = "higher",
    achieved: Annotated[int | None, typer.Option(help="What was reached, once the day has come.")] = None,
    key: Key = "",
) -> None:
    """A target of a unit, or what came of it."""
    here = session(context)
    about = {"agency": agency, "unit": unit, "reference": reference, "name": name, "measure": measure}
    body = {**about, "due_on": due_on, "goal": goal, "better": better, "achieved": achieved}
    found = here.client.post("evaluation", f"/v1/agencies/{quote(agency)}/targets", body, key)
    here.output.done(found, say("Target dicatat.", "The target is recorded."))


@kp.command("cost")
def cost(
    context: typer.Context,
    case: Annotated[str, typer.Argument(help="Id of the case.")],
    amount: Annotated[int, typer.Argument(help="In rupiah.")],
    reference: Annotated[str, typer.Option(help="The paper that says so.")],
    kind: Annotated[str, typer.Option(help="travel, allowance or other.")] = "travel",
    key: Key = "",
) -> None:
    """What a move cost beside its training."""
    here = session(context)
    body = {"kind": kind, "amount": amount, "reference": reference}
    found = here.client.post("evaluation", f"/v1/reviews/{quote(case)}/costs", body, key)
    here.output.done(found, say("Biaya dicatat.", "The cost is recorded."))
