"""A vacancy that people applied for is amended, closed, cancelled: by file and by command, and each of them is told."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.region import WISH, Region

pytest_plugins = ("tests.support.running",)
pytestmark = [pytest.mark.e2e, pytest.mark.wide, pytest.mark.timeout(840)]
REGISTRAR, DECIDED = "palu-registrar", "Keputusan atas usulan mutasi Anda"


def with_a_seat(region: Region, login: str, vacancy: str) -> str:
    """The case of a colleague, once it has a seat of the vacancy."""
    case = region.apply(login, vacancy)
    region.until(f"{case} has a seat", lambda: region.get(login, "proposal", f"/v1/proposals/{case}")["reserved"])
    return case


def changed(region: Region, file: Path, vacancy: str, act: str, **more: object) -> None:
    """By a file of one row, sent by the command."""
    row = {"agency": "palu", "reference": vacancy.rpartition(":")[2], "act": act, "reason": "Anggaran berubah", **more}
    file.write_text(json.dumps([row]))
    done = region.mutasi(REGISTRAR, "import", "vacancy-changes", str(file))
    assert (done.returncode, json.loads(done.stdout)["taken"]) == (0, 1), done.stdout + done.stderr


def ended(region: Region, login: str, case: str, code: str) -> None:
    """The case was refused with this code, and its person told."""
    assert region.status(login, case, "refused")["codes"] == [code]
    address = f"{login}@palu.example"
    region.until(f"the mail to {login}", lambda: DECIDED in region.mails(address, case))


def test_what_becomes_of_those_who_applied(region: Region, tmp_path: Path) -> None:
    vacancy, first, second = region.vacancy(quota=2), region.colleague(), region.colleague()
    stays, goes = with_a_seat(region, first, vacancy), with_a_seat(region, second, vacancy)
    day = str(region.now().date() + timedelta(days=60))
    changed(region, tmp_path / "amend.json", vacancy, "amend", quota="1", closes_on=day)
    ended(region, second, goes, "QUOTA_REDUCED")
    shown = region.get(first, "registry", f"/v1/vacancies/{vacancy}")
    assert (shown["quota"], shown["closes_on"], shown["open"]) == (1, day, True)

    changed(region, tmp_path / "close.json", vacancy, "close")
    region.turn(first, stays, "direct_superior")

    def too_late() -> bool:
        answer = region.ask(second, "POST", "proposal", "/v1/proposals", {**WISH, "vacancy": vacancy})
        return answer.is_error and answer.json()["code"] == "VACANCY_CLOSED"

    region.until("nobody else applies", too_late)
    assert region.get(first, "proposal", f"/v1/proposals/{stays}")["reserved"]


def test_a_vacancy_that_is_taken_back_ends_its_cases(region: Region) -> None:
    vacancy, login = region.vacancy(), region.colleague()
    case = with_a_seat(region, login, vacancy)
    done = region.mutasi(REGISTRAR, "vacancy", "cancel", vacancy, "--reason", "Anggaran berubah")
    assert done.returncode == 0, done.stdout + done.stderr
    ended(region, login, case, "VACANCY_CANCELLED")
