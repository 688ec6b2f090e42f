"""R57 on the clock of running processes: the list of holidays is changed while terms run. Days that became free move an
open term on; a day that became a working day takes nothing from it, and a term that passed stays passed."""

import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from tests.support.region import Region
from tests.support.running import running_region
from tests.support.system import ROOT

pytestmark = [pytest.mark.e2e, pytest.mark.wide, pytest.mark.timeout(900)]
LIST = "shared/kernel/data/working_days.yaml"


@pytest.fixture(scope="module")
def code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the shared packages, so that its list of holidays can be changed as an official would."""
    folder = tmp_path_factory.mktemp("code")
    shutil.copytree(ROOT / "shared", folder / "shared", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory, code: Path) -> Iterator[Region]:
    """A system of its own: three weeks pass here."""
    with running_region(tmp_path_factory.mktemp("holidays"), code=code) as running:
        yield running


def amended(region: Region, code: Path, announced: str, kind: str, *days: str) -> None:
    """A decree of that day changes the list: the file is edited, and approval is started anew."""
    said = yaml.safe_load((code / LIST).read_text("utf-8"))
    about = {"kind": kind, "announced": date.fromisoformat(announced), "citation": "invented", "certainty": "C"}
    said["overrides"] += [{"day": date.fromisoformat(day), **about} for day in days]
    (code / LIST).write_text(yaml.safe_dump(said), "utf-8")
    server = region.system.of("approval").server
    server.stop()
    server.start()
    server.wait_ready()


def waits(region: Region, login: str, case: str, stage: str, due: str, *, overdue: bool) -> None:
    """The task of that stage stands like that: the last day of its term in Palu, and whether that passed."""

    def there() -> Any:
        task = region.turn(login, case, stage)["task"]
        last = datetime.fromisoformat(task["due"]).astimezone(ZoneInfo("Asia/Makassar")).date()
        return (str(last), task["overdue"]) == (due, overdue)

    region.until(f"{stage} until {due}, overdue {overdue}", there)


def test_a_changed_list_moves_an_open_term_on_and_takes_nothing_back(region: Region, code: Path) -> None:
    """From Monday 23 November 2026, five working days for each stage."""
    login = region.colleague()
    case = region.apply(login, region.vacancy())
    waits(region, login, case, "direct_superior", "2026-11-30", overdue=False)

    region.advance("2026-11-25")
    amended(region, code, "2026-11-25", "collective_leave", "2026-11-26", "2026-11-27")
    region.advance("2026-12-01")
    waits(region, login, case, "direct_superior", "2026-12-02", overdue=False)
    region.advance("2026-12-03")
    waits(region, login, case, "direct_superior", "2026-12-02", overdue=True)

    amended(region, code, "2026-12-03", "collective_leave", "2026-12-01", "2026-12-09")
    region.advance("2026-12-04")
    waits(region, login, case, "direct_superior", "2026-12-02", overdue=True)

    region.decide(login, case, "direct_superior")
    waits(region, login, case, "unit_head", "2026-12-14", overdue=False)
    amended(region, code, "2026-12-04", "working_day", "2026-12-09")
    region.advance("2026-12-12")
    waits(region, login, case, "unit_head", "2026-12-14", overdue=False)
    region.advance("2026-12-15")
    waits(region, login, case, "unit_head", "2026-12-14", overdue=True)
