"""The preview of an agency's papers: its own letterhead and numbers, and nobody can take it for a decree."""

from datetime import date

import pytest

from services.approval.deciders import NUMBERS
from services.approval.pdf import render
from services.approval.samples import KINDS, Kind, sample

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_a_sample(kind: Kind) -> None:
    sheet = sample(kind, "palu", "Pemerintah Kota Palu", NUMBERS.on("palu", TODAY), TODAY)
    assert (sheet.status, sheet.layout, sheet.address) == ("sample", "palu", "")
    printed = render(sheet)
    assert printed != render(sheet.model_copy(update={"status": "valid"})), "it is marked"
    assert printed != render(sheet.model_copy(update={"layout": "default"})), "in the agency's layout"


def test_the_numbers_are_the_agencys_own() -> None:
    palu, batanghari = (
        sample("revocation", code, code, NUMBERS.on(code, TODAY), TODAY) for code in ("palu", "batanghari")
    )
    assert (palu.number, palu.refers) == ("800.1.3.1/2/BKPSDM/2026", "800.1.3.1/1/BKPSDM/2026")
    assert (batanghari.number, batanghari.refers) == ("821.2/0002/BKPSDMD/XI/2026", "821.2/0001/BKPSDMD/XI/2026")
    assert (palu.effective_on, palu.refers_on) == (date(2027, 1, 1), date(2026, 11, 16))
