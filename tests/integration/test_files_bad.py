"""Every fault that the files of people can have, sent to a running registry: told by row, and the rest goes on."""

from typing import Any, NamedTuple

import pytest

from tests.support import huge
from tests.support.files import DATA, imported
from tests.support.region import Region

pytest_plugins = ("tests.support.registry",)
pytestmark = [pytest.mark.integration, pytest.mark.wide, pytest.mark.timeout(840)]


class File(NamedTuple):
    """How many rows of a file are taken, and some of its faults as (row, rule)."""

    kind: str
    name: str
    taken: int
    faults: set[tuple[int, str]]


FILES = (
    File("workloads", "workloads-negative.csv", 1, {(2, "NEGATIVE_VOLUME"), (4, "UNKNOWN_POST"), (5, "BAD_PAIRS")}),
    File("vacancies", "vacancies-no-formasi.csv", 1, {(2, "QUOTA_ABOVE_FORMASI"), (4, "CLOSING_DATE_PAST")}),
    File(
        "vacancy-changes", "vacancy-changes.csv", 1, {(3, "UNKNOWN_VACANCY"), (4, "REPEATED_ROW"), (5, "NOT_AMENDED")}
    ),
    File("people", "people-leave.csv", 1, {(3, "NOT_ON_LEAVE")}),
    File("people", "people-bad-cells.csv", 0, {(2, "UNKNOWN_UNIT"), (3, "UNKNOWN_POST"), (5, "BAD_DATE")}),
    File("people", "people-two-heads.csv", 2, {(3, "FORMASI_PENUH")}),
    File("people", "people-mixed-encoding.csv", 2, {(3, "BAD_ENCODING")}),
    File("people", "people-ragged.csv", 1, {(2, "RAGGED_ROW"), (4, "RAGGED_ROW"), (6, "RAGGED_ROW")}),
    File("people", "people-huge-cell.xlsx", 1, {(2, "TOO_LONG")}),
    File("units", "units-tree.csv", 5, {(6, "OVERLAPPING_VALIDITY"), (7, "UNIT_CYCLE"), (10, "BAD_DATE")}),
    File("posts", "posts-negative.csv", 1, {(2, "OUT_OF_RANGE"), (4, "STRUCTURAL_ONE_SEAT")}),
)


def faults(report: dict[str, Any]) -> set[tuple[int, str]]:
    """Row and rule of whatever was refused; each says in both languages what is wrong and how it is mended."""
    refused = [one for one in report["findings"] if one["severity"] == "refused"]
    assert all(one[part][lang] for one in refused for part in ("says", "remedy") for lang in ("id", "en"))
    return {(one["row"], one["rule"]) for one in refused}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_with_this_fault_is_told_and_the_rest_goes_on(registry: Region, file: File) -> None:
    report = imported(registry, file.kind, (DATA / file.name).read_bytes())
    assert faults(report) >= file.faults
    assert report["taken"] == file.taken


def test_a_cell_of_ten_megabytes_and_a_bomb(registry: Region) -> None:
    """`python -m tests.support.huge FOLDER` writes both for whoever wants to send them by hand."""
    report = imported(registry, "agencies", huge.cell())
    assert (faults(report), report["taken"]) == ({(2, "BAD_CSV")}, 1)
    report = imported(registry, "people", huge.bomb())
    assert (faults(report), report["taken"]) == ({(1, "TOO_BIG_UNPACKED")}, 0)
