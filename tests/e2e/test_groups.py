"""Story 5 of the acceptance stories: a swap of three, each step through HTTP of running processes."""

import uuid
from functools import partial
from typing import Any

import pytest

from shared.kernel.calendar import Zone
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


# -- between agencies --------------------------------------------------------------------------------------------------

REGENCIES = ("palu", "donggala", "parigi")
STAGES = {
    "receiving_verifier": "personnel_verifier",
    "receiving_ppk": "ppk",
    "unit_head": "unit_head",
    "personnel_verifier": "personnel_verifier",
    "origin_ppk": "ppk",
    "governor": "external_liaison",
    "appointment": "ppk",
}
"""Chain K2 without BKN, whose own system answers: stage -> office."""
Officials = dict[tuple[str, str], str]


@pytest.fixture(scope="module")
def officials(region: Region) -> Officials:
    """Two more regencies of Palu's province, with a unit and a post in each; agency and office -> login."""
    found = {("palu", office): CHAIN[office] for office in ("personnel_verifier", "ppk")}
    found["palu", "external_liaison"] = CHAIN["bkn_liaison"]
    admin, since = region.system.admin, str(region.now().date())
    for agency in REGENCIES:
        if agency != "palu":
            about = {"agency": agency, "name": f"Kabupaten {agency}", "kind": "regency", "zone": "WITA"}
            region.post(admin, "registry", "/v1/agencies", about | {"province": "Sulawesi Tengah"})
        unit = {"agency": agency, "unit": "uji-dinas", "name": "Dinas Uji", "kind": "office"}
        region.post(admin, "registry", "/v1/units", unit)
        post = {"agency": agency, "unit": "uji-dinas", "title": "Penata", "kind": "staff", "retirement_age": 58}
        for code, seats in (("uji-pejabat", 9), ("uji-tukar", 1)):
            region.post(admin, "registry", "/v1/posts", {**post, "post": code, "seats": seats})
        for office in set(STAGES.values()) | {"unit_head"}:
            if (agency, office) not in found:
                found[agency, office] = region.colleague(by=admin, agency=agency, unit="uji-dinas", post="uji-pejabat")
                held = {"office": office, "agency": agency, "since": since}
                held |= {"unit": "uji-dinas"} if office == "unit_head" else {}
                person = region.get(found[agency, office], "registry", "/v1/me")["id"]
                region.post(admin, "registry", f"/v1/people/{person}/offices", held)
    return found


def _decide(region: Region, officials: Officials, login: str, case: str, stage: str) -> None:
    """The official of that stage, of the agency left or joined, with the letter where one is asked for."""
    seen = region.turn(login, case, stage)
    planned = next(one for one in seen["plan"] if one["id"] == stage)
    dated = str(region.now().astimezone(Zone.WIB.info).date())
    letter = {"number": f"800/{case}/{stage}", "dated": dated, "sha256": "a" * 64, "issuer": planned["issuer"]}
    body = {"decision": "approve", "take": True, "letter": letter if planned["letter"] else None}
    official, path = officials[planned["agency"], planned["office"]], f"/v1/tasks/{seen['task']['task']}/decide"
    region.until(f"{stage} decides", lambda: region.ask(official, "POST", "approval", path, body).is_success)


def test_story_5_three_regencies_of_one_province(region: Region, officials: Officials) -> None:
    """The same between agencies: each goes the way of K2, and the two who are left have one joint decree."""
    members = [_sits(region, agency) for agency in REGENCIES]
    (p, one), (q, two), (r, three) = members
    group = opened(region, members, {one: [three]})
    for number, (login, _) in enumerate(members, 1):
        case = f"{group}-{number}"
        for stage in tuple(STAGES)[:5]:
            _decide(region, officials, login, case, stage)
        region.turn(login, case, "governor")
        assert region.status(login, case, "submitted")["content"]["move"] == "intra_province"
    change = region.ask(region.system.admin, "PATCH", "registry", f"/v1/people/{two}", {"under_process": True})
    change.raise_for_status()
    assert region.status(q, f"{group}-2", "refused")["codes"] == ["PROSES_DISIPLIN"]
    for number, login in ((1, p), (3, r)):
        assert region.status(login, f"{group}-{number}", "refused")["codes"] == ["MITRA_MUNDUR"]
        region.until("they are told", partial(_told, region, login, group))
    ended = region.get(p, "proposal", f"/v1/groups/{group}")
    assert ended["alternatives"] == [{"people": [one, three], "vacancy": ""}]

    two_left = [members[0], members[2]]
    again = opened(region, two_left, {})
    for number, (login, _) in enumerate(two_left, 1):
        for stage in STAGES:
            _decide(region, officials, login, f"{again}-{number}", stage)
    papers = [region.decree(login, f"{again}-{number}") for number, (login, _) in enumerate(two_left, 1)]
    assert [(paper["agency"], paper["move"]) for paper in papers] == [(papers[0]["agency"], "intra_province")] * 2
    assert papers[1]["number"] == papers[0]["number"] + 1
    assert [letter["issuer"] for letter in papers[0]["letters"]][-1] == "governor:Sulawesi Tengah"
    region.advance(papers[0]["effective_on"])
    for number, (login, _) in enumerate(two_left, 1):
        region.status(login, f"{again}-{number}", "completed")
    assert [placement(region, login)["agency"] for login, _ in two_left] == ["parigi", "palu"]


def _sits(region: Region, agency: str) -> tuple[str, str]:
    """Somebody on the post with one seat."""
    login = region.colleague(by=region.system.admin, agency=agency, unit="uji-dinas", post="uji-tukar")
    return login, str(region.get(login, "registry", "/v1/me")["id"])
