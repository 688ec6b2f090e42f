"""Story 3: from one province to another, over HTTP of running services: who may sign, what it rests on (D11)."""

from functools import partial
from hashlib import sha256
from typing import Any

import pytest

from tests.e2e.sigi import AFTER, BEFORE, SOLO, decide, today, vacancy, with_sigi
from tests.support.region import WISH, Region

pytest_plugins = ("tests.support.running",)
pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]
LETTERS = [
    ("proposal", "ppk:surakarta"),
    ("consent", "ppk:sigi"),
    ("consideration", "bkn"),
    ("transfer", "home_affairs"),
]


@pytest.fixture(scope="module")
def sigi(region: Region) -> Region:
    """The region with Kabupaten Sigi."""
    return with_sigi(region)


def _proposed(region: Region) -> str:
    """Surakarta proposes dr. Yusuf, who is told, talks with its official, and agrees: the case."""
    yusuf = region.get("yusuf", "registry", "/v1/me")["person"]
    wish = {**WISH, "vacancy": vacancy(region), "consent": False, "initiative": "agency", "person": yusuf}

    def drafted() -> str | None:
        answer = region.ask(SOLO, "POST", "proposal", "/v1/proposals", wish)
        return str(answer.json()["id"]) if answer.is_success else None

    case = region.until("the proposal", drafted)
    path = f"/v1/proposals/{case}"
    told = {"benefit": "Dekat keluarga", "training": "Orientasi dua minggu"}
    region.post(SOLO, "proposal", f"{path}/announce", told)
    talk = {"on": today(region, "Asia/Makassar"), "about": "Tugas di Surakarta"}
    region.post("yusuf", "proposal", f"{path}/talks", talk)
    for who in (SOLO, "yusuf"):
        region.post(who, "proposal", f"{path}/talks/confirm", {"talk": 1})
    region.post("yusuf", "proposal", f"{path}/agree")
    region.post(SOLO, "proposal", f"{path}/submit", {})
    return case


def test_story_3_from_one_province_to_another(sigi: Region) -> None:
    """Surakarta proposes, Sigi consents, BKN considers, the Minister decides, Surakarta appoints; nobody else can.

    BKN's own system answers, late and at first busy (E19); what the Minister wrote a clerk enters.
    """
    region, case = sigi, _proposed(sigi)
    region.bkn.of_task[f"{case}.1.6"] = ["late", "busy"]
    assert region.get("yusuf", "proposal", f"/v1/proposals/{case}")["content"]["move"] == "inter_province"
    for stage in BEFORE:
        assert decide(region, "yusuf", case, stage).is_success, stage
    task = region.turn("yusuf", case, "home_affairs")["task"]["task"]
    governor = region.ask("gubernur-sulteng", "POST", "approval", f"/v1/tasks/{task}/claim")
    assert (governor.status_code, governor.json()["code"]) == (403, "OFFICE_NEEDED")
    for issuer in ("governor:Sulawesi Tengah", "governor:Jawa Tengah"):
        wrong = decide(region, "yusuf", case, "home_affairs", issuer=issuer)
        assert (wrong.status_code, wrong.json()["code"]) == (422, "AUTHORITY_WRONG")
    early = region.ask("surakarta-ppk", "POST", "approval", f"/v1/tasks/{task}/claim")
    assert early.json()["code"] == "OFFICE_NEEDED", "nobody appoints before the Minister has decided"
    for stage in AFTER:
        assert decide(region, "yusuf", case, stage).is_success, stage
    paper = region.decree("yusuf", case)
    _check_paper(region, paper)
    _check_move(region, case, paper)
    _check_way_back(region, paper)


def _check_paper(region: Region, paper: Any) -> None:
    """D11, I3, I4: five decrees, each of its authority, dated one after the other; the last one is Surakarta's."""
    assert [(one["kind"], one["issuer"]) for one in paper["letters"]] == LETTERS
    days = [*(one["dated"] for one in paper["letters"]), paper["issued_on"]]
    assert days == sorted(days)
    assert (paper["agency"], paper["signatory"], paper["consideration"]) == ("surakarta", "ppk", "bkn")
    assert paper["authority"] == "PP 11/2017 ps 193"
    assert [one["source"] for one in paper["letters"]] == ["entered", "entered", "sent", "entered"]
    assert [asked["task"] for asked in region.bkn.about(paper["case"])] == [f"{paper['case']}.1.6"] * 3
    printed = region.ask("yusuf", "GET", "approval", f"/v1/decrees/{paper['decree']}/pdf")
    assert printed.content.startswith(b"%PDF")


def _check_move(region: Region, case: str, paper: Any) -> None:
    """I12: released and started in one fact, the seat left free that day; E24: his former superior sees him no more."""
    post, person = "/v1/posts/p:sigi:uji-dokter", paper["person"]
    before = region.get(region.system.admin, "registry", post)["holders"]
    for service, path in (("registry", f"/v1/people/{person}"), ("approval", f"/v1/cases/{case}")):
        assert region.ask("sigi-unit-head", "GET", service, path).is_success
    region.advance(paper["effective_on"])
    region.status("yusuf", case, "completed")
    me = region.get("yusuf", "registry", "/v1/me")["profile"]
    assert (me["placement"]["agency"], me["post_since"]) == ("surakarta", paper["effective_on"])
    # Another doctor of Sigi may leave on the same day: test_outside plays there too.
    region.until("his old seat is free", lambda: region.get("yusuf", "registry", post)["holders"] < before)
    for service, path in (("registry", f"/v1/people/{person}"), ("approval", f"/v1/cases/{case}")):
        gone = region.until(f"{service} lets go", partial(_denied, region, service, path))
        assert gone.json()["code"] == "FORBIDDEN"
    assert region.ask("surakarta-ppk", "GET", "approval", f"/v1/cases/{case}").is_success


def _check_way_back(region: Region, paper: Any) -> None:
    """The Minister takes his decision back: Surakarta revokes with his letter, and dr. Yusuf goes back to Sigi."""
    path, digest = f"/v1/decrees/{paper['decree']}", sha256(b"pencabutan").hexdigest()
    letter = {"number": "821/77/SJ", "dated": today(region, "Asia/Jakarta"), "sha256": digest}
    for issuer, status in (("governor:Jawa Tengah", 422), ("home_affairs", 200)):
        body = {"reason": "Keputusan Menteri dicabut", "letter": {**letter, "issuer": issuer}}
        assert region.ask("surakarta-ppk", "POST", "approval", f"{path}/revoke", body).status_code == status
    region.until("it is revoked", lambda: region.get("yusuf", "approval", path)["revocation"])
    found = region.get("yusuf", "approval", path)
    act = found["revocation"]
    assert (act["code"], act["letter"]["issuer"], act["moved"]) == ("LETTER_WITHDRAWN", "home_affairs", True)
    assert (found["status"], found["pay"]["origin_again_from"]) == ("revoked", act["effective_on"])
    assert {"MOVE_BACK", "PAYROLL", "REVIEWS", "NOTICE"} <= {row["code"] for row in found["consequences"]}
    region.advance(act["effective_on"])
    region.until("he is back in Sigi", lambda: _agency(region) == "sigi")


def _agency(region: Region) -> str:
    return str(region.get("yusuf", "registry", "/v1/me")["profile"]["placement"]["agency"])


def _denied(region: Region, service: str, path: str) -> Any:
    answer = region.ask("sigi-unit-head", "GET", service, path)
    return answer if answer.status_code == 403 else None
