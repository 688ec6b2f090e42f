"""`mutasi signal …`: what is asked of the registry, and what is shown."""

import pytest

from tests.unit.cli.door import Door
from tests.unit.cli.test_commands import Run, door, run

__all__ = ["door", "run"]
PALU = ("--agency", "palu")
FLOOD = ("--reference", "b", "--name", "Banjir", "--status", "alert", "--decree", "360/1", "--since", "2026-10-03")


@pytest.mark.parametrize(
    ("arguments", "kind", "asked"),
    [
        (
            ("service", *PALU, "--unit", "dinkes", "--service", "ktp", "--month", "2026-10", "--complaints", "96"),
            "services",
            {"service": "ktp", "complaints": 96, "post": None},
        ),
        (
            ("survey", *PALU, "--unit", "dinkes", "--month", "2026-10", "--answers", "40", "--strained", "12"),
            "surveys",
            {"answers": 40, "strained": 12, "low_morale": None},
        ),
        (
            ("disaster", *PALU, *FLOOD, "--unit", "a", "--unit", "b"),
            "disasters",
            {"units": ["a", "b"], "until": None},
        ),
    ],
)
def test_what_is_told(run: Run, door: Door, arguments: tuple[str, ...], kind: str, asked: dict[str, object]) -> None:
    door.answers[f"POST /v1/signals/{kind}"] = (200, {"id": "s:1"})
    done = run("signal", *arguments)
    assert (done.code, "s:1" in done.out) == (0, True)
    sent = door.find(f"POST /v1/signals/{kind}")[0].json
    assert {name: sent[name] for name in asked} == asked


def test_the_months_of_a_unit(run: Run, door: Door) -> None:
    item = {"id": "s:palu:dinkes:ktp", "months": [{"month": "2026-10", "complaints": 96}]}
    door.answers["GET /v1/units/u%3Apalu%3Adinkes/signals"] = (200, {"items": [item]})
    done = run("signal", "list", "u:palu:dinkes")
    assert ("2026-10" in done.out, "96" in done.out) == (True, True)
