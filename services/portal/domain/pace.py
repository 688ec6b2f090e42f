"""How long steps take and which terms are kept, as the monitoring page shows it and as a file. Pure."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.portal.domain.outcomes import WIDE, safe, said

Row = Mapping[str, Any]
COLUMNS = ("tasks", "kept", "missed", "median", "p90", "own_median", "own_p90")


def paces(items: Sequence[Row], name: str, lang: str) -> list[dict[str, Any]]:
    """Stages, months or regions, called by that field: how many terms were missed, the share that were kept in words,
    a bar of both, and the span from median to 90th percentile on the scale of the longest. `tasks` of None: too few."""
    longest = max([1.0, *(one["p90"] for one in items if one["p90"] is not None)])
    return [_pace(one, name, longest, lang) for one in items]


def _pace(one: Row, name: str, longest: float, lang: str) -> dict[str, Any]:
    tasks, kept = one["tasks"], one["kept"]
    told: dict[str, Any] = {**one, "name": one[name], "missed": None, "share": "–", "bar": None, "span": None}
    if tasks:
        told |= {"missed": tasks - kept, "share": said(kept / tasks, "share", "", lang), "bar": _bar(kept / tasks)}
    if one["median"] is not None:
        told["span"] = {end: _place(one[end] / longest) for end in ("median", "p90")}
    days = {f"said_{end}": said(one[end], "days", end, lang) for end in ("median", "p90")}
    return told | days


def _bar(share: float) -> dict[str, int]:
    return {"kept": round(WIDE * share), "missed": WIDE - round(WIDE * share)}


def _place(share: float) -> int:
    return round(4 + (WIDE - 8) * share)  # the dot of a median of zero, or of the longest, stays inside


def slowest(rows: Sequence[Row]) -> Row | None:
    """The one whose 90th percentile is the longest, None where there are too few tasks everywhere."""
    known = [row for row in rows if row["p90"] is not None]
    return max(known, key=lambda row: (row["p90"], row["name"]), default=None)


def total(rows: Sequence[Row], lang: str) -> dict[str, Any]:
    """All tasks together: how many, terms kept and missed, the share in words."""
    tasks, kept = (sum(row[field] or 0 for row in rows) for field in ("tasks", "kept"))
    share = said(kept / tasks if tasks else None, "share", "", lang)
    return {"tasks": tasks, "kept": kept, "missed": tasks - kept, "share": share}


def as_csv(rows: Sequence[Row], first: str) -> str:
    """One line for each, plain numbers, empty where nothing is told; no cell is a formula."""
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow((first, *COLUMNS))
    for row in rows:
        numbers = (row.get(name) for name in COLUMNS)
        lines.writerow((safe(str(row["name"])), *("" if one is None else one for one in numbers)))
    return out.getvalue()


def groups(attributes: Sequence[Row], lang: str) -> list[dict[str, Any]]:
    """The groups of every attribute of a fairness audit, with their figures in words and the interval of the share
    found eligible as a drawing from 0 to 1."""
    return [_group(one["name"], group, lang) for one in attributes for group in one["groups"]]


def _group(attribute: str, group: Row, lang: str) -> dict[str, Any]:
    told: dict[str, Any] = {**group, "attribute": attribute, "drawn": None}
    if group["suppressed"]:
        return told
    rate, low, high = group["rate"]
    told["said_rate"] = said(rate, "share", "", lang)
    told["said_bounds"] = [said(one, "share", "", lang) for one in (low, high)]
    told["said_score"] = said(group["score"][0], "points", "", lang)
    told["said_ratio"] = said(group["ratio"], "ratio", "", lang)
    if low is not None:
        told["drawn"] = {"value": _place(rate), "low": _place(low), "high": _place(high)}
    return told


def groups_csv(attributes: Sequence[Row]) -> str:
    """One line for each group, plain numbers; a suppressed one tells its name only."""
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(("attribute", "group", "people", "rate", "low", "high", "score", "ratio", "p_value", "suppressed"))
    lines.writerows(_group_cells(attributes))
    return out.getvalue()


def _group_cells(attributes: Sequence[Row]) -> Iterator[tuple[object, ...]]:
    for one in attributes:
        for group in one["groups"]:
            rate, score = group["rate"] or ("", "", ""), group["score"] or ("",)
            numbers = (group["people"], *rate, score[0], group["ratio"], group["p_value"])
            plain = ("" if number is None else number for number in numbers)
            yield safe(one["name"]), safe(group["name"]), *plain, group["suppressed"]


def told_of(content: bytes) -> dict[str, dict[str, str]]:
    """Person -> attribute -> group, of a CSV file with the column `person` and one per attribute; what is empty is not
    told. Raises ValueError for anything else."""
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    names = [name for name in rows.fieldnames or () if name]
    attributes = [name for name in names if name != "person"]
    if not attributes or attributes == names:
        raise ValueError("no table of people")
    people = {row["person"]: {name: row[name] for name in attributes if row[name]} for row in rows if row["person"]}
    if not people:
        raise ValueError("no row")
    return people
