"""What is said of a plan, in both languages: levels, faults, what stands against it, what more would bring, why not."""

import re
from pathlib import Path
from typing import get_args

import pytest

from services.evaluation.plan.conflict import Kind
from services.evaluation.plan.explain import Verdict
from services.evaluation.plan.model import LEVELS
from services.evaluation.plan.words import conflict_said, difference_said, faults_said, levels_said
from shared.contracts.scenario import LevelValue

PLAN = Path("services/evaluation/plan")
FAULTS = {
    code
    for name in ("sound", "parts", "freeze")
    for code in re.findall(r'"([A-Z]+(?:_[A-Z]+)+)"', (PLAN / f"{name}.py").read_text("utf-8"))
}


@pytest.mark.parametrize("lang", ["id", "en"])
def test_everything_that_can_be_said_has_words(lang: str) -> None:
    assert len(FAULTS) > 20
    for code in FAULTS:
        (said,) = faults_said([f"{code} here"], lang)
        assert code not in said
    levels = [LevelValue(level=level, value=3, bound=1) for level in (*LEVELS, "tie")]
    assert all(row["text"] and row["gap"] == 2 for row in levels_said(levels, lang))
    for verdict in get_args(Verdict):
        answer = {"verdict": verdict, "differences": [], "conflict": []}
        assert difference_said({"why_not": answer}, lang)["why_not"]["text"]
    parts = [{"kind": kind, "where": "w"} for kind in get_args(Kind)]
    assert all(part["text"] for part in conflict_said({"parts": parts}, lang))


def test_what_stands_against_a_plan_is_a_sentence() -> None:
    """Two floors that the staff of both units cannot meet together."""
    parts = [{"kind": "floor", "where": "dukcapil"}, {"kind": "floor", "where": "setda"}]
    said = [part["text"] for part in conflict_said({"parts": parts}, "en")]
    assert said == ["the least staff of unit dukcapil", "the least staff of unit setda"]
    forced = {"verdict": "impossible", "differences": [], "conflict": parts}
    told = difference_said({"why_not": forced}, "en")["why_not"]["text"]
    assert told == "Impossible together with: the least staff of unit dukcapil; the least staff of unit setda."


def test_what_one_more_would_bring_is_a_sentence() -> None:
    gain = {"part": {"kind": "budget", "where": "budget"}, "differences": [{"level": "imbalance", "by": -200}]}
    (said,) = difference_said({"gains": [gain]}, "en")["gains"]
    assert (said["part"]["text"], said["differences"][0]["by"]) == ("the budget", -200)
    assert said["differences"][0]["text"].startswith("Imbalance of workload")
