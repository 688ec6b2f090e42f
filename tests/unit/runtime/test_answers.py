"""A command under a caller's key is carried out once, whatever the state has become since."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest

from shared.kernel.decider import Actor, Command, Decider, Event, Facts, Frozen, Message
from shared.runtime.aggregate import Aggregate
from shared.runtime.document import Now
from shared.runtime.item import Item
from shared.runtime.service import Routes, Service

NOW = datetime(2026, 3, 2, tzinfo=UTC)


class Turn(Command):
    on: bool


class Turned(Event):
    TYPE: ClassVar[str] = "toy.turned.v1"
    KEY: ClassVar[str] = "lamp"
    lamp: str
    on: bool


class Lamp(Frozen):
    id: str
    on: bool = False


def decide(state: Lamp, message: Message, _facts: Facts) -> list[Event]:
    """Turning on what is on changes nothing."""
    assert isinstance(message.body, Turn)
    return [] if message.body.on == state.on else [Turned(lamp=state.id, on=message.body.on)]


def evolve(state: Lamp, event: Event) -> Lamp:
    """The lamp as it was turned."""
    assert isinstance(event, Turned)
    return state.model_copy(update={"on": event.on})


LAMPS = Decider("lamps", Lamp, lambda id: Lamp(id=id), decide, evolve, answer=lambda state: {"on": state.on})
SERVICE = Service("toy", "toy", (), (LAMPS,), Routes())


async def turn(lamp: Aggregate, on: bool, key: str, *, keyed: bool, kind: type[Turn] | None = None) -> Any:
    """One command; returns its answer."""
    message = Message(body=(kind or Turn)(on=on), id=f"command:{key}", time=NOW, actor=Actor(login="rina"))
    item = Item(
        LAMPS,
        lamp.id,
        message,
        asyncio.get_running_loop().create_future(),
        rule=lambda _asked: True,
        key=key,
        keyed=keyed,
        fingerprint=str(on),
    )
    lamp.items.append(item)
    lamp.advance(Facts())
    (_, ended) = lamp.ended[-1]
    return ended


@pytest.mark.parametrize(("keyed", "stays"), [(True, True), (False, False)])
async def test_a_repeat_of_what_changed_nothing_is_answered_from_memory(keyed: bool, stays: bool) -> None:
    lamp = Aggregate(SERVICE, LAMPS, "l1", None, Now(NOW, time.time()))
    await turn(lamp, True, "first", keyed=True)
    nothing = await turn(lamp, True, "idle", keyed=keyed)
    await turn(lamp, False, "off", keyed=True)
    again = await turn(lamp, True, "idle", keyed=keyed)
    assert (again == nothing) is stays
    assert lamp.state.on is not stays


async def test_an_answer_that_changed_nothing_is_written() -> None:
    first = Aggregate(SERVICE, LAMPS, "l1", None, Now(NOW, time.time()))
    await turn(first, False, "idle", keyed=True)
    written = first.to_write({})
    assert written is not None
    assert [answer["key"] for answer in written.set["answers"]] == ["idle"]


class Light(Turn):
    REPEATABLE: ClassVar[bool] = True


@pytest.mark.parametrize(("keyed", "kept"), [(True, ["lit"]), (False, [])])
async def test_no_answer_is_kept_to_what_may_be_repeated_unless_its_caller_named_a_key(
    keyed: bool, kept: list[str]
) -> None:
    lamp = Aggregate(SERVICE, LAMPS, "l1", None, Now(NOW, time.time()))
    once = await turn(lamp, True, "lit", keyed=keyed, kind=Light)
    assert await turn(lamp, True, "lit", keyed=keyed, kind=Light) == once
    written = lamp.to_write({})
    assert written is not None
    assert [answer["key"] for answer in written.set["answers"]] == kept
    assert lamp.sequence == 1
