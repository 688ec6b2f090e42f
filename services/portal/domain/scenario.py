"""A scenario of a mutation plan from the form that a planner filled in: needs, who may be sent, limits. Pure."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

NAME = re.compile(r"[a-z0-9-]{1,40}")
MOST, HUNDRED = 100_000, 100
NUMBERS = ("weight_move", "weight_km", "weight_money", "seed")


class Wrong(ValueError):
    """A field of the form that cannot be used."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def giving(fields: Mapping[str, str], units: Sequence[str]) -> list[str]:
    """The units whose people may be sent elsewhere."""
    return [unit for number, unit in enumerate(units) if fields.get(f"gives-{number}")]


def scenario(fields: Mapping[str, str], units: Sequence[str], people: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What the planner set, as the evaluation takes it: of each unit with a need (in persons, hundredths allowed) need
    and weight, of those that give people a duty for each of `people` and at most how many leave. Raises Wrong."""
    if not NAME.fullmatch(fields.get("name", "")):
        raise Wrong("name")
    needs = [_need(fields, number, unit) for number, unit in enumerate(units) if fields.get(f"need-{number}")]
    gives = giving(fields, units)
    if not needs:
        raise Wrong("need-0" if units else "name")
    if without := next((unit for unit in gives if unit not in {need["unit"] for need in needs}), ""):
        raise Wrong(f"need-{units.index(without)}")  # its people are those of the units with a need
    if not gives:
        raise Wrong("gives-0")
    reason = fields.get("reason", "")
    if not reason:
        raise Wrong("reason")
    duties = [{"person": person, "reason": reason} for unit in gives for person in people.get(unit, ())]
    body: dict[str, Any] = {"needs": needs, "duties": duties, "caps": _caps(fields, units, gives)}
    body["weights"] = [_number(fields, name, 1 if name == "weight_move" else 0) for name in NUMBERS[:3]]
    body["seed"] = _number(fields, "seed", 0)
    if fields.get("budget"):
        body["budget"] = _number(fields, "budget", 0)
    return body


def _need(fields: Mapping[str, str], number: int, unit: str) -> dict[str, Any]:
    field = f"need-{number}"
    try:
        need = Decimal(fields[field].replace(",", "."))
    except InvalidOperation:
        raise Wrong(field) from None
    if not (need.is_finite() and 0 <= need <= MOST and need * HUNDRED == int(need * HUNDRED)):
        raise Wrong(field)
    return {"unit": unit, "need": int(need * HUNDRED), "weight": _number(fields, f"weight-{number}", 1)}


def _caps(fields: Mapping[str, str], units: Sequence[str], gives: Sequence[str]) -> list[dict[str, Any]]:
    told = [(unit, f"most-{units.index(unit)}") for unit in gives]
    return [{"origin": unit, "most": _number(fields, field, 0)} for unit, field in told if fields.get(field)]


def _number(fields: Mapping[str, str], field: str, absent: int) -> int:
    text = fields.get(field, "")
    if not text:
        return absent
    if not (text.isascii() and text.isdigit() and int(text) <= MOST * HUNDRED):
        raise Wrong(field)
    return int(text)
