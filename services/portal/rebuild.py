"""Builds the portal's read models anew from the topics while the portal serves: `python -m services.portal.rebuild`.

The new ones grow beside the old under a second name, read by a consumer group of their own, and then take the place of
the old by a rename, which MongoDB does at once. The portal goes on writing under the first name all the time. What it
heard between our last record and the rename went into the old ones; we go on reading until that is here too, and facts
under the same id and sequence meet themselves. Should this end before it says that it is done, begin it again.
"""

import asyncio
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.portal.app import SERVICE
from shared.kernel.decider import Fact
from shared.runtime.actors import Account, Offices
from shared.runtime.clock import SystemClock
from shared.runtime.engine import Engine, Ports
from shared.runtime.kafka import Consumer, KafkaBus
from shared.runtime.mongo import Collection, Collections, Database, MongoStore, connect
from shared.runtime.ports import Record

NEXT, LOOK_EVERY, FIRST_SECONDS = "next_", 0.1, 60.0
FACTS: tuple[type[Fact], ...] = (*SERVICE.facts, Account, Offices)
KINDS = [f"fact_{fact.KIND}" for fact in FACTS]


class Servers(BaseSettings):
    """Where they are, as for any service."""

    model_config = SettingsConfigDict(env_prefix="MUTASI_", frozen=True, extra="ignore")
    kafka: SecretStr = Field(min_length=1)
    mongo: SecretStr = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What it took."""

    events: int
    seconds: float


class Beside(Collections):
    """Read models under a second name, until they have taken the place of the first."""

    taken_place = False

    def __missing__(self, name: str) -> Collection:
        second = name in KINDS and not self.taken_place
        self[name] = self._db[NEXT + name if second else name]
        return self[name]


class NextStore(MongoStore):
    """A store whose read models are the next ones."""

    def __init__(self, db: Database) -> None:
        super().__init__(db, SERVICE)
        self._of = self._beside = Beside(db)
        self._db = db

    async def begin(self) -> None:
        """Nothing is left of one that was given up."""
        for kind in KINDS:
            await self._db[NEXT + kind].drop()
            await self._db.create_collection(NEXT + kind)  # also those that no event fills
        await self.ensure()

    async def take_place(self) -> None:
        """From now on they are the read models."""
        for kind in KINDS:
            await self._db[NEXT + kind].rename(kind, dropTarget=True)
        self._of.clear()
        self._beside.taken_place = True


class Rebuild:
    """One of them."""

    def __init__(self, store: NextStore, servers: str) -> None:
        self._store, self._events = store, 0
        self._first, self._between = asyncio.Event(), asyncio.Lock()
        self._engine = Engine(SERVICE, Ports(store, KafkaBus(servers), SystemClock()))
        name = f"portal.rebuild.{uuid4().hex[:8]}"
        self._consumer = Consumer(name, servers, name, self._take, self._engine.progress, topics=SERVICE.reads)

    async def run(self) -> Rebuilt:
        """Until the new ones are in place and nothing is missing in them. Raises TimeoutError where no event comes."""
        began = time.monotonic()
        await self._store.begin()
        await self._consumer.start()
        try:
            await self._caught_up()
            async with self._between:
                await self._store.take_place()
            await self._caught_up()
        finally:
            await self._consumer.stop()
        return Rebuilt(self._events, time.monotonic() - began)

    async def _take(self, records: Sequence[Record]) -> None:
        async with self._between:
            await self._engine.intake.take(records)
            self._events += len(records)
            self._first.set()

    async def _caught_up(self) -> None:
        """Before its first record the consumer may have no partition yet, and then knows of nothing that waits."""
        async with asyncio.timeout(FIRST_SECONDS):
            await self._first.wait()
        behind = True
        while behind:
            await asyncio.sleep(LOOK_EVERY)
            behind = await self._consumer.behind()


async def rebuild(servers: Servers) -> Rebuilt:
    """Build them anew."""
    client = connect(servers.mongo.get_secret_value())
    try:
        return await Rebuild(NextStore(client[f"mutasi_{SERVICE.name}"]), servers.kafka.get_secret_value()).run()
    finally:
        client.close()


def main() -> None:
    """Says how many events, and how fast."""
    try:
        done = asyncio.run(rebuild(Servers()))
    except TimeoutError:
        sys.exit("no event came: is MUTASI_KAFKA the right broker? Nothing was changed")
    sys.stdout.write(f"{done.events:,} events in {done.seconds:.1f} s: {done.events / done.seconds:,.0f}/s\n")


if __name__ == "__main__":
    main()
