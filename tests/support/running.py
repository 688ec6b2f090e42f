"""A pytest plugin: one running system with the demo region, for all tests that name it in `pytest_plugins`.

It has servers of its own, because the services' names on the broker and in the database are always the same.
"""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import MappingProxyType

import pytest

from deploy.local.topics import create_missing
from tests.support.authority import Authority, answering
from tests.support.clock import tell_time
from tests.support.offers import BEGIN, TARGET, offer
from tests.support.providers import SECRET, WORD, standing_in
from tests.support.region import HOUSE, Region
from tests.support.stack import running_stack
from tests.support.system import ROOT, SERVICES, System


@pytest.fixture(scope="session")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Region]:
    """The demo region with 1,000 people; proposal runs twice. Tests bring people and vacancies of their own."""
    with running_region(tmp_path_factory.mktemp("region")) as running:
        yield running


@contextmanager
def running_region(
    folder: Path,
    services: tuple[str, ...] = SERVICES,
    env: Mapping[str, str] = MappingProxyType({}),
    code: Path = ROOT,
) -> Iterator[Region]:
    """Servers, services with these settings besides, of this code, and the demo region for the time of the block."""
    with (
        running_stack(folder) as stack,
        standing_in("telegram-sent") as telegram,
        standing_in("whatsapp-sent") as meta,
        answering(Authority()) as bkn,
    ):
        asyncio.run(create_missing(stack.kafka))
        chat = {"MUTASI_TELEGRAM_URL": telegram.url, "MUTASI_TELEGRAM_TOKEN": "t", "MUTASI_WHATSAPP_URL": meta.url}
        chat |= {"MUTASI_WHATSAPP_NUMBER": "9", "MUTASI_WHATSAPP_TOKEN": "t", "MUTASI_WHATSAPP_SECRET": SECRET}
        chat |= {"MUTASI_INTERNAL_SECRET": HOUSE, **env}
        chat |= {"MUTASI_OUTSIDE": json.dumps({"bkn": bkn.url})}
        chat |= {"MUTASI_WHATSAPP_VERIFY": WORD}
        system = System(stack, folder, doubled=("proposal",), env=chat, code=code)
        region = Region(system, shift=BEGIN - datetime.now(UTC), telegram=telegram, whatsapp=meta, bkn=bkn)
        try:
            asyncio.run(tell_time(stack.kafka, region.shift))
            region.system.start(services)
            _load(region.system, folder)
            region.post(region.system.admin, "registry", "/v1/posts", SEATS)
            region.until("the registrar is known", partial(region.answers, "palu-registrar", "registry", "/v1/people"))
            region.until("the registry has heard of its own post", partial(_judged, region))
            yield region
        finally:
            region.system.stop()
            region.http.close()


SEATS = {
    "agency": "palu",
    "unit": "disdukcapil",
    "post": TARGET.rpartition(":")[2],
    "title": "Penelaah Teknis Kebijakan",
    "kind": "staff",
    "seats": 500,
    "retirement_age": 58,
    "requirements": {"rank_min": "III/a", "rank_max": "III/d", "education_min": "40"},
}


def _judged(region: Region) -> bool:
    """Whether a vacancy of the post is judged by it: what a program offers before that is refused, for good."""
    late = offer("too-late") | {"closes_on": "2020-01-01"}
    said = region.ask(region.system.admin, "POST", "registry", "/v1/vacancies", late).text
    return "CLOSING_DATE_PAST" in said and "UNKNOWN_POST" not in said


def _load(system: System, folder: Path) -> None:
    own = {"MUTASI_REGISTRY_URL": system.url("registry"), "MUTASI_ISSUER": system.issuer, "MUTASI_ADMIN": system.admin}
    own["MUTASI_ACCOUNTS"] = str(folder / "accounts.json")
    command = [sys.executable, "-m", "deploy.demo", "load", "--people", "1000"]
    done = subprocess.run(command, env=os.environ | own, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
