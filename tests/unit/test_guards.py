"""E01-E25 and I1-I12: each has a test named after it, and that test notices when its guard is taken out."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.docs.edges import Edge, edges
from deploy.local.layout import ROOT

EVERY = edges()
COPIED = ("deploy", "services", "shared", "tests", "docs", "pyproject.toml")


def run(folder: Path, *wanted: Edge) -> subprocess.CompletedProcess[str]:
    """The tests named after these, on the code in that folder."""
    names = " or ".join(edge.prefix for edge in wanted)
    files = sorted({edge.test for edge in wanted})
    line = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", "-p", "no:cacheprovider", "-k", names, *files]
    return subprocess.run(line, cwd=folder, capture_output=True, text=True, check=False)


def test_each_is_there_once_with_its_test_and_its_guard() -> None:
    wanted = [*(f"E{number:02}" for number in range(1, 26)), *(f"I{number}" for number in range(1, 13))]
    assert [edge.id for edge in EVERY] == wanted
    for edge in EVERY:
        assert re.search(rf"def {edge.prefix}", (ROOT / edge.test).read_text("utf-8")), edge.id
        assert (ROOT / edge.file).read_text("utf-8").count(edge.guard) == 1, edge.id


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code in which guards may be taken out; as it is, all the tests pass."""
    folder = tmp_path_factory.mktemp("guards")
    for name in COPIED:
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / name)
    whole = run(folder, *EVERY)
    assert whole.returncode == 0, whole.stdout[-2000:]
    return folder


@pytest.mark.wide
@pytest.mark.timeout(600)
@pytest.mark.parametrize("edge", EVERY, ids=[edge.id for edge in EVERY])
def test_its_test_fails_without_the_guard(edge: Edge, copy: Path) -> None:
    file = copy / edge.file
    whole = file.read_text("utf-8")
    file.write_text(whole.replace(edge.guard, edge.by), "utf-8")
    try:
        found = run(copy, edge)
    finally:
        file.write_text(whole, "utf-8")
    sys.stdout.write(f"{edge.id:4} {edge.test}::{edge.prefix}…  fails without  {edge.file}: {edge.guard.strip()}\n")
    assert found.returncode == pytest.ExitCode.TESTS_FAILED, found.stdout[-2000:]
