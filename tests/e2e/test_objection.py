"""Objection and suspension over HTTP of running services (R53): until when, and what is carried out of them."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.support.region import Region

pytest_plugins = ("tests.support.running",)
pytestmark = [pytest.mark.e2e, pytest.mark.wide, pytest.mark.timeout(900)]
WHY = "Jabatan yang baru tidak sesuai dengan kualifikasi yang saya miliki"
ANSWER = "Keberatan diperiksa bersama tim penilai kinerja"


def decreed(region: Region) -> tuple[str, str, Any, str]:
    """Somebody with a decree against which they object: login, case, decree, path of the objection."""
    login = region.colleague()
    case = region.apply(login, region.vacancy())
    region.approve(login, case)
    decree = region.decree(login, case)
    path = f"/v1/decrees/{decree['decree']}/objection"
    way = region.get(login, "approval", path)
    assert (way["may_file"], way["bpasn"], way["suspended_until"]) == (True, False, None)
    assert {term["regime"] for term in way["way"]["terms"]} == {"PP79", "UU30"}
    assert way["way"]["file_until"] == max(term["until"] for term in way["way"]["terms"])
    region.post(login, "approval", path, {"grounds": WHY})
    waiting = region.get("palu-ppk", "approval", "/v1/objections?limit=200")["items"]
    assert decree["decree"] in [one["decree"] for one in waiting], "the authority finds it, the earliest due first"
    assert [one["due"] for one in waiting] == sorted(one["due"] for one in waiting)
    assert region.get(login, "approval", "/v1/objections")["items"] == []
    return login, case, decree, path


def suspended(region: Region, login: str, decree: Any, path: str) -> str:
    """The authority suspends it until after the day it should have taken effect; the new day."""
    until = date.fromisoformat(decree["effective_on"]) + timedelta(days=3)
    body = {"reason": ANSWER, "until": str(until)}
    assert region.ask(login, "POST", "approval", f"{path}/suspend", body).json()["code"] == "OFFICE_NEEDED"
    region.until("the objection is heard", lambda: _asked(region, path, body))
    day = region.until("it is suspended", lambda: region.get(login, "approval", path)["suspended_until"])
    assert date.fromisoformat(day) > until
    return str(day)


def _asked(region: Region, path: str, body: dict[str, str]) -> bool:
    """Also by a register that has not heard of the objection yet."""
    answer = region.ask("palu-ppk", "POST", "approval", f"{path}/suspend", body)
    assert answer.is_success or answer.json()["code"] == "OBJECTION_NOT_OPEN", answer.text
    return answer.is_success


def test_a_suspended_decree_takes_effect_later_when_the_objection_is_rejected(region: Region) -> None:
    login, case, decree, path = decreed(region)
    day = suspended(region, login, decree, path)
    found = region.get(login, "approval", f"/v1/decrees/{decree['decree']}")
    (act,) = found["amendments"]
    assert (found["effective_now"], act["objection"], act["was_effective_on"]) == (
        day,
        f"ob-{decree['decree']}",
        decree["effective_on"],
    )
    assert {row["code"] for row in found["consequences"]} >= {"MOVE_RESCHEDULED", "PAYROLL", "REVIEWS", "NOTICE"}
    paper = region.ask(login, "GET", "approval", f"/v1/decrees/{act['amendment']}/pdf")
    assert paper.content.startswith(b"%PDF-")
    region.post("palu-ppk", "approval", f"{path}/answer", {"outcome": "rejected", "reason": ANSWER})
    court = {"court": "PTUN Palu", "number": "12/G/2027/PTUN.PL", "step": "filed", "on": str(region.now().date())}
    region.post("palu-ppk", "approval", f"{path}/court", court)
    stands = region.get(login, "approval", path)
    assert (stands["status"], [one["number"] for one in stands["court"]]) == ("rejected", [court["number"]])
    region.advance(decree["effective_on"])
    assert region.get(login, "proposal", f"/v1/proposals/{case}")["status"] == "approved", "it is suspended"
    region.advance(day)
    region.status(login, case, "completed")
    assert region.get(login, "registry", "/v1/me")["profile"]["post_since"] == day


def test_a_granted_objection_takes_a_suspended_decree_away_before_anybody_moved(region: Region) -> None:
    login, case, decree, path = decreed(region)
    suspended(region, login, decree, path)
    region.post("palu-ppk", "approval", f"{path}/answer", {"outcome": "granted", "reason": ANSWER})
    assert region.status(login, case, "returned")["reason"] == "DECREE_REVOKED"
    found = region.until("it is revoked", lambda: _revoked(region, login, decree))
    assert (found["pay"], found["revocation"]["reason"], found["revocation"]["moved"]) == (None, ANSWER, False)
    assert region.get(login, "approval", path)["suspended_until"] is None
    assert region.get(login, "registry", "/v1/me")["moves"] == []


def _revoked(region: Region, login: str, decree: Any) -> Any:
    found = region.get(login, "approval", f"/v1/decrees/{decree['decree']}")
    return found if found["status"] == "revoked" else None
