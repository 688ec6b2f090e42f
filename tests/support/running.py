"""A pytest plugin: one running system with the demo region, for all tests that name it in `pytest_plugins`.

It has servers of its own, because the services' names on the broker and in the database are always the same.
"""

from collections.abc import Iterator

import pytest

from tests.support.region import Region, running_region


@pytest.fixture(scope="session")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Region]:
    """The demo region with 1,000 people; proposal runs twice. Tests bring people and vacancies of their own."""
    with running_region(tmp_path_factory.mktemp("region")) as running:
        yield running
