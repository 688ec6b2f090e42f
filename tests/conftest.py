"""Fixtures that all tests share."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import hypothesis
import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from deploy.local.stack import Stack
from tests.support.stack import running_stack

pytest.register_assert_rewrite("tests.support.running")  # a plugin, and imported by tests that start one of their own
SERVERS = ("tests/integration/", "tests/e2e/")
hypothesis.settings.register_profile("shared machine", deadline=None)  # how busy it is says nothing about an example
hypothesis.settings.load_profile("shared machine")


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The real Kafka and MongoDB, started once; tests keep apart by their own topics and databases."""
    with running_stack(tmp_path_factory.mktemp("stack")) as running:
        yield running


class Rooms(LoadScopeScheduling):  # type: ignore[misc]  # its package is not typed
    """`make test` has two workers: tests of the one running system share a worker, those that start servers share one,
    so that there are never more than two systems; every other test goes wherever there is room."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        if "tests.support.running" in _text(path):
            return "the running system"
        return "servers" if path.startswith(SERVERS) else nodeid


@cache
def _text(path: str) -> str:
    return (Path(__file__).parents[1] / path).read_text("utf-8")


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Rooms:
    """The scheduler of the workers, for any `--dist`."""
    return Rooms(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Nothing is skipped silently: each skipped test is named with its reason."""
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        terminalreporter.write_line(f"SKIPPED {report.nodeid}: {reason}", yellow=True)
