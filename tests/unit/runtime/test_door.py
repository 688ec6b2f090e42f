"""One record at a public door that our own code cannot take is parked; what comes with it goes on."""

import time
from collections.abc import AsyncIterator
from typing import ClassVar

import pytest

from shared.kernel.decider import Actor, Command, Decider, Event, Facts, Frozen, Message, Refused
from shared.runtime.intake import Intake
from shared.runtime.ports import Record
from shared.runtime.service import Door, DoorCommand, Routes, Service
from tests.support.alone import intake_of
from tests.support.sim.store import MemoryStore


class Post(Command):
    text: str


class Posted(Event):
    TYPE: ClassVar[str] = "toy.posted.v1"
    KEY: ClassVar[str] = "board"
    board: str


class Board(Frozen):
    id: str
    posts: int = 0


def decide(state: Board, message: Message, _facts: Facts) -> list[Event]:
    """Fails in the ways a decider can."""
    assert isinstance(message.body, Post)
    match message.body.text:
        case "bug":
            raise KeyError("nobody expected this")
        case "wrong":
            raise Refused("WRONG")
        case "busy":
            raise Refused("BUSY", status=503)
    return [Posted(board=state.id)]


def evolve(state: Board, _event: Event) -> Board:
    """One more."""
    return state.model_copy(update={"posts": state.posts + 1})


BOARDS = Decider("boards", Board, lambda id: Board(id=id), decide, evolve)
AGENCY = Actor(login="agency:palu")
SERVICE = Service("toy", "toy", (), (BOARDS,), Routes(), policy={"post": lambda _asked: True})


def read(record: Record) -> DoorCommand:
    """The record's text. Raises UnicodeDecodeError."""
    assert record.value is not None
    return DoorCommand(BOARDS, "b1", Post(text=record.value.decode()), AGENCY, record.place, "post")


@pytest.fixture
async def store() -> MemoryStore:
    return MemoryStore(SERVICE, time.time)


@pytest.fixture
async def intake(store: MemoryStore) -> AsyncIterator[Intake]:
    async with intake_of(SERVICE, store) as taking:
        yield taking


def records(*values: bytes) -> list[Record]:
    """In one partition, in order."""
    return [Record("mutasi.agency.palu", 0, at, b"", value, ()) for at, value in enumerate(values)]


@pytest.mark.parametrize("bad", [b"bug", b"wrong", b"\xff"])
async def test_the_bad_one_is_parked_and_the_others_are_taken_once(
    intake: Intake, store: MemoryStore, bad: bytes
) -> None:
    await intake.enter(Door("", read), records(b"one", bad, b"two"))
    (parked,) = await store.parked("parked", 10)
    assert parked["_id"] == "mutasi.agency.palu/0/1"
    document = (await store.load("boards", ["b1"]))["b1"]
    assert document["state"]["posts"] == 2


async def test_what_will_pass_is_tried_again_by_the_caller(intake: Intake, store: MemoryStore) -> None:
    with pytest.raises(Refused, match="BUSY"):
        await intake.enter(Door("", read), records(b"busy"))
    assert await store.parked("parked", 10) == []
