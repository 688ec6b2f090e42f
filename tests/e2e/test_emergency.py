"""Story 6 of the acceptance stories: 40 nurses after a disaster, each step through HTTP of running processes."""

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from hashlib import sha256
from typing import Any

import httpx
import pytest

from shared.kernel.calendar import Zone, add_months, indonesia
from tests.support.papers import pdf
from tests.support.region import CHAIN, Region
from tests.support.running import running_region
from tests.support.shelf import kept, swept

pytestmark = [pytest.mark.e2e, pytest.mark.wide, pytest.mark.timeout(1200)]
NURSES = 40
OWED = ("latest_decree", "no_findings_certificate")
RSUD, POSKO = "u:palu:rsud", "u:palu:posko"
SK, SP = pdf("SK pangkat terakhir"), pdf("Surat pernyataan")
DISASTER = {"number": "360/1202/BPBD-G.ST/2026", "issuer": "Gubernur Sulawesi Tengah"}


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Region]:
    """A system of its own: half a year passes here."""
    with running_region(tmp_path_factory.mktemp("disaster")) as running:
        _units(running)
        yield running


def _units(region: Region) -> None:
    """A hospital and a post of first aid, with seats for nurses."""
    for unit, name in (("rsud", "RSUD Undata"), ("posko", "Pos Kesehatan Talise")):
        about = {"agency": "palu", "unit": unit, "name": name, "kind": "health_centre"}
        region.post(region.system.admin, "registry", "/v1/units", about)
        post = {"agency": "palu", "unit": unit, "post": f"perawat-{unit}", "title": "Perawat Terampil", "seats": 60}
        region.post(region.system.admin, "registry", "/v1/posts", post | {"kind": "functional", "retirement_age": 58})


def _person(region: Region, login: str) -> str:
    return str(region.get(login, "registry", "/v1/me")["id"])


def _head(region: Region, unit: str, *offices: str) -> str:
    """Whoever holds these offices of the unit."""
    login = region.colleague(unit=unit, post=f"perawat-{unit}")
    held = {"agency": "palu", "unit": unit, "since": str(region.now().date())}
    for office in offices or ("unit_head",):
        path = f"/v1/people/{_person(region, login)}/offices"
        region.post(region.system.admin, "registry", path, {**held, "office": office})
    return login


def _letter(people: list[str], today: date) -> dict[str, Any]:
    return {
        "people": people,
        "agency": "palu",
        "unit": POSKO,
        "basis": {**DISASTER, "dated": str(today)},
        "ends_on": str(add_months(today, 6)),
        "purpose": "Layanan kesehatan darurat di hunian sementara",
        "expected_result": "Setiap pos kesehatan dijaga perawat sepanjang hari",
        "missing": list(OWED),
    }


def test_story_6_forty_nurses_work_the_same_day_and_their_papers_follow(region: Region) -> None:
    """Work begins, documents are owed in 30 working days, everybody returns after six months unless they move."""
    sending, receiving = _head(region, "rsud"), _head(region, "posko")
    nurses = [region.colleague(unit="rsud", post="perawat-rsud") for _ in range(NURSES)]
    people = [_person(region, login) for login in nurses]
    today = region.now().astimezone(Zone.WITA.info).date()
    wanted = _letter(people, today)
    known = region.until("they are known", partial(_refused_as, region, sending, wanted, "DISASTER_UNKNOWN"))
    assert known["where"] == "basis.number", "nobody is sent on a disaster that was not declared"
    declared = {"agency": "palu", "reference": "gempa-uji", "name": "Gempa bumi", "status": "emergency"}
    struck = {"decree": DISASTER["number"], "since": str(today), "units": ["posko"]}
    region.post("palu-registrar", "registry", "/v1/signals/disasters", {**declared, **struck})
    letter = _ordered(region, sending, wanted)
    found = region.get(nurses[0], "proposal", f"/v1/assignments/{letter}")
    assert (found["starts_on"], found["confirmed"], len(found["active"])) == (str(today), False, NURSES)
    assert [debt["document"] for debt in found["owed"]] == [*OWED] * NURSES
    due = indonesia(Zone.WITA, today).day_of(indonesia(Zone.WITA, today).deadline(region.now(), 30))
    assert found["due"].startswith(str(due)), "30 working days, at the end of the day in Palu"
    assert region.get(nurses[0], "registry", "/v1/me")["profile"]["placement"]["unit"] == RSUD, "the post stays (I2)"
    region.until("she is told", lambda: "Anda mendapat surat tugas sementara" in region.subjects(nurses[-1]))
    again = region.ask(receiving, "POST", "proposal", "/v1/assignments", _letter(people[:1], today))
    assert (again.status_code, again.json()["code"]) == (409, "ALREADY_ASSIGNED")

    _confirmed(region, letter, (sending, receiving))
    _papers(region, letter, sending, nurses)
    case = _converted(region, letter, receiving, nurses[0], people[0])
    _moved(region, letter, case, nurses[0], people[0])
    _overdue(region, letter, nurses, due)
    _returned(region, letter, nurses, people, add_months(today, 6))


