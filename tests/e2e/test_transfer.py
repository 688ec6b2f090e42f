"""Whole transfers on running processes, through the public doors only: HTTP, an agency's topic, mail."""

import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from hashlib import sha256
from typing import Any

import pytest

from shared.host.ticket import HEADER, ticket
from tests.support.region import CHAIN, HOUSE, WISH, Region

pytest_plugins = ("tests.support.running",)
pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]
POST = "p:palu:disdukcapil-analis-kebijakan-muda"
HARD = {"R03-MIN", "R05", "R13F", "R13H", "R13I-BOND", "R13I-STUDY", "EDU", "RANK", "BUP"}


def check_holder(region: Region, seen: Any, stage: str) -> None:
    """I10: the step has an office that holds it and a due date, and both are shown to the person it is about."""
    task = seen["task"]
    assert (task["office"], task["agency"]) == (stage, "palu")
    assert datetime.fromisoformat(task["due"]) > region.now()


def check_decree(region: Region, case: str) -> Any:
    """The decree as data and twice as PDF."""
    paper = region.decree("rina", case)
    path = f"/v1/decrees/{paper['decree']}/pdf"
    first, second = (region.ask("rina", "GET", "approval", path) for _ in range(2))
    assert first.headers["content-type"] == "application/pdf"
    assert first.content.startswith(b"%PDF")
    assert first.content == second.content
    return paper


def check_copy(region: Region, paper: Any) -> None:
    """The mail that tells of the decree has it attached; nobody else gets it at that door, and nothing else."""
    file = region.ask("rina", "GET", "approval", f"/v1/decrees/{paper['decree']}/pdf").content
    attached = region.attached(region.address("rina"), "SK mutasi Anda sudah terbit")
    assert file in attached
    items = region.get("rina", "notification", "/v1/messages")["items"]
    assert sha256(file).hexdigest() in {one["attached"] for one in items if one["template"] == "decree.issued"}
    path, other = (f"/v1/decrees/{paper['decree']}/copy/{person}" for person in (paper["person"], "bambang"))
    url, now = region.system.url("approval"), time.time()
    shown = {to: ticket(secret, to, now) for secret, to in ((HOUSE, path), (HOUSE, other))}

    def asked(to: str, ticket: str) -> int:
        return region.http.get(url + to, headers={HEADER: ticket}).status_code

    assert asked(path, shown[path]) == 200
    assert asked(other, shown[other]) == 404, "a paper is about one person"
    wrong = [shown[other], "", ticket("", path, now), ticket("x", path, now), ticket(HOUSE, path, now - 120)]
    assert {asked(path, one) for one in wrong} == {403}


def check_mails(region: Region, case: str) -> None:
    """Rina is told of every step of hers, each official of their task, nobody else of anything."""
    rina = region.address("rina")
    region.until("all mails to Rina", lambda: len(region.mails(rina, case)) >= 5)
    subjects = region.mails(rina, case)
    assert len(subjects) == len(set(subjects)) == 5
    for login in CHAIN.values():
        (subject,) = region.mails(region.address(login), case)
        assert subject == "Tugas persetujuan mutasi menunggu Anda"
    assert region.mails(region.address("bambang"), case) == []


def test_story_1_online_own_request_inside_one_agency(region: Region) -> None:
    """Rina Lestari applies for Disdukcapil, which lacks three: from the vacancy to the seat."""
    before = region.get("rina", "registry", f"/v1/posts/{POST}")["holders"]
    vacancy = region.vacancy(post=POST)
    case = region.draft("rina", vacancy)
    receipt = region.post("rina", "proposal", f"/v1/proposals/{case}/submit", {})["receipt"]
    assert receipt.startswith("MT-")

    region.turn("rina", case, "direct_superior")
    said = region.get("rina", "evaluation", f"/v1/evaluations/{case}?lang=en")
    assert said["eligible"]
    assert {rule["rule"] for rule in said["rules"] if rule["outcome"] == "met"} >= HARD
    assert all(rule["citation"] and rule["certainty"] for rule in said["rules"])

    for stage in CHAIN:
        check_holder(region, region.turn("rina", case, stage), stage)
        region.decide("rina", case, stage)
    paper = check_decree(region, case)
    origin = region.get("rina", "registry", "/v1/me")["profile"]["placement"]
    assert origin["unit"] == "u:palu:setda"

    region.advance(paper["effective_on"])
    region.status("rina", case, "completed")
    me = region.get("rina", "registry", "/v1/me")["profile"]
    assert (me["placement"]["post"], me["post_since"]) == (POST, paper["effective_on"])
    region.until(
        "her new seat is counted", lambda: region.get("rina", "registry", f"/v1/posts/{POST}")["holders"] == before + 1
    )
    old = region.get("rina", "registry", f"/v1/posts/{origin['post']}")
    people = region.get(region.system.admin, "registry", "/v1/people?unit=u:palu:setda&limit=200")["items"]
    here = [p["profile"] for p in people if p["profile"]["status"] not in ("retired", "dead")]
    assert old["holders"] == sum(profile["placement"]["post"] == origin["post"] for profile in here)
    assert not region.get("rina", "registry", f"/v1/vacancies/{vacancy}")["open"]
    closed = region.until("no task", lambda: _closed(region, "rina", case))
    assert closed["task"] is None
    check_mails(region, case)
    check_copy(region, paper)


