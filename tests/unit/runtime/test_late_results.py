"""A result that comes after its lease ended counts the attempt that was begun meanwhile."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Any, ClassVar

from shared.kernel.decider import Decider, Event, Facts, Frozen, Message, Work, WorkDone
from shared.runtime.aggregate import Aggregate
from shared.runtime.document import Now
from shared.runtime.item import Item
from shared.runtime.service import Effect, Job, Routes, Service

NOW = datetime(2026, 3, 2, tzinfo=UTC)


class Sent(Event):
    TYPE: ClassVar[str] = "toy.sent.v1"
    KEY: ClassVar[str] = "letter"
    letter: str
    attempts: int


class Letter(Frozen):
    id: str
    attempts: int = 0


def decide(state: Letter, message: Message, _facts: Facts) -> list[Event]:
    """Says how often it was tried."""
    assert isinstance(message.body, WorkDone)
    return [Sent(letter=state.id, attempts=message.body.outcome["attempt"])]


def evolve(state: Letter, event: Event) -> Letter:
    """Sent."""
    assert isinstance(event, Sent)
    return state.model_copy(update={"attempts": event.attempts})


def work(state: Letter) -> tuple[Work, ...]:
    """To be sent until it is."""
    return () if state.attempts else (Work(id="send", kind="send", data=Frozen()),)


async def send(_job: Job) -> dict[str, Any]:
    """Nothing outside is needed here."""
    return {}


LETTERS = Decider("letters", Letter, lambda id: Letter(id=id), decide, evolve, work=work)
SERVICE = Service("toy", "toy", (), (LETTERS,), Routes(), effects={"send": Effect(send)})


async def test_the_first_attempts_late_result_counts_the_second_that_was_begun() -> None:
    claimed = {"kind": "send", "data": {}, "attempt": 2, "until": 0.0, "trace": ""}
    raw = {"rev": 3, "sequence": 0, "head": "", "state": {"id": "l1"}, "work": {"send": claimed}}
    letter = Aggregate(SERVICE, LETTERS, "l1", raw, Now(NOW, time.time()))
    late = Message(body=WorkDone(id="send", kind="send", outcome={"attempt": 1}), id="work:l1:send", time=NOW)
    letter.items.append(Item(LETTERS, "l1", late, asyncio.get_running_loop().create_future()))
    letter.advance(Facts())
    assert letter.state.attempts == 2
