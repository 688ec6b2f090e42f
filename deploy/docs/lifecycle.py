"""docs/lifecycle.md: the life of a case, drawn from the table that the proposal service moves by."""

from deploy.local.layout import ROOT
from services.proposal.domain.groups.state import LIFECYCLE as GROUP
from services.proposal.domain.lifecycle import ALIVE, LIFECYCLE, NAMES, STATES, Step
from shared.kernel.decider import Event

FILE = ROOT / "docs" / "lifecycle.md"
HEAD = """# The life of a case

Made by `python -m deploy.docs` from `services/proposal/domain/lifecycle.py`, the table by which the service moves a
case: an event that is not in it cannot be recorded. An open case is one in a state marked with *; a person has at most
one. Between DIAJUKAN and PENETAPAN_SK the file is with the evaluation and the chain of approval, whose stage says
whose turn it is (`services/approval/chains/`).

`tests/e2e/test_lives.py` (`make test-wide`) wants whatever of cases of running services, as anybody, over HTTP: after
each step the state is one to which this table leads, and what was refused changed nothing.
"""

GROUP_HEAD = """## The life of a swap or chain

The same for the group above the cases of its members (`services/proposal/domain/groups/state.py`, `docs/groups.md`).
"""


def text() -> str:
    """The page: diagram, states, steps; and those of a group."""
    rows = [_row(step) for step in LIFECYCLE]
    steps = ["| from | event | to | who | on what condition |", "|---|---|---|---|---|", *rows]
    mine = [HEAD, "```mermaid", *_diagram(), "```", "", *_states(), "", *steps, ""]
    return "\n".join([*mine, GROUP_HEAD, "```mermaid", *_group_diagram(), "```", "", *_group_steps(), ""])


def _group_diagram() -> list[str]:
    arrows = [
        f"    {'[*]' if at == 'new' else at} --> {step.to}: {_said(step.event)}"
        for step in GROUP
        for at in step.at
        if step.to
    ]
    return ["stateDiagram-v2", *arrows, "    completed --> [*]", "    ended --> [*]"]


def _group_steps() -> list[str]:
    rows = [f"| {', '.join(s.at)} | {_said(s.event)} | {s.to or 'stays'} | {s.condition} |" for s in GROUP]
    return ["| from | event | to | on what condition |", "|---|---|---|---|", *rows]


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
    return _said(step.event)


def _said(event: type[Event]) -> str:
    return ".".join(event.TYPE.split(".")[1:3])
