"""E-mail under load: how fast against a bare loop, how soon at light load, and what kills every few seconds cost."""

import asyncio
import os
import random
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import aiosmtplib
import httpx
from aiokafka import AIOKafkaProducer

from deploy.local.process import LOOPBACK, Server, free_port, listens
from deploy.local.stack import Stack
from services.notification.channels.email import compose, message_header
from services.notification.channels.port import Parcel
from services.notification.domain.entry import message_id
from services.notification.domain.facts import Particulars
from services.notification.domain.ledger import MESSAGES, Send
from services.notification.words import Pages, words
from services.proposal.app import SERVICE as PROPOSAL
from services.registry.app import SERVICE as REGISTRY
from shared.address import reach
from shared.contracts.people import PersonParticulars
from shared.contracts.proposal import ProposalRefused
from shared.kernel.decider import Event, Message
from shared.runtime.envelope import envelope
from shared.runtime.mongo import Database, connect
from shared.runtime.service import Service
from shared.runtime.wire import to_headers
from tests.bench.measure import cpu_seconds, load_average, percentile
from tests.support.system import ROOT, System

SENDER, DOMAIN, PERSONS, PATIENCE, LIGHT = "mutasi@localhost", "localhost", 1_000, 3_600.0, 5.0
# Under way when a process dies: its attempt is recorded, its end is not.
CLAIMED = {"state.status": "queued", "sent_by": {"$gt": ""}}


class Taken:
    """What the sink noted since a moment: when each message came, by Message-ID."""

    def __init__(self, notes: Path, since: float) -> None:
        self.times: dict[str, list[float]] = {}
        for line in notes.read_bytes().splitlines():
            at, id, _to = line.split(b" ", 2)
            if float(at) >= since:
                self.times.setdefault(id.decode(), []).append(float(at))

    @property
    def rate(self) -> float:
        """Messages per second from the first to the last."""
        every = sorted(at for times in self.times.values() for at in times)
        return len(every) / (every[-1] - every[0]) if len(every) > 1 else 0.0

    @property
    def doubles(self) -> set[str]:
        """Messages that came more than once."""
        return {id for id, times in self.times.items() if len(times) > 1}


@dataclass
class Post:
    """The notification service alone, on real servers, with a sink behind it."""

    system: System
    notes: Path
    port: int
    connections: int
    db: Database
    cases: Iterator[int] = field(default_factory=lambda: iter(range(1 << 40)))

    @property
    def server(self) -> Server:
        """The one process of the service."""
        return self.system.of("notification").server

    def taken(self, since: float) -> Taken:
        """What the sink has taken since then."""
        return Taken(self.notes, since)

    async def counted(self, many: int, query: dict[str, object], collection: str = MESSAGES.name) -> None:
        """Until so many documents are like this. Raises TimeoutError."""

        async def enough() -> bool:
            return await self.db[collection].count_documents(query) >= many

        await until(enough)

    def ask(self, path: str) -> None:
        """As the administrator."""
        headers = self.system.headers(self.system.admin)
        httpx.post(f"{self.system.url('notification')}{path}", headers=headers, timeout=30).raise_for_status()


@contextmanager
def sink(folder: Path) -> Iterator[tuple[int, Path]]:
    """A running sink: its port, and where it notes what came."""
    notes, port = folder / "sink.txt", free_port()
    notes.touch()
    command = [sys.executable, "-m", "tests.bench.sink", str(port), str(notes)]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    server = Server("sink", command, folder / "sink.log", lambda: listens(port), env)
    server.start()
    server.wait_ready()
    try:
        yield port, notes
    finally:
        server.stop()


@asynccontextmanager
async def post(stack: Stack, folder: Path, connections: int, chat: str = "") -> AsyncIterator[Post]:
    """Service and sink for the time of the block, with everybody's particulars known; `chat` is where Telegram is."""
    env = {"MUTASI_CHANNEL": "email", "MUTASI_SMTP_CONNECTIONS": str(connections), "MUTASI_LOG_LEVEL": "warning"}
    env |= {"MUTASI_TELEGRAM_URL": chat, "MUTASI_TELEGRAM_TOKEN": "t"} if chat else {}
    client = connect(stack.mongo)
    with sink(folder) as (port, notes):
        system = System(stack, folder, env=env, mail_port=port, warm=False)
        try:
            await asyncio.to_thread(system.start, ("notification",))
            found = Post(system, notes, port, connections, client["mutasi_notification"])
            await publish(stack.kafka, REGISTRY, [(id, person(id)) for id in (f"person-{n}" for n in range(PERSONS))])
            await found.counted(PERSONS, {}, "fact_particulars")
            yield found
        finally:
            await asyncio.to_thread(system.stop)
            client.close()


def person(id: str) -> PersonParticulars:
    """Somebody to tell."""
    return PersonParticulars(person=id, name=f"Siti Contoh {id}", nip="", email=f"{id}@example.test", version=1)


async def publish(
    kafka: str, service: Service, said: Sequence[tuple[str, Event]], at: datetime | None = None
) -> list[str]:
    """Say these events of these aggregates on the service's topic, as of then; their ids."""
    producer = AIOKafkaProducer(**reach(kafka), enable_idempotence=True, linger_ms=5)
    await producer.start()
    ids: list[str] = []
    for aggregate, event in said:
        cause = Message(body=event, id="bench", time=at or datetime.now(UTC))
        entry = envelope(service, aggregate, 1, "", event, cause)
        ids.append(entry["id"])
        await producer.send(entry["topic"], entry["data"].encode(), entry["key"].encode(), headers=to_headers(entry))
    await producer.stop()
    return ids


