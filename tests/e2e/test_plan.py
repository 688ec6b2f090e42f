"""A mutation plan on running processes: from the need to the proposals, through the public doors only."""

from typing import Any

import pytest

from tests.e2e.planning import PLANNER, WHY, City, Studio, consulted, heard, published
from tests.support.region import Region

pytest_plugins = ("tests.support.running",)
pytestmark = [pytest.mark.e2e, pytest.mark.wide, pytest.mark.timeout(600)]


def test_story_2_a_complaint_driven_batch(region: Region) -> None:
    """Disdukcapil needs six and has three, Disdik nine for five: three with a background in service are proposed, the
    gaps fall from seven to one, and those concerned are told why and heard before anything is decided: of the plan, and
    once more of their own case, before it goes to the chain."""
    city, studio = City(region), Studio(region)
    studio.write("dasar", city.scenario())
    track = studio.run("dasar", persons=20)
    assert (track["outcome"], track["solver"]) == ("optimal", "flow")
    found = studio.get("/scenarios/dasar/result?lang=en")
    rows = found["staffing"]
    assert [sum(abs(100 * row[when] - row["need"]) for row in rows) for when in ("before", "after")] == [700, 100]
    assert all(level["gap"] == 0 and level["text"] for level in found["levels"])
    (column,) = studio.get("/compare")["scenarios"]
    assert (column["gap_before"], column["gap_after"], column["moves"]) == (700, 100, 3)
    moves = found["moves"]
    assert len(moves) == 3
    assert {move["person"] for move in moves} <= set(city.served)
    assert {(move["target"], move["wave"], move["reason"]) for move in moves} == {(city.post("dukcapil"), 1, WHY)}

    _explained(studio, city, moves)
    person = moves[0]["person"]
    login = city.login(person)
    consulted(region, studio, login, city)
    cases = published(region, studio, city)
    assert set(cases) == {move["person"] for move in moves}
    assert heard(region, login, cases[person])["receipt"]
    said = region.until("the evaluation", lambda: _answer(region, login, f"/v1/evaluations/{cases[person]}?lang=en"))
    assert said["eligible"]
    seen = region.until("the chain", lambda: _task(region, login, cases[person]))
    assert (seen["stage"], seen["agency"]) == ("direct_superior", "palu")
    came = studio.get("/outcome?lang=en")
    assert (came["waits"], came["text"][:23]) == ("NOBODY_MOVED", "Cannot be judged yet: n")
    proposal = region.get(login, "proposal", f"/v1/proposals/{cases[person]}")
    assert (proposal["content"]["initiative"], proposal["content"]["reason"]) == ("agency", WHY)


def test_a_key_of_a_scenario_that_nobody_knows_is_refused_by_name(region: Region) -> None:
    """Left out in silence, it would be another plan than the one that was meant."""
    studio = Studio(region)
    misspelt = {"needs": [{"unit": "u:palu:disdik", "need": 500, "flor": 3}], "dutys": []}
    refused = region.ask(PLANNER, "PUT", "evaluation", studio.path("/scenarios/dasar"), misspelt).json()
    assert (refused["code"], {error["pointer"] for error in refused["errors"]}) == (
        "VALIDATION",
        {"/needs/0/flor", "/dutys"},
    )


def _explained(studio: Studio, city: City, moves: list[Any]) -> None:
    why = studio.get(f"/scenarios/dasar/explain?lang=en&person={moves[0]['person']}")["why"]
    assert why["stay"]["verdict"] in ("equal", "worse")
    other = next(id for id in city.people["disdik"] if id not in city.served)
    barred = studio.get(f"/scenarios/dasar/explain?lang=en&person={other}&post={city.post('dukcapil')}")["why_not"]
    assert (barred["verdict"], barred["codes"]) == ("not_eligible", ["PENGALAMAN_KURANG"])


def _answer(region: Region, login: str, path: str) -> Any:
    answer = region.ask(login, "GET", "evaluation", path)
    return answer.json() if answer.is_success else None


def _task(region: Region, login: str, case: str) -> Any:
    answer = region.ask(login, "GET", "approval", f"/v1/cases/{case}")
    return answer.json().get("task") if answer.is_success else None
