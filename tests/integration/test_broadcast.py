"""A broadcast on the running service: a dry run, everybody once although it is killed, a decree overtakes it."""

import asyncio
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import httpx
import pytest

from deploy.local.stack import Stack
from services.notification.channels.email import message_header
from services.notification.domain.entry import message_id
from tests.bench.mail import DOMAIN, PERSONS, Post, all_taken, post, refuse, until
from tests.support.stack import running_stack
from tests.unit.notification.samples import ANNOUNCED

pytestmark = [pytest.mark.wide, pytest.mark.timeout(600)]


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Stack]:
    """Servers of this test alone: the service's names on them are always the same."""
    with running_stack(tmp_path / "servers") as stack:
        yield stack


def ask(post: Post, method: str, path: str, body: object = None, key: str = "k") -> httpx.Response:
    """As the administrator."""
    headers = post.system.headers(post.system.admin, key)
    return httpx.request(method, f"{post.system.url('notification')}{path}", json=body, headers=headers, timeout=30)


async def test_everybody_is_told_once_and_a_decree_goes_first(own: Stack, tmp_path: Path) -> None:
    async with post(own, tmp_path, 2) as running:
        homes = [
            {"_id": f"person-{n}", "sequence": 1, "value": {"agency": "palu", "unit": "u"}} for n in range(PERSONS)
        ]
        await running.db["fact_home"].insert_many(homes)
        draft = await asyncio.to_thread(
            ask, running, "POST", "/v1/broadcasts", {"audience": {"agency": "palu"}, **ANNOUNCED}
        )
        id = draft.json()["id"]
        dry = (await asyncio.to_thread(ask, running, "GET", f"/v1/broadcasts/{id}/audience")).json()
        assert (dry["count"], len(dry["sample"])) == (PERSONS, 5)
        release = partial(ask, running, "POST", f"/v1/broadcasts/{id}/release")
        assert (await asyncio.to_thread(release, {"expected": 3}, "k1")).json()["code"] == "AUDIENCE_CHANGED"
        await asyncio.to_thread(running.ask, "/v1/channels/email/pause")
        began = time.time()
        assert (await asyncio.to_thread(release, {"expected": PERSONS}, "k2")).status_code == 200
        await running.counted(PERSONS // 4, {"state.category": "broadcast"})
        running.server.kill9()
        await asyncio.to_thread(running.server.start)
        await asyncio.to_thread(running.server.wait_ready)
        await running.counted(PERSONS, {"state.category": "broadcast"})
        [decree] = await refuse(running, 1)
        await running.counted(1, {"state.legal": True})
        await asyncio.to_thread(running.ask, "/v1/channels/email/resume")
        told = {message_header(message_id(id, f"person-{n}", "email"), DOMAIN) for n in range(PERSONS)}
        await until(partial(all_taken, running, told | {decree}, began))
        taken = running.taken(began).times
        assert taken.keys() == told | {decree}
        assert sum(at[0] < taken[decree][0] for at in taken.values()) < 50, "it waited for nobody but those under way"
        assert all(len(times) == 1 for times in taken.values())
