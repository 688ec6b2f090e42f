"""What silence means, on running processes whose clock is set on: a term that counts as a yes where the chain cites why
(R15), and one that only escalates."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.support.region import Region
from tests.support.running import running_region

pytestmark = [pytest.mark.e2e, pytest.mark.wide, pytest.mark.timeout(900)]
CHAINS = Path(__file__).parents[1] / "support" / "chains" / "silent"
VERIFIER, PPK, LIAISON = "palu-personnel-verifier", "palu-ppk", "palu-bkn-liaison"
LATE = "Tugas persetujuan mutasi sudah lewat tenggat"


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Region]:
    """A system of its own: its chain takes the silence of BKN, whose system has not decided yet, for a yes."""
    with running_region(tmp_path_factory.mktemp("silent"), env={"MUTASI_CHAINS": str(CHAINS)}) as running:
        running.bkn.moods = ["late"] * 10_000
        yield running


def pass_by(region: Region, due: str) -> None:
    """The clock of all services goes on to the day after that moment."""
    region.advance(str((datetime.fromisoformat(due) + timedelta(days=1)).date()))


def test_silence_counts_as_a_yes_where_the_chain_cites_why_and_else_escalates(region: Region) -> None:
    """Nobody says a word: the letter says that it is deemed given, since when, on which rule; the next stage only
    becomes overdue, its office and the superior one are told, and whoever holds it decides late."""
    login = region.colleague()
    case = region.apply(login, region.vacancy())
    asked = region.turn(login, case, "bkn_liaison")["task"]
    pass_by(region, asked["due"])

    task = region.turn(login, case, "ppk")["task"]
    (deemed,) = region.get(login, "approval", f"/v1/cases/{case}")["decisions"]
    last_day = str(datetime.fromisoformat(asked["due"]).astimezone(ZoneInfo("Asia/Makassar")).date())
    assert (deemed["by"], deemed["code"], deemed["decision"]) == ("", "DEEMED", "approve")
    assert deemed["rule"] == "Statement of the Head of BKN 2025 (R15)"
    letter = {name: deemed["letter"][name] for name in ("source", "number", "dated", "issuer")}
    assert letter == {"source": "deemed", "number": "", "dated": last_day, "issuer": "bkn"}
    late = region.ask(LIAISON, "POST", "approval", f"/v1/tasks/{asked['task']}/claim")
    assert (late.status_code, late.json()["code"]) == (409, "TASK_OVER"), "what comes later changes nothing (E19)"

    pass_by(region, task["due"])
    region.until("it is overdue", partial(overdue, region, login, case))
    for told in (PPK, VERIFIER):
        region.until(f"{told} is told", partial(mailed, region, told, case))
    region.decide(login, case, "ppk")
    assert region.decree(login, case)["number_text"]


def mailed(region: Region, login: str, case: str) -> bool:
    """They got the mail about it."""
    return LATE in region.mails(region.address(login), case)


def overdue(region: Region, login: str, case: str) -> Any:
    """The task waits still, and nobody decided for its holder."""
    task = region.get(login, "approval", f"/v1/cases/{case}")["task"]
    return task["stage"] == "ppk" and task["overdue"]
