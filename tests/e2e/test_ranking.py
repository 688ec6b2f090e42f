"""A vacancy given by ranking, and a human for what the system refused: each step through HTTP or Kafka of running
processes."""

import uuid
from typing import Any

import pytest

from tests.support.offers import offer
from tests.support.region import Region

pytest_plugins = ("tests.support.running",)
pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]
TEAM = "palu-performance-team"


def ranked_vacancy(region: Region) -> str:
    """One seat of Palu, given by ranking at its closing, once the registry knows the post."""
    wish, key = {**offer(f"T-{uuid.uuid4().hex[:12]}", quota=1), "mode": "ranked"}, uuid.uuid4().hex

    def published() -> str | None:
        answer = region.ask(region.system.admin, "POST", "registry", "/v1/vacancies", wish, key=key)
        return str(answer.json()["id"]) if answer.is_success else None

    return region.until("the vacancy", published)


def rank(region: Region, login: str, case: str, **wanted: object) -> Any:
    """The own rank, once it stands as wanted."""

    def there() -> Any:
        answer = region.ask(login, "GET", "evaluation", f"/v1/evaluations/{case}/rank")
        found = answer.json() if answer.is_success else {}
        return found if found and all(found[name] == value for name, value in wanted.items()) else None

    return region.until(f"{case} with {wanted}", there)


def readers(region: Region) -> int:
    """How many of the refusals of Palu were read about by the person."""
    items = region.get("palu-personnel-verifier", "evaluation", "/v1/agencies/palu/indicators")["items"]
    (opened,) = (
        part for one in items if one["indicator"] == "KP7" for part in one["figures"] if part["part"] == "opened"
    )
    share, many = float(opened["value"] or 0), int(opened["n"])
    return round(share * many)


def test_a_ranking_from_the_closing_to_the_next_in_order(region: Region) -> None:
    """The panel departs from the order, with a reason; the chosen withdraws; the next takes the seat, to the decree."""
    vacancy = ranked_vacancy(region)
    years = {"first": 12, "second": 8, "third": 4}
    logins = {
        name: region.colleague(experience=[{"field": "civil_registration", "years": n}]) for name, n in years.items()
    }
    cases = {name: region.apply(login, vacancy) for name, login in logins.items()}
    for name, case in cases.items():
        rank(region, logins[name], case, status="gathering", rank=0)
    assert region.ask(logins["first"], "GET", "evaluation", f"/v1/rankings/{vacancy}").status_code == 403
    region.post("palu-registrar", "registry", f"/v1/vacancies/{vacancy}/close", {"reason": "Cukup pelamar"})
    for place, name in enumerate(years, 1):
        mine = rank(region, logins[name], cases[name], status="published", rank=place)
        assert (mine["size"], mine["quota"], mine["outcome"]) == (3, 1, "")
    whole = region.get(TEAM, "evaluation", f"/v1/rankings/{vacancy}")
    assert [line["case"] for line in whole["lines"]] == [cases[name] for name in years]
    choice = {"version": whole["version"], "chosen": [cases["second"]]}
    path = f"/v1/rankings/{vacancy}/choose"
    assert region.ask(TEAM, "POST", "evaluation", path, choice).json()["code"] == "REASON_NEEDED"
    region.post(TEAM, "evaluation", path, {**choice, "reason": "Pengalaman memimpin loket"})
    for name in ("first", "third"):
        lost = region.status(logins[name], cases[name], "refused")
        assert (lost["stage"], lost["codes"]) == ("seat", ["KALAH_PERINGKAT"])
        assert (
            region.ask(
                logins[name], "POST", "proposal", f"/v1/proposals/{cases[name]}/contest", {"reason": "x"}
            ).json()["code"]
            == "NOT_CONTESTABLE"
        )
    region.turn(logins["second"], cases["second"], "direct_superior")
    region.post(
        logins["second"], "proposal", f"/v1/proposals/{cases['second']}/withdraw", {"reason": "Alasan keluarga"}
    )
    offered = rank(region, logins["first"], cases["first"], outcome="offered")
    assert offered["until"]
    assert offered["deviates"]
    region.post(logins["first"], "evaluation", f"/v1/rankings/{vacancy}/accept", {"case": cases["first"]})
    region.approve(logins["first"], cases["first"])
    assert region.decree(logins["first"], cases["first"])["number_text"]
    before = readers(region)
    rank(region, logins["third"], cases["third"], outcome="not_chosen")
    region.until("the panel's refusal was read (KP7)", lambda: readers(region) > before)
    address = region.address(logins["first"])
    region.until("the mails", lambda: len(region.mails(address, cases["first"])) >= 5)


def test_a_human_reopens_what_the_rules_refused(region: Region) -> None:
    login = region.colleague(education_field="nursing", education_level="30")
    case = region.apply(login, region.vacancy())
    region.status(login, case, "refused")
    region.post(login, "proposal", f"/v1/proposals/{case}/contest", {"reason": "Ijazah saya sudah disetarakan"})
    verifier = "palu-personnel-verifier"
    waiting = region.get(verifier, "proposal", "/v1/contests")["items"]
    assert case in [item["id"] for item in waiting]
    answer = {"decision": "reopen", "reason": "Penyetaraan ijazah nomor 901", "rules": ["EDU", "EDU-FIELD"]}
    path = f"/v1/proposals/{case}/contest/decide"
    assert region.ask(login, "POST", "proposal", path, answer).json()["code"] == "OFFICE_NEEDED"
    region.post(verifier, "proposal", path, answer)
    region.turn(login, case, "direct_superior")
    said = region.get(login, "evaluation", f"/v1/evaluations/{case}?lang=en")
    assert {rule["outcome"] for rule in said["rules"] if rule["rule"] in ("EDU", "EDU-FIELD")} <= {
        "waived",
        "met",
        "not_applicable",
    }
    assert said["eligible"]


def test_a_career_stands_on_one_line_and_says_what_the_next_posts_ask(region: Region) -> None:
    login = region.colleague(competences={"public_service": 2})
    person = region.get(login, "registry", "/v1/me")["id"]
    learnt = {"competences": {"public_service": 3}}
    assert region.ask("palu-registrar", "PATCH", "registry", f"/v1/people/{person}", learnt).is_success

    def told() -> Any:
        answer = region.ask(login, "GET", "evaluation", f"/v1/careers/{person}?lang=en")
        found = answer.json() if answer.is_success else {"line": []}
        steps = [(step["kind"], step["before"], step["after"]) for step in found["line"]]
        return found if ("assessment", "2", "3") in steps else None

    career = region.until("the assessment on the line", told)
    assert {"post", "rank", "appraisal", "assessment"} <= {step["kind"] for step in career["line"]}
    levels = {"Competence public service: level 2", "Competence public service: level 3 (before: 2)"}
    assert levels <= {step["text"] for step in career["line"]}
    assert [step["on"] for step in career["line"]] == sorted(step["on"] for step in career["line"])
    assert career["ahead"]
    assert any(post["training"] for post in career["ahead"])
    other = region.colleague()
    assert region.ask(other, "GET", "evaluation", f"/v1/careers/{person}").status_code == 403
