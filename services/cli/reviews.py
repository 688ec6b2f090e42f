"""`mutasi review …` and `mutasi follow-up …`: moves looked back at, and what was not reached."""

from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer

from services.cli.client import REFUSED, failure
from services.cli.language import language, say
from services.cli.outcomes import units_of
from services.cli.registry import Key
from services.cli.session import session

review = typer.Typer(no_args_is_help=True, help="Reviews of moves: mine, read, answer, summary.")
follow_up = typer.Typer(no_args_is_help=True, help="Follow-ups: list, open, close.")
Agency = Annotated[str, typer.Argument(help="Code of the agency, as in palu.")]
Case = Annotated[str, typer.Argument(help="Id of the case.")]
Months = Annotated[int, typer.Option(help="Months after the effective date: 3, 6 or 12.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands about looking back."""
    app.add_typer(review, name="review")
    app.add_typer(follow_up, name="follow-up")


@review.command("mine")
def mine(context: typer.Context) -> None:
    """What you are asked about your moves, or about people who moved to your unit."""
    here = session(context)
    found = here.client.get("evaluation", f"/v1/reviews?lang={language()}")
    here.output.rows(found, found["items"], "case", "months", "party", "status", "due", "until", "answered", "verdict")
    if here.output.as_json:
        return
    for item in found["items"]:
        asked = [
            {**one, "choices": "; ".join(f"{choice['choice']} = {choice['text']}" for choice in one["choices"])}
            for one in item["questions"]
        ]
        if asked:
            here.output.rows(found, asked, "id", "text", "choices")


@review.command("read")
def read(context: typer.Context, case: Case) -> None:
    """Where the reviews of a case stand."""
    here = session(context)
    found = here.client.get("evaluation", f"/v1/reviews/{quote(case)}")
    here.output.rows(found, found["rounds"], "months", "status", "due", "until", "heard", "verdict", "code")


@review.command("answer")
def answer(
    context: typer.Context,
    case: Case,
    months: Months,
    answers: Annotated[list[str], typer.Option("--answer", help="question=choice; repeat it.")],
    remark: Annotated[str, typer.Option(help="In your own words.")] = "",
    key: Key = "",
) -> None:
    """Answer once, as the person or as the superior."""
    here = session(context)
    pairs = [one.partition("=") for one in answers]
    if any(not choice for _, _, choice in pairs):
        raise failure(REFUSED, "ANSWER_SHAPE", say("Tulis --answer tanya=pilihan.", "Write --answer question=choice."))
    body = {"months": months, "answers": {id: choice for id, _, choice in pairs}, "remark": remark}
    found = here.client.post("evaluation", f"/v1/reviews/{quote(case)}/answers", body, key)
    here.output.done(found, say("Jawaban tersimpan.", "Your answer is kept."))


@review.command("summary")
def summary(context: typer.Context, agency: Agency) -> None:
    """How many moves reached what was expected (KP10), and how people are."""
    here = session(context)
    found = here.client.get("evaluation", f"/v1/agencies/{quote(agency)}/reviews")
    here.output.rows(found, found["after"], "months", "closed", "open", "verdicts", "codes")
    if not here.output.as_json:
        rows = [{"months": after["months"], **one} for after in found["after"] for one in after["questions"]]
        here.output.rows(found, rows, "months", "question", "indicator", "party", "answers", "mean", "suppressed")


@follow_up.command("list")
def listed(
    context: typer.Context,
    agency: Agency,
    status: Annotated[str, typer.Option(help="open or closed; all without it.")] = "",
    after: Annotated[str, typer.Option(help="`next` of the page before.")] = "",
) -> None:
    """What was not reached, and what was found."""
    here = session(context)
    found = here.client.get("evaluation", f"/v1/agencies/{quote(agency)}/follow-ups", status=status, after=after)
    here.output.rows(found, found["items"], "id", "title", "months", "verdict", "status", "cause", "finding")


@follow_up.command("open")
def opened(  # noqa: PLR0913, PLR0917 - one option per field
    context: typer.Context,
    agency: Agency,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="As for `mutasi outcomes effects`.")],
    title: Annotated[str, typer.Option(help="Which moves.")],
    months: Months,
    expected: Annotated[float, typer.Option(help="Expected change in per cent, as in -30.")],
    expected_result: Annotated[str, typer.Option(help="What was expected, in words.")],
    cases: Annotated[list[str], typer.Option("--case", help="A case of the moves; repeat it.")],
    key: Key = "",
) -> None:
    """Look at several moves together; what was not reached opens a follow-up."""
    here = session(context)
    about = {"title": title, "months": months, "expected_result": expected_result, "cases": cases}
    body = {**about, "units": units_of(file), "expected": expected / 100}
    found = here.client.post("evaluation", f"/v1/agencies/{quote(agency)}/follow-ups", body, key)
    here.output.fields(found, "id", "verdict", "basis")


@follow_up.command("close")
def close(
    context: typer.Context,
    id: Annotated[str, typer.Argument(help="Its id.")],
    cause: Annotated[str, typer.Option(help="Code of the cause.")],
    finding: Annotated[str, typer.Option(help="What was found.")],
    key: Key = "",
) -> None:
    """Name the cause and what was found."""
    here = session(context)
    found = here.client.post(
        "evaluation", f"/v1/follow-ups/{quote(id)}/close", {"cause": cause, "finding": finding}, key
    )
    here.output.done(found, say("Tindak lanjut ditutup.", "The follow-up is closed."))
