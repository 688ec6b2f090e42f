"""The MongoDB store does what every store must do, uses its indexes, and shows a broken history."""

import asyncio
import time
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo.errors import OperationFailure

from deploy.local.stack import Stack
from shared.host.audit import verify
from shared.runtime.envelope import chained
from shared.runtime.mongo import Client, Database, MongoStore, connect
from shared.runtime.ports import Unavailable
from tests.support.store_suite import (
    CASES,
    NOON,
    SERVICE,
    Rig,
    StoreSuite,
    acked,
    chain,
    doc,
    open_case,
    write,
)

pytestmark = [pytest.mark.integration, pytest.mark.timeout(60)]


@pytest.fixture
async def db(stack: Stack) -> AsyncIterator[Database]:
    """A database of this test alone."""
    client = connect(stack.mongo)
    name = f"t_{uuid4().hex}"
    yield client[name]
    await client.drop_database(name)
    client.close()


@pytest.fixture
async def store(db: Database) -> MongoStore:
    """A store on it. Its second start finds all indexes there."""
    store = MongoStore(db, SERVICE)
    await store.ensure()
    await store.ensure()
    return store


@pytest.fixture
def rig(store: MongoStore, db: Database) -> Rig:
    """It, and a second one on the same database."""
    return Rig(store, MongoStore(db, SERVICE), time.time, asyncio.sleep)


async def test_indexes_may_take_longer_than_any_other_call(stack: Stack, db: Database) -> None:
    hasty: Client = AsyncIOMotorClient(stack.mongo, timeoutMS=1)
    store = MongoStore(hasty[db.name], SERVICE)
    await store.ensure()
    with pytest.raises(Unavailable):
        await store.load(CASES, ["a"] * 100_000)
    hasty.close()
    assert "journal" in await db.list_collection_names()


class TestMongoStore(StoreSuite):
    """The whole suite, on the real server."""

    @pytest.fixture
    def rig(self, store: MongoStore, db: Database) -> Rig:
        """Two stores on an empty database."""
        return Rig(store, MongoStore(db, SERVICE), time.time, asyncio.sleep)


# -- the history -----------------------------------------------------------------------------------------


async def _told(store: MongoStore, id: str = "a", journaled: int = 3) -> None:
    """An aggregate with four events, of which so many are journaled and the rest still in `out`."""
    entries = chain(id, 4)
    await store.write(CASES, [write(id, sequence=4, head=entries[-1]["hash"], out=entries)])
    await store.confirm(acked(entries[:journaled]))


@pytest.mark.parametrize("journaled", [0, 1, 3, 4])
async def test_a_whole_history_verifies(store: MongoStore, journaled: int) -> None:
    await _told(store, journaled=journaled)
    assert await verify(store, CASES, "a") == ""
    assert await verify(store, CASES, "nobody") == ""
    assert await store.histories(CASES, "", 10) == ["a"]


@pytest.mark.parametrize(
    "change",
    [
        {"data": '{"forged": true}'},
        {"actor": "somebody"},
        {"time": "2026-03-02T12:00:00.000001Z"},
        {"prev": ""},
    ],
)
async def test_a_changed_event_shows(store: MongoStore, db: Database, change: dict[str, str]) -> None:
    await _told(store)
    await db["journal"].update_one({"_id": "suite:a:2"}, {"$set": change})
    assert await verify(store, CASES, "a") == "event 2 was changed"


async def test_an_event_forged_with_a_fitting_hash_shows_in_the_next(store: MongoStore, db: Database) -> None:
    await _told(store)
    forged = (await store.journal("a"))[1] | {"data": '{"forged": true}'}
    forged["hash"] = chained(forged["prev"], forged)
    await db["journal"].replace_one({"_id": "suite:a:2"}, forged)
    assert await verify(store, CASES, "a") == "event 3 was changed"


async def test_a_removed_event_shows(store: MongoStore, db: Database) -> None:
    await _told(store)
    await db["journal"].delete_one({"_id": "suite:a:2"})
    assert await verify(store, CASES, "a") == "event 2 is missing"


