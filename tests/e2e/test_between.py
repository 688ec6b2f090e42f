"""Story 3: from one province to another, over HTTP of running services: who may sign, what it rests on (D11)."""

from datetime import timedelta
from functools import partial
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.support.region import LEVELS, WISH, Region

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
    """Kabupaten Sigi with dr. Yusuf and its officials, and a post for a doctor in Surakarta."""
    admin = region.system.admin
    agency = {"agency": "sigi", "name": "Pemerintah Kabupaten Sigi", "kind": "regency", "zone": "WITA"}
    region.post(admin, "registry", "/v1/agencies", agency | {"province": "Sulawesi Tengah"})
    unit = {"agency": "sigi", "unit": "puskesmas", "name": "Puskesmas Biromaru", "kind": "health_centre"}
    region.post(admin, "registry", "/v1/units", unit)
    for place, unit_code in (("sigi", "puskesmas"), ("surakarta", "dinkes")):
        post = {"agency": place, "unit": unit_code, "post": "uji-dokter", "title": "Dokter Ahli Muda", "seats": 9}
        post |= {"kind": "functional", "retirement_age": 60, "requirements": {"education_fields": ["medicine"]}}
        region.post(admin, "registry", "/v1/posts", post)
    for number, (login, name, offices) in enumerate(PEOPLE, 1):
        _person(region, login, name, number, offices)
    for login, service, path in ((one[0], s, p) for one in PEOPLE for s, p in HEARD):
        region.until(f"{service} knows {login}", partial(region.answers, login, service, path))
    return region


PEOPLE = (
    ("yusuf", "dr. Yusuf Mandagi", ()),
    ("sigi-unit-head", "Ibu Kepala", ("unit_head",)),
    ("sigi-verifier", "Pak Verifikator", ("personnel_verifier",)),
    ("sigi-ppk", "Bupati Sigi", ("ppk",)),
    ("gubernur-sulteng", "Gubernur Sulawesi Tengah", ("governor",)),
)
HEARD = (("proposal", "/v1/proposals"), ("approval", "/v1/cases"))


def _person(region: Region, login: str, name: str, number: int, offices: tuple[str, ...]) -> None:
    admin, year = region.system.admin, region.now().year
    person = {
        "agency": "sigi", "unit": "puskesmas", "post": "uji-dokter", "name": name, "email": f"{login}@sigi.example",
        "nip": f"198711232015031{900 + number}", "employment": "PNS",
        "birth_date": "1987-11-23", "post_since": str(region.now().date() - timedelta(days=1200)), "rank": "III/d",
        "education_level": "40", "education_field": "medicine", "competences": dict.fromkeys(LEVELS, 3),
        "performance": {str(year - 2): "good", str(year - 1): "good"}, "under_process": False,
        "study_assignment": False, "service_bond": False,
    }  # fmt: skip
    made = region.post(admin, "registry", "/v1/people", person)["id"]
    region.post(admin, "registry", f"/v1/people/{made}/account", {"login": login})
    for office in offices:
        held = {"office": office, "agency": "sigi", "since": "2026-01-02"}
        held |= {"unit": "puskesmas"} if office == "unit_head" else {}
        region.post(admin, "registry", f"/v1/people/{made}/offices", held)


def _proposed(region: Region) -> str:
    """Surakarta proposes dr. Yusuf, who is told, talks with its official, and agrees: the case."""
    vacancy = region.post(
        "surakarta-personnel-verifier",
        "registry",
        "/v1/vacancies",
        {
            "agency": "surakarta",
            "post": "p:surakarta:uji-dokter",
            "quota": 1,
            "closes_on": str(region.now().date() + timedelta(days=200)),
            "purpose": "Dokter: beban kerja 6, pegawai 3",
            "admits": ["inter_province"],
        },
    )["id"]
    yusuf = region.get("yusuf", "registry", "/v1/me")["person"]
    wish = {**WISH, "vacancy": vacancy, "consent": False, "initiative": "agency", "person": yusuf}

    def drafted() -> str | None:
        answer = region.ask(SOLO, "POST", "proposal", "/v1/proposals", wish)
        return str(answer.json()["id"]) if answer.is_success else None

    case = region.until("the proposal", drafted)
    path = f"/v1/proposals/{case}"
    told = {"benefit": "Dekat keluarga", "training": "Orientasi dua minggu"}
    region.post(SOLO, "proposal", f"{path}/announce", told)
    today = _today(region, "Asia/Makassar")
    region.post("yusuf", "proposal", f"{path}/talks", {"on": today, "about": "Tugas di Surakarta"})
    for who in (SOLO, "yusuf"):
        region.post(who, "proposal", f"{path}/talks/confirm", {"talk": 1})
    region.post("yusuf", "proposal", f"{path}/agree")
    region.post(SOLO, "proposal", f"{path}/submit", {})
    return case


