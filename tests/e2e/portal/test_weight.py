"""How much a first visit costs on a slow line: the page and everything that it asks for, as it is sent."""

import re

import httpx
import pytest

from tests.e2e.world import World

pytest_plugins = ("tests.e2e.browser",)
pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]
HEAVIEST = 200_000
"""Bytes, without compression, which the portal leaves to what stands before it."""


def test_a_first_visit_is_light(world: World) -> None:
    url = world.system.url("portal")
    page = httpx.get(f"{url}/")
    linked = re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text)
    assert {link.rpartition(".")[2] for link in linked} == {"css", "js", "svg"}
    parts = [httpx.get(f"{url}{link}") for link in linked]
    assert [part.status_code for part in (page, *parts)] == [200] * (len(parts) + 1)
    assert sum(len(part.content) for part in (page, *parts)) <= HEAVIEST
