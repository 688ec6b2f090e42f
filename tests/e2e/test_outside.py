"""E19 on running processes: BKN's own system answers late, twice, out of order, wrongly; what the case shows of it."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from tests.e2e.sigi import AFTER, BEFORE, CHAIN, decide, doctor, vacancy, with_sigi
from tests.support.authority import Mood
from tests.support.region import Region

pytest_plugins = ("tests.support.running",)
pytestmark = [pytest.mark.e2e, pytest.mark.wide, pytest.mark.timeout(900)]
CLERK = CHAIN["bkn"]
NUMBERS: Iterator[int] = count(1)
HELD: tuple[Mood, ...] = ("held",) * 9
"""It may be asked again while the test goes on, and is held every time."""
UNUSABLE: dict[Mood, str] = {
    "nonsense": "LETTER_UNREADABLE",
    "wrong issuer": "AUTHORITY_WRONG",
    "older": "LETTER_DATE",
    "denies": "AUTHORITY_DENIED_US",
}


@pytest.fixture(scope="module")
def sigi(region: Region) -> Region:
    """The region with Kabupaten Sigi."""
    return with_sigi(region)


def asked_to_bkn(region: Region, *moods: Mood) -> tuple[str, str]:
    """A doctor of Sigi asks for a post in Surakarta, and the file has come to BKN, whose system answers like that: who
    and the case."""
    login = doctor(region, next(NUMBERS))
    case = region.draft(login, vacancy(region))
    region.bkn.of_task[f"{case}.1.6"] = list(moods)
    region.post(login, "proposal", f"/v1/proposals/{case}/submit", {})
    through(region, login, case, BEFORE)
    return login, case


def through(region: Region, login: str, case: str, stages: dict[str, str]) -> None:
    """Everybody of these stages approves."""
    for stage in stages:
        answer = decide(region, login, case, stage)
        assert answer.is_success, (stage, answer.text)


def consideration(region: Region, login: str, case: str) -> tuple[str, str]:
    """BKN's letter on record once the Minister has his turn: its number, and where it came from."""
    found = region.turn(login, case, "home_affairs")["decisions"]
    (letter,) = [one["letter"] for one in found if one["stage"] == "bkn"]
    return letter["number"], letter["source"]


def unusable(region: Region, login: str, case: str, attempt: int, code: str) -> None:
    """The task of that attempt waits for the clerk still, and says why the system's answer was of no use."""

    def there() -> Any:
        task = region.turn(login, case, "bkn")["task"]
        return task if (task["task"], task["unusable"]) == (f"{case}.{attempt}.6", code) else None

    region.until(f"{code} is shown", there)


def test_e19_late(sigi: Region) -> None:
    """Not decided yet, busy, decided but the answer is lost: it is asked again for the same request until a letter
    arrives. That one counts, and what the clerk brings after it does not."""
    login, case = asked_to_bkn(sigi, "late", "busy", "lost")
    task = f"{case}.1.6"
    arrived = consideration(sigi, login, case)
    assert {asked["task"] for asked in sigi.bkn.about(case)} == {task}
    lost, sent = sigi.bkn.numbers(task)
    assert lost != sent
    assert arrived == (sent, "sent")
    after = sigi.ask(CLERK, "POST", "approval", f"/v1/tasks/{task}/claim")
    assert (after.status_code, after.json()["code"]) == (409, "TASK_OVER")
    assert consideration(sigi, login, case) == arrived


def test_e19_twice(sigi: Region) -> None:
    """The letter comes by post, and then by the system with another number: the first one counts, up to the decree."""
    sigi.bkn.freed.clear()
    login, case = asked_to_bkn(sigi, *HELD)
    task = f"{case}.1.6"
    sigi.until("BKN was asked", lambda: sigi.bkn.about(case))
    assert decide(sigi, login, case, "bkn").is_success
    sigi.bkn.freed.set()
    sigi.until("BKN answered", lambda: sigi.bkn.numbers(task))
    assert consideration(sigi, login, case) == ("800/bkn", "entered")
    through(sigi, login, case, AFTER)
    letters = {one["kind"]: one for one in sigi.decree(login, case)["letters"]}
    assert (letters["consideration"]["number"], letters["consideration"]["source"]) == ("800/bkn", "entered")
    assert sigi.bkn.numbers(task) != ["800/bkn"]


def test_e19_out_of_order(sigi: Region) -> None:
    """The clerk sends the file back and it comes again: BKN's word on the first request does not answer the second."""
    sigi.bkn.freed.clear()
    login, case = asked_to_bkn(sigi, *HELD)
    sigi.bkn.of_task[f"{case}.2.6"] = ["the one before"]
    sigi.until("BKN was asked", lambda: sigi.bkn.about(case))
    back = {"decision": "return", "take": True, "code": "BERKAS_TIDAK_LENGKAP", "reason": "SKP belum ada"}
    sigi.post(CLERK, "approval", f"/v1/tasks/{case}.1.6/decide", back)
    sigi.status(login, case, "returned")
    sigi.post(login, "proposal", f"/v1/proposals/{case}/submit", {})
    through(sigi, login, case, BEFORE)
    sigi.bkn.freed.set()
    sigi.until("BKN answered the first", lambda: sigi.bkn.numbers(f"{case}.1.6"))
    unusable(sigi, login, case, 2, "LETTER_OF_ANOTHER")
    assert decide(sigi, login, case, "bkn").is_success
    assert consideration(sigi, login, case) == ("800/bkn", "entered")


@pytest.mark.parametrize("mood", UNUSABLE)
def test_e19_wrongly(sigi: Region, mood: Mood) -> None:
    """What cannot be used is said with its code; it is not asked again, and the clerk enters the letter."""
    login, case = asked_to_bkn(sigi, mood)
    unusable(sigi, login, case, 1, UNUSABLE[mood])
    assert decide(sigi, login, case, "bkn").is_success
    assert consideration(sigi, login, case) == ("800/bkn", "entered")
    assert len(sigi.bkn.about(case)) == 1


def test_e19_a_refusal_through_the_system_ends_the_case_and_is_told(sigi: Region) -> None:
    login, case = asked_to_bkn(sigi, "refuses")
    found = sigi.status(login, case, "refused")
    assert (found["stage"], found["codes"], found["reason"]) == (
        "approval",
        ["PERTEK_DITOLAK"],
        "formasi belum disetujui",
    )
    sigi.until(f"{login} is told", lambda: sigi.mails(f"{login}@sigi.example", case))
