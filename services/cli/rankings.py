"""`mutasi ranking …`, `mutasi seat …` and `mutasi contest …`: rank, choice, offered seats; a human's answer."""

from typing import Annotated
from urllib.parse import quote

import typer

from services.cli.language import language, say
from services.cli.registry import Key
from services.cli.session import session

ranking = typer.Typer(no_args_is_help=True, help="Vacancies given by ranking: the own rank, the order, the choice.")
seat = typer.Typer(no_args_is_help=True, help="Waiting for a seat when all are taken, and an offered one.")
contest = typer.Typer(no_args_is_help=True, help="A human for what the system refused (UU 27/2022 ps 10).")
Case = Annotated[str, typer.Argument(help="Id of the case.")]
Vacancy = Annotated[str, typer.Argument(help="Id of the vacancy.")]


def add_to(app: typer.Typer) -> None:
    """Add the three groups."""
    app.add_typer(ranking, name="ranking")
    app.add_typer(seat, name="seat")
    app.add_typer(contest, name="contest")


@ranking.command("mine")
def mine(context: typer.Context, case: Case) -> None:
    """Where the own application stands among all, with the cut-off and what came of it."""
    here = session(context)
    found = here.client.get("evaluation", f"/v1/evaluations/{quote(case)}/rank", lang=language())
    here.output.fields(found, "text", "rank", "size", "quota", "score", "cutoff", "outcome", "reason", "due", "until")


@ranking.command("list")
def listed(context: typer.Context) -> None:
    """The rankings on which the caller decides."""
    here = session(context)
    found = here.client.get("evaluation", "/v1/rankings", lang=language())
    here.output.rows(found, found["items"], "vacancy", "title", "status", "version", "gathered", "quota", "due")


@ranking.command("show")
def show(context: typer.Context, vacancy: Vacancy) -> None:
    """The whole order, for the panel and auditors."""
    here = session(context)
    found = here.client.get("evaluation", f"/v1/rankings/{quote(vacancy)}", lang=language())
    here.output.rows(found, found["lines"], "rank", "case", "person", "score", "outcome")


@ranking.command("choose")
def choose(
    context: typer.Context,
    vacancy: Vacancy,
    case: Annotated[list[str], typer.Option(help="A case that is chosen; give it once for each.")],
    version: Annotated[int, typer.Option(help="The version of the order that was read.")],
    reason: Annotated[str, typer.Option(help="Why; needed where the choice departs from the order.")] = "",
    key: Key = "",
) -> None:
    """The panel's choice."""
    here = session(context)
    body = {"version": version, "chosen": case, "reason": reason}
    found = here.client.post("evaluation", f"/v1/rankings/{quote(vacancy)}/choose", body, key)
    here.output.done(found, say(f"Pilihan atas {vacancy} disimpan.", f"The choice on {vacancy} is kept."))


@ranking.command("accept")
def accept(context: typer.Context, vacancy: Vacancy, case: Case, key: Key = "") -> None:
    """Take a seat that became free."""
    here = session(context)
    found = here.client.post("evaluation", f"/v1/rankings/{quote(vacancy)}/accept", {"case": case}, key)
    here.output.done(found, say(f"Kursi diambil untuk {case}.", f"The seat is taken for {case}."))


@ranking.command("decline")
def decline(context: typer.Context, vacancy: Vacancy, case: Case, key: Key = "") -> None:
    """Leave the seat to who stands next."""
    here = session(context)
    found = here.client.post("evaluation", f"/v1/rankings/{quote(vacancy)}/decline", {"case": case}, key)
    here.output.done(found, say(f"Kursi tidak diambil untuk {case}.", f"The seat is not taken for {case}."))


@seat.command("show")
def seat_of(context: typer.Context, case: Case) -> None:
    """Whether the own case has a seat, waits for one (its place), or is offered one (until when)."""
    here = session(context)
    found = here.client.get("proposal", f"/v1/proposals/{quote(case)}/seat")
    here.output.fields(found, "status", "place", "until", "vacancy")


@seat.command("accept")
def take_seat(context: typer.Context, case: Case, key: Key = "") -> None:
    """Take the seat that became free; the case goes on."""
    here = session(context)
    found = here.client.post("proposal", f"/v1/proposals/{quote(case)}/seat/accept", {}, key)
    here.output.done(found, say(f"Kursi diambil untuk {case}.", f"The seat is taken for {case}."))


@seat.command("decline")
def leave_seat(context: typer.Context, case: Case, key: Key = "") -> None:
    """Leave the seat to who waits next."""
    here = session(context)
    found = here.client.post("proposal", f"/v1/proposals/{quote(case)}/seat/decline", {}, key)
    here.output.done(found, say(f"Kursi tidak diambil untuk {case}.", f"The seat is not taken for {case}."))


@contest.command("ask")
def ask(
    context: typer.Context, case: Case, reason: Annotated[str, typer.Option(help="Why it is wrong.")], key: Key = ""
) -> None:
    """Ask that a human looks at what the system refused."""
    here = session(context)
    found = here.client.post("proposal", f"/v1/proposals/{quote(case)}/contest", {"reason": reason}, key)
    here.output.done(found, say(f"{case} akan ditinjau manusia.", f"A human will look at {case}."))


@contest.command("list")
def waiting(context: typer.Context) -> None:
    """What waits for the caller's answer."""
    here = session(context)
    found = here.client.get("proposal", "/v1/contests")
    here.output.rows(found, found["items"], "id", "person", "codes", "until")


@contest.command("decide")
def decide(
    context: typer.Context,
    case: Case,
    decision: Annotated[str, typer.Option(help="uphold (the refusal stands) or reopen (the case goes on).")],
    reason: Annotated[str, typer.Option(help="Why.")],
    rule: Annotated[list[str] | None, typer.Option(help="A rule decided otherwise; give it once for each.")] = None,
    key: Key = "",
) -> None:
    """A human's answer."""
    here = session(context)
    body = {"decision": decision, "reason": reason, "rules": rule or []}
    found = here.client.post("proposal", f"/v1/proposals/{quote(case)}/contest/decide", body, key)
    here.output.done(found, say(f"Jawaban atas {case} disimpan.", f"The answer on {case} is kept."))
