"""A registry by itself, with the town of `tests/data/registry`: for tests that need no other service."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from deploy.local.topics import create_missing
from tests.bench.rig import only
from tests.support.clock import tell_time
from tests.support.files import DATA, imported
from tests.support.offers import BEGIN
from tests.support.region import Region
from tests.support.stack import running_stack


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Region]:
    """Agencies, units and posts are there; nobody serves yet."""
    folder, shift = tmp_path_factory.mktemp("registry"), BEGIN - datetime.now(UTC)
    with running_stack(folder / "stack") as stack:
        asyncio.run(create_missing(stack.kafka))
        asyncio.run(tell_time(stack.kafka, shift))
        with only(stack, folder / "system", "registry") as system:
            region = Region(system, shift=shift)
            for kind in ("agencies", "units", "posts"):
                assert imported(region, kind, (DATA / f"{kind}.csv").read_bytes())["findings"] == []
            yield region
            region.http.close()
