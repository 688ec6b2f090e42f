"""What a page says to somebody who may answer: every form of it renders where another page imports it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.portal.web import TEMPLATES
from services.portal.words import Words

UNTIL = datetime(2026, 12, 1, 9, tzinfo=UTC)
SCORED = {"rank": 2, "size": 3, "score": 7000, "cutoff": 8000, "quota": 1, "tie_break": ["kinerja"]}
OFFERED = {"text": "Kursi ditawarkan", "outcome": "offered", "until": UNTIL, **SCORED}


def _render(line: str, **values: object) -> str:
    words = Words("id")
    given: dict[str, Any] = {"say": words.say, "words": words, "visit": {"user": {"csrf": "t"}}, **values}
    page = '{% import "human_parts.html.jinja" as human with context %}' + line
    return TEMPLATES.from_string(page).render(given)


def test_an_offered_seat_is_answered_on_the_page_until_its_day() -> None:
    shown = _render("{{ human.rank(found, 'c-1', 'k', 'WITA') }}", found=OFFERED)
    assert 'action="/perkara/c-1/tawaran"' in shown
    assert "1 Desember 2026 pukul 17.00.00 WITA" in shown
    assert 'value="accept"' in shown
    assert 'value="decline"' in shown


@pytest.mark.parametrize("outcome", ["", "chosen", "not_chosen", "declined"])
def test_only_who_is_offered_a_seat_has_the_buttons(outcome: str) -> None:
    assert "<form" not in _render("{{ human.rank(found, 'c-1', 'k', 'WITA') }}", found={**OFFERED, "outcome": outcome})


def test_who_waits_for_a_seat_sees_their_place_and_answers_an_offer() -> None:
    waiting = _render("{{ human.seat(found, 'c-1', 'k', 'WITA') }}", found={"place": 2, "until": None})
    assert "<strong>2</strong>" in waiting
    assert "<form" not in waiting
    offered = _render("{{ human.seat(found, 'c-1', 'k', 'WITA') }}", found={"place": 0, "until": UNTIL})
    assert 'action="/perkara/c-1/kursi"' in offered
    assert "1 Desember 2026 pukul 17.00.00 WITA" in offered


def test_who_was_refused_says_why_that_is_wrong() -> None:
    shown = _render("{{ human.contest('c-1', 'k', None) }}")
    assert 'action="/perkara/c-1/tinjau"' in shown
    assert '<label for="reason">Mengapa penolakan ini keliru</label>' in shown
