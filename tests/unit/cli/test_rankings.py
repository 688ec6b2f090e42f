"""`mutasi ranking | contest | career`: what is asked of the services, and what is shown."""

from tests.unit.cli.door import Door
from tests.unit.cli.test_commands import Run, door, run

__all__ = ["door", "run"]  # fixtures

MINE = {"text": "The panel decides.", "rank": 2, "size": 7, "quota": 1, "score": 8125, "cutoff": 9000, "outcome": ""}
STEP = {"on": "2026-04-01", "kind": "rank", "text": "Rank III/d (before: III/c)", "source": ""}
POST = {
    **{"title": "Analis", "unit": "u:palu:dukcapil", "eligible": False, "score": 7000},
    **{"lacking": [{"text": "GIS 5"}], "noted": [{"text": "rotasi"}]},
}


def test_the_own_rank(run: Run, door: Door) -> None:
    door.answers["GET /v1/evaluations/c-1/rank"] = (200, MINE)
    shown = run("ranking", "mine", "c-1")
    assert (shown.code, "The panel decides." in shown.out, "7" in shown.out) == (0, True, True)


def test_the_panel_chooses_with_a_reason(run: Run, door: Door) -> None:
    door.answers["POST /v1/rankings/v-1/choose"] = (200, {"id": "ranking:v-1", "version": 9})
    words = ["--case", "c-1", "--case", "c-2", "--version", "3", "--reason", "alasan"]
    assert run("ranking", "choose", "v-1", *words).code == 0
    assert door.find("POST /v1/rankings")[0].json == {"version": 3, "chosen": ["c-1", "c-2"], "reason": "alasan"}


def test_an_offered_seat_is_answered(run: Run, door: Door) -> None:
    for answer in ("accept", "decline"):
        door.answers[f"POST /v1/rankings/v-1/{answer}"] = (200, {"id": "ranking:v-1", "version": 9})
        assert run("ranking", answer, "v-1", "c-1").code == 0
        assert door.find(f"POST /v1/rankings/v-1/{answer}")[0].json == {"case": "c-1"}


def test_the_own_place_and_an_offered_seat_that_became_free(run: Run, door: Door) -> None:
    door.answers["GET /v1/proposals/c-1/seat"] = (200, {"status": "waiting", "place": 2, "until": None, "vacancy": "v"})
    assert "waiting" in run("seat", "show", "c-1").out
    for answer in ("accept", "decline"):
        door.answers[f"POST /v1/proposals/c-1/seat/{answer}"] = (200, {"id": "seats:v", "version": 9})
        assert run("seat", answer, "c-1").code == 0
    assert len(door.find("POST /v1/proposals/c-1/seat")) == 2


def test_a_human_is_asked_and_answers(run: Run, door: Door) -> None:
    door.answers["POST /v1/proposals/c-1/contest"] = (200, {"id": "c-1", "version": 4})
    door.answers["POST /v1/proposals/c-1/contest/decide"] = (200, {"id": "c-1", "version": 6})
    assert run("contest", "ask", "c-1", "--reason", "keliru").code == 0
    words = ["--decision", "reopen", "--reason", "sah", "--rule", "EDU"]
    assert run("contest", "decide", "c-1", *words).code == 0
    asked, decided = door.find("POST /v1/proposals/c-1/contest")
    assert (asked.json, decided.json) == (
        {"reason": "keliru"},
        {"decision": "reopen", "reason": "sah", "rules": ["EDU"]},
    )


def test_a_career_and_what_is_ahead(run: Run, door: Door) -> None:
    door.answers["GET /v1/me"] = (200, {"id": "p-1"})
    door.answers["GET /v1/careers/p-1"] = (200, {"line": [STEP], "ahead": [POST]})
    assert "Rank III/d" in run("career").out
    shown = run("career", "--ahead").out
    assert ("GIS 5" in shown, "rotasi" in shown) == (True, True)
