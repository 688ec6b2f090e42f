"""One service at work in one process: executor, publisher, pumps, intake, and what the HTTP side asks of them."""

import asyncio
import random
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import uuid4

from shared.kernel.decider import Actor, Decider, Message, Refused
from shared.runtime.actors import Account, Offices, actor_of
from shared.runtime.executor import Executor
from shared.runtime.intake import Intake
from shared.runtime.item import PATIENCE, CommandRequest, Item, Replay, Skip
from shared.runtime.ports import Bus, Clock, Raw, Store
from shared.runtime.progress import Progress
from shared.runtime.publisher import Publisher
from shared.runtime.pumps import Timers, Workers, own_item
from shared.runtime.service import Service, State


@dataclass(slots=True)
class Ports:
    """The outside of one process."""

    store: Store
    bus: Bus
    clock: Clock


class Reader(Protocol):
    """A consumer, as far as one asks whether it is done."""

    async def behind(self) -> bool:
        """True while a record waits to be taken or is being taken."""


class Engine:
    """The parts of a process, and the loops they run in."""

    def __init__(self, service: Service, ports: Ports, admin: str = "", batch_max: int = 500, db: Any = None) -> None:
        self.service, self.db, self.admin = service, db, admin
        self.progress = Progress("store", "consumer")
        self.store, self.clock = ports.store, ports.clock
        self.publisher = Publisher(service, ports.store, ports.bus)
        self.workers = Workers(service, ports.store, ports.clock)
        self.executor = Executor(
            service,
            ports.store,
            ports.clock,
            self.publisher,
            self.workers,
            admin=admin,
            batch_max=batch_max,
            progress=self.progress,
        )
        self.workers.bind(self.executor)
        self.timers = Timers(service, ports.store, ports.clock, self.executor)
        self.intake = Intake(service, ports.store, ports.clock, self.executor)
        self.consumers: list[Reader] = []
        self._by_name = {decider.name: decider for decider in service.deciders}

    def loops(self, jitter: random.Random) -> list[Coroutine[Any, Any, None]]:
        """What runs for as long as the process lives; an end of one is an error of the process."""
        effects = [self.workers.sweep(jitter)] if self.service.effects else []
        return [
            self.executor.run(),
            self.publisher.run(),
            self.publisher.confirm(),
            self.publisher.sweep(jitter),
            self.timers.run(jitter),
            *effects,
        ]

    # -- what the HTTP side asks (call.Engine) -------------------------------------------------------------------

    def now(self) -> datetime:
        """Domain time."""
        return self.clock.now()

    async def command(self, request: CommandRequest) -> tuple[int, Mapping[str, Any]]:
        """Decide a command and wait for its write. Raises `Refused`, `NotYet`, `Unavailable`, `TimeoutError`."""
        # Without a caller's key the command still gets one of its own, so that a retry after a network error finds
        # the answer in the document instead of deciding twice.
        key = request.key or uuid4().hex
        message = Message(
            body=request.command,
            id=f"command:{key}",
            time=self.clock.now(),
            correlation=request.correlation,
            causation=request.correlation,
            trace=request.trace,
        )
        item = Item(
            request.decider,
            request.aggregate,
            message,
            asyncio.get_running_loop().create_future(),
            rule=request.rule,
            login=request.login,
            key=key,
            keyed=bool(request.key),
            fingerprint=request.fingerprint,
            expect=request.expect,
            status=201 if request.created else 200,
            type=type(request.command).__name__,
        )
        self.executor.submit([item])
        status, body = await asyncio.wait_for(item.future, request.patience)
        return status, body

    async def load(self, decider: Decider[State], id: str) -> tuple[int, State] | None:
        """Version and state of one aggregate, by a majority read."""
        raw = (await self.store.load(decider.name, [id])).get(id)
        return None if raw is None else (raw["sequence"], decider.state.model_validate(raw["state"]))

    async def actor(self, login: str) -> Actor:
        """Who a login is, by what the registry said."""
        accounts = await self.store.facts(Account.KIND, [login])
        account = Account.model_validate(accounts[login]) if login in accounts else None
        person = account.person if account else ""
        offices = await self.store.facts(Offices.KIND, [person]) if person else {}
        held = Offices.model_validate(offices[person]) if person in offices else None
        facts = {(Account.KIND, login): account, (Offices.KIND, person): held}
        return actor_of(login, facts, login == self.admin)

    # -- what an operator asks (health.Ops) ----------------------------------------------------------------------

    async def parked(self, status: str = "parked", limit: int = 200) -> list[Raw]:
        """Parked messages, the oldest first."""
        return await self.store.parked(status, limit)

    async def due(self) -> tuple[str | None, bool]:
        """Domain time of the next timer, and whether nothing is under way: no message, event, effect or record."""
        found = [at for name in self._by_name if (at := await self.store.next_due(name))]
        busy = self.executor.waiting or self.publisher.pending or self.workers.running or not self.executor.idle
        behind = [await consumer.behind() for consumer in self.consumers]
        return min(found, default=None), not busy and not any(behind)

    async def parked_one(self, id: str) -> Raw:
        """One parked message with its bytes. Raises `Refused` NOT_FOUND."""
        record = await self.store.parked_one(id)
        if record is None:
            raise Refused("NOT_FOUND", status=404)
        return record

    async def replay(self, id: str, login: str) -> Mapping[str, Any]:
        """Decide a parked message again, here and in order; it is never re-published."""
        record = await self.parked_one(id)
        if not record["kind"]:
            raise Refused("UNREADABLE", status=409)
        await self._resolve(record, Replay(parked=id))
        return {"id": id, "status": "replayed", "by": login}

    async def skip(self, id: str, login: str, reason: str) -> Mapping[str, Any]:
        """Give a parked message up; who and why is journaled."""
        record = await self.parked_one(id)
        if record["kind"]:
            await self._resolve(record, Skip(parked=id, by=login, reason=reason))
        else:
            await self.store.settle_parked(id, "skipped", {"by": login, "reason": reason})
        return {"id": id, "status": "skipped", "by": login}

    async def _resolve(self, record: Raw, body: Replay | Skip) -> None:
        decider = self._by_name[record["kind"]]
        item = own_item(decider, record["aggregate"], body, self.clock, f"operator:{record['_id']}", "")
        self.executor.submit([item])
        await asyncio.wait_for(item.future, PATIENCE)
