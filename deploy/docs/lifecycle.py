"""docs/lifecycle.md: the life of a case, drawn from the table that the proposal service moves by."""

from deploy.local.layout import ROOT
from services.proposal.domain.lifecycle import ALIVE, LIFECYCLE, NAMES, STATES, Step

FILE = ROOT / "docs" / "lifecycle.md"
HEAD = """# The life of a case

Made by `python -m deploy.docs` from `services/proposal/domain/lifecycle.py`, the table by which the service moves a
case: an event that is not in it cannot be recorded. An open case is one in a state marked with *; a person has at most
one. Between DIAJUKAN and PENETAPAN_SK the file is with the evaluation and the chain of approval, whose stage says
whose turn it is (`services/approval/chains/`).
"""


def text() -> str:
    """The page: diagram, states, steps."""
    rows = [_row(step) for step in LIFECYCLE]
    steps = ["| from | event | to | who | on what condition |", "|---|---|---|---|---|", *rows]
    return "\n".join([HEAD, "```mermaid", *_diagram(), "```", "", *_states(), "", *steps, ""])


def _diagram() -> list[str]:
    arrows = [
        f"    {'[*]' if at == 'new' else at} --> {step.to}: {_name(step)}" for step in LIFECYCLE for at in step.at
    ]
    ends = [f"    {state} --> [*]" for state in STATES if all(state not in step.at for step in LIFECYCLE)]
    return ["stateDiagram-v2", *arrows, *ends]


def _states() -> list[str]:
    shown = [state for state in STATES if state != "new"]
    rows = [f"| {state}{'*' if state in ALIVE else ''} | {NAMES[state]} |" for state in shown]
    return ["| state | as officials call it |", "|---|---|", *rows]


def _row(step: Step) -> str:
    return f"| {', '.join(step.at)} | {_name(step)} | {step.to} | {step.who} | {step.condition} |"


def _name(step: Step) -> str:
    return ".".join(step.event.TYPE.split(".")[1:3])
