"""`mutasi career`: what was, on one line of time, and what the next posts ask."""

from collections.abc import Mapping, Sequence
from typing import Annotated
from urllib.parse import quote

import typer

from services.cli.language import language
from services.cli.session import session


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("career")(career)


def career(
    context: typer.Context,
    person: Annotated[str, typer.Argument(help="Id of a person; without it one's own.")] = "",
    ahead: Annotated[bool, typer.Option("--ahead", help="What the next posts ask, and what is lacking.")] = False,
) -> None:
    """Posts, ranks, appraisals, assessments, training and reviews on one line of time; with --ahead the next posts."""
    here = session(context)
    who = person or here.client.get("registry", "/v1/me")["id"]
    found = here.client.get("evaluation", f"/v1/careers/{quote(who)}", lang=language())
    if not ahead:
        here.output.rows(found, found["line"], "on", "kind", "text", "source")
        return
    rows = [{**one, **{name: _said(one[name]) for name in ("lacking", "noted")}} for one in found["ahead"]]
    here.output.rows(found, rows, "title", "unit", "eligible", "score", "lacking", "noted")


def _said(rules: Sequence[Mapping[str, str]]) -> str:
    return "; ".join(rule["text"] for rule in rules) or "-"
