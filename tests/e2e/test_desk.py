"""Stories of the proposal's and the approver's desk, each step through HTTP of running processes."""

from datetime import datetime
from functools import partial
from typing import Any

import pytest

from tests.support.region import CHAIN, WISH, Region

pytest_plugins = ("tests.support.running",)
pytestmark = [pytest.mark.e2e, pytest.mark.wide, pytest.mark.timeout(600)]
VERIFIER, SUPERIOR = CHAIN["personnel_verifier"], CHAIN["direct_superior"]


def me(region: Region, login: str) -> str:
    """The person behind a login."""
    return str(region.get(login, "registry", "/v1/me")["id"])


def propose(region: Region, login: str) -> str:
    """The personnel agency proposes somebody's move; the draft, as soon as its vacancy is known."""
    about = {"vacancy": region.vacancy(), "initiative": "agency", "person": me(region, login), **WISH, "consent": False}

    def made() -> Any:
        answer = region.ask(VERIFIER, "POST", "proposal", "/v1/proposals", about)
        return answer.json()["id"] if answer.is_success else None

    return str(region.until("the draft", made))


def refusal(region: Region, login: str, path: str, body: object = None) -> str:
    """The code with which a command is refused."""
    service, _, rest = path.partition(":")
    return str(region.ask(login, "POST", service, rest, body).json()["code"])


def test_story_7_a_duty_move_with_fear(region: Region) -> None:
    """Bambang is told why, what he gains and learns; his concern is answered before anybody decides."""
    login = region.colleague()
    case = propose(region, login)
    path = f"/v1/proposals/{case}"
    assert refusal(region, VERIFIER, f"proposal:{path}/submit", {}) == "CONSULT_FIRST"
    told = {"benefit": "Pengalaman pelayanan langsung", "training": "Administrasi kependudukan, 3 hari"}
    region.post(VERIFIER, "proposal", f"{path}/announce", told)
    seen = region.get(login, "proposal", path)
    assert (seen["status"], seen["voice"]["benefit"]) == ("announced", told["benefit"])

    region.post(login, "proposal", f"{path}/concerns", {"text": "Sudah nyaman di sini"})
    region.post(login, "proposal", f"{path}/talks", {"on": str(region.now().date()), "about": "Tugas yang baru"})
    for who in (login, VERIFIER):
        region.post(who, "proposal", f"{path}/talks/confirm", {"talk": 1})
    region.post(login, "proposal", f"{path}/agree")
    assert refusal(region, VERIFIER, f"proposal:{path}/submit", {}) == "CONCERNS_OPEN"
    answer = {"concern": 1, "answer": "Ada pendampingan tiga bulan"}
    region.post(VERIFIER, "proposal", f"{path}/concerns/answer", answer)
    region.post(VERIFIER, "proposal", f"{path}/submit", {})
    region.turn(login, case, "direct_superior")
    address = region.address(login)
    subjects = {"Instansi mengusulkan mutasi untuk Anda", "Kekhawatiran Anda tentang usul mutasi dijawab"}
    region.until("he is told", lambda: subjects <= set(region.mails(address, case)))
    objected(region, login, case)


def objected(region: Region, login: str, case: str) -> None:
    """After the decree his objection starts its clock: filing until the later term, the answer by the earlier one."""
    region.approve(login, case)
    path = f"/v1/decrees/{region.decree(login, case)['decree']}/objection"
    open_way = region.get(login, "approval", path)
    assert open_way["may_file"]
    assert refusal(region, SUPERIOR, f"approval:{path}", {"grounds": "Bukan urusannya sendiri"}) == "NOT_YOURS"
    region.post(login, "approval", path, {"grounds": "Pengalaman saya di bidang lain"})
    found = region.until("the objection", lambda: _open(region.get(login, "approval", path)))
    assert not found["may_file"]
    terms = [datetime.fromisoformat(term["until"]) for term in found["terms"]]
    assert datetime.fromisoformat(found["due"]) == min(terms) < max(terms)


def _open(found: Any) -> Any:
    return found if found["status"] == "open" else None


def test_a_task_is_asked_about_answered_and_decided_by_a_substitute_in_bulk(region: Region) -> None:
    """The clock stops for the question; the substitute sees the open task, and both names are on the decision."""
    login, deputy, stranger = (region.colleague() for _ in range(3))
    case = region.apply(login, region.vacancy())
    task = region.turn(login, case, "direct_superior")["task"]
    path = f"/v1/tasks/{task['task']}"
    region.post(SUPERIOR, "approval", f"{path}/claim")
    region.post(SUPERIOR, "approval", f"{path}/ask", {"question": "Sejak kapan?"})
    asked = region.get(login, "approval", f"/v1/cases/{case}")["task"]["asked"]
    assert (asked["question"], asked["days_left"]) == ("Sejak kapan?", 5)
    region.post(login, "approval", f"{path}/answer", {"answer": "Sejak 2023"})
    region.post(SUPERIOR, "approval", f"{path}/release")
    region.post(login, "approval", f"/v1/cases/{case}/comments", {"text": "Terima kasih"})

    today, absent = region.now().date(), me(region, SUPERIOR)
    right = {"absent": absent, "office": task["office"], "agency": task["agency"], "unit": task["unit"]}
    until = today.replace(year=today.year + 1)
    substitutes = f"approval:/v1/substitutes/{me(region, deputy)}"
    assert refusal(region, SUPERIOR, substitutes, {**right, "since": str(today), "until": str(until)}) == "BAD_PERIOD"
    late = {**right, "since": str(today), "until": str(today.fromordinal(today.toordinal() + 30))}
    region.post(SUPERIOR, "approval", substitutes.partition(":")[2], late)
    region.until("the deputy sees it", lambda: task["task"] in _queue(region, deputy))
    beside = (("approval", f"/v1/tasks/{task['task']}"), ("evaluation", f"/v1/evaluations/{case}"))
    for service, path in beside:
        region.until("the facts beside the decision", partial(region.answers, deputy, service, path))
        assert region.ask(stranger, "GET", service, path).status_code == 403

    bulk = {"tasks": [task["task"], "c-none.1.1"], "decision": {"decision": "approve"}}
    foreseen = region.post(deputy, "approval", "/v1/tasks/bulk", bulk)["items"]
    done = region.post(deputy, "approval", "/v1/tasks/bulk", {**bulk, "confirm": True})["items"]
    assert [row["code"] for row in done] == ["", "NOT_FOUND"]
    assert [row["ok"] for row in foreseen] == [True, False]
    decision = region.get(login, "approval", f"/v1/cases/{case}")["decisions"][0]
    assert (decision["by"], decision["on_behalf_of"]) == (me(region, deputy), absent)
    decided = region.get(deputy, "approval", "/v1/cases?view=decided")["items"]
    assert [one["id"] for one in decided] == [case]


def _queue(region: Region, login: str) -> list[str]:
    found = region.get(login, "approval", "/v1/tasks?view=substitute")["items"]
    return [row["task"] for row in found]
