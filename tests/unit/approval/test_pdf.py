"""The printed decree: it renders, and the same data give the same bytes, also in another process."""

import subprocess
import sys
import time
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from services.approval.pdf import Between, Seat, Sheet, printed, render, spoken

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


def test_a_move_between_agencies_names_the_letters_it_rests_on() -> None:
    """Whatever their writers put into a number, it is text and no markup."""
    letters = ("Usul Wali Kota Nomor #800*1_ tanggal 23 November 2026", "Keputusan Menteri Dalam Negeri Nomor $2")
    between = Between(origin="Pemerintah Kabupaten Sigi", letters=letters)
    other = render(SHEET.model_copy(update={"between": between}))
    assert other.startswith(b"%PDF-")
    assert other != render(SHEET.model_copy(update={"between": between.model_copy(update={"letters": letters[:1]})}))


def test_a_suspension_is_called_so() -> None:
    refers = {"kind": "amendment", "refers": "800.1.3.1/1/BKPSDM/2026", "refers_on": date(2026, 11, 23)}
    amendment = SHEET.model_copy(update={**refers, "was_effective_on": date(2026, 12, 1), "reason": "keberatan"})
    suspension = render(amendment.model_copy(update={"suspends": True}))
    assert suspension.startswith(b"%PDF-")
    assert suspension != render(amendment)


def test_dates_are_spoken_in_indonesian() -> None:
    assert [spoken(date(2027, month, 1)).split()[1] for month in (1, 5, 8, 12)] == [
        "Januari",
        "Mei",
        "Agustus",
        "Desember",
    ]


def test_a_decree_of_common_length_stands_on_one_page() -> None:
    """Code and signature on a page of their own could be put behind another decree."""
    long = Seat(post="Penelaah Teknis Kebijakan", unit="Dinas Kependudukan dan Pencatatan Sipil Kota Palu")
    ground = "Pertimbangan teknis Badan Kepegawaian Negara melalui I-MUT"
    sheet = SHEET.model_copy(
        update={
            "layout": "palu",
            "target": long,
            "ground": ground,
            "authority": "PP 11/2017 ps 191",
            "electronic": True,
        }
    )
    sheet = sheet.model_copy(update={"address": f"http://127.0.0.1:8100/verifikasi/{SHEET.digest}"})
    letter = "Persetujuan Pejabat Pembina Kepegawaian Pemerintah Kabupaten Sigi Nomor 800.1.3.1/1/X tanggal 1 Mei 2026"
    between = Between(origin="Pemerintah Kabupaten Sigi", letters=(letter,) * 4)
    for one in (sheet, sheet.model_copy(update={"between": between, "ground": ""})):
        assert PdfFileReader(BytesIO(render(one))).root["/Pages"]["/Count"] == 1


def test_a_printer_ends_with_its_service() -> None:
    """Even when that was killed: otherwise each `kill -9` left a process behind."""
    code = "import os, signal; from services.approval.pdf import pool; "
    code += "print(pool().submit(os.getpid).result(), flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    printer = int(subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, check=False).stdout)
    deadline = time.monotonic() + 60
    while Path(f"/proc/{printer}").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