SOLO = "surakarta-personnel-verifier"
CHAIN = {
    "receiving_verifier": SOLO,
    "receiving_ppk": "surakarta-ppk",
    "unit_head": "sigi-unit-head",
    "personnel_verifier": "sigi-verifier",
    "origin_ppk": "sigi-ppk",
    "home_affairs": "surakarta-bkn-liaison",
    "appointment": "surakarta-ppk",
}


def _today(region: Region, zone: str) -> str:
    return str(region.now().astimezone(ZoneInfo(zone)).date())


def _decide(region: Region, case: str, stage: str, **changes: object) -> Any:
    """The official of a stage claims and decides, with the letter where one is asked for."""
    seen = region.turn("yusuf", case, stage)
    planned = next(one for one in seen["plan"] if one["id"] == stage)
    dated, digest = _today(region, "Asia/Jakarta"), sha256(stage.encode()).hexdigest()
    letter = {"number": f"800/{stage}", "dated": dated, "sha256": digest, "issuer": planned["issuer"], **changes}
    body = {"decision": "approve", "take": True, "letter": letter if planned["letter"] else None}
    task = seen["task"]["task"]
    return region.ask(CHAIN[stage], "POST", "approval", f"/v1/tasks/{task}/decide", body)


def test_story_3_from_one_province_to_another(sigi: Region) -> None:
    """Surakarta proposes, Sigi consents, BKN considers, the Minister decides, Surakarta appoints; nobody else can.

    BKN's own system answers, late and at first busy (E19); what the Minister wrote a clerk enters.
    """
    sigi.bkn.moods = ["late", "busy"]
    region, case = sigi, _proposed(sigi)
    assert region.get("yusuf", "proposal", f"/v1/proposals/{case}")["content"]["move"] == "inter_province"
    for stage in tuple(CHAIN)[:5]:
        assert _decide(region, case, stage).is_success, stage
    task = region.turn("yusuf", case, "home_affairs")["task"]["task"]
    governor = region.ask("gubernur-sulteng", "POST", "approval", f"/v1/tasks/{task}/claim")
    assert (governor.status_code, governor.json()["code"]) == (403, "OFFICE_NEEDED")
    for issuer in ("governor:Sulawesi Tengah", "governor:Jawa Tengah"):
        wrong = _decide(region, case, "home_affairs", issuer=issuer)
        assert (wrong.status_code, wrong.json()["code"]) == (422, "AUTHORITY_WRONG")
    early = region.ask("surakarta-ppk", "POST", "approval", f"/v1/tasks/{task}/claim")
    assert early.json()["code"] == "OFFICE_NEEDED", "nobody appoints before the Minister has decided"
    for stage in tuple(CHAIN)[5:]:
        assert _decide(region, case, stage).is_success, stage
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
    (task,) = {asked["task"] for asked in region.bkn.asked if asked["task"].startswith(paper["case"])}
    assert (task, len(region.bkn.asked)) == (f"{paper['case']}.1.6", 3)
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
    region.until("his old seat is free", lambda: region.get("yusuf", "registry", post)["holders"] == before - 1)
    for service, path in (("registry", f"/v1/people/{person}"), ("approval", f"/v1/cases/{case}")):
        gone = region.until(f"{service} lets go", partial(_denied, region, service, path))
        assert gone.json()["code"] == "FORBIDDEN"
    assert region.ask("surakarta-ppk", "GET", "approval", f"/v1/cases/{case}").is_success


def _check_way_back(region: Region, paper: Any) -> None:
    """The Minister takes his decision back: Surakarta revokes with his letter, and dr. Yusuf goes back to Sigi."""
    path, digest = f"/v1/decrees/{paper['decree']}", sha256(b"pencabutan").hexdigest()
    letter = {"number": "821/77/SJ", "dated": _today(region, "Asia/Jakarta"), "sha256": digest}
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
