"""The flow of messages on the real database: lanes, attempts recorded before they are made, valves, a dead process."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace
from uuid import uuid4

import pytest
from motor.motor_asyncio import AsyncIOMotorClient

from deploy.local.process import free_port
from deploy.local.stack import Stack
from services.notification.app import SERVICE
from services.notification.dispatch import Dispatcher
from services.notification.domain.entry import Entry
from services.notification.domain.facts import Ledger
from services.notification.domain.flow import Breaker, Line, flow
from services.notification.domain.ledger import MESSAGES
from services.notification.queue import Queue, counted
from services.notification.store import Copies, audience, audience_size
from services.notification.valves import Valves
from shared.contracts.broadcasts import Audience
from shared.runtime.clock import SystemClock
from shared.runtime.item import Item
from shared.runtime.mongo import Client, Database, connect
from shared.runtime.ports import Claimed, Unavailable, Write
from shared.runtime.pumps import Workers
from shared.runtime.service import NEVER, Effect, Job, TryAgain

pytestmark = [pytest.mark.integration, pytest.mark.timeout(60)]
NOW, LEASE = 1_000.0, 60.0
WORK = {"kind": "email", "data": {}, "attempt": 0, "until": NEVER, "trace": ""}
QUICK = Line(rate=1000, burst=1000, batch=5, ahead=10, breaker=Breaker(failures=3, pause=0.2, longest=0.4))


@pytest.fixture
async def db(stack: Stack) -> AsyncIterator[Database]:
    """A database of this test alone."""
    client = connect(stack.mongo)
    name = f"t_{uuid4().hex}"
    yield client[name]
    await client.drop_database(name)
    client.close()


@pytest.fixture
async def queue(db: Database) -> Queue:
    """The service's store on it, with its indexes."""
    queue = Queue(db, SERVICE)
    await queue.ensure()
    return queue


def waiting(id: str, lane: str, minute: int = 0, channel: str = "email") -> Write:
    """A message that was just queued."""
    entry = Entry(message=id, status="queued", channel=channel, person="p901", round=1, lane=flow().lanes.index(lane))
    state = entry.model_dump(mode="json") | {"queued_at": f"2026-11-24T03:{minute:02}:00Z"}
    work = {"send-1": WORK | {"kind": channel}}
    return Write(id, 0, {"rev": 1, "sequence": 1, "state": state, "work": work, "work_at": NEVER})


async def put(queue: Queue, *writes: Write) -> None:
    """Into the ledger."""
    assert set(await queue.write(MESSAGES.name, writes)) == {""}


def ids(claimed: list[Claimed]) -> list[str]:
    """Whose they are."""
    return [one.aggregate for one in claimed]


async def claim(queue: Queue, limit: int, now: float = NOW, owner: str = "n-1") -> list[Claimed]:
    """What is next, claimed."""
    return await queue.claim(await queue.next_up("email", now, limit), owner, now, LEASE)


async def test_a_decree_overtakes_a_broadcast(queue: Queue, db: Database) -> None:
    crowd = [waiting(f"b{n:03}", "broadcast", n % 60) for n in range(500)]
    await put(
        queue, *crowd, waiting("later", "normal", 59), waiting("urgent", "high", 59), waiting("decree", "legal", 59)
    )
    await put(queue, waiting("chat", "legal", channel="matrix"))
    assert ids(await claim(queue, 4)) == ["decree", "urgent", "later", "b000"]
    assert await counted(db) == {"email": {0: 1, 1: 1, 2: 1, 3: 500}, "matrix": {0: 1}}
    query = {"state.status": "queued", "state.channel": "email", "next_at": {"$not": {"$gt": NOW}}}
    order = [("state.lane", 1), ("next_at", 1), ("state.queued_at", 1)]
    plan = await db[MESSAGES.name].find(query).sort(order).hint("lanes").limit(4).explain()
    assert plan["executionStats"]["totalDocsExamined"] <= 4 + 4, "the order is the index's"


async def test_an_attempt_is_recorded_before_it_is_made_and_by_one_process_only(queue: Queue, db: Database) -> None:
    await put(queue, *(waiting(f"m{n:02}", "normal") for n in range(40)))
    both = await asyncio.gather(*(claim(queue, 50, owner=owner) for owner in ("n-1", "n-2")))
    assert sorted(id for part in both for id in ids(part)) == [f"m{n:02}" for n in range(40)]
    assert all(one.entry["attempt"] == 1 for part in both for one in part)
    stored = await db[MESSAGES.name].find({}).to_list(None)
    assert {(one["work"]["send-1"]["attempt"], one["work"]["send-1"]["settled"]) for one in stored} == {(1, False)}
    assert await claim(queue, 50, NOW + LEASE - 1) == []
    again = await claim(queue, 50, NOW + LEASE)
    assert {(one.entry["attempt"], one.entry.get("settled", False)) for one in again} == {(2, False)}


