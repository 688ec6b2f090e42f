"""A change of an event that its readers could not bear is refused; what is planted here must be found."""

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any, ClassVar, Literal

import pytest

from deploy.docs import schemas
from deploy.docs.compat import breaks
from shared.contracts.catalogue import BY_TYPE
from shared.kernel.decider import Event, Frozen


class Seat(Frozen):
    """A part, so that depth is looked into."""

    post: str
    rank: Literal["III/c", "III/d"] = "III/c"


class Told(Event):
    """An event with everything that events have."""

    TYPE: ClassVar[str] = "mutasi.test.told.v1"
    case: str
    attempt: int
    kind: Literal["own", "agency"]
    seats: tuple[Seat, ...] = ()
    marks: Mapping[str, int] = {}
    note: str | None = None


OLD: dict[str, Any] = {"x-key": "case", "x-topic": "mutasi.test", **Told.model_json_schema()}
Change = Callable[[dict[str, Any]], Any]
SEAT: Callable[[dict[str, Any]], Any] = lambda s: s["$defs"]["Seat"]  # noqa: E731
FIELD: Callable[[dict[str, Any], str], Any] = lambda s, name: s["properties"][name]  # noqa: E731

HARMLESS: dict[str, Change] = {
    "nothing": lambda _s: None,
    "an optional field": lambda s: s["properties"].update(zone={"type": "string", "default": ""}),
    "an optional field within": lambda s: SEAT(s)["properties"].update(unit={"type": "string", "default": ""}),
    "other words about it": lambda s: s.update(description="Said when something was told.", title="Said"),
}
HARMFUL: dict[str, tuple[Change, str]] = {
    "removed": (lambda s: s["properties"].pop("note"), "/note: was removed"),
    "removed within": (lambda s: SEAT(s)["properties"].pop("rank"), "/seats/*/rank: was removed"),
    "renamed": (lambda s: s["properties"].update(trial=s["properties"].pop("attempt")), "/attempt: was removed"),
    "required and new": (
        lambda s: (s["properties"].update(by={"type": "string"}), s["required"].append("by")),
        "/by: is required now",
    ),
    "required now": (lambda s: s["required"].append("note"), "/note: is required now"),
    "required within": (lambda s: SEAT(s)["required"].append("rank"), "/seats/*/rank: is required now"),
    "may be missing": (lambda s: s["required"].remove("attempt"), "/attempt: was always there"),
    "another type": (lambda s: FIELD(s, "attempt").update(type="string"), "/attempt: type was 'integer'"),
    "narrowed": (lambda s: FIELD(s, "attempt").update(minimum=1), "/attempt: minimum was None"),
    "never null": (lambda s: FIELD(s, "note").update(anyOf=[{"type": "string"}]), "/note: anyOf was"),
    "other null": (lambda s: FIELD(s, "note")["anyOf"][0].update(type="integer"), "/note/anyOf/0: type was"),
    "value taken away": (lambda s: FIELD(s, "kind").update(enum=["own"]), "/kind: enum was"),
    "value nobody knows": (lambda s: FIELD(s, "kind")["enum"].append("both"), "/kind: enum was"),
    "other values": (lambda s: FIELD(s, "marks")["additionalProperties"].update(type="string"), "/marks/*: type"),
    "other default": (lambda s: SEAT(s)["properties"]["rank"].update(default="III/d"), "/rank: default was"),
    "other key": (lambda s: s.update({"x-key": "attempt"}), "/: x-key was 'case'"),
    "other topic": (lambda s: s.update({"x-topic": "mutasi.people"}), "/: x-topic was"),
    "closed": (lambda s: s.update(additionalProperties=False), "/: additionalProperties was None"),
}


@pytest.mark.parametrize("change", HARMLESS.values(), ids=HARMLESS.keys())
def test_what_only_adds_is_no_break(change: Change) -> None:
    new = deepcopy(OLD)
    change(new)
    assert breaks(OLD, new) == []


@pytest.mark.parametrize(("change", "fault"), HARMFUL.values(), ids=HARMFUL.keys())
def test_what_a_reader_could_not_bear_is_found(change: Change, fault: str) -> None:
    new = deepcopy(OLD)
    change(new)
    (found,) = breaks(OLD, new)
    assert fault in found


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The schemas as they are checked in, to be spoilt."""
    for file in schemas.FOLDER.glob("*.json"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    monkeypatch.setattr(schemas, "FOLDER", tmp_path)
    return tmp_path


def test_the_generator_writes_over_no_promise(folder: Path) -> None:
    """A file that promises more than the model of today stops it, with the place and the remedy."""
    file = folder / "mutasi.decree.issued.v1.json"
    old = json.loads(file.read_text())
    old["properties"]["seal"] = {"type": "string"}
    file.write_text(json.dumps(old))
    with pytest.raises(schemas.Incompatible, match=r"decree.issued.v1.json: /seal: was removed[^\n]*\n.*next version"):
        schemas.schemas()


def test_a_type_that_has_another_name_now_is_missed(folder: Path) -> None:
    (folder / "mutasi.decree.sealed.v1.json").write_text("{}")
    with pytest.raises(schemas.Incompatible, match=r"decree.sealed.v1.json: no such event any more"):
        schemas.schemas()


def test_what_is_checked_in_is_kept() -> None:
    assert {file.stem for file in schemas.schemas()} == set(BY_TYPE)
