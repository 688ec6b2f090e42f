"""Corrections of one's own record on running processes: asked, decided, told, seen by both."""

import uuid

import pytest

from tests.support.region import Region

pytest_plugins = ("tests.support.running",)
pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]
VERIFIER = "palu-personnel-verifier"
LIST = "/v1/agencies/palu/corrections"


def test_a_correction_is_asked_decided_and_told_and_the_tasks_follow(region: Region) -> None:
    last = region.now().date().year - 1
    year = str(last)  # whose appraisal is due only in April, so the two before it are needed until then
    login = region.colleague(performance={str(last - 1): "good", str(last - 2): "good"})
    me = region.get(login, "registry", "/v1/me")
    body = {"field": "performance", "about": year, "value": "good", "reason": "SKP sudah dinilai"}
    key = uuid.uuid4().hex
    asked, again = (region.ask(login, "POST", "registry", "/v1/me/corrections", body, key=key).json() for _ in range(2))
    assert asked["correction"] == again["correction"]
    path = f"/v1/people/{me['id']}/corrections/{asked['correction']}"
    (waiting,) = [one for one in region.get(VERIFIER, "registry", LIST)["items"] if one["person"] == me["id"]]
    assert (waiting["value"], waiting["was"], waiting["name"]) == ("good", "", me["particulars"]["name"])
    answer = {"reason": "Sesuai dokumen", "rule": "PermenPANRB 6/2022"}
    assert region.ask(login, "POST", "registry", f"{path}/grant", answer).status_code == 403
    assert region.ask("palu-ppk", "GET", "registry", LIST).status_code == 403
    region.post(VERIFIER, "registry", f"{path}/grant", answer)
    found = region.get(login, "registry", "/v1/me")
    assert found["profile"]["performance"][year] == "good"
    assert found["version"] > me["version"]
    assert region.get(login, "registry", "/v1/me/quality")["defects"] == []
    for who, where in ((login, "/v1/me/corrections"), (VERIFIER, f"{LIST}?status=decided")):
        items = region.get(who, "registry", where)["items"]
        assert [one["reason"] for one in items if one["correction"] == asked["correction"]] == ["Sesuai dokumen"]
    region.until("the person is told", lambda: "Your record was corrected" in told(region, login))

    shown = region.post(VERIFIER, "registry", f"/v1/people/{me['id']}/reveal", {"reason": "Verifikasi berkas"})
    assert shown["nip"] == me["particulars"]["nip"]
    assert [one["reason"] for one in region.get(login, "registry", "/v1/me/corrections")["reveals"]] == [
        "Verifikasi berkas"
    ]


def told(region: Region, login: str) -> str:
    """Subjects of the mails to somebody, in English as asked for or in their own language."""
    return " ".join(region.subjects(login)).replace("Data Anda sudah diperbaiki", "Your record was corrected")
