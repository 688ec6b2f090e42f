"""When a page offers to tell what would change a result, and what it says of each factor."""

from typing import Any

import pytest

from services.portal.pages.changes import worth_asking
from services.portal.web import TEMPLATES
from services.portal.words import Words


@pytest.mark.parametrize(
    ("evaluation", "rank", "offered"),
    [
        ({}, {}, False),
        ({"eligible": True}, {}, False),
        ({"eligible": False}, {}, True),
        ({"eligible": True}, {"outcome": "not_chosen"}, True),
        ({"eligible": True}, {"outcome": "chosen"}, False),
    ],
)
def test_only_a_no_is_worth_asking_about(evaluation: dict[str, Any], rank: dict[str, Any], *, offered: bool) -> None:
    assert worth_asking(evaluation, rank) is offered


def test_each_factor_is_shown_with_scale_and_source() -> None:
    factor = {"title": "Kinerja", "raw": "", "scale": "100", "weight": 20, "points": None, "source": "SKP"}
    found = {"paragraph": "p", "rules": [], "factors": [factor], "score": 0, "ruleset": "r", "attempt": 1}
    page = '{% import "parts.html.jinja" as parts with context %}{{ parts.evaluation(answer) }}'
    words = Words("id")
    shown = TEMPLATES.from_string(page).render(say=words.say, words=words, answer={"ok": True, "body": found})
    assert "skala 100" in shown
    assert "SKP" in shown
    assert "tidak ada data" in shown
