"""`mutasi agency …`: what the registry has of each agency, side by side."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import quote

import typer

from services.cli.client import DENIED, Failure
from services.cli.session import Session, session

agency = typer.Typer(no_args_is_help=True, help="Agencies: overview.")
SHOWN = ("agency", "units", "posts", "analysed", "people", "need", "short", "over", "vacancies", "sound")
"""What a terminal of 80 columns has room for; programs get the seats as well."""


def add_to(app: typer.Typer) -> None:
    """Add the commands about agencies."""
    app.add_typer(agency, name="agency")


@agency.command("overview")
def overview(
    context: typer.Context,
    year: Annotated[int, typer.Option(help="Year of the workload analyses; without it this one.")] = 0,
) -> None:
    """Of every agency: units, posts and how many of them are analysed, people, how many of them the work of the
    analysed posts needs, how many its units are short and over, open vacancies, records without a defect.
    """
    here = session(context)
    at = year or datetime.now(UTC).year
    rows = [_row(here, one["agency"], at) for one in _all(here, "/v1/agencies")]
    here.output.rows({"items": rows, "year": at}, rows, *SHOWN)


def _row(here: Session, code: str, year: int) -> dict[str, Any]:
    """A unit's surplus fills no gap of another, so `short` and `over` are both told (together they are KP1)."""
    posts = list(_all(here, "/v1/posts", agency=code))
    units = here.client.get("registry", f"/v1/agencies/{quote(code)}/workload/{year}")["units"]
    return {
        "agency": code,
        "units": sum(1 for _unit in _all(here, "/v1/units", agency=code)),
        "posts": len(posts),
        "analysed": len(posts) - sum(unit["missing"] for unit in units),
        "people": sum(post["holders"] for post in posts),
        "seats": sum(post["seats"] for post in posts),
        "need": sum(unit["need"] for unit in units),
        "short": sum(max(0, -unit["gap"]) for unit in units),
        "over": sum(max(0, unit["gap"]) for unit in units),
        "vacancies": sum(1 for _offer in _all(here, "/v1/vacancies", agency=code, open="true")),
        "sound": _sound(here, code),
    }


def _sound(here: Session, code: str) -> int | None:
    """Records without a defect; None where the caller keeps no records of the agency. Raises Failure."""
    try:
        return int(here.client.get("registry", f"/v1/agencies/{quote(code)}/quality")["sound"])
    except Failure as refused:
        if refused.exit_code != DENIED:
            raise
        return None


def _all(here: Session, path: str, **filters: str) -> Iterator[dict[str, Any]]:
    """All pages of a list."""
    after = ""
    while True:
        page = here.client.get("registry", path, **filters, after=after, limit=200)
        yield from page["items"]
        if not (after := page["next"]):
            return
