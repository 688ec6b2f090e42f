"""`mutasi apply`, `mutasi case …`, `mutasi adoptions`, `mutasi evaluate` and `mutasi changes`."""

from typing import Annotated, Any
from urllib.parse import quote

import typer

from services.cli.client import BROKEN, Failure, failure
from services.cli.language import language, say
from services.cli.registry import Key
from services.cli.session import Session, session

case = typer.Typer(no_args_is_help=True, help="A case: show, withdraw, waive.")
Id = Annotated[str, typer.Argument(help="Id of the case.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands about cases."""
    app.command("apply")(apply)
    app.add_typer(case, name="case")
    app.command("evaluate")(evaluate)
    app.command("changes")(changes)
    app.command("adoptions")(adoptions)


def apply(  # noqa: PLR0913, PLR0917 - one option per field
    context: typer.Context,
    vacancy: Annotated[str, typer.Argument(help="Id of the vacancy.")],
    purpose: Annotated[str, typer.Option(help="Which need of the organisation it answers.")],
    expected_result: Annotated[str, typer.Option(help="What will be better.")],
    reason: Annotated[str, typer.Option(help="Why.")],
    consent: Annotated[bool, typer.Option("--consent", help="I agree that my data are examined.")] = False,
    key: Key = "",
) -> None:
    """Propose one's own move: draft and submit. What cannot be submitted stays a draft."""
    here = session(context)
    wish = {"vacancy": vacancy, "purpose": purpose, "expected_result": expected_result, "reason": reason}
    drafted = here.client.post("proposal", "/v1/proposals", wish | {"consent": consent}, key)
    path = f"/v1/proposals/{quote(drafted['id'])}/submit"
    found = here.client.post("proposal", path, {"consent": consent}, f"{key}-submit" if key else "")
    receipt = found["receipt"]
    here.output.done(
        found, say(f"Diajukan: {found['id']}, tanda terima {receipt}.", f"Submitted: {found['id']}, receipt {receipt}.")
    )


@case.command("show")
def show(context: typer.Context, id: Id) -> None:
    """Where a case stands: its proposal, and whose turn it is in the chain."""
    here = session(context)
    proposal = _if_allowed(here, "proposal", f"/v1/proposals/{quote(id)}")
    approval = _if_allowed(here, "approval", f"/v1/cases/{quote(id)}")
    if isinstance(proposal, Failure) and isinstance(approval, Failure):
        raise proposal
    found = {
        name: None if isinstance(of, Failure) else of for name, of in (("proposal", proposal), ("approval", approval))
    }
    names = (
        "status",
        "paper.number",
        "paper.dated",
        "receipt",
        "attempt",
        "vacancy",
        "codes",
        "reason",
        "until",
        "decree",
    )
    turn = ("status", "task.stage", "task.office", "task.agency", "task.unit", "task.due", "task.overdue")
    here.output.fields(found, *(f"proposal.{name}" for name in names), *(f"approval.{name}" for name in turn))


def adoptions(
    context: typer.Context,
    file: Annotated[str, typer.Argument(help="What the import of cases answered as `import`.")],
    after: Annotated[str, typer.Option(help="`next` of the page before.")] = "",
) -> None:
    """What became of the paper files of an imported file: the case of each, or the code why it stays on paper."""
    here = session(context)
    found = here.client.get("proposal", f"/v1/adoptions/{quote(file, safe='')}", after=after, limit=100)
    here.output.rows(found, found["items"], "id", "paper.number", "paper.stage", "status", "codes")


@case.command("withdraw")
def withdraw(context: typer.Context, id: Id, reason: Annotated[str, typer.Option(help="Why.")], key: Key = "") -> None:
    """Take a proposal back."""
    here = session(context)
    found = here.client.post("proposal", f"/v1/proposals/{quote(id)}/withdraw", {"reason": reason}, key)
    here.output.done(found, say(f"{id} ditarik.", f"{id} is withdrawn."))


@case.command("waive")
def waive(
    context: typer.Context,
    id: Id,
    rule: Annotated[str, typer.Option(help="Id of the rule, as in R17.")],
    reason: Annotated[str, typer.Option(help="Why, as in the number of a written consent.")],
    key: Key = "",
) -> None:
    """Waive a rule for a case that is not submitted yet, by an office that the rule names."""
    here = session(context)
    body = {"rule": rule, "reason": reason}
    found = here.client.post("evaluation", f"/v1/evaluations/{quote(id)}/waivers", body, key)
    here.output.done(found, say(f"{rule} dikecualikan untuk {id}.", f"{rule} is waived for {id}."))


def evaluate(
    context: typer.Context,
    id: Id,
    explain: Annotated[bool, typer.Option("--explain", help="Every rule and factor with its source.")] = False,
    as_of: Annotated[str, typer.Option(help="As it stood at the end of this day, made again from the records.")] = "",
) -> None:
    """May this person move, and how well do they fit. Ends with 6 if a repetition says something else."""
    here = session(context)
    path = f"/v1/evaluations/{quote(id)}" + (f"/as-of/{quote(as_of)}" if as_of else "")
    found = here.client.get("evaluation", path, lang=language())
    if found.get("identical") is False:
        raise failure(BROKEN, "NOT_IDENTICAL", say("Pengulangan berbeda.", "The repetition differs."))
    if here.output.as_json:
        here.output.json(found)
        return
    here.output.fields(found, "eligible", "standing", "said_at", "identical", "paragraph", "ruleset", "snapshot")
    if explain:
        rules = [
            {**rule, "outcome": rule["outcome_text"], "mend": (rule["remedy"] or {}).get("mend", "")}
            for rule in found["rules"]
        ]
        here.output.rows(found, rules, "rule", "title", "outcome", "text", "mend", "citation", "certainty")
        factors = [{**factor, "points": _points(factor["points"])} for factor in found["factors"]]
        here.output.rows(found, factors, "title", "raw", "share", "weight", "points", "source")


def changes(
    context: typer.Context,
    id: Id,
    cutoff: Annotated[float, typer.Option(min=0, max=100, help="Score to reach, of 100.")] = 0,
) -> None:
    """What the person could change to be eligible, or to reach a score; the smallest ways, evaluated again."""
    here = session(context)
    path = f"/v1/evaluations/{quote(id)}/changes"
    found = here.client.get("evaluation", path, lang=language(), cutoff=round(cutoff * 100))
    rows = [
        {"changes": "; ".join(step["text"] for step in way["steps"]), **way, "score": _points(way["score"])}
        for way in found["ways"]
    ]
    if not here.output.as_json:
        here.output.fields(found, "text")
    here.output.rows(found, rows, "changes", "score", "applied_on")


def _if_allowed(here: Session, service: str, path: str) -> Any:  # noqa: ANN401 - what the service says, or its refusal
    try:
        return here.client.get(service, path)
    except Failure as refused:
        return refused


def _points(hundredths: int | None) -> str:
    return say("tanpa data", "no data") if hundredths is None else f"{hundredths / 100:.2f}"
