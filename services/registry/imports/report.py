"""What an import answers: how many rows were taken, and each cell that is wrong or doubtful."""

from collections.abc import Mapping
from typing import Any, Literal

from services.registry.domain.texts import texts
from shared.kernel.decider import Frozen


class Finding(Frozen):
    """One cell (or row, then without a column) that breaks a rule. Row 1 is the header."""

    row: int
    column: str = ""
    cell: str = ""
    rule: str
    severity: Literal["refused", "warning"] = "refused"
    says: Mapping[str, str] = {}
    remedy: Mapping[str, str] = {}


class _Values(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "…"


def finding(
    row: int,
    rule: str,
    column: str = "",
    cell: str = "",
    *,
    warning: bool = False,
    values: Mapping[str, object] = {},
) -> Finding:
    """A finding with its sentences in both languages. Raises KeyError for a rule without a text."""
    text, filled = texts()[rule], _Values(values)
    return Finding(
        row=row,
        column=column,
        cell=cell[:200],
        rule=rule,
        severity="warning" if warning else "refused",
        says={"id": text.id.format_map(filled), "en": text.en.format_map(filled)},
        remedy={"id": text.mend.id.format_map(filled), "en": text.mend.en.format_map(filled)},
    )


SHOWN = 10_000
"""Findings that a report shows; nobody mends more at once, and they are kept in memory."""


class Report:
    """Collects the findings of one file: all are counted, the first ones are shown."""

    def __init__(self, kind: str, *, dry_run: bool, batch: str = "", taken: int = 0) -> None:
        self.kind, self.dry_run, self.batch = kind, dry_run, batch
        self.rows, self.taken = 0, taken
        self.findings: list[Finding] = []
        self.left_out = 0
        self.bad_rows: set[int] = set()
        self.agencies: set[str] = set()  # of people and posts that were taken: their records are looked at

    def add(self, *findings: Finding) -> None:
        """Note what is wrong or doubtful."""
        room = max(SHOWN - len(self.findings), 0)
        self.findings += findings[:room]
        self.left_out += len(findings[room:])
        self.bad_rows |= {found.row for found in findings if found.severity == "refused"}

    def answer(self) -> dict[str, Any]:
        """The report as JSON; in a dry run `taken` counts what would be sent. `import` is what takes it back."""
        return {
            "import": self.batch,
            "kind": self.kind,
            "dry_run": self.dry_run,
            "rows": self.rows,
            "taken": self.taken,
            "refused": len(self.bad_rows),
            "findings": [found.model_dump() for found in sorted(self.findings, key=lambda found: found.row)],
            "left_out": self.left_out,
        }
