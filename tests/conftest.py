"""Fixtures that all tests share."""

from collections.abc import Iterator

import pytest

from deploy.local.stack import Stack
from tests.support.stack import running_stack

SERVERS = {"integration", "e2e"}


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The real Kafka and MongoDB, started once; tests keep apart by their own topics and databases."""
    with running_stack(tmp_path_factory.mktemp("stack")) as running:
        yield running


@pytest.hookimpl(tryfirst=True)  # before the workers' own hook reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`make test` has two workers: what shares a running system stays on one, what starts servers on one, so that
    there are never more than two systems; everything else goes wherever there is room."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if "region" in fixtures:
            item.add_marker(pytest.mark.xdist_group("region"))
        elif "stack" in fixtures or SERVERS & set(item.path.parts):
            item.add_marker(pytest.mark.xdist_group("servers"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Nothing is skipped silently: each skipped test is named with its reason."""
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        terminalreporter.write_line(f"SKIPPED {report.nodeid}: {reason}", yellow=True)
