"""Corrections of one's own record on running processes: asked, decided, told, seen by both."""

import uuid
from datetime import datetime, timedelta
from functools import partial

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


@pytest.mark.wide
def test_a_request_that_nobody_answers_is_told_to_the_authority_and_the_person(region: Region) -> None:
    login = region.colleague()
    body = {"field": "training", "value": "Diklat GIS", "reason": "Sertifikat belum tercatat"}
    asked = region.post(login, "registry", "/v1/me/corrections", body)["correction"]
    (waits,) = region.get(login, "registry", "/v1/me/corrections")["items"]
    region.advance(str((datetime.fromisoformat(waits["due"]) + timedelta(days=1)).date()))
    told = {region.address(who): OVERDUE for who in (VERIFIER, "palu-ppk")} | {f"{login}@palu.example": LATE}
    for address, subjects in told.items():
        region.until(f"{address} is told", partial(heard, region, address, asked, subjects))
    (still,) = region.get(login, "registry", "/v1/me/corrections")["items"]
    assert (still["status"], still["late_until"] > still["due"]) == ("open", True)
    me = region.get(login, "registry", "/v1/me")["id"]
    answer = {"reason": "Sesuai sertifikat", "rule": "PermenPANRB 38/2017"}
    region.post(VERIFIER, "registry", f"/v1/people/{me}/corrections/{asked}/grant", answer)


def heard(region: Region, address: str, request: str, subjects: set[str]) -> bool:
    """True once a mail with one of these subjects named the request."""
    return bool(subjects & set(region.mails(address, request)))


OVERDUE = {"A request to correct a record is overdue", "Permintaan perbaikan data melewati batas waktu"}
LATE = {"Your request for a correction is late", "Permintaan perbaikan data Anda terlambat dijawab"}
