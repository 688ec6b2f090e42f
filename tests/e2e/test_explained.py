"""An evaluation that explains itself, on running processes: repeated as of a day, what would change it, a waiver."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.region import Region

pytest_plugins = ("tests.support.running",)
pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]


def test_who_is_refused_sees_what_two_changes_together_would_open(region: Region) -> None:
    login = region.colleague(service_bond=True, education_level="30")
    case = region.apply(login, region.vacancy())
    region.status(login, case, "refused")
    # The journal, from which it is repeated, is written once the broker has the event: others may act on it before.
    said = region.until(
        "what would change it", lambda: answered(region, login, f"/v1/evaluations/{case}/changes?lang=en")
    )
    assert [{step["kind"] for step in way["steps"]} for way in said["ways"]] == [{"end_bond", "study_level"}]
    today = region.now().date()
    again = region.get(login, "evaluation", f"/v1/evaluations/{case}/as-of/{today + timedelta(days=1)}")
    assert (again["identical"], again["standing"], again["eligible"]) == (True, "completed", False)
    before = region.ask(login, "GET", "evaluation", f"/v1/evaluations/{case}/as-of/{today - timedelta(days=2)}")
    assert before.json()["code"] == "NOT_EVALUATED_YET"
    other = region.colleague()
    assert region.ask(other, "GET", "evaluation", f"/v1/evaluations/{case}/changes").status_code == 403


def test_what_is_unknown_is_asked_of_who_keeps_it(region: Region) -> None:
    login = region.colleague(under_process=None)
    case = region.apply(login, region.vacancy())
    region.status(login, case, "refused")
    address = region.address("palu-auditor")
    region.until("the inspectorate is asked", lambda: region.mails(address, case))


def answered(region: Region, login: str, path: str) -> Any:
    """What the evaluation answers, once it can."""
    answer = region.ask(login, "GET", "evaluation", path)
    return answer.json() if answer.is_success else None


def test_a_promise_at_recruitment_is_waived_by_who_may(region: Region) -> None:
    promised = str(region.now().date() + timedelta(days=900))
    login = region.colleague(committed_until=promised)
    case = region.draft(login, region.vacancy())
    path, wish = f"/v1/evaluations/{case}/waivers", {"rule": "R19", "reason": "Persetujuan PPK nomor 901"}
    assert region.ask("palu-registrar", "POST", "evaluation", path, wish).json()["code"] == "RULE_NOT_WAIVABLE"
    assert region.post("palu-ppk", "evaluation", path, wish)["waived"] == ["R19"]
    region.post(login, "proposal", f"/v1/proposals/{case}/submit", {})
    region.turn(login, case, "direct_superior")
    rules = region.get(login, "evaluation", f"/v1/evaluations/{case}?lang=en")["rules"]
    (row,) = [rule for rule in rules if rule["rule"] == "R19"]
    assert (row["outcome"], row["text"].startswith("Waived by appointing authority (PPK)")) == ("waived", True)
