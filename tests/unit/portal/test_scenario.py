"""A scenario from a planner's form: what is meant, and which field is wrong."""

from typing import Any

import pytest

from services.portal.domain.scenario import Wrong, giving, scenario

UNITS = ("u:asal", "u:tujuan", "u:lain")
PEOPLE = {"u:asal": ["p-1", "p-2"]}
FORM = {
    "name": "dasar",
    "need-0": "5",
    "need-1": "2,5",
    "weight-1": "3",
    "gives-0": "yes",
    "most-0": "1",
    "reason": "w",
}


def made(**changes: str) -> Any:
    return scenario({**FORM, **{name.replace("_at_", "-"): said for name, said in changes.items()}}, UNITS, PEOPLE)


def test_a_form_becomes_a_scenario() -> None:
    assert giving(FORM, UNITS) == ["u:asal"]
    assert made(weight_km="2", seed="7") == {
        "needs": [{"unit": "u:asal", "need": 500, "weight": 1}, {"unit": "u:tujuan", "need": 250, "weight": 3}],
        "duties": [{"person": "p-1", "reason": "w"}, {"person": "p-2", "reason": "w"}],
        "caps": [{"origin": "u:asal", "most": 1}],
        "weights": [1, 2, 0],
        "seed": 7,
    }
    assert made(budget="0")["budget"] == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "Dasar"}, "name"),
        ({"name": ""}, "name"),
        ({"need_at_0": "", "need_at_1": ""}, "need-0"),
        ({"need_at_0": "lima"}, "need-0"),
        ({"need_at_0": "-1"}, "need-0"),
        ({"need_at_0": "NaN"}, "need-0"),
        ({"need_at_0": "1.005"}, "need-0"),
        ({"need_at_0": "1e30"}, "need-0"),
        ({"gives_at_2": "yes"}, "need-2"),
        ({"gives_at_0": ""}, "gives-0"),
        ({"reason": ""}, "reason"),
        ({"most_at_0": "-1"}, "most-0"),
        ({"weight_at_1": "١"}, "weight-1"),
        ({"budget": "1.5"}, "budget"),
    ],
)
def test_what_cannot_be_used_is_named(changes: dict[str, str], field: str) -> None:
    with pytest.raises(Wrong) as wrong:
        made(**changes)
    assert wrong.value.field == field
