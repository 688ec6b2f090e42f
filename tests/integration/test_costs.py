"""What one lifecycle costs in round trips, documents, records and bytes. None of it depends on the machine: a change
that makes each transfer dearer is caught here and not by a stopwatch."""

import asyncio

import pytest

from tests.bench.load import count
from tests.bench.rig import Phase, measured, rig
from tests.support.stack import running_stack

LIFECYCLES = 10
# Upper bounds of one lifecycle that is alone in the system, so that nothing shares a batch. What idle polls ask of
# MongoDB depends on time, so round trips are counted for writes only, and documents for what is written.
RECORDS = {"registry": 1.0, "proposal": 6.0, "evaluation": 2.0, "approval": 9.0, "notification": 14.0}
WRITTEN = {"registry": 3.0, "proposal": 18.0, "evaluation": 8.0, "approval": 24.0, "notification": 46.0}
RECORD_BYTES, LOG_BYTES, KEPT_BYTES = 23_000, 41_000, 77_000


@pytest.fixture(scope="module")
def phase(tmp_path_factory: pytest.TempPathFactory) -> Phase:
    """Lifecycles one after the other, on servers of their own: their counters are read as a whole."""
    folder = tmp_path_factory.mktemp("costs")
    with running_stack(folder) as stack, measured(stack, folder / "system") as system:

        async def play() -> Phase:
            async with rig(system, LIFECYCLES * 2) as bench:
                found = await bench.phase("alone", lambda d, a: count(d, a, 1, LIFECYCLES), warm_up=LIFECYCLES)
                assert not await bench.faults()
                return found

        return asyncio.run(play())


@pytest.mark.integration
@pytest.mark.timeout(300)
@pytest.mark.parametrize("service", RECORDS)
def test_what_is_said(phase: Phase, service: str) -> None:
    assert 0 < phase.each("mutasi_records_sent", service) <= RECORDS[service]


@pytest.mark.integration
@pytest.mark.timeout(300)
@pytest.mark.parametrize("service", WRITTEN)
def test_what_is_written(phase: Phase, service: str) -> None:
    written = sum(phase.documents(command, service) for command in ("update", "insert"))
    assert 0 < written <= WRITTEN[service]


@pytest.mark.integration
@pytest.mark.timeout(300)
def test_what_is_kept(phase: Phase) -> None:
    """The events themselves, the broker's log with their headers, and the documents and journals."""
    assert 0 < phase.each("mutasi_records_sent_bytes") <= RECORD_BYTES
    assert 0 < phase.log_bytes / phase.lifecycles <= LOG_BYTES
    assert 0 < phase.stored.data / phase.lifecycles <= KEPT_BYTES
