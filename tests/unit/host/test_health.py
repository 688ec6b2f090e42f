"""Alive: waiting work moves. Ready: what it needs is up. Parked messages are the operators' alone."""

import httpx
import pytest

from shared.runtime.progress import Progress
from tests.unit.host.sample import Clients


@pytest.fixture
def progress() -> "Clocked":
    return Clocked()


class Clocked(Progress):
    """Progress on a clock that stands until it is moved."""

    def __init__(self) -> None:
        self.time = 1000.0
        super().__init__("kafka", patience=30, clock=lambda: self.time)


async def alive(client: httpx.AsyncClient) -> int:
    return (await client.get("/health/live")).status_code


async def test_idle_is_alive(client: httpx.AsyncClient, progress: Clocked) -> None:
    progress.stamp("executor")
    progress.time += 3600
    assert await alive(client) == 200


async def test_waiting_work_that_stands_still_is_not(client: httpx.AsyncClient, progress: Clocked) -> None:
    progress.stamp("publisher", waiting=3)
    progress.time += 29
    progress.wait("publisher", 4)  # more work is no progress
    progress.time += 2
    answer = await client.get("/health/live")
    assert (answer.status_code, answer.json()["stuck"]) == (503, ["publisher"])
    progress.stamp("publisher", waiting=2)
    assert await alive(client) == 200


async def test_patience_runs_from_the_arrival(client: httpx.AsyncClient, progress: Clocked) -> None:
    progress.stamp("executor")
    progress.time += 3600
    progress.wait("executor")
    progress.time += 29
    assert await alive(client) == 200
    progress.time += 2
    assert await alive(client) == 503


async def test_ready_when_all_needs_are_up(client: httpx.AsyncClient, progress: Clocked) -> None:
    for change, status in ((lambda _: None, 503), (progress.up, 200), (progress.down, 503)):
        change("kafka")
        assert (await client.get("/health/ready")).status_code == status


async def test_metrics_count_requests(client: httpx.AsyncClient) -> None:
    await client.get("/v1/notes")
    text = (await client.get("/metrics")).text
    assert 'mutasi_http_seconds_count{route="note.list",status="200"}' in text


async def test_operators_see_replay_and_skip(as_login: Clients) -> None:
    root = as_login("root")
    listed = (await root.get("/ops/parked", params={"status": "skipped"})).json()
    assert listed == {"parked": [{"_id": "m1", "status": "skipped", "value": "/wA="}]}
    assert (await root.get("/ops/parked/m1")).json()["_id"] == "m1"
    assert (await root.get("/ops/parked/m2")).status_code == 404
    assert (await root.post("/ops/parked/m1/replay")).json()["status"] == "replayed"
    assert (await root.post("/ops/parked/m1/skip", json={"reason": ""})).status_code == 422
    skipped = await root.post("/ops/parked/m1/skip", json={"reason": "sent twice"})
    assert skipped.json() == {"id": "m1", "status": "skipped", "by": "root", "reason": "sent twice"}


async def test_operators_check_histories_page_by_page(as_login: Clients) -> None:
    root = as_login("root")
    assert (await root.get("/ops/histories")).json() == {"kinds": ["notes"]}
    fault = "the document counts 1 events, there are 0"
    first = (await root.get("/ops/histories/notes", params={"limit": 2})).json()
    assert first == {"checked": 2, "faults": [{"aggregate": id, "fault": fault} for id in ("n1", "n2")], "next": "n2"}
    last = (await root.get("/ops/histories/notes", params={"limit": 2, "after": first["next"]})).json()
    assert (last["checked"], last["next"]) == (1, "")
    assert (await root.get("/ops/histories/others")).status_code == 404


@pytest.mark.parametrize("path", ["/ops/parked", "/ops/parked/m1", "/ops/histories", "/ops/histories/notes"])
async def test_nobody_else_does(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 403
    assert (await client.post("/ops/parked/m1/replay")).status_code == 403
    assert (await client.post("/ops/parked/m1/skip", json={"reason": "mine"})).status_code == 403