def _refused_as(region: Region, head: str, letter: dict[str, Any], code: str) -> Any:
    """The refusal, once it is that one."""
    answer = region.ask(head, "POST", "proposal", "/v1/assignments", letter)
    return answer.json() if answer.is_error and answer.json()["code"] == code else None


def _ordered(region: Region, head: str, letter: dict[str, Any]) -> str:
    """As soon as the proposal service knows them all; one key, so that it is one letter."""
    key = uuid.uuid4().hex

    def made() -> Any:
        answer = region.ask(head, "POST", "proposal", "/v1/assignments", letter, key=key)
        return answer.json()["id"] if answer.is_success else None

    return str(region.until("the letter", made))


def _confirmed(region: Region, letter: str, heads: tuple[str, str]) -> None:
    """Both heads are asked at the same time; the authority once both agreed, after the fact."""
    for head in heads[::-1]:
        task = region.until("the task of a head", partial(_task, region, head, letter))
        region.post(head, "approval", f"/v1/tasks/{task}/decide", {"decision": "approve", "take": True})
    task = region.until("the task of the authority", partial(_task, region, CHAIN["ppk"], letter))
    region.post(CHAIN["ppk"], "approval", f"/v1/tasks/{task}/decide", {"decision": "approve", "take": True})
    region.until("it is confirmed", lambda: _shown(region, heads[0], letter)["confirmed"])


def _task(region: Region, login: str, letter: str) -> str | None:
    rows = region.get(login, "approval", "/v1/tasks")["items"]
    return next((row["task"] for row in rows if row["case"] == letter), None)


def _shown(region: Region, login: str, letter: str) -> Any:
    return region.get(login, "proposal", f"/v1/assignments/{letter}")


def _papers(region: Region, letter: str, head: str, nurses: list[str]) -> None:
    """One brings both, for another an office hands in an affidavit: the decree was lost. All are files in the store, of
    the kind that is owed."""
    path = f"/v1/assignments/{letter}/settle"
    paper: dict[str, object] = {"number": "823/11/2024", "dated": "2024-04-01", "kind": "paper", "n": 1}
    unstored = region.ask(nurses[0], "POST", "proposal", path, {**paper, "sha256": sha256(SK).hexdigest()})
    assert _code(unstored) == (422, "FILE_UNKNOWN"), "a hash without its file pays nothing"
    assert _code(_stored(region, nurses[0], letter, 3, SK)) == (403, "FORBIDDEN"), "that one is owed by somebody else"
    paper["sha256"] = _stored(region, nurses[0], letter, 1, SK).json()["sha256"]
    ahead = region.ask(nurses[0], "POST", "proposal", path, {**paper, "dated": "2999-01-01"})
    assert _code(ahead) == (422, "DOCUMENT_AHEAD")
    region.post(nurses[0], "proposal", path, paper)
    _stored(region, nurses[0], letter, 1, SP)
    swept(region)
    assert kept(region, f"{letter}.1") == [paper["sha256"]], "what paid it stays, what pays nothing goes"
    late = {"number": "700/3", "dated": str(region.now().date() - timedelta(days=1))}
    for who, n, kind, content in (
        (nurses[0], 2, "paper", SK), (head, 3, "affidavit", SP), (nurses[1], 4, "paper", SK),
    ):  # fmt: skip
        stored = _stored(region, who, letter, n, content).json()["sha256"]
        region.post(who, "proposal", path, {**late, "n": n, "kind": kind, "sha256": stored})
    assert len(_shown(region, head, letter)["owed"]) == (NURSES - 2) * len(OWED)
    assert _shown(region, head, letter)["settled"] == {"1": "paper", "2": "paper", "3": "affidavit", "4": "paper"}
    _looks(region, letter, head, nurses)


def _looks(region: Region, letter: str, head: str, nurses: list[str]) -> None:
    """Only those whom they concern open them; a look at a restricted one has a reason and is written down (R55)."""
    path, verifier = f"/v1/assignments/{letter}/debts", CHAIN["personnel_verifier"]
    for who, n, content in ((nurses[0], 1, SK), (head, 1, SK), (nurses[1], 3, SP)):
        assert region.ask(who, "GET", "proposal", f"{path}/{n}/file").content == content
    for who, n in ((nurses[1], 1), (nurses[2], 2), (head, 2)):
        assert _code(region.ask(who, "GET", "proposal", f"{path}/{n}/file")) == (403, "DOCUMENT_RESTRICTED")
    assert _code(region.ask(verifier, "GET", "proposal", f"{path}/2/file")) == (422, "REASON_NEEDED")
    assert region.ask(verifier, "GET", "proposal", f"{path}/2/file?reason=Verifikasi").content == SK
    (look,) = region.get(nurses[0], "proposal", f"{path}/2/views")["newest"]
    assert (look["by"], look["reason"]) == (_person(region, verifier), "Verifikasi")
    assert _code(region.ask(nurses[1], "GET", "proposal", f"{path}/2/views")) == (403, "FORBIDDEN")


