"""`mutasi training …`: what goes with a move, what was done, and KP9 of an agency."""

from typing import Annotated
from urllib.parse import quote

import typer

from services.cli.language import language, say
from services.cli.registry import Key
from services.cli.session import session

training = typer.Typer(no_args_is_help=True, help="Training for a move: advice, read, done, reassessed, summary.")
Case = Annotated[str, typer.Argument(help="Id of the case.")]
Day = Annotated[str, typer.Option(help="The day, as in 2027-02-01.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands about training."""
    app.add_typer(training, name="training")


@training.command("advice")
def advice(context: typer.Context, case: Case) -> None:
    """What should be learnt for the post of an evaluated case."""
    here = session(context)
    found = here.client.get("evaluation", f"/v1/evaluations/{quote(case)}/training?lang={language()}")
    here.output.rows(found, found["lines"], "course", "title", "hours", "competence", "asked", "assessed", "required")


@training.command("read")
def read(context: typer.Context, case: Case) -> None:
    """The training plan of a move that took effect."""
    here = session(context)
    found = here.client.get("evaluation", f"/v1/trainings/{quote(case)}")
    here.output.rows(found, found["lines"], "course", "competence", "asked", "assessed", "required")
    if not here.output.as_json:
        here.output.fields(found, "until", "missing", "ready", "closed")


@training.command("done")
def done(  # noqa: PLR0913, PLR0917 - one option per field
    context: typer.Context,
    case: Case,
    course: Annotated[str, typer.Argument(help="Id of the course.")],
    on: Day,
    certificate: Annotated[str, typer.Option(help="Its number.")],
    cost: Annotated[int, typer.Option(help="In rupiah.")] = 0,
    key: Key = "",
) -> None:
    """Record a course that was done."""
    here = session(context)
    body = {"course": course, "completed_on": on, "certificate": certificate, "cost": cost}
    found = here.client.post("evaluation", f"/v1/trainings/{quote(case)}/courses", body, key)
    here.output.done(found, say("Kursus dicatat.", "The course is recorded."))


@training.command("reassessed")
def reassessed(
    context: typer.Context,
    case: Case,
    competence: Annotated[str, typer.Argument(help="Code of the competence.")],
    level: Annotated[int, typer.Option(help="1 to 5.")],
    on: Day,
    key: Key = "",
) -> None:
    """Record what an assessment found after the course."""
    here = session(context)
    body = {"competence": competence, "level": level, "assessed_on": on}
    found = here.client.post("evaluation", f"/v1/trainings/{quote(case)}/reassessments", body, key)
    here.output.done(found, say("Hasil penilaian dicatat.", "What was found is recorded."))


@training.command("summary")
def summary(context: typer.Context, agency: Annotated[str, typer.Argument(help="Code of the agency.")]) -> None:
    """Done in time, gaps closed, and what it cost (KP9)."""
    here = session(context)
    found = here.client.get("evaluation", f"/v1/agencies/{quote(agency)}/trainings")
    here.output.fields(found, "plans", "judged", "ready", "share", "verdict", "gaps", "closed", "cost")
