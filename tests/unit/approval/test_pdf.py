"""The printed decree: it renders, and the same data give the same bytes, also in another process."""

from datetime import date

import pytest

from services.approval.pdf import Seat, Sheet, printed, render, spoken

SHEET = Sheet(
    agency="Pemerintah Kota Palu",
    number="800.1.3.1/1/BKPSDM/2026",
    person="Siti Nur'aini #1 *tebal* $x$",
    nip="199003142014032912",
    origin=Seat(post="Analis Kebijakan", unit="Sekretariat Daerah"),
    target=Seat(post="Pranata Layanan", unit="Disdukcapil"),
    issued_on=date(2026, 11, 23),
    effective_on=date(2027, 1, 1),
    signatory="Pejabat Pembina Kepegawaian",
    signed_by="Ahmad",
    digest="ab" * 32,
)


async def test_the_same_data_give_the_same_bytes() -> None:
    first = render(SHEET)
    assert first.startswith(b"%PDF-")
    assert render(SHEET) == first
    assert await printed(SHEET) == first


@pytest.mark.parametrize(
    "change",
    [{"number": "2"}, {"status": "revoked"}, {"person": "", "nip": ""}, {"effective_on": date(2027, 2, 1)}],
)
def test_other_data_give_another_print(change: dict[str, object]) -> None:
    other = render(SHEET.model_copy(update=change))
    assert other.startswith(b"%PDF-")
    assert other != render(SHEET)


def test_dates_are_spoken_in_indonesian() -> None:
    assert [spoken(date(2027, month, 1)).split()[1] for month in (1, 5, 8, 12)] == [
        "Januari",
        "Mei",
        "Agustus",
        "Desember",
    ]
