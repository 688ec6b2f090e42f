"""Notification alone on real servers, with a mail server that keeps what it gets: others' events are said on Kafka,
people and operators ask over HTTP."""

import asyncio
import json
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import httpx
from aiokafka import AIOKafkaProducer
from pymongo import MongoClient

from services.proposal.app import SERVICE as PROPOSAL
from services.registry.app import SERVICE as REGISTRY
from shared.address import reach
from shared.contracts.people import PersonParticulars
from shared.contracts.registry import AccountLinked
from shared.kernel.decider import Event
from tests.bench.mail import publish
from tests.support.stack import running_stack
from tests.support.system import ROOT, System

PATIENCE = 240.0
T = TypeVar("T")


@dataclass
class Notices:
    """The running service, and how it is spoken to."""

    system: System
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=60))
    shift: timedelta = timedelta()

    def now(self) -> datetime:
        """Domain time."""
        return datetime.now(UTC) + self.shift

    def say(self, *events: Event, at: datetime | None = None) -> list[str]:
        """These happened in the proposal service, each in a case of its own; their ids."""
        said = [(f"c-{uuid.uuid4().hex}", event) for event in events]
        return asyncio.run(publish(self.system.stack.kafka, PROPOSAL, said, at or self.now()))

    def know(self, *people: PersonParticulars) -> None:
        """The registry tells of these people; each may sign in under their own id."""
        said: list[tuple[str, Event]] = [(one.person, one) for one in people]
        said += [(f"account-{one.person}", AccountLinked(person=one.person, login=one.person)) for one in people]
        asyncio.run(publish(self.system.stack.kafka, REGISTRY, said, self.now()))
        for one in people:
            self.until(f"{one.person} is known", partial(self._answers, one.person))

    def wish(self, person: str, wish: object) -> None:
        """They change their preferences; returns when messages to come heed them."""
        answer = self.ask(person, "PUT", "/v1/preferences", wish)
        assert answer.is_success, answer.text
        with MongoClient[dict[str, Any]](self.system.stack.mongo) as client:
            wishes = client["mutasi_notification"]["fact_wishes"]
            self.until("the wish is heard", lambda: wishes.find_one({"_id": person}))

    def ask(self, login: str, method: str, path: str, body: object = None) -> httpx.Response:
        """One HTTP call as that login."""
        headers = self.system.headers(login, uuid.uuid4().hex)
        return self.http.request(method, self.system.url("notification") + path, json=body, headers=headers)

    def operator(self, method: str, path: str, body: object = None) -> Any:
        """What an operator is answered; fails the test when it is refused."""
        answer = self.ask(self.system.admin, method, path, body)
        assert answer.is_success, answer.text
        return answer.json()

    def entries(self) -> list[Any]:
        """The newest 200 of the ledger."""
        return list(self.operator("GET", "/v1/messages?limit=200")["items"])

    def ledger(self, person: str, template: str = "", *statuses: str) -> list[Any]:
        """Entries of a person, as an operator sees them."""
        found = [one for one in self.entries() if one["person"] == person and template in ("", one["template"])]
        return [one for one in found if not statuses or one["status"] in statuses]

    def several(self, many: int, person: str, template: str = "", *statuses: str) -> list[Any]:
        """The same, once there are so many."""
        found = self.ledger(person, template, *statuses)
        return found if len(found) == many else []

    def mails(self, to: str) -> list[Any]:
        """The mails to an address, with headers and text, the newest first."""
        base = self.system.mail_url
        listed = self.http.get(f"{base}/api/messages", params={"to": to, "limit": 500}).json()
        return [self.http.get(f"{base}/api/messages/{one['id']}").json() for one in listed]

    def until(self, what: str, look: Callable[[], T]) -> T:
        """Ask again until there is something."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if found := look():
                return found
            time.sleep(0.1)
        raise AssertionError(f"not within {PATIENCE:.0f} s: {what}")

    def move_clock(self, by: timedelta) -> None:
        """Domain time jumps."""
        self.shift += by
        said = {"at": time.time(), "offset": self.shift.total_seconds(), "rate": 1}
        asyncio.run(_record(self.system.stack.kafka, "mutasi.clock", json.dumps(said).encode(), b"clock"))

    def record(self, topic: str, value: bytes) -> None:
        """A record of whoever may write there. Raises what the broker answers."""
        asyncio.run(_record(self.system.stack.kafka, topic, value, b"x"))

    def _answers(self, login: str) -> bool:
        return self.ask(login, "GET", "/v1/preferences").is_success


async def _record(kafka: str, topic: str, value: bytes, key: bytes) -> None:
    producer = AIOKafkaProducer(**reach(kafka), max_request_size=32 << 20)
    await producer.start()
    try:
        await producer.send_and_wait(topic, value, key=key, partition=0)
    finally:
        await producer.stop()


@contextmanager
def running_notices(folder: Path, code: Path = ROOT) -> Iterator[Notices]:
    """Servers and service for the time of the block; `code` is where the service's own is read from."""
    env = {"MUTASI_CHANNEL": "email", "MUTASI_LOG_LEVEL": "warning"}
    with running_stack(folder / "servers") as stack:
        notices = Notices(System(stack, folder, env=env, patience=240, code=code))
        try:
            notices.system.start(("notification",))
            yield notices
        finally:
            notices.system.stop()
            notices.http.close()
