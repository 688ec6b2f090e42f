"""Story 9 by HTTP: a decree with a wrong unit name and a wrong date is put right, and everything stays visible."""

from datetime import date, timedelta

import pytest

from tests.support.region import Region

pytest_plugins = ("tests.support.running",)
pytestmark = [pytest.mark.e2e, pytest.mark.wide, pytest.mark.timeout(900)]
WHY = "Serah terima tugas baru selesai bulan berikutnya"


def invited(region: Region, login: str) -> str:
    """The calendar file of the mail that tells the day, once it is there."""
    subject = "Jadwal pelantikan Anda"
    return region.attached(f"{login}@palu.example", subject)[0].decode() if subject in region.subjects(login) else ""


def test_story_9_a_wrong_name_and_a_wrong_date(region: Region) -> None:
    login = region.colleague()
    case = region.apply(login, region.vacancy())
    region.approve(login, case)
    decree = region.decree(login, case)
    path = f"/v1/decrees/{decree['decree']}"
    assert (decree["status"], decree["consideration"], decree["authority"]) == (
        "valid",
        "bkn_liaison",
        "PP 11/2017 ps 191",
    )

    wrong = {"part": "target_unit", "wrong": "Disdukcapil", "right": "Dinas Kependudukan Kota Palu", "reason": WHY}
    assert region.ask(login, "POST", "approval", f"{path}/correct", wrong).json()["code"] == "OFFICE_NEEDED"
    region.post("palu-ppk", "approval", f"{path}/correct", wrong)
    corrected = region.get(login, "approval", path)
    assert corrected["status"] == "corrected"
    assert [(row["code"], row["by"]) for row in corrected["consequences"]][1:] == [("NOTICE", "notification")]

    later = date.fromisoformat(decree["effective_on"]) + timedelta(days=20)
    change = {"effective_on": str(later), "reason": WHY}
    past = {"effective_on": str(date.fromisoformat(decree["issued_on"]) - timedelta(days=1)), "reason": WHY}
    assert region.ask("palu-ppk", "POST", "approval", f"{path}/amend", past).json()["code"] == "TMT_RETROACTIVE"
    made = region.post("palu-ppk", "approval", f"{path}/amend", change)
    region.until("the amendment", lambda: region.get(login, "approval", path)["amendments"])
    found = region.get(login, "approval", path)
    assert (found["status"], found["effective_now"]) == ("amended", str(later))
    assert found["pay"] == {
        "origin_until": str(later - timedelta(days=1)),
        "target_from": str(later),
        "target_until": None,
        "origin_again_from": None,
    }
    assert {"PAYROLL", "DUTIES_LETTER"} <= {row["code"] for row in found["consequences"]}
    assert found["amendments"][0]["number_text"] == made["number_text"] != decree["number_text"]

    papers = [decree["decree"], made["decree"]]
    prints = [region.ask(login, "GET", "approval", f"/v1/decrees/{paper}/pdf") for paper in papers]
    assert [paper.content[:5] for paper in prints] == [b"%PDF-", b"%PDF-"]
    sample = region.ask(login, "GET", "approval", "/v1/decree-layouts/palu?kind=suspension")
    assert (sample.content[:5], sample.headers["content-type"]) == (b"%PDF-", "application/pdf")
    assert region.ask(login, "GET", "approval", "/v1/decree-layouts/nowhere").status_code == 404
    hall = {"held_on": str(later), "place": "Aula Kantor Wali Kota"}
    assert region.ask(login, "POST", "approval", f"{path}/inauguration", hall).json()["code"] == "OFFICE_NEEDED"
    region.post("palu-ppk", "approval", f"{path}/inauguration", hall)
    assert region.get(login, "approval", path)["inauguration"]["held_on"] == str(later)
    calendar = region.until("the day of the inauguration", lambda: invited(region, login))
    assert f"UID:{decree['decree']}.inauguration@" in calendar
    assert f"DTSTART;VALUE=DATE:{later:%Y%m%d}" in calendar

    me = region.get(login, "registry", "/v1/me")
    assert [move["effective_on"] for move in me["moves"]] == [str(later)]


def test_a_revoked_decree_gives_seat_and_file_back(region: Region) -> None:
    login = region.colleague()
    case = region.apply(login, region.vacancy())
    region.approve(login, case)
    decree = region.decree(login, case)
    path = f"/v1/decrees/{decree['decree']}"
    region.post("palu-ppk", "approval", f"{path}/revoke", {"reason": WHY})
    assert region.status(login, case, "returned")["codes"] == ["MOVE_REFUSED"]
    found = region.get(login, "approval", path)
    assert (found["status"], found["pay"]) == ("revoked", None)
    assert found["revocation"]["number"] > decree["number"]
    again = region.ask("palu-ppk", "POST", "approval", f"{path}/revoke", {"reason": WHY})
    assert again.json()["code"] == "ALREADY_REVOKED"
