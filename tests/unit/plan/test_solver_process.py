"""The solver's own process: its answers, its limits, and its end when nobody wants it or who asked is gone."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from services.evaluation.plan import effects
from services.evaluation.plan.effects import Settings, Solver
from services.evaluation.plan.freeze import Snapshot
from tests.unit.plan.kit import market

SNAPSHOT = Snapshot.model_validate(
    {
        "on": "2026-11-23",
        "ruleset": "r",
        "problem": market({"p": ["B"], "q": ["A"]}, {"p": "A", "q": "B"}, {"A": 1, "B": 1}),
    }
).model_dump(mode="json")
QUESTION = {"action": "solve", "snapshot": SNAPSHOT, "seconds": 5}


async def test_it_answers_with_a_plan() -> None:
    answer = await Solver(Settings()).ask(QUESTION)
    assert answer["plan"]["status"] == "optimal"
    assert len(answer["moves"]) == 2


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks long before any process can have begun: a quick machine would have the answer by the first look."""
    monkeypatch.setattr(effects, "LOOK", 0.01)


@pytest.mark.usefixtures("impatient")
async def test_it_is_ended_when_it_takes_too_long() -> None:
    assert (await Solver(Settings(run_seconds=0)).ask(QUESTION))["code"] == "TIME"


@pytest.mark.usefixtures("impatient")
async def test_it_is_ended_when_nobody_wants_the_run_any_more() -> None:
    async def no() -> bool:
        return False

    assert (await Solver(Settings()).ask(QUESTION, no))["code"] == "CANCELLED"


async def test_it_is_ended_when_it_wants_too_much_memory() -> None:
    assert (await Solver(Settings(megabytes=64)).ask(QUESTION))["code"] in ("SOLVER_DIED", "MEMORY")


def _gone(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z"


def test_it_ends_with_the_process_that_asked() -> None:
    """`kill -9` of the asker: nothing is left behind to compute for nobody."""
    asks = (
        "import os, subprocess, sys, time\n"
        "run = [sys.executable, '-m', 'services.evaluation.plan.process', '4096', str(os.getpid())]\n"
        "child = subprocess.Popen(run, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)\n"
        "print(child.pid, flush=True)\ntime.sleep(60)\n"
    )
    asker = subprocess.Popen([sys.executable, "-c", asks], stdout=subprocess.PIPE, text=True)
    assert asker.stdout is not None
    child = int(asker.stdout.readline())
    os.kill(asker.pid, signal.SIGKILL)
    asker.wait()
    asker.stdout.close()
    deadline = time.monotonic() + 40
    while not _gone(child) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert _gone(child)
