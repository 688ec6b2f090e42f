"""Runs of a plan on running processes: bad input, `kill -9` in the middle, called off, split by region."""

import subprocess
from typing import Any

import pytest

from tests.e2e.planning import PLANNER, City, Studio
from tests.support.region import Region

pytest_plugins = ("tests.support.running",)
pytestmark = [pytest.mark.e2e, pytest.mark.wide, pytest.mark.timeout(600)]


def test_bad_input_is_named_and_a_killed_run_starts_again(region: Region) -> None:
    """A need without a post is refused by name; a run whose service is killed is computed all the same."""
    city, studio = City(region), Studio(region)
    unknown = {"unit": "u:palu:nowhere", "need": 300}
    scenario = city.scenario()
    studio.write("salah", {**scenario, "needs": [*scenario["needs"], unknown]})  # type: ignore[misc]
    region.until("all are heard of", lambda: _failed(studio), patience=120)
    refused = region.ask(PLANNER, "GET", "evaluation", studio.path("/scenarios/salah/result?lang=en")).json()
    assert (refused["code"], "u:palu:nowhere has a need but no post" in refused["detail"]) == ("UNSOUND", True)

    studio.write("dasar", scenario)
    before = studio.run("dasar", persons=20)["snapshot"], studio.get("/scenarios/dasar/result")
    frozen = _caught(region, studio)
    evaluation = region.system.of("evaluation")
    evaluation.server.kill9()
    evaluation.server.restart()
    evaluation.server.wait_ready()
    again = region.until("the run is done", lambda: _computed(studio), patience=120)
    assert frozen == before[0] == _track(studio)["snapshot"]
    assert (again["moves"], again["staffing"]) == (before[1]["moves"], before[1]["staffing"])


def _track(studio: Studio, name: str = "dasar") -> Any:
    return studio.get("")["scenarios"][name]


def _caught(region: Region, studio: Studio) -> str:
    """Run until the input is frozen and the solver works on it: the hash of the snapshot."""
    for _ in range(5):
        studio.post("/scenarios/dasar/run")
        track = region.until("frozen", lambda: _beyond(studio, "queued"), patience=120)
        if track["status"] == "frozen":
            return str(track["snapshot"])
    raise AssertionError("every run was over before it could be seen at work")


def _beyond(studio: Studio, status: str) -> Any:
    track = _track(studio)
    return None if track["status"] == status else track


def test_a_run_is_called_off_and_a_split_one_is_put_together(region: Region) -> None:
    """Nothing computes for a run that nobody wants; a run by regions is the same plan, as nobody would cross."""
    city, studio = City(region), Studio(region)
    studio.write("dasar", city.scenario())
    track = studio.run("dasar", persons=20)
    whole = studio.get("/scenarios/dasar/result")
    studio.post("/scenarios/dasar/run")
    assert studio.post("/scenarios/dasar/cancel")["scenarios"]["dasar"]["status"] == "cancelled"
    assert studio.refused(PLANNER, "/scenarios/dasar/cancel") == "RUN_NOT_UNDER_WAY"
    evaluation = region.system.of("evaluation").server.pid
    region.until("no solver is left", lambda: not _solvers(evaluation))
    assert _track(studio)["status"] == "cancelled"

    studio.write("wilayah", city.scenario(split=True))
    parted = studio.run("wilayah", persons=20)
    assert len(parted["parts"]) == 2
    result = studio.get("/scenarios/wilayah/result")
    assert (result["moves"], result["staffing"]) == (whole["moves"], whole["staffing"])
    assert parted["levels"] == track["levels"]


def _solvers(parent: int) -> list[int]:
    """Processes of the solver whose parent is this service."""
    asked = ["ps", "--ppid", str(parent), "-o", "pid=,args="]
    lines = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.splitlines()
    return [int(line.split()[0]) for line in lines if "plan.process" in line]


def _failed(studio: Studio) -> bool:
    track = studio.region.get(PLANNER, "evaluation", studio.path())["scenarios"]["salah"]
    if track["status"] in ("queued", "frozen"):
        return False
    if track["faults"] and all(fault.startswith("NEED_WITHOUT_POST") for fault in track["faults"]):
        return True
    studio.post("/scenarios/salah/run")
    return False


def _computed(studio: Studio) -> Any:
    track = studio.region.get(PLANNER, "evaluation", studio.path())["scenarios"]["dasar"]
    return studio.get("/scenarios/dasar/result") if track["status"] == "computed" else None
