"""A file under way on paper comes in by an import and lives on: at its stage, with its dates, up to the decree."""

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from shared.kernel.calendar import Zone, indonesia
from tests.support.region import CHAIN, WISH, Region

pytest_plugins = ("tests.support.running",)
pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]
REGISTRAR = "palu-registrar"
COLUMNS = (
    *("agency", "number", "dated", "received_on", "nip", "vacancy", "stage", "since", "holder", "words"),
    *("initiative", "consent", "purpose", "expected_result", "reason"),
)


def nip(region: Region, login: str) -> str:
    """The number of an official or applicant."""
    return str(region.get(login, "registry", "/v1/me")["particulars"]["nip"])


def paper(region: Region, number: str, login: str, **more: str) -> dict[str, str]:
    """A paper file at the verifier's, who has had it for some days; the two before agreed."""
    today = region.now().astimezone(Zone.WITA.info).date()
    days = {"dated": today - timedelta(days=21), "received_on": today - timedelta(days=20)}
    words = {stage: nip(region, CHAIN[stage]) for stage in ("direct_superior", "unit_head")}
    said = "|".join(f"{stage}={today - timedelta(days=10)}/{by}" for stage, by in words.items())
    row = {"agency": "palu", "number": number, "nip": nip(region, login), "initiative": "own", "words": said}
    row |= {name: str(day) for name, day in days.items()} | {"stage": "personnel_verifier", "consent": "ya"}
    row |= {"since": str(today - timedelta(days=4)), "holder": nip(region, CHAIN["personnel_verifier"])}
    return row | {name: str(WISH[name]) for name in ("purpose", "expected_result", "reason")} | more


def imported(region: Region, *rows: dict[str, str]) -> dict[str, Any]:
    """The report of a file of such rows."""
    lines = [COLUMNS, *(tuple(row[name] for name in COLUMNS) for row in rows)]
    text = "\n".join(";".join(line) for line in lines)
    headers, url = region.system.headers(REGISTRAR), f"{region.system.url('registry')}/v1/imports/cases"
    answer = region.http.post(url, files={"file": ("berkas.csv", text.encode())}, headers=headers)
    assert answer.is_success, answer.text
    return dict(answer.json())


def adopted(region: Region, file: str, status: str) -> Any:
    """What became of the only paper file of an import, once it stands so."""

    def there() -> Any:
        (*_, found) = region.get(REGISTRAR, "proposal", f"/v1/adoptions/{file}")["items"] or [{"status": ""}]
        return found if found["status"] == status else None

    return region.until(f"{file} is {status}", there)


def taken_in(region: Region, row: dict[str, str], status: str = "submitted") -> tuple[str, str]:
    """The import of that one row, and the case that came of it once it stands so."""
    file = imported(region, row)["import"]
    return file, str(adopted(region, file, status)["id"])


def test_a_file_under_way_on_paper_goes_on_to_its_decree(region: Region) -> None:
    login, vacancy = region.colleague(), region.vacancy()
    reference = vacancy.rpartition(":")[2]
    row = paper(region, "800/901/BKPSDM/2026", login, vacancy=reference)
    report = imported(region, row)
    assert (report["taken"], report["findings"]) == (1, [])
    case = adopted(region, report["import"], "submitted")["id"]

    waits = region.turn(login, case, "personnel_verifier")
    since = date.fromisoformat(row["since"])
    began = datetime.fromisoformat(waits["task"]["since"]).astimezone(Zone.WITA.info)
    assert began.date() == since
    due = indonesia(Zone.WITA, since).deadline(began, 5)
    assert datetime.fromisoformat(waits["task"]["due"]) == due
    assert waits["paper"]["number"] == row["number"]
    assert [done["code"] for done in waits["decisions"]] == ["ON_PAPER", "ON_PAPER"]
    me = region.get(CHAIN["personnel_verifier"], "registry", "/v1/me")["id"]
    region.until(
        "the verifier has it on the desk",
        lambda: region.get(login, "approval", f"/v1/cases/{case}")["task"]["claimed_by"] == me,
    )
    mail = "Berkas mutasi Anda dilanjutkan secara elektronik"
    region.until("the person is told", lambda: mail in region.mails(f"{login}@palu.example", row["number"]))

    region.approve(login, case, ("personnel_verifier", "performance_team", "bkn_liaison", "ppk"))
    decree = region.decree(login, case)
    assert decree["consideration"] == "bkn_liaison"
    found = region.get(login, "proposal", f"/v1/proposals/{case}")
    assert (found["paper"]["number"], found["paper"]["received_on"]) == (row["number"], row["received_on"])
    path = f"/v1/imports/{report['import']}/reverse"
    answer = region.ask(REGISTRAR, "POST", "registry", path, {"reason": "x"})
    assert (answer.status_code, answer.json()["code"]) == (409, "FILE_DECIDED")


