"""A large file, and a registry that is ended in the middle of it: nobody is missing, and nobody is there twice."""

from pathlib import Path

import pytest

from tests.bench.files import take, town
from tests.bench.measure import load_average
from tests.bench.rig import only
from tests.support.stack import running_stack

ROWS, KILLED_AFTER = 20_000, 4_000


@pytest.mark.wide
@pytest.mark.timeout(1200)
def test_twenty_thousand_people_with_a_kill_in_the_middle(tmp_path: Path) -> None:
    with running_stack(tmp_path / "stack") as stack, only(stack, tmp_path / "system", "registry") as system:
        taken = take(system, town(system, tmp_path, ROWS), kill_after=KILLED_AFTER)
    assert (taken.report["rows"], taken.report["taken"], taken.report["findings"]) == (ROWS, ROWS, [])
    assert (taken.killed, taken.people) == (1, ROWS)
    assert taken.told == ROWS * len(("employee.registered", "person.particulars"))  # each of them once
    figures = f"{ROWS / taken.seconds:.0f} rows/s, at most {taken.megabytes:.0f} MB, load {load_average():.0f}"
    print(figures)  # noqa: T201 - for docs/registry.md, seen with -s
    assert taken.megabytes < 500
