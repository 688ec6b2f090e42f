"""What every store must do: subclass `StoreSuite`, give it a `rig`, and that is a test of the store."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.kernel.decider import Decider, Event, Facts, Frozen, Message
from shared.runtime.envelope import chained
from shared.runtime.ports import STALE, Claimed, Entry, Published, Raw, Store, Write, utc
from shared.runtime.service import Index, Routes, Service

CASES, NOON = "cases", datetime(2026, 3, 2, 12, tzinfo=UTC)
FAR = 4e9  # seconds since the epoch; later than any test runs


class State(Frozen):
    """State of the suite's aggregates."""

    open: bool = False
    person: str = ""


def _initial(_id: str) -> State:
    return State()


def _decide(_state: State, _message: Message, _facts: Facts) -> list[Event]:
    return []


def _evolve(state: State, _event: Event) -> State:
    return state


SERVICE = Service(
    name="suite",
    topic="suite",
    reads=(),
    deciders=(
        Decider(CASES, State, _initial, _decide, _evolve, watches={"employee": "person", "vacancy": "vacancies"}),
        Decider("seats", State, _initial, _decide, _evolve, register=True),
    ),
    routes=Routes(),
    indexes={
        CASES: (
            Index("one_open_case", [("state.person", 1)], unique=True, partial={"state.open": True}),
            Index(
                "one_number",
                [("state.agency", 1), ("state.number", 1)],
                unique=True,
                partial={"state.number": {"$gt": 0}},
            ),
        )
    },
)


@dataclass(frozen=True, slots=True)
class Rig:
    """Two stores on one empty database of `SERVICE`, as two processes have them; and the time they see."""

    one: Store
    two: Store
    real: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]


def write(id: str, rev: int = 0, out: Sequence[Entry] = (), unset: Sequence[str] = (), **fields: Any) -> Write:
    """A write as an aggregate makes it; `state__person="p"` sets `state.person`."""
    changed: Raw = {"rev": rev + 1}
    for name, value in fields.items():
        outer, _, inner = name.partition("__")
        if inner and not rev:  # of a new document the outer fields are named
            changed.setdefault(outer, {})[inner] = value
        else:
            changed[name.replace("__", ".")] = value
    return Write(id, rev, changed, list(unset), list(out))


def open_case(id: str, person: str, **fields: Any) -> Write:
    """A new open case."""
    return write(id, state__open=True, state__person=person, **fields)


def chain(aggregate: str, count: int, at: float = 1.0, data: str = "{}") -> list[Entry]:
    """Events 1…count of one aggregate, each with the hash of the one before it."""
    entries: list[Entry] = []
    head = ""
    for sequence in range(1, count + 1):
        entry: Entry = {
            "id": f"suite:{aggregate}:{sequence}", "type": "suite.happened.v1", "source": "suite",
            "aggregate": aggregate, "key": aggregate, "sequence": sequence, "time": utc(NOON),
            "correlation": "c", "causation": "m", "actor": "", "trace": "", "topic": "suite", "data": data,
            "prev": head,
        }  # fmt: skip
        entry["hash"] = head = chained(head, entry)
        entry["at"] = at
        entries.append(entry)
    return entries


async def doc(store: Store, id: str, kind: str = CASES) -> Raw:
    """The stored document."""
    return (await store.load(kind, [id]))[id]


def acked(entries: Sequence[Entry], kind: str = CASES) -> list[Published]:
    """As the publisher says it."""
    return [Published(kind, entry["aggregate"], entry) for entry in entries]


def work(until: float, attempt: int = 1) -> Raw:
    """A work entry as an aggregate writes it."""
    return {"kind": "mail", "data": {"to": "p"}, "attempt": attempt, "until": until}