def _stored(region: Region, login: str, letter: str, n: int, content: bytes) -> httpx.Response:
    url = f"{region.system.url('proposal')}/v1/assignments/{letter}/debts/{n}/files"
    headers = {**region.system.headers(login, uuid.uuid4().hex), "content-type": "application/octet-stream"}
    return region.http.post(url, content=content, headers=headers)


def _code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def _converted(region: Region, letter: str, head: str, nurse: str, person: str) -> str:
    """One is to stay: an ordinary case, of which she is told, about which they talk, and to which she agrees."""
    vacancy = region.vacancy(post="p:palu:perawat-posko")
    wish = {"person": person, "vacancy": vacancy, "reason": "Sudah mengenal warga"}
    wish |= {"benefit": "Tetap di dekat keluarga", "training": "Manajemen bencana"}
    ask = partial(
        region.ask, CHAIN["personnel_verifier"], "POST", "proposal", f"/v1/assignments/{letter}/convert", wish
    )
    region.until("the ordinary case", lambda: ask().is_success)
    case = str(_shown(region, head, letter)["cases"][person])
    path = f"/v1/proposals/{case}"
    region.until("she is told", partial(region.answers, nurse, "proposal", path))
    assert region.status(nurse, case, "announced")["voice"]["benefit"] == wish["benefit"]
    region.post(nurse, "proposal", f"{path}/talks", {"on": str(region.now().date()), "about": "Tugas tetap"})
    for who in (nurse, CHAIN["personnel_verifier"]):
        region.post(who, "proposal", f"{path}/talks/confirm", {"talk": 1})
    region.post(nurse, "proposal", f"{path}/agree")
    region.post(CHAIN["personnel_verifier"], "proposal", f"{path}/submit", {})
    return case


def _done(region: Region, login: str, service: str, path: str, body: object) -> bool:
    """As soon as that service knows the vacancy, or the office."""
    return region.ask(login, "POST", service, path, body).is_success


def _moved(region: Region, letter: str, case: str, nurse: str, person: str) -> None:
    """Approved and decreed like any move; on its day she is no longer assigned, because she is there for good."""
    superior = _head(region, "rsud", "direct_superior")
    other = _head(region, "rsud")
    for stage in CHAIN:
        task = region.turn(nurse, case, stage)["task"]["task"]
        official = {"direct_superior": superior, "unit_head": other}.get(stage, CHAIN[stage])
        body = {"decision": "approve", "take": True}
        decides = partial(_done, region, official, "approval", f"/v1/tasks/{task}/decide", body)
        region.until(f"{stage} decides", decides)
    region.advance(region.decree(nurse, case)["effective_on"])
    region.status(nurse, case, "completed")
    region.until("she is not assigned any more", lambda: _shown(region, nurse, letter)["ended"] == {person: "moved"})
    assert region.get(nurse, "registry", "/v1/me")["profile"]["placement"]["unit"] == POSKO


def _overdue(region: Region, letter: str, nurses: list[str], due: date) -> None:
    """Who still owes a paper was reminded and is told when the day has passed; who does not is left in peace."""
    region.advance(str(due + timedelta(days=1)))
    subject = "Dokumen surat tugas Anda belum lengkap"
    region.until("they are told", lambda: region.subjects(nurses[-1]).count(subject) == len(("before", "after")))
    assert subject not in region.subjects(nurses[1])
    assert len(_shown(region, nurses[-1], letter)["owed"]) == (NURSES - 2) * len(OWED), "nothing is waived in silence"


def _returned(region: Region, letter: str, nurses: list[str], people: list[str], ends: date) -> None:
    region.advance(str(ends + timedelta(days=1)))
    left = region.until("all are back", lambda: _all_back(region, letter, nurses[-1]))
    assert left == {people[0]: "moved", **dict.fromkeys(people[1:], "term")}
    region.until("she is told", lambda: "Penugasan sementara Anda berakhir" in region.subjects(nurses[-1]))
    assert region.get(nurses[-1], "registry", "/v1/me")["profile"]["placement"]["unit"] == RSUD


def _all_back(region: Region, letter: str, login: str) -> Any:
    found = _shown(region, login, letter)
    return found["ended"] if not found["active"] else None
