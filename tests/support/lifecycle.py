"""One transfer after another through the public doors: draft, submit, two decisions, the message of the decree.

The work item of bench and chaos: HTTP with tokens, an evaluation, two officials, a channel that records.
"""

import asyncio
import itertools
import json
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient

from shared.address import reach
from tests.support.client import Answer, Client
from tests.support.evidence import described, places
from tests.support.population import Population, settle
from tests.support.system import SERVICES, System
from tests.support.watch import Unfinished, Watch

__all__ = ["CHAINS", "ENV", "Driver", "Population", "Refusal", "Timings", "Unfinished", "Watch", "lags", "seed"]

CHAINS = Path(__file__).with_name("chains")
ENV = {"MUTASI_CHAINS": str(CHAINS), "MUTASI_CHANNEL": "record"}
"""What the services of a measured system are told: `System(..., env=ENV)`."""

REASON = ("Pengalaman tiga tahun pada administrasi kependudukan dan pelayanan publik. " * 4)[:300]
BACKOFF, BACKOFF_MAX = 0.05, 1.0
Lags = dict[tuple[str, str, int], int]


class Refusal(Exception):
    """An answer that no repeat will mend."""


@dataclass
class Timings:
    """When what was seen, in seconds of the monotonic clock. `repeats` counts requests sent again under their key."""

    i: int
    began: float
    case: str = ""
    submitting: float = 0.0
    submitted: float = 0.0
    queued: float = 0.0
    second: float = 0.0
    ended: float = 0.0
    repeats: int = 0


async def lags(servers: str, services: Iterable[str] = SERVICES) -> Lags:
    """What each service's group has not committed yet, by service, topic and partition; nothing where it is through."""
    probe, admin = AIOKafkaConsumer(**reach(servers)), AIOKafkaAdminClient(**reach(servers))
    await probe.start()
    await admin.start()
    try:
        found: Lags = {}
        for service in services:
            ends = await probe.end_offsets(await places(servers, _reads(service)))
            taken = await admin.list_consumer_group_offsets(f"mutasi.{service}", partitions=list(ends))
            lag = {(service, *tp): end - max(taken[tp].offset, 0) for tp, end in ends.items()}
            found |= {place: behind for place, behind in lag.items() if behind}
        return found
    finally:
        await probe.stop()
        await admin.close()


def _reads(service: str) -> tuple[str, ...]:
    """Topics of a service, as its own description says."""
    return described(service).reads


async def seed(
    system: System, people: int, crowd: int = 50, *, seconds: float = 600.0, colleagues: int = 0
) -> Population:
    """Let the registry tell of so many applicants and wait until every service has heard it all."""
    population = Population(people, crowd, colleagues)
    await settle(system.stack.kafka, system.stack.mongo, population)
    deadline = time.monotonic() + seconds
    while behind := await lags(system.stack.kafka):
        if time.monotonic() > deadline:
            raise Unfinished(f"not heard after {seconds:.0f} s: {behind}")
        await asyncio.sleep(0.2)
    return population


@dataclass
class Driver:
    """Plays lifecycles against all replicas. Requests are repeated under their key until the deadline, anywhere.
    `commands` are the ids of all that were accepted, as the journal names them."""

    system: System
    population: Population
    run: str = "run"
    patience: float = 120.0
    client: Client = field(default_factory=Client)
    accepted: int = 0
    finished: int = 0
    commands: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.watch = Watch(self.system.stack.kafka)
        self._urls: dict[str, list[str]] = {}
        for replica in self.system.running:
            self._urls.setdefault(replica.service, []).append(replica.url)
        self._turn = itertools.count()

    @property
    def in_flight(self) -> int:
        """Cases whose submission was accepted and whose decree nobody was told of yet."""
        return self.accepted - self.finished

    async def start(self) -> None:
        """Begin to watch."""
        await self.watch.start()

    async def stop(self) -> None:
        """Let go of connections."""
        await self.watch.stop()
        self.client.close()

    async def lifecycle(self, i: int) -> Timings:
        """One transfer. Raises `Unfinished` or `Refusal`."""
        times = Timings(i, time.monotonic())
        await self._submit(times)
        self.accepted += 1
        times.queued = await self._decide(times, 0)
        times.second = await self._decide(times, 1)
        times.ended = await self._until(times, "decree", times.case)
        self.finished += 1
        return times

    async def opened(self, i: int) -> Timings:
        """The beginning of one, up to its first task. Raises `Unfinished` or `Refusal`."""
        times = Timings(i, time.monotonic())
        await self._submit(times)
        times.queued = await self._until(times, "task", f"{times.case}.1.1")
        return times

    async def _submit(self, times: Timings) -> None:
        login = self.population.login(times.i)
        wish = {
            "vacancy": self.population.vacancy(times.i),
            "purpose": "Pemerataan beban kerja layanan",
            "expected_result": "Antrean permohonan turun",
            "reason": REASON,
            "consent": True,
        }
        drafted = await self._post(times, "proposal", "/v1/proposals", login, "draft", wish)
        times.case, times.submitting = str(drafted["id"]), time.monotonic()
        await self._post(times, "proposal", f"/v1/proposals/{times.case}/submit", login, "submit", {})
        times.submitted = time.monotonic()

    async def _decide(self, times: Timings, stage: int) -> float:
        task, login = f"{times.case}.1.{stage + 1}", self.population.chief(times.i, stage)
        seen = await self._until(times, "task", task)
        await self._post(times, "approval", f"/v1/tasks/{task}/claim", login, f"claim{stage}", None)
        said = {"decision": "approve"}
        await self._post(times, "approval", f"/v1/tasks/{task}/decide", login, f"decide{stage}", said)
        return seen

    async def _until(self, times: Timings, what: str, id: str) -> float:
        return await self.watch.until(what, id, times.began + self.patience)

    async def _post(self, times: Timings, service: str, path: str, login: str, step: str, body: Any) -> Any:
        key = f"{self.run}-{times.i}-{step}"
        headers = self.system.headers(login, key)
        sent = json.dumps(body).encode() if body is not None else b""
        urls, pause, last = self._urls[service], BACKOFF, "no answer"
        while time.monotonic() < times.began + self.patience:
            base = urls[next(self._turn) % len(urls)]
            try:
                answer = await self.client.post(base, path, headers, sent)
            except (OSError, TimeoutError, asyncio.LimitOverrunError) as error:
                last = repr(error)
            else:
                if answer.status < 300:
                    self.commands.append(f"command:{login} {key}")
                    return json.loads(answer.body)
                last = _may_pass(path, answer)
            times.repeats += 1
            await asyncio.sleep(pause)
            pause = min(pause * 2, BACKOFF_MAX)
        raise Unfinished(f"{step} of {times.i}: {last}")


def _may_pass(path: str, answer: Answer) -> str:
    """What a repeat may mend: busy, and facts that did not arrive yet. Raises `Refusal` for all else."""
    text = answer.body.decode()
    if answer.status == 503 or (answer.status == 409 and json.loads(text)["code"] == "NOT_YET"):
        return text
    raise Refusal(f"{path}: {answer.status} {text}")