async def test_the_claims_of_a_dead_process_are_free_when_it_is_back_and_pauses_are_kept(queue: Queue) -> None:
    await put(queue, waiting("dead", "normal"), waiting("late", "normal", 1), waiting("other", "normal", 2))
    await claim(queue, 2)
    await claim(queue, 1, owner="n-2")
    await queue.defer_work(MESSAGES.name, "late", "send-1", NOW + 30, [{"attempt": 1}])
    await queue.release("n-1")
    [dead] = await claim(queue, 9, NOW + 1)
    assert (dead.aggregate, dead.entry["attempt"], dead.entry["settled"]) == ("dead", 2, False)
    [late] = await claim(queue, 9, NOW + 30)
    assert (late.aggregate, late.entry["settled"], late.entry["notes"]) == ("late", True, [{"attempt": 1}])
    assert await queue.claim_work(MESSAGES.name, NOW + 1e6, LEASE, 9) == [], "the runtime leaves what waits alone"


async def test_what_is_sent_again_by_an_operator_waits_for_no_lease(queue: Queue) -> None:
    await put(queue, waiting("m", "normal"))
    await claim(queue, 1)
    failed = {"rev": 2, "sequence": 2, "state.status": "failed"}
    again = {"rev": 3, "sequence": 3, "state.status": "queued", "work.send-2": WORK}
    assert await queue.write(MESSAGES.name, [Write("m", 1, failed, ["work.send-1"])]) == [""]
    assert await queue.write(MESSAGES.name, [Write("m", 2, again)]) == [""]
    [once] = await claim(queue, 9, NOW + 1)
    assert (once.id, once.entry["attempt"]) == ("send-2", 1)


async def test_whoever_sweeps_its_outbox_takes_no_message_from_who_sends_it(queue: Queue) -> None:
    """Both claim the same document; a process that died finds its own again all the same."""
    said = {"id": "e1", "key": "c1", "data": "{}", "at": 0.0, "hash": "", "sequence": 1}
    await put(queue, replace(waiting("m", "legal"), out=[said]))
    await claim(queue, 1)
    assert [id for id, _ in await queue.sweep(MESSAGES.name, 0.0, 10.0, 9)] == ["m"]
    await queue.release("n-1")
    assert ids(await claim(queue, 9, NOW + 1)) == ["m"]


async def test_newer_particulars_wake_what_waits_for_that_person_alone(queue: Queue, db: Database) -> None:
    await put(queue, waiting("theirs", "normal"), waiting("under-way", "normal", 1), waiting("other", "normal", 2))
    await db[MESSAGES.name].update_one({"_id": "other"}, {"$set": {"state.person": "p902"}})
    await claim(queue, 3)
    for id in ("theirs", "other"):
        await queue.defer_work(MESSAGES.name, id, "send-1", NOW + 60)
    await queue.learn("particulars", [("p901", 1, {"name": "Sari"})])
    assert ids(await claim(queue, 9, NOW + 1)) == ["theirs"]


def valves(db: Database, line: Line) -> Valves:
    """The valves of one process."""
    found = Valves(lambda _channel: line, lambda: 1.0)
    found.attach(db["valves"])
    return found


async def test_a_rate_is_shared_by_all_processes(db: Database) -> None:
    slow = QUICK.model_copy(update={"rate": 0.001, "burst": 5})
    one, two = valves(db, slow), valves(db, slow)
    assert [await one.take("email", 3), await two.take("email", 3), await one.take("email", 3)] == [3, 2, 0]
    assert await one.take("matrix", 3) == 3, "every channel has its own"


async def test_a_line_that_fails_is_left_alone_then_probed_then_trusted(db: Database) -> None:
    one, two = valves(db, QUICK), valves(db, QUICK)
    for _ in range(3):
        assert await one.take("email", 9) == 9
        await one.told("email", "UNREACHABLE")
    assert await two.take("email", 9) == 0, "another process knows"
    assert await valves(db, QUICK).take("email", 9) == 0, "and so does one that just began"
    await asyncio.sleep(0.25)
    assert [await one.take("email", 9), await two.take("email", 9)] == [1, 0], "one message probes it"
    await one.told("email", "QUIET_HOURS")
    assert [await two.take("email", 9), await one.take("email", 9)] == [1, 0], "that said nothing, so another probes"
    await valves(db, QUICK).begin()
    assert [await one.take("email", 9), await two.take("email", 9)] == [1, 0], "who probed may have died"
    await one.told("email", "UNREACHABLE")
    await one.told("email", "BUSY")
    assert await two.take("email", 9) == 0, "what was under way opens nothing"
    await asyncio.sleep(0.45)
    assert await two.take("email", 9) == 1
    await two.told("email", "")
    assert await one.take("email", 9) == 9


async def test_a_clock_that_was_set_back_shuts_nothing(db: Database) -> None:
    one = valves(db, QUICK)
    await one.take("email", 1)
    await db["valves"].update_one({"_id": "email"}, {"$inc": {"at": 3600}})
    assert await one.take("email", 9) == 9


