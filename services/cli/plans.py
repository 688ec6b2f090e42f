"""`mutasi plan …`: scenarios, runs, explanations, consultation, adoption, waves."""

import json
import time
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer

from services.cli.client import REFUSED, failure
from services.cli.language import language, say
from services.cli.plan_tables import beside, brought, chart, instead
from services.cli.registry import Key
from services.cli.session import session

plan = typer.Typer(
    no_args_is_help=True, help="Mutation plans: create, set, run, compare, why, consult, adopt, publish."
)
Id = Annotated[str, typer.Argument(help="Id of the plan.")]
Scenario = Annotated[str, typer.Argument(help="Name of the scenario.")]
UNDER_WAY = ("queued", "frozen")
RUN = ("status", "outcome", "solver", "persons", "options", "moves", "milliseconds")


def add_to(app: typer.Typer) -> None:
    """Add the commands about plans."""
    app.add_typer(plan, name="plan")


def _path(id: str, *rest: str) -> str:
    return "/".join(("/v1/plans", quote(id), *rest))


@plan.command("list")
def listed(context: typer.Context, after: Annotated[str, typer.Option(help="`next` of the page before.")] = "") -> None:
    """Plans of your agencies."""
    here = session(context)
    found = here.client.get("evaluation", "/v1/plans", after=after)
    here.output.rows(found, found["items"], "id", "agency", "title", "status", "chosen")


@plan.command("create")
def create(  # noqa: PLR0913, PLR0917 - a plan begins with all of these
    context: typer.Context,
    agency: Annotated[str, typer.Option(help="Code of the agency.")],
    title: Annotated[str, typer.Option(help="What it is called.")],
    purpose: Annotated[str, typer.Option(help="What it is for.")],
    expected: Annotated[str, typer.Option(help="The result that is expected, checked after the moves.")],
    expected_percent: Annotated[int, typer.Option(help="…as change of complaints in per cent, as in -30.")] = 0,
    key: Key = "",
) -> None:
    """Begin a plan."""
    here = session(context)
    told = {"agency": agency, "title": title, "purpose": purpose, "expected_result": expected}
    body = {**told, "expected_percent": expected_percent}
    found = here.client.post("evaluation", "/v1/plans", body, key)
    here.output.done(found, say(f"Rencana {found['id']} dibuat.", f"Plan {found['id']} is begun."))


@plan.command("set")
def write(
    context: typer.Context,
    id: Id,
    name: Scenario,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The scenario as JSON.")],
) -> None:
    """Write a scenario from a JSON file (docs/plan.md shows one)."""
    here = session(context)
    try:
        body = json.loads(file.read_text("utf-8"))
    except ValueError as error:
        detail = say(f"{file} bukan JSON: {error}", f"{file} is no JSON: {error}")
        raise failure(REFUSED, "NO_JSON", detail) from None
    found = here.client.put("evaluation", _path(id, "scenarios", quote(name)), body)
    here.output.done(found, say(f"Skenario {name} ditulis.", f"Scenario {name} is written."))


@plan.command("run")
def run(
    context: typer.Context,
    id: Id,
    name: Scenario,
    wait: Annotated[bool, typer.Option(help="Until it is done.")] = True,
    key: Key = "",
) -> None:
    """Compute a scenario; what came of it is shown by `show` and `compare`."""
    here = session(context)
    found = here.client.post("evaluation", _path(id, "scenarios", quote(name), "run"), key=key)
    while wait and found["scenarios"][name]["status"] in UNDER_WAY:
        time.sleep(0.5)
        found = here.client.get("evaluation", _path(id))
    if found["scenarios"][name]["status"] == "failed":
        here.client.get("evaluation", _path(id, "scenarios", quote(name), "result"), lang=language())  # says why
    here.output.fields(found, *(f"scenarios.{name}.{field}" for field in RUN))


