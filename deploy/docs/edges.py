"""docs/edges.md: what happens in the edge cases E01-E25 and what holds I1-I12, each with its test and its guard."""

from collections.abc import Iterator

import yaml
from pydantic import BaseModel, ConfigDict

from deploy.local.layout import ROOT

SOURCE, FILE = ROOT / "docs" / "edges.yaml", ROOT / "docs" / "edges.md"
HEAD = """# Edge cases and invariants

Made by `python -m deploy.docs` from `docs/edges.yaml`. Each line has a test that is named after it. That the test
would notice is tried by `make test-wide ARGS="-s tests/unit/test_guards.py"`: it takes the guard out of a copy of the
code, one line at a time, and the test must fail. Whether I1-I12 hold in a running system, from its journals alone, says
`mutasi audit verify` (`shared/invariants/`).
"""

GUARDS = """
## The guards

What is taken out of the copy, so that the test of that name fails; the last run of all of them stands in `docs/wide.md`
(`tests/unit/test_guards.py`).
"""


class Edge(BaseModel):
    """One line: what happens, what is done, the test of the file that is named after it, and the guard in its file.

    `by` in the place of `guard` removes it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    case: str
    answer: str
    test: str
    file: str
    guard: str
    by: str

    @property
    def prefix(self) -> str:
        """How the names of its tests begin."""
        return f"test_{self.id.lower()}_"


def edges() -> list[Edge]:
    """All lines, in their order."""
    return [Edge.model_validate(line) for line in yaml.safe_load(SOURCE.read_text("utf-8"))]


def text() -> str:
    """The page."""
    first = ["| | when | then | tested by | guarded in |", "|---|---|---|---|---|", *_rows()]
    return "\n".join([HEAD, *first, GUARDS, "| | this line | becomes |", "|---|---|---|", *_guards(), ""])


def _rows() -> Iterator[str]:
    for one in edges():
        yield f"| {one.id} | {one.case} | {one.answer} | `{one.test}`, `{one.prefix}…` | `{one.file}` |"


def _guards() -> Iterator[str]:
    for one in edges():
        yield f"| {one.id} | {_code(one.guard)} | {_code(one.by)} |"


def _code(text: str) -> str:
    """As code in a cell of a table; nothing at all is said so."""
    line = " ".join(text.split()).replace("|", "\\|")
    return f"`{line}`" if line else "(nothing)"