def _closed(region: Region, login: str, case: str) -> Any:
    found = region.get(login, "approval", f"/v1/cases/{case}")
    return found if found["status"] == "closed" else None


def test_a_withdrawal_crosses_the_last_approval(region: Region) -> None:
    """Both at once: exactly one of them holds, and no decree follows a withdrawal."""
    login = region.colleague()
    case = region.apply(login, region.vacancy())
    *first, last = CHAIN
    region.approve(login, case, tuple(first))
    task = region.turn(login, case, last)["task"]["task"]
    region.post(CHAIN[last], "approval", f"/v1/tasks/{task}/claim")
    with ThreadPoolExecutor(2) as both:
        path, reason = f"/v1/proposals/{case}/withdraw", {"reason": "Keluarga pindah"}
        decided = both.submit(
            region.ask, CHAIN[last], "POST", "approval", f"/v1/tasks/{task}/decide", {"decision": "approve"}
        )
        taken = both.submit(region.ask, login, "POST", "proposal", path, reason, replica=1)
    status = region.status(login, case, "withdrawn", "approved")["status"]
    assert taken.result().is_success == (status == "withdrawn")
    assert decided.result().is_success or decided.result().json()["code"] == "TASK_OVER"
    if status == "approved":
        assert taken.result().json()["code"] == "ALREADY_APPROVED"
        region.decree(login, case)
    else:
        assert _closed_for_good(region, login, case)["decree"] is None


def _closed_for_good(region: Region, login: str, case: str) -> Any:
    """The case some time after it was closed, so that what comes late had its chance."""
    region.until("no task", lambda: _closed(region, login, case))
    time.sleep(0.5)
    return region.get(login, "approval", f"/v1/cases/{case}")


def test_a_withdrawal_before_the_approval_closes_everything(region: Region) -> None:
    """The task goes, the seat is free for the next, and the person may apply again."""
    login, vacancy = region.colleague(), region.vacancy()
    case = region.apply(login, vacancy)
    task = region.turn(login, case, "direct_superior")["task"]["task"]
    region.post(login, "proposal", f"/v1/proposals/{case}/withdraw", {"reason": "Berubah pikiran"})
    assert _closed_for_good(region, login, case)["task"] is None
    late = region.ask(CHAIN["direct_superior"], "POST", "approval", f"/v1/tasks/{task}/claim")
    assert (late.status_code, late.json()["code"]) == (409, "TASK_OVER")
    region.turn(login, region.apply(login, vacancy), "direct_superior")


def seat(region: Region, login: str, case: str, status: str) -> Any:
    """What the register of seats last told a case, once that is so."""

    def there() -> Any:
        found = region.get(login, "proposal", f"/v1/proposals/{case}/seat")
        return found if found["status"] == status else None

    return region.until(f"the seat of {case} is {status}", there)


