"""What the executor works on: one message for one aggregate, and what became of it."""

from asyncio import Future
from dataclasses import dataclass
from typing import Any, ClassVar

from shared.kernel.decider import Command, Decider, Event, Frozen, Message
from shared.runtime.ports import Record
from shared.runtime.service import Rule

PATIENCE = 30.0  # seconds that whoever sends a command waits for its answer


class Tick(Frozen):
    """Some timer of this aggregate is due."""


class Retry(Frozen):
    """Try the held messages of this aggregate again."""


class Replay(Frozen):
    """An operator wants a parked message decided again, here and in order."""

    parked: str


class Skip(Frozen):
    """An operator gives a parked message up; `by` and `reason` are journaled."""

    parked: str
    by: str
    reason: str


class MessageSkipped(Event):
    """An operator gave a parked message up."""

    TYPE: ClassVar[str] = "mutasi.runtime.message_skipped.v1"
    KEY: ClassVar[str] = "aggregate"
    aggregate: str
    parked: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class CommandRequest:
    """A command for the executor. `key` is "" without Idempotency-Key, `expect` None without If-Match.

    Its sender waits `patience` seconds for the answer.
    """

    decider: Decider[Any]
    aggregate: str
    command: Command
    login: str
    rule: Rule
    key: str
    fingerprint: str
    correlation: str
    trace: str
    expect: int | None
    created: bool
    patience: float = PATIENCE


class Full(Exception):
    """The aggregate holds as many messages as it may: the partition must pause."""


@dataclass(slots=True)
class Item:
    """A message on its way through the executor. `rule`, `key`, `fingerprint`, `expect` belong to commands.

    `key` is the caller's if `keyed`, else one of the engine's own for its retries.
    """

    decider: Decider[Any]
    aggregate: str
    message: Message
    future: "Future[Any]"
    rule: Rule | None = None
    login: str = ""
    key: str = ""
    keyed: bool = False
    fingerprint: str = ""
    expect: int | None = None
    status: int = 200
    record: Record | None = None
    type: str = ""
    size: int = 500
    poison: str = ""
    deadline: float = 0.0
    tries: int = 0
    conflict: str = ""
    clashed: bool = False

    def done(self, result: Any = None) -> None:
        """The caller gets the result, once."""
        if not self.future.done():
            self.future.set_result(result)

    def failed(self, error: BaseException) -> None:
        """The caller gets the error, once."""
        if not self.future.done():
            self.future.set_exception(error)
