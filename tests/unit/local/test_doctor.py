"""`make doctor` names what is missing with its remedy and code, and shows no secret."""

import re
from pathlib import Path

import pytest

from deploy.local import doctor
from deploy.local.layout import ROOT
from deploy.local.problems import Code


@pytest.fixture(autouse=True)
def _empty_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing fetched, nothing given, no Docker, no tools."""
    monkeypatch.setenv("MUTASI_RUN", str(tmp_path / "run"))
    monkeypatch.setenv("MUTASI_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("MUTASI_KAFKA", raising=False)
    monkeypatch.delenv("MUTASI_MONGO", raising=False)
    monkeypatch.setattr(doctor, "native_possible", lambda: True)


def test_missing_maven_is_named_with_its_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    """One line that can be pasted into a shell, and the documented code."""
    assert doctor.main() == Code.MAVEN
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("✗")]
    assert "sudo apt-get install -y maven" in line


def test_given_servers_need_nothing_else(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Who names servers needs neither Maven nor Java; the password stays hidden."""
    monkeypatch.setenv("MUTASI_KAFKA", "broker:9092")
    monkeypatch.setenv("MUTASI_MONGO", "mongodb://me:s3cret@db:27017/")
    assert doctor.main() == 0
    shown = capsys.readouterr().out
    assert "mongodb://***@db:27017/" in shown
    assert "s3cret" not in shown


def test_a_foreign_machine_is_sent_to_docker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Native servers exist for one platform."""
    monkeypatch.setattr(doctor, "native_possible", lambda: False)
    assert doctor.main() == Code.PLATFORM


def test_every_code_is_documented() -> None:
    """The table in the README is the one of the program."""
    text = (ROOT / "deploy" / "local" / "README.md").read_text()
    assert set(map(int, re.findall(r"^\| (\d+) \|", text, re.MULTILINE))) == set(Code)
