"""The demo region on a running system, as its users see it: HTTP with tokens, Kafka with aiokafka, mails at the SMTP
server. Every test brings an applicant and a vacancy of its own, so that none depends on another."""

import asyncio
import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import count
from typing import Any, TypeVar

import httpx
from aiokafka import AIOKafkaProducer

from deploy.local.access import OPERATOR
from shared.address import reach
from tests.support.authority import Authority
from tests.support.offers import TARGET, Headers, offer, stranger
from tests.support.providers import Provider
from tests.support.system import SERVICES, System

PATIENCE = 180.0  # seconds: another test may kill whole systems on the same two cores
HOUSE = "rahasia-antarlayanan"  # what its services show each other
CHAIN = {
    "direct_superior": "palu-setda-direct-superior",
    "unit_head": "palu-setda-unit-head",
    "personnel_verifier": "palu-personnel-verifier",
    "performance_team": "palu-performance-team",
    "bkn_liaison": "palu-bkn-liaison",
    "ppk": "palu-ppk",
}
"""Chain K1 for somebody who leaves Setda of Palu: office -> who holds it."""
ORIGIN = "setda-analis-kebijakan-muda"
LEVELS = (
    "integrity", "cooperation", "communication", "results_orientation", "public_service",
    "developing_self_and_others", "managing_change", "decision_making", "national_cohesion",
)  # fmt: skip
WISH = {
    "purpose": "Pemerataan beban kerja layanan",
    "expected_result": "Antrean permohonan turun 30 persen dalam enam bulan",
    "reason": "Pengalaman tiga tahun pada administrasi kependudukan",
    "consent": True,
}
T = TypeVar("T")