async def refuse(post: Post, many: int, whom: str = "person") -> set[str]:
    """Events with a legal notice each; the Message-IDs that follow from them."""
    said = [(f"case-{case}", f"{whom}-{case % PERSONS}") for case in (next(post.cases) for _ in range(many))]
    events = [
        (case, ProposalRefused(case=case, person=one, attempt=1, stage="approval", codes=("MIN_STAF",), reason="x"))
        for case, one in said
    ]
    ids = await publish(post.system.stack.kafka, PROPOSAL, events)
    messages = (message_id(id, one, "email") for id, (_, one) in zip(ids, said, strict=True))
    return {message_header(message, DOMAIN) for message in messages}


async def all_taken(post: Post, ids: set[str], since: float) -> bool:
    return ids <= post.taken(since).times.keys()


async def until(reached: Callable[[], Awaitable[bool]]) -> None:
    """Ask again and again: neither sink nor ledger tells. Raises TimeoutError."""
    async with asyncio.timeout(PATIENCE):
        while not await reached():  # noqa: ASYNC110 - they cannot
            await asyncio.sleep(0.2)


async def bare(post: Post, many: int) -> float:
    """Messages per second of a loop that does nothing but send, over as many connections."""
    siti = Particulars(name="Siti Contoh", email="siti@example.test", language="id", zone="WIB")
    values = {"case": "case-1"}
    letter = Send(message="m:bare", person="p", template="proposal.refused", page="cases/1", values=values, legal=True)
    said = words(letter, siti, {}, Pages("http://127.0.0.1:8100", "", "http://127.0.0.1:8105/n/x"))
    content = compose(Parcel(letter, siti, siti.email, said), SENDER)
    numbers, began = iter(range(many)), time.monotonic()

    async def loop() -> None:
        async with aiosmtplib.SMTP(hostname=LOOPBACK, port=post.port) as client:
            for _ in numbers:
                await client.mail(SENDER)
                await client.rcpt(siti.email)
                await client.data(content)

    await asyncio.gather(*(loop() for _ in range(post.connections)))
    return many / (time.monotonic() - began)


async def backlog(post: Post, many: int) -> set[str]:
    """So many messages that wait in the ledger; what is measured then is sending alone."""
    await asyncio.to_thread(post.ask, "/v1/channels/email/pause")
    ids = await refuse(post, many)
    await post.counted(many, {"state.status": "queued", "state.channel": "email"})
    return ids


async def rate(post: Post, many: int) -> None:
    """A backlog is sent: messages per second, and what each cost, against the bare loop."""
    before = await bare(post, many)
    ids = await backlog(post, many)
    began, cpu = time.time(), cpu_seconds([post.server.pid])
    await asyncio.to_thread(post.ask, "/v1/channels/email/resume")
    await until(partial(all_taken, post, ids, began))
    ours, spent = post.taken(began).rate, cpu_seconds([post.server.pid]) - cpu
    after = await bare(post, many)
    floor = (before + after) / 2
    say(f"bare loop {before:.0f}/s before, {after:.0f}/s after; ours {ours:.0f}/s, {ours / floor:.0%} of it")
    say(f"{spent / many * 1000:.2f} ms of processor time per message in the service")


async def light(post: Post, many: int) -> None:
    """A few messages per second: milliseconds from the event to the hand-over."""
    late: list[float] = []
    for _ in range(many):
        began = time.time()
        [id] = await refuse(post, 1)
        await until(partial(all_taken, post, {id}, began))
        late.append((post.taken(began).times[id][0] - began) * 1000)
        await asyncio.sleep(max(0.0, 1 / LIGHT - (time.time() - began)))
    say(f"{many} messages at light load: p50 {percentile(late, 50):.0f} ms, p99 {percentile(late, 99):.0f} ms")
    say(f"load average {load_average():.1f}")


async def kills(post: Post, many: int, every: float) -> list[str]:
    """The service is killed every few seconds while it sends. What went wrong, if anything."""
    began, chance, doubtful, hits = time.time(), random.Random(1), set[str](), list[int]()
    ids = await backlog(post, many)
    await asyncio.to_thread(post.ask, "/v1/channels/email/resume")
    while not await all_taken(post, ids, began):
        await asyncio.sleep(chance.uniform(0.5, 1.5) * every)
        post.server.kill9()
        found = [one["_id"] async for one in post.db[MESSAGES.name].find(CLAIMED, {"_id": 1})]
        doubtful |= {message_header(id, DOMAIN) for id in found}
        hits.append(len(found))
        await asyncio.to_thread(post.server.start)
        await asyncio.to_thread(post.server.wait_ready)
    await post.counted(many, {"state.status": "sent"})
    taken = post.taken(began)
    lost, odd = ids - taken.times.keys(), taken.doubles - doubtful
    say(f"{many} messages, {len(hits)} kills, of these {hits.count(0)} with none under way, else {hits}")
    say(f"taken in {time.time() - began:.0f} s; load average {load_average():.1f}")
    say(f"lost {len(lost)}, doubled {len(taken.doubles)}, of these not under way at a kill {len(odd)}")
    return [*(f"lost {id}" for id in lost), *(f"doubled outside the window {id}" for id in odd)]


def say(text: str) -> None:
    """To whoever asked."""
    print(text, flush=True)  # noqa: T201 - its output