def test_it_is_taken_back_while_nothing_was_decided_and_comes_in_again(region: Region) -> None:
    login, vacancy = region.colleague(), region.vacancy()
    reference = vacancy.rpartition(":")[2]
    row = paper(region, "800/902/BKPSDM/2026", login, vacancy=reference, stage="unit_head", words="", holder="")
    file = imported(region, row)["import"]
    first = adopted(region, file, "submitted")["id"]
    region.turn(login, first, "unit_head")
    second = imported(region, row | {"number": "800/903/BKPSDM/2026"})["import"]
    assert adopted(region, second, "refused")["codes"] == ["PERKARA_TERBUKA"]

    region.post(REGISTRAR, "registry", f"/v1/imports/{file}/reverse", {"reason": "berkas tertukar"})
    region.status(login, first, "withdrawn")
    region.until(
        "no task stays behind",
        lambda: region.get(login, "approval", f"/v1/cases/{first}")["status"] == "closed",
    )
    assert imported(region, row)["import"] == file
    region.until("it is another case", lambda: adopted(region, file, "submitted")["id"] != first)


@pytest.mark.wide
def test_the_audit_is_whole_with_files_from_paper(region: Region) -> None:
    """One became a decree, one is refused because its person has that case, one was taken back, one is open."""
    vacancy = region.vacancy(quota=3)
    reference, login, back, waits = vacancy.rpartition(":")[2], *(region.colleague() for _ in range(3))
    _, decreed = taken_in(region, paper(region, "800/911", login, vacancy=reference))
    taken_in(region, paper(region, "800/912", login, vacancy=reference), "refused")
    region.approve(login, decreed, ("personnel_verifier", "performance_team", "bkn_liaison", "ppk"))
    region.decree(login, decreed)
    file, taken = taken_in(region, paper(region, "800/913", back, vacancy=reference))
    region.post(REGISTRAR, "registry", f"/v1/imports/{file}/reverse", {"reason": "berkas tertukar"})
    region.status(back, taken, "withdrawn")
    _, waiting = taken_in(region, paper(region, "800/914", waits, vacancy=reference))
    region.turn(waits, waiting, "personnel_verifier")
    said: list[str] = []

    def whole() -> dict[str, Any] | None:
        """What `mutasi audit verify` says, once nothing is under way."""
        done = region.mutasi(region.system.admin, "audit", "verify")
        said.append(done.stdout + done.stderr)
        return json.loads(done.stdout) if done.returncode == 0 else None

    try:
        found = region.until("the audit is whole", whole, patience=300)  # each look at a busy machine takes a minute
    except AssertionError as late:
        raise AssertionError(f"{late}: {said[-1]}") from None
    assert {one["id"] for one in found["invariants"]} == {f"I{n}" for n in range(1, 13)}
    assert all(one["checked"] for one in found["invariants"] if one["id"] in {"I3", "I4", "I7", "I9", "I10"})
