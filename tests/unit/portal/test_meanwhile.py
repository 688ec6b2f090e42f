"""Somebody was quicker: each page whose command is refused over it says who did what since it was made."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.portal.consumers import routes
from services.portal.domain.told import CHANGES
from services.portal.remote import Answer
from services.portal.words import Words, tables
from shared.contracts.approval import DecreeRevoked, TaskClaimed
from shared.contracts.contest import ContestDecided
from shared.contracts.documents import DocumentChecked
from shared.contracts.people import PersonParticulars
from shared.contracts.registry import AgencyRegistered, VacancyAmended, VacancyClosed
from shared.kernel.decider import Actor, Office
from tests.unit.portal.test_standing import ISSUED
from tests.unit.portal.test_story import CONTENT, DRAFTED
from tests.unit.portal.visited import NOW, Visited

OLD, SEEN, NEW = NOW - timedelta(hours=2), NOW - timedelta(hours=1), NOW - timedelta(minutes=5)
OFFICER = Actor(login="wati", person="wati", offices=(Office(office="ppk", agency="palu", since=date(2020, 1, 1)),))
ELSEWHERE = Office(office="ppk", agency="donggala", since=date(2020, 1, 1))
CONFLICT = {"code": "WRONG_STATE", "detail": "Sudah.", "errors": []}
AT = "23 November 2026 pukul 09.55.00 WIB"


def desk(actor: Actor = OFFICER) -> Visited:
    """A case of Budi, told some hours ago, and Rina, who is quicker than the user."""
    visited = Visited(actor)
    visited.shelf.hear(AgencyRegistered(agency="palu", name="Palu", kind="city", province="72", zone="WIB"), OLD)
    for id in ("Rina", "Budi"):
        visited.shelf.hear(PersonParticulars(person=f"p-{id.lower()}", name=id, nip="1", version=1), OLD)
    content = CONTENT.model_copy(update={"person": "p-budi"})
    visited.shelf.hear(DRAFTED.model_copy(update={"content": content, "by": "p-budi"}), OLD)
    return visited


def claimed(visited: Visited) -> None:
    """Rina takes the task of the case on."""
    visited.shelf.hear(TaskClaimed(case="c1", task="c1.1.1", by="p-rina"), NEW, "p-rina")


async def bulk(visited: Visited, **row: Any) -> str:
    """The page after several were approved, one of which was this."""
    told = {"task": "c1.1.1", "ok": False, "status": 409, "code": "CLAIMED_BY_ANOTHER", "detail": "Diambil.", **row}
    visited.answers["POST /v1/tasks/bulk"] = Answer(200, {"items": [told]})
    fields = {"pilih-c1.1.1": "1", "key": "k", "seen": SEEN.isoformat()}
    return (await visited.request("POST", "/tugas/banyak", **fields)).text


async def test_of_each_task_that_somebody_else_has_now_the_bulk_page_says_who_did_what() -> None:
    visited = desk()
    claimed(visited)
    visited.answers["GET /v1/cases/c1"] = Answer(200, {})
    page = await bulk(visited)
    assert f"<li>{AT}. Rina: Tugas diambil pejabat</li>" in page
    assert page.split("<table>")[1].split("</table>")[0].count("<li>") == 1, "what was there before is no news"


@pytest.mark.parametrize(
    ("row", "answer"),
    [
        ({}, Answer(403, {"code": "FORBIDDEN", "detail": "-"})),  # a task of a case that is none of their business
        ({"status": 403, "code": "OFFICE_NEEDED"}, Answer(200, {})),  # nobody was quicker
        ({"ok": True, "status": 200, "code": ""}, Answer(200, {})),
    ],
)
async def test_nothing_is_told_of_a_case_of_others_nor_where_nobody_was_quicker(
    row: dict[str, Any], answer: Answer
) -> None:
    visited = desk()
    claimed(visited)
    visited.answers |= {"GET /v1/cases/c1": answer, "GET /v1/proposals/c1": answer}
    assert "Rina" not in await bulk(visited, **row)


def checked(visited: Visited) -> None:
    """Rina rejects a document."""
    verdict = DocumentChecked(
        case="c1", person="p-budi", document=1, kind="latest_decree", by="p-rina", accepted=False, reason="kabur"
    )
    visited.shelf.hear(verdict, NEW, "p-rina")


async def test_a_verdict_on_a_document_that_was_checked_meanwhile_says_by_whom() -> None:
    visited = desk()
    checked(visited)
    visited.answers |= {
        "GET /v1/cases/c1": Answer(200, {}),
        "GET /v1/proposals/c1/documents": Answer(200, {"items": [], "checklist": [], "enforced": False}),
        "POST /v1/proposals/c1/documents/1/check": Answer(409, CONFLICT),
    }
    fields = {"verdict": "accept", "key": "k", "seen": SEEN.isoformat()}
    page = (await visited.request("POST", "/perkara/c1/berkas/1/periksa", **fields)).text
    kind = Words("id").document("latest_decree")
    assert f"<li>{AT}. Rina: {kind}: ditolak verifikator</li>" in page
    assert "kabur" not in page, "not everybody reads what is said of a restricted document"
    (sent,) = (body for path, body, _ in visited.asked if path.startswith("POST"))
    assert sent["before"] == ""


async def test_the_person_reads_what_became_of_their_request_and_no_names() -> None:
    visited = desk(Actor(login="budi", person="p-budi"))
    decided = ContestDecided(
        case="c1", person="p-budi", attempt=1, decision="uphold", by="p-rina", office="ppk", reason="tetap"
    )
    visited.shelf.hear(decided, NEW, "p-rina")
    visited.answers["POST /v1/proposals/c1/contest"] = Answer(409, CONFLICT)
    reply = await visited.request("POST", "/perkara/c1/tinjau", reason="keliru", seen=SEEN.isoformat())
    line = Words("id").name("events", ContestDecided.TYPE).partition("{")[0]
    assert reply.status_code == 409
    assert f"<li>{AT}. {line}" in reply.text
    assert "Rina" not in reply.text


async def test_who_objects_on_an_old_page_reads_what_became_of_the_decree() -> None:
    visited = desk(Actor(login="budi", person="p-budi"))
    visited.shelf.hear(ISSUED.model_copy(update={"case": "c1"}), OLD)
    revoked = DecreeRevoked(case="c1", decree=ISSUED.decree, code="MOVE_REFUSED", by="p-rina")
    visited.shelf.hear(revoked, NEW, "p-rina")
    visited.answers[f"POST /v1/decrees/{ISSUED.decree}/objection"] = Answer(409, CONFLICT)
    page = (await visited.request("POST", "/perkara/c1/keberatan", grounds="g", seen=SEEN.isoformat())).text
    assert f"<li>{AT}. {Words('id').name('events', DecreeRevoked.TYPE)}</li>" in page
    assert "Rina" not in page


async def test_who_answers_a_request_second_reads_who_answered_it() -> None:
    visited = desk()
    decided = ContestDecided(
        case="c1", person="p-budi", attempt=1, decision="uphold", by="p-rina", office="ppk", reason="tetap"
    )
    visited.shelf.hear(decided, NEW, "p-rina")
    visited.answers |= {
        "GET /v1/cases/c1": Answer(200, {}),
        "GET /v1/contests": Answer(200, {"items": []}),
        "POST /v1/proposals/c1/contest/decide": Answer(409, CONFLICT),
    }
    page = (await visited.request("POST", "/peninjauan/c1", decision="uphold", reason="r", seen=SEEN.isoformat())).text
    assert f"{AT}. Rina: " in page


OFFER = {
    "id": "v1", "version": 7, "post_title": "Analis", "placement": {"agency": "palu", "unit": "u", "post": "p"},
    "open": True, "cause": "", "closes_on": "2026-12-31", "quota": 2, "filled": 0, "purpose": "t", "zone": "WIB",
    "mode": "first_come",
}  # fmt: skip


def vacancy(actor: Actor = OFFICER) -> Visited:
    """The page of a vacancy at the agency's desk."""
    visited = desk(actor)
    visited.answers |= {
        "GET /v1/vacancies/v1": Answer(200, OFFER),
        "GET /v1/vacancies/v1/evaluations": Answer(200, {"items": [], "next": ""}),
        "POST /v1/vacancies/v1/amend": Answer(412, {**CONFLICT, "code": "PRECONDITION_FAILED"}),
    }
    return visited


