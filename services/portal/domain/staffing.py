"""Workload of units before and after (KP1) as bars beside their figures. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

WIDE, HIGH, GAP = 200, 10, 3


def bars(units: Sequence[Mapping[str, Any]], names: Sequence[str]) -> list[dict[str, Any]]:
    """Each unit with the widths of its bars (before, then after under each name; None is not in it) and the place of
    the mark of its need, all on one scale of `WIDE`."""
    staff = [n for row in units for n in (row["before"], *(row["after"].get(name) or 0 for name in names))]
    most = max([*staff, *(row["need"] / 100 for row in units)], default=0) or 1
    rows = []
    for row in units:
        heads = [row["before"], *(row["after"].get(name) for name in names)]
        drawn = [
            {"width": round(WIDE * n / most), "y": at * (HIGH + GAP), "kind": "after" if at else "before"}
            for at, n in enumerate(heads)
            if n is not None
        ]
        height = len(heads) * (HIGH + GAP)
        need = round(WIDE * row["need"] / 100 / most)
        rows.append(
            {**row, "after": heads[1:], "bars": drawn, "mark": need, "height": height, "need": row["need"] / 100}
        )
    return rows