@dataclass
class Region:
    """Who calls, and how."""

    system: System
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=30))
    shift: timedelta = timedelta()
    telegram: Provider = field(default_factory=lambda: Provider("telegram-sent"))
    whatsapp: Provider = field(default_factory=lambda: Provider("whatsapp-sent"))
    bkn: Authority = field(default_factory=Authority)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def ask(  # noqa: PLR0913 - a request is made of all of these
        self, login: str, method: str, service: str, path: str, body: object = None, *, key: str = "", replica: int = 0
    ) -> httpx.Response:
        """One HTTP call as that login."""
        headers = {**self.system.headers(login, key or uuid.uuid4().hex), "accept-language": "en"}
        return self.http.request(method, self.system.url(service, replica) + path, json=body, headers=headers)

    def get(self, login: str, service: str, path: str) -> Any:
        """What a query answers; fails the test when it is refused."""
        return _good(self.ask(login, "GET", service, path))

    def post(self, login: str, service: str, path: str, body: object = None) -> Any:
        """What a command answers; fails the test when it is refused."""
        return _good(self.ask(login, "POST", service, path, body))

    def until(self, what: str, look: Callable[[], T | None], patience: float = PATIENCE) -> T:
        """Ask again until there is something."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if found := look():
                return found
            time.sleep(0.05)
        raise AssertionError(f"not within {patience:.0f} s: {what}")

    def now(self) -> datetime:
        """Domain time."""
        return datetime.now(UTC) + self.shift

    # -- people, vacancies -------------------------------------------------------------------------------------------

    def colleague(self, **changes: object) -> str:
        """A new civil servant of Setda who may move, with a login of that name; `by` registers them."""
        by = str(changes.pop("by", "palu-registrar"))
        number, today = next(self._numbers), self.now().date()
        born = date(1985, 1, 1) + timedelta(days=number * 7)
        login = f"asn-{number}"
        person = {
            "agency": "palu",
            "unit": "setda",
            "post": ORIGIN,
            "name": f"Pegawai {login}",
            "nip": f"{born:%Y%m%d}2014012{900 + number % 100}",
            "email": f"{login}@palu.example",
            "birth_date": str(born),
            "employment": "PNS",
            "post_since": str(today - timedelta(days=1200)),
            "rank": "III/c",
            "education_level": "40",
            "education_field": "public_administration",
            "performance": {str(today.year - 2): "good", str(today.year - 1): "good"},
            "competences": dict.fromkeys(LEVELS, 3),
            "experience": [{"field": "civil_registration", "years": 3}],
            "under_process": False,
            "study_assignment": False,
            "service_bond": False,
        }
        made = self.post(by, "registry", "/v1/people", person | changes)
        self.post(by, "registry", f"/v1/people/{made['id']}/account", {"login": login})
        for service, path in (("proposal", "/v1/proposals"), ("approval", "/v1/cases")):
            self.until(f"{service} knows {login}", partial(self.answers, login, service, path))
        self.until(f"{login} is known as who they are", lambda: self.get(login, "registry", "/v1/me").get("id"))
        return login

    def answers(self, login: str, service: str, path: str) -> bool:
        """True when a query is answered, by whoever knows who asks and what."""
        return self.ask(login, "GET", service, path).is_success

    def vacancy(self, quota: int = 1, post: str = TARGET) -> str:
        """Seats of Palu, offered by the city's own program on its own topic."""
        reference = f"T-{uuid.uuid4().hex[:12]}"
        asyncio.run(self.offer(offer(reference, quota=quota, post=post)))
        id = f"v:palu:{reference}"
        self.until("the vacancy", partial(self.answers, "palu-registrar", "registry", f"/v1/vacancies/{id}"))
        return id

    async def offer(self, content: dict[str, Any]) -> None:
        """Say it as a stranger would, with plain aiokafka."""
        record = (json.dumps(content).encode(), stranger(content["reference"]), None)
        await self.produce("mutasi.agency.palu", [record], user="agency.palu")

    async def produce(
        self, topic: str, records: list[tuple[bytes | None, Headers, bytes | None]], user: str = OPERATOR
    ) -> None:
        """Write records (value, headers, key) on partition 0, one after another, as that user of the broker."""
        address = self.system.stack.kafka_of(user)
        producer = AIOKafkaProducer(**reach(address), enable_idempotence=True, max_request_size=4 << 20)
        await producer.start()
        try:
            for value, headers, key in records:
                await producer.send_and_wait(topic, value, key=key, headers=headers, partition=0)
        finally:
            await producer.stop()

    # -- a case ------------------------------------------------------------------------------------------------------

    def draft(self, login: str, vacancy: str) -> str:
        """A draft, as soon as the proposal service has heard of the vacancy."""
        key = uuid.uuid4().hex

        def made() -> str | None:
            answer = self.ask(login, "POST", "proposal", "/v1/proposals", {**WISH, "vacancy": vacancy}, key=key)
            if answer.is_error and answer.json()["code"] == "NOT_YET":
                return None
            return str(_good(answer)["id"])

        return self.until("the draft", made)

    def apply(self, login: str, vacancy: str) -> str:
        """Draft and submit; the case."""
        case = self.draft(login, vacancy)
        self.post(login, "proposal", f"/v1/proposals/{case}/submit", {})
        return case

    def status(self, login: str, case: str, *wanted: str) -> Any:
        """The proposal, once it stands as wanted."""
        found: dict[str, Any] = {}

        def there() -> Any:
            found.update(self.get(login, "proposal", f"/v1/proposals/{case}"))
            return found if found["status"] in wanted else None

        try:
            return self.until(f"{case} is {' or '.join(wanted)}", there)
        except AssertionError as late:
            raise AssertionError(f"{late}; it is {found}") from None

    def turn(self, login: str, case: str, stage: str) -> Any:
        """The case as the applicant sees it while this stage has its turn."""

        def there() -> Any:
            answer = self.ask(login, "GET", "approval", f"/v1/cases/{case}")
            found = answer.json() if answer.is_success else {}
            return found if (found.get("task") or {}).get("stage") == stage else None

        return self.until(f"{case} is with {stage}", there)

    def decide(self, login: str, case: str, stage: str, unit: str = "setda", **decision: str) -> None:
        """Whoever holds the office of the stage, for somebody who leaves that unit, claims and decides."""
        task = self.turn(login, case, stage)["task"]["task"]
        official = CHAIN[stage].replace("-setda-", f"-{unit}-")
        self.post(official, "approval", f"/v1/tasks/{task}/claim")
        self.post(official, "approval", f"/v1/tasks/{task}/decide", {"decision": "approve", **decision})

    def approve(self, login: str, case: str, stages: tuple[str, ...] = tuple(CHAIN), unit: str = "setda") -> None:
        """All these stages, in order."""
        for stage in stages:
            self.decide(login, case, stage, unit)

    def decree(self, login: str, case: str) -> Any:
        """The decree of the case, when it is issued."""
        found = self.until("the decree", lambda: self.get(login, "approval", f"/v1/cases/{case}").get("decree"))
        return self.get(login, "approval", f"/v1/decrees/{found}")

    # -- time, mails, operators --------------------------------------------------------------------------------------

    def advance(self, until: str) -> None:
        """`mutasi clock advance`: every timer on the way fires in order."""
        done = self.mutasi(self.system.admin, "clock", "advance", "--until", until)
        assert done.returncode == 0, done.stdout + done.stderr
        self.shift = datetime.fromisoformat(json.loads(done.stdout)["now"]) - datetime.now(UTC)

    def mutasi(self, login: str, *words: str) -> subprocess.CompletedProcess[str]:
        """The command line as that login, with answers as JSON."""
        urls = {f"MUTASI_{name.upper()}_URL": self.system.url(name) for name in SERVICES}
        # The portal, which has no timers, does not run here: the command hears from notification twice instead.
        urls["MUTASI_PORTAL_URL"] = urls["MUTASI_NOTIFICATION_URL"]
        stack, own = self.system.stack, {"MUTASI_ADMIN": self.system.admin, "MUTASI_TOKEN": self.system.token(login)}
        own |= {"MUTASI_KAFKA": stack.kafka, "MUTASI_MONGO": stack.mongo}
        command = [sys.executable, "-m", "services.cli", "--json", *words]
        return subprocess.run(command, env=os.environ | urls | own, capture_output=True, text=True, check=False)

    def mails(self, address: str, about: str) -> list[str]:
        """Subjects of the mails to an address that name this case, the oldest first."""
        base = self.system.mail_url
        listed = self.http.get(f"{base}/api/messages", params={"to": address, "limit": 500}).json()
        texts = {one["id"]: self.http.get(f"{base}/api/messages/{one['id']}").json()["text"] for one in listed}
        return [one["subject"] for one in reversed(listed) if about in texts[one["id"]]]

    def subjects(self, login: str) -> list[str]:
        """Of all mails to a colleague's address."""
        query = f"to={login}@palu.example&limit=500"
        return [one["subject"] for one in self.http.get(f"{self.system.mail_url}/api/messages?{query}").json()]

    def attached(self, address: str, subject: str) -> list[bytes]:
        """The files of the newest mail to an address with this subject."""
        base = self.system.mail_url
        listed = self.http.get(f"{base}/api/messages", params={"to": address, "limit": 500}).json()
        mail = next(one for one in listed if one["subject"] == subject)
        names = self.http.get(f"{base}/api/messages/{mail['id']}").json()["attachments"]
        return [self.http.get(f"{base}/mails/{mail['id']}/files/{n}").content for n in range(len(names))]

    def address(self, login: str) -> str:
        """Where this login gets its mails."""
        return str(self.get(login, "registry", "/v1/me")["particulars"]["email"])

    def parked(self, service: str, status: str = "parked") -> list[Any]:
        """What the operator of a service sees."""
        path = f"/ops/parked?status={status}&limit=500"
        return list(self.get(self.system.admin, service, path)["parked"])


def _good(answer: httpx.Response) -> Any:
    assert answer.is_success, f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text}"
    return answer.json()
