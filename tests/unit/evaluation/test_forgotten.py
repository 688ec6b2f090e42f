"""A person who is forgotten has no line of time any more, whatever comes late or twice."""

import time
from datetime import UTC, datetime

import pytest

from services.evaluation.app import SERVICE
from services.evaluation.domain.facts import Known, known_id
from services.registry.app import SERVICE as REGISTRY
from shared.contracts.imports import EmployeeWithdrawn
from shared.contracts.people import EmployeeForgotten
from shared.contracts.registry import EmployeeRegistered, EmployeeUpdated
from shared.kernel.decider import Event, Message
from shared.runtime.envelope import envelope
from shared.runtime.ports import Entry, Record
from shared.runtime.wire import to_headers, to_value
from tests.support.alone import intake_of
from tests.support.sim.store import MemoryStore
from tests.unit.evaluation.cases import RINA, changed

PERSON = "p-rina"
TOLD = (
    EmployeeRegistered(person=PERSON, profile=RINA),
    EmployeeUpdated(person=PERSON, profile=changed(RINA, rank="III/d")),
)
IDS = [known_id(PERSON, sequence) for sequence in (1, 2, 3)]


def records(*events: Event) -> list[Record]:
    """As the registry's topic has them."""
    entries: list[Entry] = []
    for sequence, event in enumerate(events, 1):
        cause = Message(event, "m-1", datetime(2026, 11, 22, tzinfo=UTC))
        entries.append(envelope(REGISTRY, PERSON, sequence, entries[-1]["hash"] if entries else "", event, cause))
    return [
        Record("mutasi.registry", 0, offset, entry["key"].encode(), to_value(entry), tuple(to_headers(entry)))
        for offset, entry in enumerate(entries)
    ]


@pytest.mark.parametrize(
    "gone", [EmployeeForgotten(person=PERSON), EmployeeWithdrawn(person=PERSON, post="palu-setda-analyst")]
)
async def test_all_that_was_told_goes_and_no_repeat_brings_it_back(gone: Event) -> None:
    store = MemoryStore(SERVICE, time.time)
    first, second, last = records(*TOLD, gone)
    async with intake_of(SERVICE, store) as intake:
        await intake.take([first, second])
        assert set(await store.facts(Known.KIND, IDS)) == set(IDS[:2])
        await intake.take([last])
        await intake.take([first, second, last])
        assert await store.facts(Known.KIND, IDS) == {}
        assert await store.parked("parked", 10) == []
