"""`mutasi propose`, `mutasi case announce|agree|concern|answer|talk|held|submit`: a move that the agency proposes."""

from typing import Annotated, Any
from urllib.parse import quote

import typer

from services.cli.cases import Id, case
from services.cli.language import say
from services.cli.registry import Key
from services.cli.session import session

Text = Annotated[str, typer.Option(help="What is said.")]
Number = Annotated[int, typer.Option(help="Its number, from 1.")]


def add_to(app: typer.Typer) -> None:
    """Add `propose`; those about one case stand with the others of `mutasi case`."""
    app.command("propose")(propose)


def propose(  # noqa: PLR0913, PLR0917 - one option per field
    context: typer.Context,
    person: Annotated[str, typer.Argument(help="Id of the person.")],
    vacancy: Annotated[str, typer.Argument(help="Id of the vacancy.")],
    purpose: Annotated[str, typer.Option(help="Which need of the organisation it answers.")],
    expected_result: Annotated[str, typer.Option(help="What will be better.")],
    reason: Annotated[str, typer.Option(help="Why this person.")],
    key: Key = "",
) -> None:
    """Draft a move of somebody else, for an office; the person is told by `mutasi case announce`."""
    here = session(context)
    wish = {"vacancy": vacancy, "purpose": purpose, "expected_result": expected_result, "reason": reason}
    about = {"initiative": "agency", "person": person}
    found = here.client.post("proposal", "/v1/proposals", {**wish, **about}, key)
    here.output.done(found, say(f"Konsep usul: {found['id']}.", f"Drafted: {found['id']}."))


@case.command("announce")
def announce(
    context: typer.Context,
    id: Id,
    benefit: Annotated[str, typer.Option(help="What the person gains.")],
    training: Annotated[str, typer.Option(help="The training that goes with it.")],
    key: Key = "",
) -> None:
    """Tell the person; they have some days to speak."""
    _post(context, id, "announce", {"benefit": benefit, "training": training}, key)


@case.command("agree")
def agree(context: typer.Context, id: Id, key: Key = "") -> None:
    """Agree with what the agency proposes for you."""
    _post(context, id, "agree", None, key)


@case.command("concern")
def concern(context: typer.Context, id: Id, text: Text, key: Key = "") -> None:
    """Say what worries you; it is answered before the proposal goes on."""
    _post(context, id, "concerns", {"text": text}, key)


@case.command("answer")
def answer(context: typer.Context, id: Id, concern: Number, text: Text, key: Key = "") -> None:
    """Answer a concern."""
    _post(context, id, "concerns/answer", {"concern": concern, "answer": text}, key)


@case.command("talk")
def talk(
    context: typer.Context,
    id: Id,
    on: Annotated[str, typer.Option(help="The day, as 2026-12-01.")],
    about: Annotated[str, typer.Option(help="What about.")],
    key: Key = "",
) -> None:
    """Ask for a talk between an official and the person."""
    _post(context, id, "talks", {"on": on, "about": about}, key)


@case.command("held")
def held(context: typer.Context, id: Id, talk: Number, key: Key = "") -> None:
    """Say that a talk was held; it counts when both sides have."""
    _post(context, id, "talks/confirm", {"talk": talk}, key)


@case.command("submit")
def submit(context: typer.Context, id: Id, key: Key = "") -> None:
    """Hand a draft or a mended file in."""
    _post(context, id, "submit", {}, key)


def _post(context: typer.Context, id: str, path: str, body: dict[str, Any] | None, key: str) -> None:
    here = session(context)
    found = here.client.post("proposal", f"/v1/proposals/{quote(id)}/{path}", body, key)
    here.output.done(found, say("Dicatat.", "Recorded."))