async def test_a_vacancy_is_changed_only_as_it_was_shown_and_who_was_quicker_is_named() -> None:
    visited = vacancy()
    about = {"vacancy": "v1", "placement": CONTENT.target, "mode": "first_come", "purpose": "t"}
    amended = VacancyAmended.model_validate({**about, "quota": 3, "closes_on": "2026-12-30", "reason": "formasi baru"})
    visited.shelf.hear(amended, NEW, "p-rina")
    fields = {"reason": "r", "quota": "4", "closes_on": "2026-12-31", "version": "6", "seen": SEEN.isoformat()}
    reply = await visited.request("POST", "/instansi/lowongan/v1/ubah", **fields)
    line = f"{AT}. Rina: Lowongan diubah: 3 kursi, ditutup 30 Desember 2026: formasi baru"
    assert (reply.status_code, f"<li>{line}</li>" in reply.text) == (412, True)
    assert [version for path, _, version in visited.asked if path.startswith("POST")] == ["6"]
    assert 'name="version" value="7"' in reply.text, "after that it may be said once more"
    assert 'value="4"' in reply.text, "what was typed is kept"


@pytest.mark.parametrize(("actor", "who"), [("pengelola", "pengelola: "), ("", "")])
async def test_an_administrator_without_a_person_is_named_by_login_and_the_clock_by_nothing(
    actor: str, who: str
) -> None:
    visited = vacancy()
    visited.shelf.hear(VacancyClosed(vacancy="v1", cause="date"), NEW, actor)
    fields = {"reason": "r", "quota": "4", "version": "6", "seen": SEEN.isoformat()}
    page = (await visited.request("POST", "/instansi/lowongan/v1/ubah", "en", **fields)).text
    assert f". {who}The vacancy was closed</li>" in page


async def test_who_holds_no_office_of_the_agency_reads_no_history_of_its_vacancy() -> None:
    for actor in (Actor(login="budi", person="p-budi"), OFFICER.model_copy(update={"offices": (ELSEWHERE,)})):
        visited = vacancy(actor)
        visited.shelf.hear(VacancyClosed(vacancy="v1", cause="cancelled", reason="rahasia"), NEW, "p-rina")
        fields = {"reason": "r", "quota": "4", "version": "6", "seen": SEEN.isoformat()}
        reply = await visited.request("POST", "/instansi/lowongan/v1/ubah", **fields)
        assert (reply.status_code, "Rina" in reply.text, "rahasia" in reply.text) == (412, False, False)


def test_each_change_is_listened_to_and_has_words_in_both_languages() -> None:
    assert {event.TYPE for event in CHANGES} == set(tables()["changes"])
    assert set(tables()["changes"]) <= set(routes.by_type)