async def test_without_the_database_no_loop_ends_and_no_message_is_sent_again() -> None:
    client: Client = AsyncIOMotorClient(f"mongodb://127.0.0.1:{free_port()}", serverSelectionTimeoutMS=50)
    one, job = valves(client["none"], QUICK), Job("send-1", "m1", "email", {}, 1, datetime.now(UTC))
    with pytest.raises(Unavailable):
        await one.take("email", 1)

    async def refused(_job: Job) -> dict[str, str]:
        raise TryAgain(1.0, "UNREACHABLE")

    with pytest.raises(TryAgain):
        await one.watched("email", refused)(job)
    assert await one.watched("email", sent)(job) == {"result": "sent"}
    client.close()


async def test_an_operator_pauses_a_channel(db: Database) -> None:
    one = valves(db, QUICK)
    await one.pause("email", paused=True)
    assert await one.take("email", 9) == 0
    await one.pause("email", paused=False)
    assert await one.take("email", 9) == 9


class Results:
    """Where results go: they are kept until the test says that they were written."""

    def __init__(self, many: int) -> None:
        self.many, self.items, self.all = many, list[Item](), asyncio.Event()

    def submit(self, items: list[Item]) -> None:
        """One result."""
        self.items += items
        if len(self.items) == self.many:
            self.all.set()


async def sent(_job: Job) -> dict[str, str]:
    """Every message arrives."""
    return {"result": "sent"}


async def test_no_more_than_the_line_allows_is_under_way(queue: Queue, db: Database) -> None:
    """What is done but not yet written counts as under way: a crash would leave it in doubt."""
    service = replace(SERVICE, effects={"email": Effect(sent, waits=True)})
    workers, results = Workers(service, queue, SystemClock()), Results(QUICK.ahead)
    workers.bind(results)  # type: ignore[arg-type]
    await put(queue, *(waiting(f"m{n:02}", "normal") for n in range(30)))
    dispatcher = Dispatcher("email", QUICK, queue, valves(db, QUICK), workers, "n-1")
    assert [await dispatcher.turn() for _ in range(2)] == [QUICK.batch, QUICK.batch]
    await results.all.wait()
    for item in results.items[:4]:
        item.done()
    await asyncio.sleep(0)
    assert await dispatcher.turn() == 0
    results.items[4].done()
    await asyncio.sleep(0)
    assert await dispatcher.turn() == QUICK.batch


@pytest.mark.wide
async def test_a_dead_chat_server_holds_up_no_mail(queue: Queue, db: Database) -> None:
    answered = asyncio.Event()

    async def chat(_job: Job) -> dict[str, str]:
        await answered.wait()
        return {"result": "sent"}

    service = replace(SERVICE, effects={"email": Effect(sent, waits=True), "telegram": Effect(chat, waits=True)})
    workers, results = Workers(service, queue, SystemClock()), Results(10)
    workers.bind(results)  # type: ignore[arg-type]
    await put(queue, *(waiting(f"t{n:02}", "legal", channel="telegram") for n in range(30)))
    await put(queue, *(waiting(f"m{n:02}", "normal") for n in range(10)))
    lines = [Dispatcher(name, QUICK, queue, valves(db, QUICK), workers, "n-1") for name in ("telegram", "email")]
    running = [asyncio.create_task(line.run()) for line in lines]
    await results.all.wait()
    assert {item.aggregate for item in results.items} == {f"m{n:02}" for n in range(10)}
    assert 0 < list(workers.under_way.values()).count("telegram") <= QUICK.ahead
    for task in running:
        task.cancel()
    answered.set()


async def test_the_ledger_is_opened_once_and_anew_after_a_copy_was_put_back(db: Database) -> None:
    copies, days = Copies(), [datetime(2026, 11, day, tzinfo=UTC) for day in (1, 2, 3, 4)]
    await copies.attach(SimpleNamespace(db=db))
    since = []
    for day, restored in zip(days, ("", "", "2026-11-03", "2026-11-03"), strict=True):
        await copies.open_ledger(day, restored)
        found = await db["fact_ledger"].find_one({"_id": "ledger"})
        since.append(Ledger.model_validate((found or {})["value"]).since)
    assert since == [days[0], days[0], days[2], days[2]]


async def test_an_audience_is_found_page_by_page(queue: Queue, db: Database) -> None:
    today = date(2026, 11, 24)
    homes = [(f"p{n:02}", "palu" if n % 2 else "poso", f"u{n % 3}") for n in range(12)]
    await queue.learn("home", [(id, 1, {"agency": agency, "unit": unit}) for id, agency, unit in homes])
    office = {"office": "head_of_unit", "agency": "palu", "unit": "u1", "since": "2020-01-01", "until": None}
    former, other = office | {"until": "2026-11-24"}, office | {"agency": "poso"}
    for id, held in (("p01", [office]), ("p03", [former]), ("p04", [other])):
        await queue.learn("offices", [(id, 1, {"offices": held})])
    everybody, palu = Audience(), Audience(agency="palu")
    assert await audience_size(db, everybody, today) == 12
    first = await audience(db, palu, today, "", 4)
    assert first + await audience(db, palu, today, first[-1], 4) == [f"p{n:02}" for n in range(1, 12, 2)]
    assert await audience(db, Audience(agency="palu", unit="u1"), today, "", 9) == ["p01", "p07"]
    assert await audience(db, Audience(agency="palu", office="head_of_unit"), today, "", 9) == ["p01"]
