"""A person who is forgotten: key and headers without a value make every reader forget, for good."""

import time
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from typing import ClassVar

import pytest

from shared.contracts.people import PersonForgotten, PersonParticulars
from shared.host.audit import verify_chain
from shared.kernel.decider import Event, Fact, Message
from shared.runtime.envelope import envelope, journaled
from shared.runtime.intake import Intake
from shared.runtime.ports import Entry, Record
from shared.runtime.service import Learn, Routes, Service
from shared.runtime.wire import to_headers, to_value
from tests.support.alone import intake_of
from tests.support.sim.store import MemoryStore

RINA = "4f0c5a52-6a8e-5d3c-9a42-000000000901"
routes = Routes()
SAYS = Service("registry", "mutasi.registry", (), (), Routes(), topic_of={PersonForgotten.TYPE: "mutasi.people"})
READS = Service("reader", "mutasi.reader", (), (), routes)


class Name(Fact):
    """What a reader keeps."""

    KIND: ClassVar[str] = "name"
    name: str


@routes.on(PersonParticulars)
def told(event: PersonParticulars) -> Iterable[Learn]:
    """Keep it."""
    yield Learn(Name, event.person, Name(name=event.name))


@routes.on(PersonForgotten)
def forgotten(event: PersonForgotten) -> Iterable[Learn]:
    """Forget it; a reader never hears why."""
    assert event.reason == ""
    yield Learn(Name, event.person, None)


def said(*events: Event) -> list[Entry]:
    """The registry's envelopes of one person's events, chained."""
    entries: list[Entry] = []
    for sequence, event in enumerate(events, 1):
        cause = Message(event, "m-1", datetime(2026, 11, 22, tzinfo=UTC))
        entries.append(envelope(SAYS, RINA, sequence, entries[-1]["hash"] if entries else "", event, cause))
    return entries


def record(entry: Entry, offset: int = 0) -> Record:
    """As the bus sends it."""
    return Record("mutasi.people", 0, offset, entry["key"].encode(), to_value(entry), tuple(to_headers(entry)))


NAMED = PersonParticulars(person=RINA, name="Rina Lestari", nip="199003142014032912", version=1)
GONE = PersonForgotten(person=RINA, reason="Masa simpan berakhir")


@pytest.fixture
async def store() -> MemoryStore:
    return MemoryStore(READS, time.time)


@pytest.fixture
async def intake(store: MemoryStore) -> AsyncIterator[Intake]:
    async with intake_of(READS, store) as taking:
        yield taking


def test_on_the_wire_it_is_key_and_headers_and_in_the_journal_the_reason() -> None:
    named, gone = said(NAMED, GONE)
    wire = record(gone)
    assert (wire.key, wire.value, dict(wire.headers)["ce_type"]) == (RINA.encode(), None, GONE.TYPE.encode())
    assert gone["topic"] == "mutasi.people"
    kept = [journaled(named), journaled(gone)]
    assert "Masa simpan berakhir" in kept[1]["data"]
    assert "Rina" not in str(kept)
    assert verify_chain(kept, 2, gone["hash"]) == ""


async def test_who_reads_it_forgets_and_an_old_copy_brings_nothing_back(intake: Intake, store: MemoryStore) -> None:
    named, gone = (record(entry, offset) for offset, entry in enumerate(said(NAMED, GONE)))
    await intake.take([named])
    assert await store.facts("name", [RINA]) == {RINA: {"name": "Rina Lestari"}}
    await intake.take([gone, named, gone])
    assert await store.facts("name", [RINA]) == {}
    assert await store.parked("parked", 10) == []


@pytest.mark.parametrize("spoilt", ["a value", "no key", "particulars without a value"])
async def test_what_is_no_tombstone_is_parked(intake: Intake, store: MemoryStore, spoilt: str) -> None:
    named, gone = said(NAMED, GONE)
    whole = record(gone)
    bad = {
        "a value": Record("t", 0, 0, whole.key, gone["data"].encode(), whole.headers),
        "no key": Record("t", 0, 0, None, None, whole.headers),
        "particulars without a value": Record("t", 0, 0, whole.key, None, tuple(to_headers(named))),
    }[spoilt]
    await intake.take([record(named, 1), bad])
    (parked,) = await store.parked("parked", 10)
    assert parked["_id"] == bad.place
    assert await store.facts("name", [RINA]) == {RINA: {"name": "Rina Lestari"}}
