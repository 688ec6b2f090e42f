"""What the portal sends to the services' doors."""

from types import SimpleNamespace
from typing import Any, cast

import httpx

from services.portal.remote import Remote
from services.portal.settings import Doors


async def _sent(**more: Any) -> httpx.Headers:
    seen: list[httpx.Headers] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers)
        return httpx.Response(200, json={})

    doors = cast("Doors", SimpleNamespace(evaluation_url="http://evaluation"))
    remote = Remote(doors, httpx.MockTransport(answer))
    await remote.ask("evaluation", "PUT", "/v1/x", "token", lang="id", **more)
    await remote.close()
    return seen[0]


async def test_the_version_that_was_seen_goes_as_a_condition() -> None:
    assert (await _sent(version="7", body={}))["if-match"] == '"7"'
    assert "if-match" not in await _sent(body={})
