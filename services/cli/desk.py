"""`mutasi task forward|ask|answer|recall|comment|bulk`, `mutasi substitute …` and `mutasi chain explain`."""

from typing import Annotated, Any
from urllib.parse import quote

import typer

from services.cli.client import NOT_FOUND, Failure, failure
from services.cli.language import language, say
from services.cli.registry import Key
from services.cli.session import session
from services.cli.tasks import Code, Id, Reason, task

substitute = typer.Typer(no_args_is_help=True, help="Who acts for whom: appoint, end, show.")
chain = typer.Typer(no_args_is_help=True, help="The chains of approval: explain.")
Person = Annotated[str, typer.Argument(help="Id of the person who stands in.")]
Because = Annotated[str, typer.Option(help="The reason.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands about the desk; those about one task stand with the others of `mutasi task`."""
    app.add_typer(substitute, name="substitute")
    app.add_typer(chain, name="chain")


@task.command("forward")
def forward(
    context: typer.Context,
    id: Id,
    reason: Because,
    to: Annotated[str, typer.Option(help="Id of a colleague of the same office.")],
    key: Key = "",
) -> None:
    """Hand a task to a colleague."""
    _post(context, f"tasks/{quote(id)}/forward", {"to": to, "reason": reason}, key)


@task.command("ask")
def ask(
    context: typer.Context, id: Id, question: Annotated[str, typer.Option(help="What to ask.")], key: Key = ""
) -> None:
    """Ask the person for information; the clock of the task stops."""
    _post(context, f"tasks/{quote(id)}/ask", {"question": question}, key)


@task.command("answer")
def answer(
    context: typer.Context, id: Id, text: Annotated[str, typer.Option(help="The answer.")], key: Key = ""
) -> None:
    """Answer what was asked of you."""
    _post(context, f"tasks/{quote(id)}/answer", {"answer": text}, key)


@task.command("recall")
def recall(context: typer.Context, id: Id, key: Key = "") -> None:
    """Take your own decision back while its grace lasts."""
    _post(context, f"tasks/{quote(id)}/recall", None, key)


@task.command("comment")
def comment(
    context: typer.Context, id: Id, text: Annotated[str, typer.Option(help="The comment.")], key: Key = ""
) -> None:
    """Write a comment on the case of a task; all its parties read it."""
    _post(context, f"cases/{quote(id.rsplit('.', 2)[0])}/comments", {"text": text}, key)


@task.command("bulk")
def bulk(  # noqa: PLR0913, PLR0917 - one option per field
    context: typer.Context,
    decision: Annotated[str, typer.Argument(help="approve, refuse or return.")],
    tasks: Annotated[list[str], typer.Argument(help="Ids of the tasks.")],
    confirm: Annotated[bool, typer.Option("--confirm", help="Do it; without it, only what it would do.")] = False,
    code: Code = "",
    reason: Reason = "",
    key: Key = "",
) -> None:
    """One decision on many tasks: first foreseen, then, with --confirm, carried out; a result for each."""
    here = session(context)
    said = {"decision": decision, "code": code, "reason": reason}
    body: dict[str, Any] = {"tasks": tasks, "decision": said, "confirm": confirm}
    found = here.client.post("approval", "/v1/tasks/bulk", body, key)
    here.output.rows(found, found["items"], "task", "ok", "code", "says")


@substitute.command("appoint")
def appoint(  # noqa: PLR0913, PLR0917 - one option per field
    context: typer.Context,
    person: Person,
    office: Annotated[str, typer.Option(help="The office acted for.")],
    agency: Annotated[str, typer.Option(help="Its agency.")],
    since: Annotated[str, typer.Option(help="First day, as 2026-12-01.")],
    until: Annotated[str, typer.Option(help="First day without it.")],
    absent: Annotated[str, typer.Option(help="Its holder, who is away.")],
    unit: Annotated[str, typer.Option(help="Its unit, if it has one.")] = "",
    key: Key = "",
) -> None:
    """Let a person act for another; tasks that wait already are included."""
    body = {"office": office, "agency": agency, "unit": unit, "absent": absent}
    _post(context, f"substitutes/{quote(person)}", {**body, "since": since, "until": until}, key)


@substitute.command("end")
def end(
    context: typer.Context, person: Person, mandate: Annotated[str, typer.Option(help="Its number.")], key: Key = ""
) -> None:
    """End a right to act before its day."""
    _post(context, f"substitutes/{quote(person)}/end", {"mandate": mandate}, key)


@substitute.command("show")
def show(context: typer.Context, person: Person) -> None:
    """For whom a person may act."""
    here = session(context)
    found = here.client.get("approval", f"/v1/substitutes/{quote(person)}")
    here.output.rows(found, found["mandates"], "id", "office", "agency", "unit", "absent", "since", "until")


@chain.command("explain")
def explain(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(help="Kind of move or id of a chain, as K1; all without it.")] = "",
) -> None:
    """Whose turn it is in which order, by when, with what effect, and on what source."""
    here = session(context)
    found = here.client.get("approval", "/v1/chains", kind=kind)
    if not found["items"]:
        raise _no_chain(kind)
    if here.output.as_json:
        return here.output.json(found)
    for one in found["items"]:
        until = one["valid_to"] or "…"
        print(f"{one['id']} {one['version']} ({one['kind']}), {one['valid_from']} – {until}: {_source(one)}")
        for block in one["parallel"]:
            print(_parallel(block))
        for stage in one["stages"]:
            print(_stage(stage, one["desk"]["escalate"]))
    return None


def _no_chain(kind: str) -> Failure:
    detail = say(f"Tidak ada rantai {kind!r}.", f"There is no chain {kind!r}.")
    own = say(
        "Tukar tempat (K7) menempuh rantai tiap anggotanya: K1 sampai K5.",
        "An exchange (K7) goes the way of each of its members: K1 to K5.",
    )
    return failure(NOT_FOUND, "CHAIN_UNKNOWN", detail, own)


def _parallel(block: dict[str, Any]) -> str:
    done = say(f"serentak, cukup {block['quorum']}", f"at the same time, {block['quorum']} are enough")
    return f"  {block['id']}: {done}: {_source(block)}"


def _stage(stage: dict[str, Any], superior: dict[str, Any] | None) -> str:
    hours = say("jam", "hours")
    days = say("hari kerja", "working days")
    beside = f", {say('serentak', 'at the same time')}: {stage['together']}" if stage["together"] else ""
    who = f"{stage['decision']}, {stage['office']}, {stage['scope']}{beside}"
    head = f"{stage['order']}. {stage['title'][language()]}: {who}"
    length = stage["term"]
    term = f"{length['hours']} {hours}" if length["hours"] else f"{length['working_days']} {days}"
    term = f"{term}: {_source(length)}"
    return "\n     ".join((f"  {head}", stage["effect"], term, _silence(stage, superior), _source(stage)))


def _silence(stage: dict[str, Any], superior: dict[str, Any] | None) -> str:
    """What it means when the term passes."""
    if stage["deemed"]:
        return say("diam dianggap setuju", "silence counts as a yes") + f": {_source(stage['deemed'])}"
    told = f": {superior['office']}, {_source(superior)}" if superior and superior["office"] != stage["office"] else ""
    return say("diam tidak memutuskan apa pun; diberitahukan", "silence decides nothing; told") + told


def _source(cited: dict[str, Any]) -> str:
    return f"{cited['citation']} [{cited['certainty']}]"


def _post(context: typer.Context, path: str, body: dict[str, Any] | None, key: str) -> None:
    here = session(context)
    found = here.client.post("approval", f"/v1/{path}", body, key)
    here.output.done(found, say("Dicatat.", "Recorded."))
