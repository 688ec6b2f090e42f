"""How often a visitor may ask: which row counts, and that a visitor over it waits while others do not."""

import pytest
from pydantic import ValidationError

from services.portal.limits import Limits, Row, row_of, rows


@pytest.mark.parametrize(
    ("method", "path", "wanted"),
    [
        ("GET", "/static/portal.css", ("/static/", "")),
        ("GET", "/langsung/saya", ("/langsung/", "")),
        ("GET", "/masuk", ("/masuk", "")),
        ("GET", "/verifikasi/abc", ("/verifikasi", "")),
        ("POST", "/tugas/t-1/putus", ("/", "POST")),
        ("GET", "/tugas/t-1", ("/", "")),
    ],
)
def test_the_first_row_that_fits_counts(method: str, path: str, wanted: tuple[str, str]) -> None:
    row = row_of(method, path)
    assert (row.path, row.method) == wanted


def test_every_page_has_a_row() -> None:
    assert rows()[-1].path == "/"
    assert rows()[-1].most


async def test_who_asks_too_often_is_told_how_long_to_wait_and_nobody_else_waits() -> None:
    limits, row = Limits(), Row(path="/lacak", of="address", most="3/minute")
    assert [await limits.count(row, "192.0.2.1") for _ in range(3)] == [0, 0, 0]
    assert 0 < await limits.count(row, "192.0.2.1") <= 60
    assert await limits.count(row, "192.0.2.2") == 0


async def test_a_row_without_a_limit_is_free() -> None:
    limits, row = Limits(), Row(path="/static/")
    assert [await limits.count(row, "192.0.2.1") for _ in range(1000)] == [0] * 1000


def test_a_limit_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(ValidationError, match="most"):
        Row(path="/", most="many")
