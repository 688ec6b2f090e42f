"""Story 5 of the acceptance stories: a swap of three, each step through HTTP of running processes."""

import uuid
from functools import partial
from typing import Any

import pytest

from tests.support.region import CHAIN, Region

pytest_plugins = ("tests.support.running",)
pytestmark = [pytest.mark.e2e, pytest.mark.wide, pytest.mark.timeout(900)]
UNITS = ("setda", "disdukcapil", "disdik")
WISH = {"purpose": "Dekat dengan keluarga tanpa mengurangi layanan", "expected_result": "Ketidakhadiran turun separuh"}


def member(region: Region, unit: str) -> tuple[str, str]:
    """Somebody on a post of that unit with one seat; login and person."""
    code = f"swap-{uuid.uuid4().hex[:8]}"
    post = {"agency": "palu", "unit": unit, "post": code, "title": "Penata Layanan", "kind": "staff", "seats": 1}
    region.post(region.system.admin, "registry", "/v1/posts", {**post, "retirement_age": 58})
    login = region.colleague(unit=unit, post=code)
    return login, str(region.get(login, "registry", "/v1/me")["id"])


def opened(region: Region, members: list[tuple[str, str]], also: dict[str, list[str]]) -> str:
    """A ring in this order, to which all agree, the last of whom makes it a case for each."""
    body = {**WISH, "people": [person for _, person in members]}

    def made() -> Any:
        answer = region.ask(members[0][0], "POST", "proposal", "/v1/groups", body)
        return answer.json()["id"] if answer.is_success else None

    group = str(region.until("the group", made))
    for login, person in members:
        said = {"reason": "Orang tua sakit", "consent": True, "also": also.get(person, [])}
        region.post(login, "proposal", f"/v1/groups/{group}/accept", said)
    return group


def placement(region: Region, login: str) -> dict[str, str]:
    """Where the registry says they sit."""
    found: dict[str, str] = region.get(login, "registry", "/v1/me")["profile"]["placement"]
    return found


def test_story_5_a_swap_of_three_of_which_one_comes_under_examination(region: Region) -> None:
    """q is examined after BKN's consent: no decree for any; p and r are told, exchange seats as two, and both move."""
    members = [member(region, unit) for unit in UNITS]
    (p, one), (q, two), (r, three) = members
    group = opened(region, members, {one: [three]})
    for number, ((login, _), unit) in enumerate(zip(members, UNITS, strict=True), 1):
        region.approve(login, f"{group}-{number}", tuple(CHAIN)[:5], unit)
    region.approve(p, f"{group}-1", ("ppk",))
    ready = region.until("p waits for the others", lambda: _step(region, p, group) == "ready")
    assert ready
    assert region.status(p, f"{group}-1", "submitted")["granted"]

    region.ask("palu-registrar", "PATCH", "registry", f"/v1/people/{two}", {"under_process": True}).raise_for_status()
    assert region.status(q, f"{group}-2", "refused")["codes"] == ["PROSES_DISIPLIN"]
    for number, login in ((1, p), (3, r)):
        assert region.status(login, f"{group}-{number}", "refused")["codes"] == ["MITRA_MUNDUR"]
        region.until("they are told", partial(_told, region, login, group))
    ended = region.get(p, "proposal", f"/v1/groups/{group}")
    assert (ended["status"], ended["alternatives"]) == ("ended", [{"people": [one, three], "vacancy": ""}])
    assert region.get(p, "approval", f"/v1/cases/{group}-1").get("decree") is None

    _exchanged(region, [members[0], members[2]], ("setda", "disdik"))


def _told(region: Region, login: str, group: str) -> bool:
    return "Tukar tempat Anda tidak dapat diteruskan" in region.mails(region.address(login), group)


def _step(region: Region, login: str, group: str) -> str:
    return str(region.get(login, "proposal", f"/v1/groups/{group}")["members"][0]["step"])


def _exchanged(region: Region, members: list[tuple[str, str]], units: tuple[str, ...]) -> None:
    """Two exchange their seats: one decree event, a paper each with the next number, both move on its day."""
    group = opened(region, members, {})
    before = [placement(region, login) for login, _ in members]
    for number, ((login, _), unit) in enumerate(zip(members, units, strict=True), 1):
        region.approve(login, f"{group}-{number}", unit=unit)
    papers = [region.decree(login, f"{group}-{number}") for number, (login, _) in enumerate(members, 1)]
    assert papers[1]["number"] == papers[0]["number"] + 1
    assert {paper["effective_on"] for paper in papers} == {papers[0]["effective_on"]}
    late = region.ask(members[0][0], "POST", "proposal", f"/v1/proposals/{group}-1/withdraw", {"reason": "ragu"})
    assert late.json()["code"] == "ALREADY_APPROVED"
    region.advance(papers[0]["effective_on"])
    for number, (login, _) in enumerate(members, 1):
        region.status(login, f"{group}-{number}", "completed")
    assert [placement(region, login) for login, _ in members] == before[::-1]
    done = region.until("the group is done", lambda: _status(region, members[0][0], group) == "completed")
    assert done


def _status(region: Region, login: str, group: str) -> str:
    return str(region.get(login, "proposal", f"/v1/groups/{group}")["status"])
