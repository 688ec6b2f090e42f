"""Rows of the tables that `mutasi plan …` shows."""

from collections.abc import Mapping, Sequence
from typing import Any

WIDE = 24
SHOWN = ("outcome", "solver", "moves")


def beside(scenarios: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A row for each figure with a column for each scenario (their names have no capitals); KP1 in persons."""
    rows = [{"Figure": name, **{one["scenario"]: one[name] for one in scenarios}} for name in SHOWN]
    for name, when in (("KP1 before", "gap_before"), ("KP1 after", "gap_after")):
        rows.append({"Figure": name, **{one["scenario"]: one[when] / 100 for one in scenarios}})
    levels = dict.fromkeys(level["level"] for one in scenarios for level in one["levels"])
    reached = {one["scenario"]: {level["level"]: level["value"] for level in one["levels"]} for one in scenarios}
    return rows + [{"Figure": level, **{name: of.get(level) for name, of in reached.items()}} for level in levels]


def chart(staffing: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A bar of the staff after for each unit, with a mark where its need is; all on one scale."""
    most = max((max(row["after"], row["before"], row["need"] / 100) for row in staffing), default=1) or 1
    rows = []
    for row in staffing:
        after, need = round(WIDE * row["after"] / most), round(WIDE * row["need"] / 100 / most)
        bar = ("█" * after).ljust(WIDE + 1, "·")
        rows.append({**row, "need": row["need"] / 100, "chart": f"{bar[:need]}|{bar[need:]}"})
    return rows


def brought(gain: Mapping[str, Any]) -> str:
    """What changes, level by level; more is worse."""
    return "; ".join(f"{one['text']} {one['by']:+d}" for one in gain["differences"])


def instead(fallback: Mapping[str, Any]) -> str:
    """Who withdraws, and which exchanges are done instead."""
    done = "; ".join(" ".join(one["members"]) for one in fallback["exchanges"]) or "-"
    return f"{fallback['without']}: {done}"
