"""Bad input is refused by name, before anything is solved."""

from typing import Any

import pytest
from pydantic import ValidationError

from services.evaluation.plan import sound
from services.evaluation.plan.model import Options, Pair, Problem, Weights
from services.evaluation.plan.solvers.solve import solve
from tests.unit.plan.kit import market

GOOD = market({"p": ["B"], "q": ["A"]}, {"p": "A", "q": "B"}, {"A": 1, "B": 1})


def _unit(**more: Any) -> dict[str, Any]:
    return {"units": (GOOD.units[0], GOOD.units[1].model_copy(update=more))}


BAD: dict[str, dict[str, Any]] = {
    "NEED_WITHOUT_POST": {"units": (*GOOD.units, GOOD.units[0].model_copy(update={"id": "C", "need": 300}))},
    "PERSON_IN_TWO_SEATS": {"persons": (*GOOD.persons, GOOD.persons[0].model_copy(update={"seat": "B"}))},
    "PERSON_TWICE": {"persons": (*GOOD.persons, GOOD.persons[0])},
    "QUOTA_NEGATIVE": {"seats": (GOOD.seats[0], GOOD.seats[1].model_copy(update={"quota": -1}))},
    "SEAT_TWICE": {"seats": (*GOOD.seats, GOOD.seats[0])},
    "SEAT_UNKNOWN": {"persons": (GOOD.persons[0].model_copy(update={"seat": "Z"}), GOOD.persons[1])},
    "UNIT_UNKNOWN": {"seats": (GOOD.seats[0], GOOD.seats[1].model_copy(update={"unit": "Z"}))},
    "UNIT_TWICE": {"units": (*GOOD.units, GOOD.units[0])},
    "UNIT_NEGATIVE": _unit(floor=-1),
    "CEILING_BELOW_FLOOR": _unit(floor=2, ceiling=1),
    "WEIGHTS_NOTHING": {"weights": Weights(move=0, distance=0, money=0)},
    "LEVELS_WRONG": {"levels": ("rank", "rank")},
    "NOBODY_ELIGIBLE": {
        "options": Options(person=(0, 1), seat=(0, 1), fit=(0, 0), rank=(1, 1), money=(0, 0), distance=(0, 0))
    },
    "OWN_SEAT_MISSING": {
        "options": Options(person=(0, 1), seat=(0, 0), fit=(0, 0), rank=(1, 1), money=(0, 0), distance=(0, 0))
    },
    "OPTION_TWICE": {"options": Options(**{name: (0, 0) for name in Options.model_fields})},
    "OPTION_UNKNOWN": {"options": Options(**{name: (7,) for name in Options.model_fields})},
    "OPTION_NEGATIVE": {"options": GOOD.options.model_copy(update={"fit": (-1, 0, 0, 0)})},
    "DUTY_WITHOUT_REASON": {"persons": (GOOD.persons[0].model_copy(update={"part": "duty"}), GOOD.persons[1])},
    "PERSON_UNKNOWN": {"locks": [{"person": "x", "seat": "A"}]},
    "LOCKED_TWICE": {"locks": [{"person": "p", "seat": "A"}, {"person": "p", "seat": "B"}]},
    "LOCKED_AND_FORBIDDEN": {
        "locks": [{"person": "p", "seat": "A"}],
        "forbidden": [{"person": "p", "seat": "A"}],
    },
    "COUPLE_OF_ONE": {"couples": [{"one": "p", "other": "p"}]},
    "CAP_NEGATIVE": {"caps": [{"origin": "A", "most": -1}]},
    "BUDGET_NEGATIVE": {"budget": -1},
}


@pytest.mark.parametrize("code", BAD)
def test_a_fault_is_named(code: str) -> None:
    given = {**GOOD.model_dump(), **{name: _plain(value) for name, value in BAD[code].items()}}
    with pytest.raises(sound.Unsound) as refused:
        solve(Problem.model_validate(given))
    assert code in {fault.code for fault in refused.value.faults}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return value.model_dump() if hasattr(value, "model_dump") else value


def test_a_lock_on_a_seat_the_person_is_not_eligible_for_is_refused() -> None:
    three = market({"p": ["B"], "q": ["A"]}, {"p": "A", "q": "B"}, {"A": 1, "B": 1, "C": 1})
    with pytest.raises(sound.Unsound) as refused:
        solve(three.model_copy(update={"locks": (Pair(person="p", seat="C"),)}))
    assert refused.value.faults == (sound.Fault("NOT_ELIGIBLE", "p/C"),)


def test_uneven_columns_are_no_options() -> None:
    with pytest.raises(ValidationError):
        Options(person=(0,))
