"""`mutasi rules …`: the rules in force, and the check of rules that an official wrote."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.client import REFUSED, failure
from services.cli.language import language, say
from services.cli.session import session

rules = typer.Typer(no_args_is_help=True, help="The rules: list, check.")


def add_to(app: typer.Typer) -> None:
    """Add the commands about rules."""
    app.add_typer(rules, name="rules")


@rules.command("list")
def listed(
    context: typer.Context,
    on: Annotated[str, typer.Option(help="Day, year-month-day; without it today.")] = "",
    agency: Annotated[str, typer.Option(help="Local rules of this agency too.")] = "",
) -> None:
    """The rules in force, and the steps with the chain or service that holds them."""
    here = session(context)
    found = here.client.get("evaluation", "/v1/rules", on=on, agency=agency)
    steps = [{**step, "id": step["family"]} for step in found["procedures"]]
    shown = [{**rule, "title": rule["title"][language()]} for rule in (*found["rules"], *steps)]
    here.output.rows(found, shown, "id", "title", "hard", "certainty", "citation", "held_by")


@rules.command("check")
def check(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="Folder of the YAML files.")] = Path(
        "services/evaluation/rules"
    ),
) -> None:
    """Would a service start with these files: overlaps, gaps, unknown facts, missing citations. Ends with 1 if not."""
    here = session(context)
    files = {file.name: file.read_text("utf-8") for file in sorted(folder.glob("*.yaml"))}
    found = here.client.post("evaluation", "/v1/rules/check", {"files": files})
    if found["problems"]:
        here.output.rows(found, [{"problem": problem} for problem in found["problems"]], "problem")
        detail = say(f"{len(found['problems'])} kesalahan.", f"{len(found['problems'])} faults.")
        raise failure(REFUSED, "BAD_RULES", detail, say("Perbaiki lalu periksa lagi.", "Mend them and check again."))
    here.output.done(found, say(f"{found['rules']} aturan baik.", f"{found['rules']} rules are fine."))