@plan.command("cancel")
def cancel(context: typer.Context, id: Id, name: Scenario, key: Key = "") -> None:
    """Call a run off."""
    here = session(context)
    found = here.client.post("evaluation", _path(id, "scenarios", quote(name), "cancel"), key=key)
    here.output.done(found, say(f"Perhitungan {name} dibatalkan.", f"The run of {name} is called off."))


@plan.command("compare")
def compare(context: typer.Context, id: Id) -> None:
    """The scenarios side by side, and the workload of each unit before and after under each of them."""
    here = session(context)
    found = here.client.get("evaluation", _path(id, "compare"))
    if here.output.as_json:
        return here.output.json(found)
    names = [one["scenario"] for one in found["scenarios"]]
    here.output.rows(found, beside(found["scenarios"]), "Figure", *names)
    units = [
        {"Unit": row["unit"], "Need": row["need"] / 100, "Before": row["before"], **row["after"]}
        for row in found["units"]
    ]
    return here.output.rows(found, units, "Unit", "Need", "Before", *names)


@plan.command("show")
def show(context: typer.Context, id: Id, name: Scenario) -> None:
    """What was computed, how and in which time: levels with bound and gap, workload before and after, every move."""
    here = session(context)
    found = here.client.get("evaluation", _path(id, "scenarios", quote(name), "result"), lang=language())
    if here.output.as_json:
        return here.output.json(found)
    here.output.fields(found, "status", "solver", "milliseconds", "ruleset", "snapshot")
    if found["conflict"]:
        return here.output.rows(found, found["conflict"], "kind", "where", "text")
    here.output.rows(found, found["levels"], "level", "value", "bound", "gap", "text")
    here.output.rows(found, chart(found["staffing"]), "unit", "need", "before", "after", "chart")
    return here.output.rows(found, found["moves"], "person", "origin", "target", "wave", "reason")


@plan.command("why")
def why(
    context: typer.Context,
    id: Id,
    name: Scenario,
    person: Annotated[str, typer.Option(help="Why this person is where they are.")] = "",
    post: Annotated[str, typer.Option(help="…and not in this post.")] = "",
) -> None:
    """Why this person, why not there; without a person, what more of a binding constraint would bring."""
    here = session(context)
    path = _path(id, "scenarios", quote(name), "explain")
    found = here.client.get("evaluation", path, person=person, post=post, lang=language())
    if "gains" in found:
        gains = [{"constraint": gain["part"]["text"], "one_more_brings": brought(gain)} for gain in found["gains"]]
        return here.output.rows(found, gains, "constraint", "one_more_brings")
    told = [{"about": about, **found["why"][about]} for about in ("stay", "second")] if "why" in found else []
    return here.output.rows(found, told or [found["why_not"]], *(("about",) if told else ("codes",)), "text", "others")


@plan.command("exchange")
def exchange(
    context: typer.Context,
    id: Id,
    name: Scenario,
    cap: Annotated[int, typer.Option(help="Members of one exchange at most.")] = 3,
) -> None:
    """The voluntary rounds beside each other, and exchanges with their fallbacks."""
    here = session(context)
    found = here.client.get("evaluation", _path(id, "scenarios", quote(name), "exchange"), cap=cap)
    if here.output.as_json:
        return here.output.json(found)
    here.output.rows(found, found["rounds"], "mechanism", "moves", "ranks", "envy", "cycles", "weak")
    arranged = found["exchanges"]
    both = zip(arranged["exchanges"], arranged["fallbacks"], strict=True)
    rows = [{**one, "if_one_withdraws": [instead(fallback) for fallback in fallbacks]} for one, fallbacks in both]
    return here.output.rows(found, rows, "members", "seats", "chain", "if_one_withdraws")


