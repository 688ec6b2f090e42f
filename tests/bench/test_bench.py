"""`make bench`: the whole measurement, printed. A goal missed is a figure; only a run that is void fails."""

from pathlib import Path

import pytest

from tests.bench.suite import Scale, whole


@pytest.mark.bench
@pytest.mark.timeout(3600)
def test_bench(tmp_path: Path) -> None:
    """Prints all tables; nothing was lost, doubled or reordered while it was measured."""
    found = whole(tmp_path, Scale())
    print(f"\n{found.text()}")  # noqa: T201 - the figures are what is asked for
    assert not found.faults
