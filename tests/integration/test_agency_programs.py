"""The programs of deploy/examples at an agency's door of a running system: one in Java, compiled here and run with
kafka-clients, one in Python. Each is what an agency would run: its own password, its own topic."""

import asyncio
import json
import os
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest

from deploy.local import cache
from deploy.local.layout import ROOT
from tests.support.broker import end, refusals
from tests.support.offers import offer
from tests.support.region import Region

pytest_plugins = ("tests.support.running",)
pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]
EXAMPLES = ROOT / "deploy" / "examples"
REFUSED = "mutasi.agency.palu.refused"
Program = list[str]
Done = subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def java(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """The Java program, compiled against the kafka-clients of our broker."""
    runtime, libs = cache.java_home() / "bin" / "java", cache.kafka_libs()
    classes = tmp_path_factory.mktemp("classes")
    path = f"{next(libs.glob('kafka-clients-*.jar'))}"
    compiler = [str(runtime), "-jar", str(cache.java_compiler()), "-17", "-proc:none", "-failOnWarning"]
    subprocess.run([*compiler, "-cp", path, "-d", str(classes), str(EXAMPLES / "Publish.java")], check=True)
    return [str(runtime), "-XX:TieredStopAtLevel=1", "-cp", f"{classes}:{libs}/*", "Publish"]


PYTHON = [sys.executable, str(EXAMPLES / "publish.py")]


class Door:
    """The door of Palu, and who stands before it."""

    def __init__(self, region: Region, folder: Path) -> None:
        self.region, self.folder = region, folder

    def say(self, program: Program, type: str, data: dict[str, Any], user: str = "agency.palu") -> Done:
        """Run the program as that user of the broker."""
        file = self.folder / f"{uuid.uuid4()}.json"
        file.write_text(json.dumps(data))
        env = {**os.environ, "MUTASI_KAFKA": self.region.system.stack.kafka_of(user)}
        line = [*program, "palu", f"mutasi.vacancy.{type}.v1", str(file)]
        return subprocess.run(line, env=env, capture_output=True, text=True, check=False, timeout=300)

    def said(self, program: Program, type: str, data: dict[str, Any]) -> str:
        """Run it as Palu's; the id of what it said."""
        done = self.say(program, type, data)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def stands(self, reference: str, **wanted: object) -> None:
        """Wait until the registry tells this of the vacancy."""

        def there() -> bool:
            answer = self.region.ask("palu-registrar", "GET", "registry", f"/v1/vacancies/v:palu:{reference}")
            return answer.is_success and {name: answer.json()[name] for name in wanted} == wanted

        self.region.until(f"{reference} is {wanted}", there)


@pytest.fixture
def door(region: Region, tmp_path: Path) -> Door:
    """The door, with a folder for what is said there."""
    return Door(region, tmp_path)


def test_a_vacancy_is_offered_in_java_amended_in_python_and_closed(door: Door, java: Program) -> None:
    """Three programs one after another, and the registry has all of it; what comes too late is told on the agency's own
    topic with a remedy."""
    reference, reason = f"J-{uuid.uuid4().hex[:12]}", {"reason": "anggaran berubah"}
    about = {"agency": "palu", "reference": reference}
    door.said(java, "offered", offer(reference))
    door.stands(reference, quota=1, open=True)
    door.said(PYTHON, "amendment_asked", {**about, "quota": 3, **reason})
    door.stands(reference, quota=3, open=True)
    door.said(java, "closing_asked", {**about, **reason})
    door.stands(reference, quota=3, open=False, cause="date")

    since = asyncio.run(end(door.region, REFUSED))
    late = door.said(PYTHON, "cancellation_asked", {**about, **reason})

    def told() -> list[dict[str, Any]]:
        return [one for one in asyncio.run(refusals(door.region, REFUSED, since)) if one["offer"] == late]

    found = door.region.until("the refusal", told)
    assert found[0]["reference"] == reference
    assert [(why["field"], why["code"]) for why in found[0]["reasons"]] == [("reference", "VACANCY_CLOSED")]
    assert found[0]["reasons"][0]["remedy"]["en"]


def test_a_forger_gets_no_further_than_the_broker(door: Door, java: Program) -> None:
    """The program of Bandung offers and cancels in Palu's name: the broker refuses it, and nothing happens."""
    reference = f"F-{uuid.uuid4().hex[:12]}"
    door.said(PYTHON, "offered", offer(reference))
    door.stands(reference, open=True)
    for program in (java, PYTHON):
        said = {"agency": "palu", "reference": reference, "reason": "palsu"}
        forged = door.say(program, "cancellation_asked", said, user="agency.bandung")
        assert forged.returncode != 0
        assert "TopicAuthorization" in forged.stderr
    door.stands(reference, open=True)