@plan.command("consult")
def consult(
    context: typer.Context,
    id: Id,
    name: Scenario,
    until: Annotated[str, typer.Option(help="End of the consultation, as in 2026-12-01T17:00:00+08:00.")],
    key: Key = "",
) -> None:
    """Tell those concerned and hear them."""
    here = session(context)
    found = here.client.post("evaluation", _path(id, "scenarios", quote(name), "consult"), {"until": until}, key)
    here.output.done(found, say(f"Konsultasi dibuka sampai {until}.", f"The consultation lasts until {until}."))


@plan.command("comments")
def comments(context: typer.Context, id: Id) -> None:
    """What those concerned said."""
    here = session(context)
    found = here.client.get("evaluation", _path(id, "comments"))
    here.output.rows(found, found["items"], "comment", "person", "text", "answer")


@plan.command("answer")
def answer(context: typer.Context, id: Id, comment: int, text: str, key: Key = "") -> None:
    """Answer a comment."""
    here = session(context)
    found = here.client.post("evaluation", _path(id, "comments", str(comment), "answer"), {"text": text}, key)
    here.output.done(found, say(f"Tanggapan {comment} dijawab.", f"Comment {comment} is answered."))


@plan.command("findings")
def findings(
    context: typer.Context, id: Id, after: Annotated[str, typer.Option(help="`next` of the page before.")] = ""
) -> None:
    """What was found where earlier moves fell short, and what better regions do: look at it before you set weights."""
    here = session(context)
    found = here.client.get("evaluation", _path(id, "findings"), after=after)
    here.output.rows(found, found["items"], "id", "title", "months", "verdict", "cause", "finding")
    if not here.output.as_json and found["lessons"]:
        here.output.rows(found, found["lessons"], "region", "since", "until", "basis", "practice")


@plan.command("adopt")
def adopt(context: typer.Context, id: Id, key: Key = "") -> None:
    """Adopt the plan."""
    here = session(context)
    here.output.done(here.client.post("evaluation", _path(id, "adopt"), key=key), say("Ditetapkan.", "Adopted."))


@plan.command("publish")
def publish(
    context: typer.Context,
    id: Id,
    wave: int,
    benefit: Annotated[str, typer.Option(help="What the people gain.")],
    training: Annotated[str, typer.Option(help="The training that goes with it.")],
    key: Key = "",
) -> None:
    """Turn a wave into proposals, told to the people; from there as in docs/voice.md."""
    here = session(context)
    body = {"benefit": benefit, "training": training}
    found = here.client.post("evaluation", _path(id, "waves", str(wave), "publish"), body, key)
    here.output.done(found, say(f"Gelombang {wave} diusulkan.", f"Wave {wave} is proposed."))


@plan.command("circles")
def circles(
    context: typer.Context,
    id: Id,
    benefit: Annotated[str, typer.Option(help="What those on duty gain.")] = "",
    training: Annotated[str, typer.Option(help="The training that goes with it.")] = "",
    key: Key = "",
) -> None:
    """Turn the circles of wave 0 into exchanges of seats, for all of a circle or none (docs/groups.md)."""
    here = session(context)
    told = {"benefit": benefit, "training": training}
    found = here.client.post("evaluation", _path(id, "circles", "publish"), told, key)
    here.output.done(found, say("Tukar tempat diusulkan.", "The exchanges are proposed."))


@plan.command("outcome")
def outcome(context: typer.Context, id: Id) -> None:
    """Complaints ninety days after the moves, against before and against units the plan left alone."""
    here = session(context)
    found = here.client.get("evaluation", _path(id, "outcome"), lang=language())
    here.output.fields(found, "text", "effective_on", "due", "basis", "change", "others", "baseline")
    if not here.output.as_json:
        here.output.rows(found, found["units"], "unit", "moved", "picking", "before", "after")


@plan.command("waves")
def waves(context: typer.Context, id: Id) -> None:
    """The moves by wave, and where their cases stand."""
    here = session(context)
    found = here.client.get("evaluation", _path(id, "waves"))
    here.output.rows(found, found["items"], "wave", "person", "target", "case", "group", "status", "code")