def test_two_applicants_for_one_seat(region: Region) -> None:
    """Whoever came first has it; the other is told why, and nobody is asked about them. When the first gives it up, it
    is offered to the other until a day, and taken their case goes on."""
    first, second, vacancy = region.colleague(), region.colleague(), region.vacancy()
    kept = region.apply(first, vacancy)
    region.turn(first, kept, "direct_superior")
    waits = region.apply(second, vacancy)
    lost = region.status(second, waits, "refused")
    assert (lost["stage"], lost["codes"]) == ("seat", ["FORMASI_PENUH"])
    assert region.get(first, "proposal", f"/v1/proposals/{kept}")["status"] == "submitted"
    assert seat(region, second, waits, "waiting")["place"] == 1
    region.post(first, "proposal", f"/v1/proposals/{kept}/withdraw", {"reason": "Alasan keluarga"})
    offered = seat(region, second, waits, "offered")
    assert datetime.fromisoformat(offered["until"]) > region.now()
    taken = f"/v1/proposals/{waits}/seat/accept"
    assert region.ask(first, "POST", "proposal", taken, {}).json()["code"] == "NO_OFFER"
    region.post(second, "proposal", taken, {})
    assert region.turn(second, waits, "direct_superior")["attempt"] == 2
    seat(region, second, waits, "reserved")
    mail = "Sebuah kursi terbuka dan ditawarkan kepada Anda"
    region.until("the mail", lambda: mail in region.mails(region.address(second), waits))


def test_an_applicant_who_may_not_is_refused_with_the_code(region: Region) -> None:
    """A discipline process stands in the way; the explanation names the rule and its source."""
    login = region.colleague(under_process=True)
    case = region.apply(login, region.vacancy())
    refused = region.status(login, case, "refused")
    assert (refused["stage"], refused["codes"]) == ("evaluation", ["PROSES_DISIPLIN"])
    said = region.get(login, "evaluation", f"/v1/evaluations/{case}?lang=id")
    (rule,) = [rule for rule in said["rules"] if rule["outcome"] == "not_met" and rule["hard"]]
    assert (rule["rule"], rule["remedy"]["code"]) == ("R13F", "PROSES_DISIPLIN")
    assert "PP 94/2021" in rule["citation"]


def test_one_open_case_per_person(region: Region) -> None:
    """The second of two is refused at the door."""
    login, vacancy = region.colleague(), region.vacancy(quota=2)
    region.apply(login, vacancy)
    answer = region.ask(login, "POST", "proposal", f"/v1/proposals/{region.draft(login, vacancy)}/submit", {})
    assert (answer.status_code, answer.json()["code"]) == (409, "PERKARA_TERBUKA")
    assert answer.json()["mend"]


def test_a_double_click_on_two_replicas_is_one_case(region: Region) -> None:
    """The same Idempotency-Key meets in one document; another body under it is refused."""
    login, vacancy, key = region.colleague(), region.vacancy(), uuid.uuid4().hex
    region.draft(login, vacancy)
    wish = {**WISH, "vacancy": vacancy}
    with ThreadPoolExecutor(8) as clicks:
        answers = list(
            clicks.map(
                lambda n: region.ask(login, "POST", "proposal", "/v1/proposals", wish, key=key, replica=n % 2), range(8)
            )
        )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    case = answers[0].json()["id"]
    listed = [row["id"] for row in region.get(login, "proposal", "/v1/proposals")["items"]]
    assert listed.count(case) == 1
    assert len(listed) == 2
    other = region.ask(login, "POST", "proposal", "/v1/proposals", {**wish, "reason": "lain"}, key=key, replica=1)
    assert (other.status_code, other.json()["code"]) == (422, "KEY_REUSED")


def test_a_returned_file_is_mended_and_goes_through(region: Region) -> None:
    """The verifier sends it back with a code; the second attempt begins the chain anew and ends in a decree."""
    login = region.colleague()
    case = region.apply(login, region.vacancy())
    region.approve(login, case, ("direct_superior", "unit_head"))
    words = {"code": "BERKAS_TIDAK_LENGKAP", "reason": "SKP tahun lalu belum dilampirkan"}
    region.decide(login, case, "personnel_verifier", decision="return", **words)
    returned = region.status(login, case, "returned")
    assert (returned["codes"], returned["reason"]) == ([words["code"]], words["reason"])
    assert datetime.fromisoformat(returned["until"]) > region.now()
    wish = {**WISH, "vacancy": returned["vacancy"], "reason": "Dengan SKP"}
    assert region.ask(login, "PUT", "proposal", f"/v1/proposals/{case}", wish).is_success
    again = region.post(login, "proposal", f"/v1/proposals/{case}/submit", {})
    assert again["attempt"] == 2
    assert region.turn(login, case, "direct_superior")["attempt"] == 2
    region.approve(login, case)
    assert region.decree(login, case)["attempt"] == 2