async def test_a_cut_history_shows(store: MongoStore, db: Database) -> None:
    await _told(store, journaled=4)
    await db["journal"].delete_many({"sequence": {"$gte": 3}})
    assert await verify(store, CASES, "a") == "the document counts 4 events, there are 2"


async def test_a_document_taken_back_or_removed_shows(store: MongoStore, db: Database) -> None:
    await _told(store, journaled=4)
    await db[CASES].update_one({"_id": "a"}, {"$set": {"sequence": 3}})
    assert await verify(store, CASES, "a") == "event 3 is not the one the document ends with"
    await db[CASES].delete_one({"_id": "a"})
    assert await verify(store, CASES, "a") == "the document counts 0 events, there are 4"
    assert await store.histories(CASES, "", 10) == ["a"]


async def test_histories_are_met_once_and_in_order_however_they_are_kept(store: MongoStore, db: Database) -> None:
    for id in ("c", "a", "d", "b"):
        await _told(store, id, journaled=4)
    await db[CASES].delete_many({"_id": {"$in": ["b", "d"]}})
    pages, after = [], ""
    while page := await store.histories(CASES, after, 3):
        pages.append(page)
        after = page[-1]
    assert pages == [["a", "b", "c"], ["d"]]


# -- what only a server can show -------------------------------------------------------------------------


async def test_polls_are_answered_by_their_indexes(rig: Rig, db: Database) -> None:
    """What is asked several times a second must not read the whole collection."""
    await rig.one.write(CASES, [write(f"a{n}", due_at=None, held_at=None, work_at=None, waits=[]) for n in range(50)])
    names: list[str] = []
    await db.command("profile", 2)
    await rig.one.due(CASES, NOON, 10)
    await rig.one.next_due(CASES)
    await rig.one.retries(CASES, 5.0, 10)
    await rig.one.claim_work(CASES, 5.0, 60.0, 10)
    await rig.one.waiting(CASES, ["employee/p"])
    await rig.one.watching(CASES, "vacancies", ["v"])
    await rig.one.sweep(CASES, 1.0, 10.0, 10)
    await db.command("profile", 0)
    async for seen in db["system.profile"].find({"op": "query"}).sort("ts", 1):
        names.append(seen["planSummary"])
        assert seen["docsExamined"] == 0
    assert len(names) == 7
    assert all(name.startswith("IXSCAN") for name in names)


async def test_many_violations_in_one_bulk_are_all_named(rig: Rig) -> None:
    """The server leaves out the texts of errors beyond a megabyte: then the keys name the index."""
    people = [f"{n:04}{'p' * 3000}" for n in range(500)]
    await rig.one.write(CASES, [open_case(f"a{n}", person) for n, person in enumerate(people)])
    results = await rig.two.write(CASES, [open_case(f"b{n}", person) for n, person in enumerate(people)])
    assert set(results) == {"one_open_case"}


async def test_what_is_no_passing_error_stays_what_it_is(rig: Rig) -> None:
    with pytest.raises(OperationFailure, match="BSONObj size"):
        await rig.one.write(CASES, [write("a", state={"x": "y" * 17_000_000})])


@pytest.mark.timeout(240)  # two servers start and one starts again
async def test_a_server_that_is_away_is_unavailable_and_comes_back(own: Stack) -> None:
    assert own.mongod is not None
    client = connect(own.mongo)
    store = MongoStore(client["t"], SERVICE)
    await store.ensure()
    await store.write(CASES, [write("a", sequence=1, head="h", out=chain("a", 1))])
    own.mongod.kill9()
    began = time.monotonic()
    results = await asyncio.gather(
        store.load(CASES, ["a"]),
        store.write(CASES, [write("a", 1)]),
        store.confirm(acked(chain("a", 1))),
        store.attempt("t/0/1"),
        return_exceptions=True,
    )
    assert [type(result) for result in results] == [Unavailable] * 4
    assert time.monotonic() - began < 15
    own.mongod.restart()
    assert (await doc(store, "a"))["out"] == chain("a", 1)
    client.close()
