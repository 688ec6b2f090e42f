"""What offices see in lists: applicants of a vacancy, tasks of one stage, who acts for whom; and that others do not."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.support.region import CHAIN, Region

pytest_plugins = ("tests.support.running",)
pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]


def test_applicants_are_seen_by_the_offices_of_both_sides(region: Region) -> None:
    login, vacancy = region.colleague(), region.vacancy()
    case = region.apply(login, vacancy)
    region.turn(login, case, "direct_superior")
    path = f"/v1/vacancies/{vacancy}/evaluations?lang=en"
    (row,) = region.get(CHAIN["ppk"], "evaluation", path)["items"]
    assert (row["case"], row["eligible"], row["against"]) == (case, True, [])
    whole = region.get(CHAIN["ppk"], "evaluation", f"/v1/evaluations/{case}?lang=en")
    assert row["score"] == whole["score"]
    assert region.get("bandung-ppk", "evaluation", path)["items"] == []
    assert region.ask(login, "GET", "evaluation", path).status_code == 403
    superior = CHAIN["direct_superior"]
    stages = {stage: _waiting(region, superior, f"stage={stage}") for stage in ("direct_superior", "ppk")}
    assert case in stages["direct_superior"]
    assert case not in stages["ppk"]
    assert case not in _waiting(region, superior, "overdue=true")
    region.post(login, "proposal", f"/v1/proposals/{case}/withdraw", {"reason": "Cukup"})


def _waiting(region: Region, login: str, query: str) -> set[str]:
    return {task["case"] for task in region.get(login, "approval", f"/v1/tasks?limit=100&{query}")["items"]}


def test_who_acts_for_whom_is_seen_by_both_and_by_the_office_that_appoints(region: Region) -> None:
    login, absent, today = region.colleague(), CHAIN["direct_superior"], region.now().date()
    ids = {name: region.get(name, "registry", "/v1/me")["id"] for name in (login, absent)}
    days = {"since": str(today), "until": str(today + timedelta(days=3))}
    wish = {"absent": ids[absent], "office": "direct_superior", "agency": "palu", "unit": "u:palu:setda", **days}
    made = region.ask(absent, "POST", "approval", f"/v1/substitutes/{ids[login]}", wish, key=uuid4().hex)
    assert made.is_success, made.text
    seen = {name: _acting(region, name, ids[login]) for name in (absent, CHAIN["ppk"], "bandung-ppk", login)}
    assert seen == {absent: [ids[absent]], CHAIN["ppk"]: [ids[absent]], "bandung-ppk": [], login: []}
    mandate = region.get(login, "approval", f"/v1/substitutes/{ids[login]}")["mandates"][0]["id"]
    region.post(login, "approval", f"/v1/substitutes/{ids[login]}/end", {"mandate": mandate})
    assert _acting(region, absent, ids[login]) == []


def _acting(region: Region, login: str, substitute: str) -> list[str]:
    """For whom somebody acts, as far as this login is told."""
    rows = region.get(login, "approval", "/v1/substitutes")["items"]
    return [row["absent"] for row in rows if row["substitute"] == substitute]


def test_lists_of_reorganisations_and_letters_are_for_their_agency(region: Region) -> None:
    listed = region.get("palu-registrar", "registry", "/v1/reorganisations?agency=palu")
    assert all(row["agency"] == "palu" for row in listed["items"])
    assert region.ask("bandung-ppk", "GET", "registry", "/v1/reorganisations?agency=palu").status_code == 403
    for path in ("/v1/assignments", "/v1/proposals"):
        about = region.get("bandung-ppk", "proposal", f"{path}?view=agency")["items"]
        assert all("bandung" in str(row) for row in about)
