"""The lists of a scenario that a planner keeps row by row: wishes, couples, forbidden posts, fares, … Pure.

A row is what a table shows and a form asks, field by field. Which rows make sense is the evaluation's to say.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, str]
PEOPLE, PLACES, NUMBERS = ("person", "one", "other"), ("post", "unit"), ("points", "money", "distance")


@dataclass(frozen=True, slots=True)
class Part:
    """A list of the scenario: its key there, and the fields of a row."""

    key: str
    fields: tuple[str, ...]

    @property
    def about(self) -> tuple[str, ...]:
        """The fields that say whom and what a row is about: there is one row for each."""
        return tuple(name for name in self.fields if name not in NUMBERS)


PARTS: Mapping[str, Part] = {
    "minat": Part("wishes", ("person", "post")),
    "pasangan": Part("couples", ("one", "other")),
    "terpisah": Part("apart", ("one", "other")),
    "larangan": Part("forbidden", ("person", "post")),
    "kunci": Part("locks", ("person", "post")),
    "prioritas": Part("points", ("person", "post", "points")),
    "ongkos": Part("fares", ("unit", "money", "distance")),
}


def rows(scenario: Mapping[str, Any], part: Part) -> list[dict[str, str]]:
    """The list as rows; of wishes one for each post, a person's best first."""
    entries = scenario[part.key]
    if part.key == "wishes":
        return [{"person": one["person"], "post": post} for one in entries for post in one["posts"] or [""]]
    return [{name: str(entry[name]) for name in part.fields} for entry in entries]


def key(row: Row, part: Part) -> str:
    """What tells a row from the others of its list; ids have no space in them."""
    return " ".join(row[name] for name in part.about)


def row_of(fields: Mapping[str, str], part: Part) -> dict[str, str]:
    """The row that a form asks for; numbers without an answer are left to the evaluation."""
    return {name: fields.get(name, "") for name in part.fields}


def missing(row: Row, part: Part) -> str:
    """The first field that must be answered and is not, "" for none."""
    needed = (*part.about, *(("points",) if "points" in part.fields else ()))
    return next((name for name in needed if not row[name]), "")


def added(scenario: Mapping[str, Any], part: Part, row: Row) -> dict[str, Any]:
    """The scenario with this row at the end, in place of one about the same."""
    kept = [one for one in rows(scenario, part) if key(one, part) != key(row, part)]
    return {**scenario, part.key: _entries([*kept, row], part)}


def removed(scenario: Mapping[str, Any], part: Part, keys: Iterable[str]) -> dict[str, Any]:
    """The scenario without the rows of these keys."""
    gone = set(keys)
    return {**scenario, part.key: _entries([one for one in rows(scenario, part) if key(one, part) not in gone], part)}


def field_of(pointer: str, part: Part) -> str:
    """The form's field that a pointer of the evaluation is about, "" for none of this list."""
    steps = pointer.split("/")[1:]
    names = [name for name in part.fields if {name, f"{name}s"} & set(steps[1:])]
    return names[0] if names and steps[0] == part.key else ""


def changed(before: Iterable[str], now: Iterable[str]) -> tuple[list[str], list[str]]:
    """Keys that came into a list since, and that went from it."""
    then, here = dict.fromkeys(before), dict.fromkeys(now)
    return [one for one in here if one not in then], [one for one in then if one not in here]


def faulty(listed: Iterable[Row], faults: Iterable[str]) -> set[str]:
    """Ids in these rows that a run found wrong ("CODE where")."""
    named = {id for fault in faults for id in fault.partition(" ")[2].split("/")}
    return named & {value for row in listed for value in row.values() if value}


def _entries(listed: Sequence[Row], part: Part) -> list[dict[str, Any]]:
    if part.key != "wishes":
        return [_entry(row) for row in listed]
    posts: dict[str, list[str]] = {}
    for row in listed:
        posts.setdefault(row["person"], []).extend([row["post"]] if row["post"] else [])
    return [{"person": person, "posts": wanted} for person, wanted in posts.items()]


def _entry(row: Row) -> dict[str, Any]:
    """As the evaluation takes it; what is no number goes as it was typed, so that the evaluation says so."""
    return {name: _number(said) if name in NUMBERS else said for name, said in row.items() if said}


def _number(said: str) -> int | str:
    return int(said) if said.isascii() and said.isdecimal() else said
