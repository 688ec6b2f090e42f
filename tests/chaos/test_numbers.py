"""Ten thousand decrees of one agency and a thousand of another, by fifty issuers at once, while `kill -9` ends the
approval's two replicas in turn: every case has one decree, and the numbers are exactly 1..n for each agency."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from services.approval.domain import decrees_of
from shared.address import reach
from shared.contracts.approval import ApprovalGranted, DecreeIssued
from shared.contracts.proposal import Content, ProposalApproved
from shared.contracts.registry import AgencyRegistered, Placement
from shared.kernel.decider import Event, Frozen, Message
from shared.runtime.envelope import envelope
from shared.runtime.mongo import connect
from shared.runtime.service import Routes, Service
from shared.runtime.wire import to_headers
from tests.support.stack import running_stack
from tests.support.system import System

SIZES = {"palu": 10_000, "sigi": 1_000}
ISSUERS, AHEAD, EVERY, TOGETHER, PATIENCE = 50, 5, 1_000, 500, 1500.0
SPEAKERS = {
    AgencyRegistered: Service("registry", "mutasi.registry", (), (), Routes()),
    ApprovalGranted: Service("approval", "mutasi.approval", (), (), Routes()),
    ProposalApproved: Service("proposal", "mutasi.proposal", (), (), Routes()),
}


@dataclass
class Office:
    """What is sent to the registers, and what they said; `kills` are the cases in flight at each."""

    system: System
    producer: AIOKafkaProducer
    consumer: AIOKafkaConsumer
    sent: int = 0
    issued: dict[str, DecreeIssued] = field(default_factory=dict)
    news: asyncio.Condition = field(default_factory=asyncio.Condition)
    kills: list[int] = field(default_factory=list)

    async def say(self, event: Event) -> None:
        """As the service that owns it would: the first event of its aggregate."""
        cause = Message(body=Frozen(), id="numbers", time=datetime.now(UTC))
        said = envelope(SPEAKERS[type(event)], event.key, 1, "", event, cause)
        await self.producer.send_and_wait(
            said["topic"], said["data"].encode(), said["key"].encode(), headers=to_headers(said)
        )

    async def issuer(self, cases: Iterable[str]) -> None:
        """Sends its cases, each so many ahead of the decrees that it has."""
        asked: list[str] = []
        for case in cases:
            await self._until(asked, len(asked) - AHEAD + 1)
            asked.append(case)
            await self.say(approved(case))
            self.sent += 1
        await self._until(asked, len(asked))

    async def _until(self, asked: list[str], wanted: int) -> None:
        """Until so many of these have their decree."""
        async with self.news:
            await self.news.wait_for(lambda: sum(case in self.issued for case in asked) >= wanted)

    async def listen(self) -> None:
        """What the registers say; a repeat must say the same."""
        async for record in self.consumer:
            if dict(record.headers).get("ce_type") == DecreeIssued.TYPE.encode():
                event = DecreeIssued.model_validate_json(record.value)
                assert self.issued.setdefault(event.case, event) == event
                async with self.news:
                    self.news.notify_all()

    async def strike(self) -> None:
        """Ends one replica each time so many more decrees are out, and starts it again."""
        for turn in range(1, sum(SIZES.values()) // EVERY):
            async with self.news:
                await self.news.wait_for(lambda wanted=turn * EVERY: len(self.issued) >= wanted)  # type: ignore[misc]
            victim = self.system.of("approval", turn % 2).server
            self.kills.append(self.sent - len(self.issued))
            victim.kill9()
            await asyncio.to_thread(victim.start)
            await asyncio.to_thread(victim.wait_ready)


def approved(case: str) -> ProposalApproved:
    """The case as the proposal service says it is alive; its agency is the first part of its name."""
    agency = case.partition("-")[0]
    origin, target = (Placement(agency=agency, unit=f"u:{agency}:{side}", post=f"p:{agency}:{side}") for side in "ab")
    content = Content(
        initiative="own",
        person=f"p-{case}",
        vacancy="v",
        origin=origin,
        target=target,
        purpose="p",
        expected_result="e",
        reason="r",
        consent=True,
    )
    return ProposalApproved(case=case, attempt=1, content=content)


def granted(case: str) -> ApprovalGranted:
    """The chain of the case said yes, and BKN before it."""
    grant = {"office": "ppk", "agency": case.partition("-")[0], "by": "p-ppk", "consented": ("bkn_liaison",)}
    return ApprovalGranted.model_validate({"case": case, "attempt": 1, **grant})


@asynccontextmanager
async def office(folder: Path) -> AsyncIterator[Office]:
    """Two replicas of approval alone, on servers of their own."""
    with running_stack(folder) as stack:
        system = System(stack, folder / "system", replicas=2, patience=240)
        (folder / "system").mkdir()
        await asyncio.to_thread(system.start, ("approval",))
        producer = AIOKafkaProducer(**reach(stack.kafka), enable_idempotence=True, linger_ms=5)
        consumer = AIOKafkaConsumer("mutasi.approval", **reach(stack.kafka), auto_offset_reset="earliest")
        await producer.start()
        await consumer.start()
        found = Office(system, producer, consumer)
        listening = asyncio.get_running_loop().create_task(found.listen())
        try:
            yield found
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            await consumer.stop()
            await producer.stop()
            await asyncio.to_thread(system.stop)


async def play(at: Office) -> float:
    """All of it; how many seconds it took."""
    cases = [f"{agency}-{n}" for agency, size in SIZES.items() for n in range(size)]
    for agency in SIZES:
        await at.say(AgencyRegistered(agency=agency, name=agency, kind="city", province="x", zone="WITA"))
    for part in range(0, len(cases), TOGETHER):
        await asyncio.gather(*(at.say(granted(case)) for case in cases[part : part + TOGETHER]))
    began = time.monotonic()
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        for number in range(ISSUERS):
            group.create_task(at.issuer(cases[number::ISSUERS]))
        group.create_task(at.strike())
    return time.monotonic() - began


@pytest.mark.chaos
@pytest.mark.timeout(1800)
async def test_numbers_have_no_gap_and_no_double_under_kill_9(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        seconds = await play(at)
        client = connect(at.system.stack.mongo)
        registers = {
            agency: await client["mutasi_approval"]["decrees"].find_one(decrees_of(agency)) for agency in SIZES
        }
        client.close()
    numbers = Counter((decree.agency, decree.year, decree.number) for decree in at.issued.values())
    years = {decree.year for decree in at.issued.values()}
    print(f"\n{len(at.issued)} decrees, {seconds:.0f} s, {len(at.kills)} kills, in flight at each: {at.kills}")  # noqa: T201
    assert len(years) == 1, "begun a moment before new year: run it again"
    assert set(numbers.values()) == {1}
    for agency, size in SIZES.items():
        assert {number for name, _, number in numbers if name == agency} == set(range(1, size + 1))
        assert (registers[agency] or {})["state"]["last"] == {str(*years): size}
    assert len(at.kills) == sum(SIZES.values()) // EVERY - 1
    assert min(at.kills) > 0, "a kill while nothing was in flight shows nothing"