class StoreSuite:
    """The behaviour of `ports.Store`."""

    @pytest.fixture
    def rig(self) -> Rig:
        """Each store gives its own."""
        raise NotImplementedError

    # -- documents ---------------------------------------------------------------------------------------

    async def test_what_was_written_is_loaded_and_the_absent_left_out(self, rig: Rig) -> None:
        entries = chain("a", 2)
        state = {"person": "p", "list": [1, 2], "map": {"x": None}}
        assert await rig.one.write(
            CASES, [write("a", sequence=2, head=entries[1]["hash"], out=entries, state=state)]
        ) == [""]
        loaded = await rig.two.load(CASES, ["a", "absent"])
        assert list(loaded) == ["a"]
        assert loaded["a"] == {
            "_id": "a", "rev": 1, "sequence": 2, "head": entries[1]["hash"], "state": state, "out": entries,
        }  # fmt: skip
        assert await rig.one.load("seats", ["a"]) == {}
        assert await rig.one.load(CASES, []) == {}
        assert await rig.one.write(CASES, []) == []

    async def test_a_loaded_document_is_a_copy(self, rig: Rig) -> None:
        given = write("a", out=chain("a", 1), state={"list": [1]})
        await rig.one.write(CASES, [given])
        (await doc(rig.one, "a"))["state"]["list"].append(2)
        given.set["state"]["list"].append(3)
        given.out[0]["at"] = 5.0
        assert (await doc(rig.one, "a"))["state"] == {"list": [1]}
        assert (await doc(rig.one, "a"))["out"][0]["at"] == 1.0

    async def test_deltas_change_only_what_they_name_and_events_are_appended(self, rig: Rig) -> None:
        entries = chain("a", 3)
        await rig.one.write(
            CASES, [write("a", state={"a": 1, "b": {"x": 1, "y": 2}, "c": 3}, work={}, out=entries[:1])]
        )
        second = write(
            "a",
            1,
            state__a=2,
            state__b__z=9,
            work__w1=work(5.0),
            unset=["state.c", "state.b.x"],
            out=entries[1:],
        )
        assert await rig.one.write(CASES, [second]) == [""]
        found = await doc(rig.one, "a")
        assert found["state"] == {"a": 2, "b": {"y": 2, "z": 9}}
        assert found["work"] == {"w1": work(5.0)}
        assert found["out"] == entries
        assert found["rev"] == 2

    async def test_a_lost_rev_changes_nothing(self, rig: Rig) -> None:
        entries = chain("a", 2)
        await rig.one.write(CASES, [write("a", state__n=1, out=entries[:1])])
        assert await rig.one.write(CASES, [write("a", 1, state__n=2)]) == [""]
        assert await rig.two.write(CASES, [write("a", 1, state__n=3, out=entries[1:])]) == [STALE]
        assert await rig.two.write(CASES, [write("a", 0, state__n=4)]) == [STALE]
        assert (await doc(rig.one, "a"))["state"] == {"n": 2}
        assert (await doc(rig.one, "a"))["out"] == entries[:1]

    async def test_of_two_first_writes_one_wins(self, rig: Rig) -> None:
        for turn in range(20):
            results = await asyncio.gather(
                rig.one.write(CASES, [write(f"a{turn}", state__by=1)]),
                rig.two.write(CASES, [write(f"a{turn}", state__by=2)]),
            )
            assert sorted(results) == [[""], [STALE]]
            winner = 1 + results.index([""])
            assert (await doc(rig.one, f"a{turn}"))["state"]["by"] == winner

    async def test_part_of_a_bulk_is_lost_and_the_rest_is_written(self, rig: Rig) -> None:
        await rig.one.write(CASES, [open_case("a", "p"), open_case("b", "q")])
        await rig.two.write(CASES, [write("a", 1, state__n=1)])
        bulk = [
            write("a", 1, state__n=2),
            write("b", 1, state__n=2),
            open_case("c", "p"),
            open_case("d", "r"),
        ]
        assert await rig.one.write(CASES, bulk) == [STALE, "", "one_open_case", ""]
        found = await rig.one.load(CASES, ["a", "b", "c", "d"])
        assert {id: raw["state"].get("n") for id, raw in found.items()} == {"a": 1, "b": 2, "d": None}

    # -- unique indexes ----------------------------------------------------------------------------------

    async def test_a_violated_rule_is_named(self, rig: Rig) -> None:
        await rig.one.write(CASES, [open_case("a", "p", state__agency="x", state__number=7)])
        assert await rig.two.write(CASES, [open_case("b", "p")]) == ["one_open_case"]
        assert await rig.two.write(CASES, [write("b", state__agency="x", state__number=7)]) == ["one_number"]
        assert await rig.two.write(CASES, [write("b", state__agency="y", state__number=7)]) == [""]
        assert await rig.two.write(CASES, [write("b", 1, state__agency="x")]) == ["one_number"]
        assert (await doc(rig.two, "b"))["state"]["agency"] == "y"

    async def test_of_two_new_documents_in_one_bulk_one_violates_the_rule(self, rig: Rig) -> None:
        results = await rig.one.write(CASES, [open_case("a", "p"), open_case("b", "p"), open_case("c", "q")])
        assert sorted(results[:2]) == ["", "one_open_case"]
        assert results[2] == ""
        assert len(await rig.one.load(CASES, ["a", "b"])) == 1

    async def test_a_partial_rule_binds_only_what_it_names(self, rig: Rig) -> None:
        await rig.one.write(CASES, [open_case("a", "p")])
        assert await rig.one.write(CASES, [write("b", state__open=False, state__person="p")]) == [""]
        assert await rig.one.write(CASES, [write("b", 1, state__open=True)]) == ["one_open_case"]
        assert await rig.one.write(CASES, [write("a", 1, state__open=False)]) == [""]
        assert await rig.one.write(CASES, [write("b", 1, state__open=True)]) == [""]

    async def test_two_processes_race_for_one_person(self, rig: Rig) -> None:
        for turn in range(20):
            results = await asyncio.gather(
                rig.one.write(CASES, [open_case(f"a{turn}", f"p{turn}")]),
                rig.two.write(CASES, [open_case(f"b{turn}", f"p{turn}")]),
            )
            assert sorted(results) == [[""], ["one_open_case"]]

    # -- facts -------------------------------------------------------------------------------------------

    async def test_an_older_fact_never_overwrites_a_newer_one(self, rig: Rig) -> None:
        await rig.one.learn("employee", [("p", 2, {"v": 2}), ("q", 1, {"v": 1})])
        await rig.one.learn("employee", [("p", 1, {"v": 1}), ("p", 2, {"v": 0}), ("q", 5, {"v": 5})])
        assert await rig.two.facts("employee", ["p", "q", "absent"]) == {"p": {"v": 2}, "q": {"v": 5}}
        assert await rig.two.facts("vacancy", ["p"]) == {}

    async def test_several_versions_in_one_call_leave_the_newest(self, rig: Rig) -> None:
        await rig.one.learn(
            "employee", [("p", 3, {"v": 3}), ("p", 1, {"v": 1}), ("p", 4, {"v": 4}), ("p", 2, {"v": 2})]
        )
        assert await rig.one.facts("employee", ["p"]) == {"p": {"v": 4}}
        await rig.one.learn("employee", [])

    async def test_a_forgotten_fact_is_not_remembered_by_a_late_copy(self, rig: Rig) -> None:
        await rig.one.learn("employee", [("p", 1, {"v": 1})])
        await rig.one.learn("employee", [("p", 3, None)])
        await rig.one.learn("employee", [("p", 2, {"v": 2})])
        assert await rig.one.facts("employee", ["p"]) == {}
        await rig.one.learn("employee", [("p", 4, {"v": 4})])
        assert await rig.one.facts("employee", ["p"]) == {"p": {"v": 4}}

    async def test_of_two_first_copies_the_newer_stays(self, rig: Rig) -> None:
        for turn in range(30):
            await asyncio.gather(
                rig.one.learn("employee", [(f"p{turn}", 1, {"v": 1})]),
                rig.two.learn("employee", [(f"p{turn}", 2, {"v": 2})]),
            )
        found = await rig.one.facts("employee", [f"p{turn}" for turn in range(30)])
        assert {value["v"] for value in found.values()} == {2}

    # -- who wants to be woken ---------------------------------------------------------------------------

    async def test_open_aggregates_are_found_by_the_fact_they_name(self, rig: Rig) -> None:
        await rig.one.write(CASES, [open_case("a", "p"), open_case("b", "q"), open_case("c", "r")])
        await rig.one.write(CASES, [write("d", state__open=False, state__person="p")])
        await rig.one.write(CASES, [open_case("e", "s", state__vacancies=["v1", "v2"])])
        assert sorted(await rig.two.watching(CASES, "person", ["p", "q"])) == [("a", "p"), ("b", "q")]
        assert sorted(await rig.two.watching(CASES, "vacancies", ["v2", "v3"])) == [("e", "v2")]
        assert await rig.two.watching(CASES, "person", []) == []

    async def test_who_waits_is_found_by_what_it_waits_for(self, rig: Rig) -> None:
        waits = {"a": ["employee/p", "vacancy/v"], "b": ["employee/p"], "c": ["employee/q"], "d": []}
        await rig.one.write(CASES, [write(id, waits=needs) for id, needs in waits.items()])
        assert sorted(await rig.two.waiting(CASES, ["employee/p"])) == ["a", "b"]
        assert sorted(await rig.two.waiting(CASES, ["vacancy/v", "employee/q", "employee/p"])) == [
            "a",
            "b",
            "c",
        ]
        assert await rig.two.waiting(CASES, ["employee/x"]) == []
        await rig.one.write(CASES, [write("b", 1, waits=[])])
        assert await rig.two.waiting(CASES, ["employee/p"]) == ["a"]

    async def test_timers_come_when_due_and_the_earliest_first(self, rig: Rig) -> None:
        times = {"late": NOON, "early": NOON - timedelta(days=1), "soon": NOON + timedelta(microseconds=1)}
        await rig.one.write(CASES, [write(id, due_at=utc(at)) for id, at in times.items()])
        await rig.one.write(CASES, [write("none", due_at=None)])
        assert await rig.two.due(CASES, NOON, 10) == ["early", "late"]
        assert await rig.two.due(CASES, NOON, 1) == ["early"]
        assert await rig.two.due(CASES, NOON - timedelta(days=2), 10) == []
        assert await rig.two.next_due(CASES) == utc(times["early"])
        assert await rig.two.next_due("seats") is None
        await rig.one.write(CASES, [write("early", 1, due_at=None)])
        assert await rig.two.due(CASES, NOON, 10) == ["late"]

    async def test_held_messages_come_again_when_their_time_is_there(self, rig: Rig) -> None:
        await rig.one.write(CASES, [write("b", held_at=20.5), write("a", held_at=10.0), write("n", held_at=None)])
        assert await rig.two.retries(CASES, 20.5, 10) == ["a", "b"]
        assert await rig.two.retries(CASES, 20.4, 10) == ["a"]
        assert await rig.two.retries(CASES, 30.0, 1) == ["a"]
        assert await rig.two.retries(CASES, 9.0, 10) == []

    # -- sweeping ----------------------------------------------------------------------------------------

    async def test_the_sweeper_claims_what_is_old_and_pending(self, rig: Rig) -> None:
        old, young = rig.real() - 60, rig.real() + 60
        await rig.one.write(
            CASES, [write("old", out=chain("old", 2, old)), write("young", out=chain("young", 1, young))]
        )
        await rig.one.write(CASES, [write("nothing")])
        assert await rig.two.sweep(CASES, 1.0, 30.0, 10) == [("old", chain("old", 2, old))]
        assert await rig.one.sweep(CASES, 1.0, 30.0, 10) == []
        assert (await doc(rig.one, "old"))["rev"] == 1

    async def test_a_claim_ends_with_its_lease(self, rig: Rig) -> None:
        await rig.one.write(CASES, [write("a", out=chain("a", 1))])
        assert [id for id, _ in await rig.one.sweep(CASES, 1.0, 0.3, 10)] == ["a"]
        assert await rig.two.sweep(CASES, 1.0, 0.3, 10) == []
        await rig.sleep(0.4)
        assert [id for id, _ in await rig.two.sweep(CASES, 1.0, 30.0, 10)] == ["a"]

    async def test_two_sweepers_share_the_work(self, rig: Rig) -> None:
        ids = [f"a{n:02}" for n in range(40)]
        await rig.one.write(CASES, [write(id, out=chain(id, 1)) for id in ids])
        found: list[str] = []
        while True:
            both = await asyncio.gather(*(store.sweep(CASES, 1.0, 30.0, 7) for store in (rig.one, rig.two)))
            assert all(len(part) <= 7 for part in both)
            batch = [id for part in both for id, _ in part]
            found += batch
            if not batch:
                break
        assert sorted(found) == ids

    async def test_what_was_swept_and_confirmed_is_gone_and_what_comes_after_is_swept_again(self, rig: Rig) -> None:
        entries = chain("a", 2)
        await rig.one.write(CASES, [write("a", out=entries[:1])])
        await rig.one.sweep(CASES, 1.0, 0.1, 10)
        await rig.one.confirm(acked(entries[:1]))
        await rig.sleep(0.2)
        assert await rig.one.sweep(CASES, 1.0, 0.1, 10) == []
        assert await rig.one.write(CASES, [write("a", 1, out=entries[1:])]) == [""]
        assert await rig.one.sweep(CASES, 1.0, 0.1, 10) == [("a", entries[1:])]

    # -- work --------------------------------------------------------------------------------------------

    async def test_work_is_claimed_when_its_lease_ran_out(self, rig: Rig) -> None:
        await rig.one.write(
            CASES,
            [write("a", work={"w1": work(10.0), "w2": work(50.0)}, work_at=10.0), write("b", work_at=None)],
        )
        assert await rig.two.claim_work(CASES, 9.9, 60.0, 10) == []
        claimed = await rig.two.claim_work(CASES, 10.0, 60.0, 10)
        assert claimed == [Claimed(CASES, "a", "w1", work(70.0, attempt=2))]
        found = await doc(rig.one, "a")
        assert (found["rev"], found["work_at"]) == (1, 50.0)
        assert (found["work"]["w1"]["until"], found["work"]["w1"]["attempt"]) == (70.0, 2)
        assert found["work"]["w2"] == work(50.0)
        assert [one.id for one in await rig.two.claim_work(CASES, 100.0, 60.0, 10)] == ["w1", "w2"]

    async def test_two_processes_never_claim_the_same_work(self, rig: Rig) -> None:
        ids = [f"a{n:02}" for n in range(20)]
        await rig.one.write(CASES, [write(id, work={"w": work(10.0)}, work_at=10.0) for id in ids])
        both = await asyncio.gather(*(store.claim_work(CASES, 20.0, 60.0, 50) for store in (rig.one, rig.two)))
        assert sorted(one.aggregate for part in both for one in part) == ids

    async def test_claims_stay_below_the_limit(self, rig: Rig) -> None:
        many = {f"w{n}": work(10.0) for n in range(5)}
        await rig.one.write(CASES, [write(id, work=many, work_at=10.0) for id in "abc"])
        sizes = [len(await rig.one.claim_work(CASES, 20.0, 60.0, 7)) for _ in range(4)]
        assert sizes == [7, 7, 1, 0]

    async def test_a_deferred_attempt_is_settled_until_the_next_one_begins(self, rig: Rig) -> None:
        await rig.one.write(CASES, [write("a", work={"w": work(10.0), "x": work(90.0)}, work_at=10.0)])
        await rig.one.claim_work(CASES, 10.0, 60.0, 10)
        notes = [{"attempt": 1, "text": "$no"}, {"attempt": 2, "text": "no.w"}]
        await rig.one.defer_work(CASES, "a", "w", 30.0, notes)
        found = await doc(rig.one, "a")
        assert (found["work_at"], found["rev"]) == (30.0, 1)
        assert await rig.two.claim_work(CASES, 29.0, 60.0, 10) == []
        (third,) = await rig.two.claim_work(CASES, 30.0, 60.0, 10)
        assert (third.entry["attempt"], third.entry["settled"], third.entry["notes"]) == (3, True, notes)
        # Nobody deferred the third attempt: whoever claims the fourth must see that the third never settled.
        (fourth,) = [one for one in await rig.two.claim_work(CASES, 95.0, 60.0, 10) if one.id == "w"]
        assert (fourth.entry["attempt"], fourth.entry.get("settled")) == (4, False)

    async def test_work_that_is_done_comes_not_back(self, rig: Rig) -> None:
        await rig.one.write(CASES, [write("a", work={"w": work(10.0)}, work_at=10.0)])
        await rig.one.write(CASES, [write("a", 1, unset=["work.w"], work_at=None)])
        assert await rig.one.claim_work(CASES, 20.0, 60.0, 10) == []
        await rig.one.defer_work(CASES, "a", "w", 30.0)
        await rig.one.defer_work(CASES, "absent", "w", 30.0)
        found = await doc(rig.one, "a")
        assert (found["work"], found["work_at"]) == ({}, None)
        assert await rig.one.load(CASES, ["absent"]) == {}

    async def test_a_work_time_that_is_too_early_mends_itself(self, rig: Rig) -> None:
        await rig.one.write(CASES, [write("a", work={"w": work(50.0)}, work_at=10.0)])
        assert await rig.one.claim_work(CASES, 20.0, 60.0, 10) == []
        assert (await doc(rig.one, "a"))["work_at"] == 50.0

    # -- confirming --------------------------------------------------------------------------------------

    async def test_confirmed_events_leave_the_document_and_its_rev_alone(self, rig: Rig) -> None:
        a, b = chain("a", 3), chain("b", 1)
        await rig.one.write(CASES, [write("a", out=a)])
        await rig.one.write("seats", [write("b", out=b)])
        await rig.one.confirm([*acked(a[:2]), *acked(b, "seats")])
        found = await doc(rig.one, "a")
        assert (found["out"], found["rev"]) == (a[2:], 1)
        assert (await doc(rig.one, "b", "seats"))["out"] == []
        assert await rig.two.write(CASES, [write("a", 1, state__n=1)]) == [""]
        await rig.one.confirm([])

    async def test_a_repeated_confirmation_pulls_again(self, rig: Rig) -> None:
        entries = chain("a", 2)
        await rig.one.write(CASES, [write("a", out=entries)])
        await rig.one.confirm(acked(entries[:1]))
        await rig.two.confirm(acked([*entries, *entries]))
        assert (await doc(rig.one, "a"))["out"] == []

    async def test_an_event_journaled_with_another_hash_is_left_where_it_is(self, rig: Rig) -> None:
        entries, other = chain("a", 2), chain("a", 1, data='{"forged": true}')
        await rig.one.confirm(acked(other))
        await rig.one.write(CASES, [write("a", out=entries)])
        await rig.one.confirm(acked(entries))
        assert (await doc(rig.one, "a"))["out"] == entries[:1]

    # -- parked, attempts, runs --------------------------------------------------------------------------

    async def test_a_settled_record_stays_settled(self, rig: Rig) -> None:
        def record(id: str, at: float) -> Raw:
            return {
                "_id": id,
                "kind": CASES,
                "reason": "bad",
                "bytes": b"\xff\x00",
                "at": at,
                "status": "parked",
            }

        await rig.one.park([record("x", 2.0), record("y", 1.0), record("z", 3.0)])
        assert [one["_id"] for one in await rig.two.parked("parked", 10)] == ["y", "x", "z"]
        assert [one["_id"] for one in await rig.two.parked("parked", 1)] == ["y"]
        await rig.one.settle_parked("x", "skipped", {"by": "p", "reason": "not needed"})
        await rig.one.park([record("x", 4.0), record("y", 5.0)])
        assert [one["_id"] for one in await rig.two.parked("parked", 10)] == ["z", "y"]
        (skipped,) = await rig.two.parked("skipped", 10)
        alone = await rig.two.parked_one("x")
        assert alone == {
            **record("x", 2.0),
            "status": "skipped",
            "note": {"by": "p", "reason": "not needed"},
        }
        assert skipped == {name: value for name, value in alone.items() if name != "bytes"}
        assert await rig.two.parked_one("absent") is None
        await rig.one.park([])

    async def test_attempts_are_counted_per_record(self, rig: Rig) -> None:
        assert [
            await rig.one.attempt("t/0/1"),
            await rig.two.attempt("t/0/1"),
            await rig.one.attempt("t/0/2"),
        ] == [1, 2, 1]
        both = await asyncio.gather(*(store.attempt("t/0/3") for store in (rig.one, rig.two) * 5))
        assert sorted(both) == list(range(1, 11))

    async def test_the_run_state_before_is_told(self, rig: Rig) -> None:
        assert await rig.one.run_state("1", "running") == ""
        assert await rig.two.run_state("1", "running") == "running"
        assert await rig.two.run_state("2", "running") == ""
        assert await rig.one.run_state("1", "ended") == "running"
        assert await rig.two.run_state("1", "running") == "ended"
