"""Authorities and dates of decrees as data: what is wrong is said with its place, what holds on a day is found."""

from datetime import date, timedelta
from typing import Any

import pytest
import yaml

from services.approval.deciders import PACKAGED
from services.approval.domain import BadChains, parse_authorities, parse_numbering
from services.approval.domain.decrees.authority import Said, Unlawful
from tests.unit.approval.kit import NUMBERING

DAY = date(2026, 11, 23)
ENTRY: dict[str, Any] = yaml.safe_load((PACKAGED / "authorities.yaml").read_text("utf-8"))["entries"][0]
BASE: dict[str, Any] = yaml.safe_load((PACKAGED / "numbering.yaml").read_text("utf-8"))["entries"][0]
WAIVER = {"citation": "surat edaran", "certainty": "C"}


@pytest.mark.parametrize(
    ("entries", "says"),
    [
        ([{**ENTRY, "waiver": WAIVER}], "either the consideration that is needed or the waiver"),
        ([{**ENTRY, "consideration": None}], "either the consideration that is needed or the waiver"),
        ([ENTRY, ENTRY], "two entries for moves of kind one_agency begin on 2020-01-01"),
        ([{**ENTRY, "certainty": "law"}], "entry 1, certainty"),
        ([], "entries"),
    ],
)
def test_a_mistake_in_the_authorities_is_named(entries: list[Any], says: str) -> None:
    with pytest.raises(BadChains) as found:
        parse_authorities("authorities.yaml", {"entries": entries})
    assert says in str(found.value)


def test_a_waiver_is_cited_in_the_decree() -> None:
    own = {**ENTRY, "consideration": None, "waiver": WAIVER, "valid_from": "2026-06-01"}
    law = parse_authorities("a", {"entries": [ENTRY, own]})
    assert law.ground("one_agency", date(2026, 6, 1), Said(office="ppk")).waiver == "surat edaran"
    with pytest.raises(Unlawful, match="PERTEK_MISSING"):
        law.ground("one_agency", date(2026, 5, 31), Said(office="ppk"))
    with pytest.raises(Unlawful, match="AUTHORITY_MISSING"):
        law.ground("one_agency", date(2019, 12, 31), Said(office="ppk", consented=("bkn_liaison",)))


def test_agencies_write_their_numbers_as_they_are_used_to() -> None:
    assert NUMBERING.on("batanghari", DAY).text(7, DAY) == "821.2/0007/BKPSDMD/XI/2026"
    assert NUMBERING.on("palu", DAY).text(7, DAY) == "800.1.3.1/7/BKPSDM/2026"


@pytest.mark.parametrize(
    ("days", "back", "ahead", "code"),
    [
        (0, 0, 366, ""),
        (-1, 0, 366, "TMT_RETROACTIVE"),
        (-30, 30, 366, ""),
        (-31, 30, 366, "TMT_RETROACTIVE"),
        (366, 0, 366, ""),
        (367, 0, 366, "TMT_TOO_FAR"),
    ],
)
def test_e20_an_effective_date_lies_within_its_bounds(days: int, back: int, ahead: int, code: str) -> None:
    dating = {**BASE["dating"], "days_back": back, "days_ahead": ahead}
    numbering = parse_numbering("n", {"entries": [{**BASE, "dating": dating}]})
    assert numbering.on("x", DAY).fault(DAY, DAY + timedelta(days=days)) == code
