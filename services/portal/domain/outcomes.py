"""What moves brought, drawn beside its figures, and as a file that no spreadsheet runs. Pure."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from babel.numbers import format_decimal, format_percent

WIDE = 208  # of a drawing
_FARTHEST = 1.0  # share of the baseline at which an effect leaves the drawing
_LIKE_SHARES = ("share",)
_OWN_SCALE = ("per_plan", "per_move", "objections", "trust", "people", "rank")
_LARGE = 1000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Row = Mapping[str, Any]


def said(value: float | None, unit: str, part: str, lang: str) -> str:
    """A figure as people write it: a share in per cent, others with up to two decimals; "–" for none."""
    if value is None:
        return "–"
    if part == "recorded" or (unit in _LIKE_SHARES and part not in _OWN_SCALE):
        return str(format_percent(value, "#,##0.#%", locale=lang))
    return str(format_decimal(value, "#,##0" if abs(value) >= _LARGE else "#,##0.##", locale=lang))


def figures(items: Sequence[Row], lang: str) -> list[dict[str, Any]]:
    """Each indicator with its figures in words, and a drawing of its effect where one can be judged."""
    return [
        {**one, "figures": [_said(part, one["unit"], lang) for part in one["figures"]], "drawn": _effect(one)}
        for one in items
    ]


def _said(part: Row, unit: str, lang: str) -> dict[str, Any]:
    found = {name: said(part[name], unit, part["part"], lang) for name in ("value", "low", "high")}
    return {**part, **found, "bounded": part["low"] is not None}


def _effect(one: Row) -> dict[str, Any] | None:
    """The effect as a share of the baseline on a line with zero in the middle, and which way it goes."""
    parts = {part["part"]: part for part in one["figures"]}
    effect, before = parts.get("effect"), (parts.get("before") or {}).get("value")
    if not effect or not before or effect["low"] is None:
        return None
    at = {name: _place(effect[name] / before) for name in ("value", "low", "high")}
    falls, rises = effect["high"] < 0, effect["low"] > 0
    if not (falls or rises):
        return {**at, "kind": "unsure"}
    return {**at, "kind": "good" if falls == (one["better"] == "lower") else "bad"}


def _place(share: float) -> int:
    return round(WIDE / 2 * (1 + max(-_FARTHEST, min(_FARTHEST, share)) / _FARTHEST))


def results(items: Sequence[Row]) -> list[dict[str, Any]]:
    """KP10 as one bar in three parts, empty without any move that can be judged."""
    parts = {part["part"]: part for one in items if one["indicator"] == "KP10" for part in one["figures"]}
    drawn, x = [], 0
    for name in ("reached", "partly", "not_reached"):
        width = round(WIDE * (parts[name]["value"] or 0)) if name in parts else 0
        drawn.append({"kind": name, "x": x, "width": width})
        x += width
    return drawn if x else []


def regions(items: Sequence[Row], lang: str) -> list[dict[str, Any]]:
    """Each region with its figures in words, its ratio with interval, and the band that chance explains."""
    known = [one for one in items if one["ratio"] is not None]
    most = float(max([2.0, *(max(one["high"], one["limits"][0][1]) for one in known)]))

    def at(ratio: float) -> int:
        return round(WIDE * ratio / most)

    rows = []
    for one in items:
        told = {name: said(one[name], "ratio", name, lang) for name in ("expected", "ratio", "low", "high")}
        drawn = None
        if one["ratio"] is not None:
            low, high = one["limits"][0]
            places = {name: at(one[name]) for name in ("ratio", "low", "high")}
            drawn = {**places, "band": at(low), "wide": at(high) - at(low), "one": at(1.0)}
        rows.append({**one, **told, "crude": said(one["crude"], "share", "", lang), "drawn": drawn})
    return rows


def as_csv(items: Sequence[Row]) -> str:
    """One line for each figure, plain numbers; a text that a spreadsheet would run begins with an apostrophe."""
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(("indicator", "name", "figure", "value", "low", "high", "n", "unit", "waits"))
    for one in items:
        for part in one["figures"] or [{"name": "", "value": None, "low": None, "high": None, "n": 0}]:
            words = (one["indicator"], one["name"], part["name"])
            numbers = ("" if part[name] is None else part[name] for name in ("value", "low", "high"))
            lines.writerow((*map(safe, words), *numbers, part["n"], one["unit"], one["waits"]))
    return out.getvalue()


def safe(text: str) -> str:
    """A text as a cell."""
    return f"'{text}" if text.startswith(_FORMULA) else text
