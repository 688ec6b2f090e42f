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

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from shared.contracts.approval import TaskQueued
from shared.contracts.notification import MessageSent
from tests.support.client import Answer, Client
from tests.support.population import Population, settle
from tests.support.system import SERVICES, System

CHAINS = Path(__file__).with_name("chains")
ENV = {"MUTASI_CHAINS": str(CHAINS), "MUTASI_CHANNEL": "record"}
"""What the services of a measured system are told: `System(..., env=ENV)`."""

WATCHED = ("mutasi.approval", "mutasi.notification")
REASON = ("Pengalaman tiga tahun pada administrasi kependudukan dan pelayanan publik. " * 4)[:300]
BACKOFF, BACKOFF_MAX, STILL = 0.05, 1.0, 5.0
Lags = dict[tuple[str, str, int], int]


class Refusal(Exception):
    """An answer that no repeat will mend."""


class Unfinished(Exception):
    """The deadline passed; says at which step."""


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
    probe, admin = AIOKafkaConsumer(bootstrap_servers=servers), AIOKafkaAdminClient(bootstrap_servers=servers)
    await probe.start()
    await admin.start()
    try:
        found: Lags = {}
        for service in services:
            parts = await _parts(admin, _reads(service))
            ends = await probe.end_offsets(parts)
            taken = await admin.list_consumer_group_offsets(f"mutasi.{service}", partitions=parts)
            for tp, end in ends.items():
                lag = end - max(taken[tp].offset, 0)
                if lag:
                    found[service, tp.topic, tp.partition] = lag
        return found
    finally:
        await probe.stop()
        await admin.close()


async def _parts(admin: AIOKafkaAdminClient, topics: Iterable[str]) -> list[TopicPartition]:
    """All partitions of the topics."""
    told = await admin.describe_topics(list(topics))
    return [TopicPartition(topic["topic"], part["partition"]) for topic in told for part in topic["partitions"]]


def _reads(service: str) -> tuple[str, ...]:
    """Topics of a service, as its own description says."""
    module = __import__(f"services.{service}.app", fromlist=["SERVICE"])
    reads: tuple[str, ...] = module.SERVICE.reads
    return reads


async def seed(system: System, people: int, crowd: int = 50, seconds: float = 600.0) -> Population:
    """Let the registry tell of so many applicants and wait until every service has heard it all."""
    population = Population(people, crowd)
    await settle(system.stack.kafka, system.stack.mongo, population)
    deadline = time.monotonic() + seconds
    while behind := await lags(system.stack.kafka):
        if time.monotonic() > deadline:
            raise Unfinished(f"not heard after {seconds:.0f} s: {behind}")
        await asyncio.sleep(0.2)
    return population


class Watch:
    """Sees what was said on the topics since it began; loses nothing over a broker's crash, since it keeps the place."""

    def __init__(self, servers: str) -> None:
        self._servers = servers
        self._next: dict[TopicPartition, int] = {}
        self._seen: dict[tuple[str, str], asyncio.Future[float]] = {}
        self._task: asyncio.Task[None] | None = None
        self._begun = asyncio.Event()

    async def start(self) -> None:
        """From now on."""
        self._task = asyncio.get_running_loop().create_task(self._follow())
        await self._begun.wait()

    async def stop(self) -> None:
        """Look no longer."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def until(self, what: str, id: str, deadline: float) -> float:
        """When it was seen. Raises `Unfinished` after the deadline."""
        key = what, id
        try:
            async with asyncio.timeout_at(deadline):
                return await asyncio.shield(self._future(key))
        except TimeoutError:
            raise Unfinished(f"{what} {id}") from None
        finally:
            self._seen.pop(key, None)

    def _future(self, key: tuple[str, str]) -> "asyncio.Future[float]":
        if key not in self._seen:
            self._seen[key] = asyncio.get_running_loop().create_future()
        return self._seen[key]

    async def _follow(self) -> None:
        while True:
            consumer = AIOKafkaConsumer(bootstrap_servers=self._servers, fetch_max_wait_ms=100)
            try:
                async with asyncio.timeout(30):
                    await self._place(consumer)
                await self._read(consumer)
            except (KafkaError, OSError, TimeoutError):
                await asyncio.sleep(0.2)
            finally:
                await _quit(consumer)

    async def _place(self, consumer: AIOKafkaConsumer) -> None:
        await consumer.start()
        if not self._next:
            self._next = await ends(self._servers, consumer)
        consumer.assign(list(self._next))
        for tp, offset in self._next.items():
            consumer.seek(tp, offset)
        self._begun.set()

    async def _read(self, consumer: AIOKafkaConsumer) -> None:
        """Until nothing came for a while: a consumer may sleep through a broker's crash, so there will be another."""
        moved = time.monotonic()
        while time.monotonic() - moved < STILL:
            for tp, records in (await consumer.getmany(timeout_ms=1000)).items():
                for record in records:
                    self._note(record)
                self._next[tp] = records[-1].offset + 1
                moved = time.monotonic()

    def _note(self, record: ConsumerRecord) -> None:
        type = dict(record.headers).get("ce_type", b"").decode()
        if type == TaskQueued.TYPE:
            key = "task", str(json.loads(record.value)["task"])
        elif type == MessageSent.TYPE and b'"decree.issued"' in record.value:
            key = "decree", str(json.loads(record.value)["case"])
        else:
            return
        future = self._future(key)
        if not future.done():
            future.set_result(time.monotonic())


async def ends(servers: str, consumer: AIOKafkaConsumer) -> dict[TopicPartition, int]:
    """Where each partition of the watched topics ends now."""
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    try:
        return dict(await consumer.end_offsets(await _parts(admin, WATCHED)))
    finally:
        await admin.close()


async def _quit(consumer: AIOKafkaConsumer) -> None:
    try:
        async with asyncio.timeout(5):
            await consumer.stop()
    except (KafkaError, OSError, TimeoutError):
        pass


@dataclass
class Driver:
    """Plays lifecycles against all replicas. Requests are repeated under their key until the deadline, anywhere."""

    system: System
    population: Population
    run: str = "run"
    patience: float = 120.0
    client: Client = field(default_factory=Client)
    accepted: int = 0
    finished: int = 0

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
        headers = self.system.headers(login, f"{self.run}-{times.i}-{step}")
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
