"""K8, a reorganisation: the list from a file, who is missing from it, and what comes of each of its people."""

import asyncio
from collections.abc import Collection, Mapping
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook

from services.registry.domain.reorganisations import (
    REORGANISATIONS,
    About,
    ProposeReorganisation,
    Reorganisation,
    Seat,
    reorganisation_of,
)
from services.registry.imports.reorganisation import Checked, checked
from services.registry.shelves import Sitting
from shared.contracts.approval import DecreeWithheld
from shared.contracts.registry import EmployeeMoved, EmployeeMoveRefused, Placement
from shared.contracts.reorganisations import ReorganisationApproved, ReorganisationCompleted, ReorganisationProposed
from shared.contracts.rosters import RosterApproved, RosterRefused
from shared.kernel.decider import Frozen
from tests.contract.test_golden import golden
from tests.unit.proposal.bench import Bench, outcome
from tests.unit.proposal.kit import actor

DAY = date(2026, 11, 23)
ABOUT = About.model_validate(
    {
        **{"agency": "palu", "units": ["dinsos"], "number": "7/2026", "dated": "2026-10-01", "issuer": "Wali Kota"},
        **{"purpose": "penggabungan", "expected_result": "satu loket"},
    }
)
NIPS = {f"19850101201401{n:04}": f"p-{n}" for n in (1901, 1902, 1903)}
A, B, C = NIPS
UNIT = "u:palu:dinsos"


class Known:
    """Three people, two of them in the unit that is dissolved, and two posts of another unit."""

    def __init__(self) -> None:
        units = (UNIT, UNIT, "u:palu:setda")
        self.people = {
            id: Sitting(id, nip, f"Nama {id}", "active", "palu", unit, f"p:palu:lama-{n}")
            for n, ((nip, id), unit) in enumerate(zip(NIPS.items(), units, strict=True), 1)
        }

    async def persons(self, nips: Collection[str]) -> Mapping[str, str]:
        """Ids by NIP."""
        return {nip: NIPS[nip] for nip in nips if nip in NIPS}

    async def sitting(self, ids: Collection[str], units: Collection[str]) -> dict[str, Sitting]:
        """These, and who serves there."""
        return {
            id: one for id, one in self.people.items() if id in ids or (one.unit in units and one.status == "active")
        }

    async def known(self, kind: str, ids: Collection[str]) -> Mapping[str, str]:
        """Registered posts with their unit, or units."""
        there = {"p:palu:baru-1": "u:palu:dinkes", "p:palu:baru-2": "u:palu:dinkes", "p:palu:lama-1": UNIT}
        return {id: there.get(id, "") for id in ids if id in (there if kind == "posts" else {UNIT})}


def tried(text: str, known: Known | None = None, about: About = ABOUT) -> Checked:
    """What comes of a file."""
    shelves: Any = known or Known()
    return asyncio.run(checked(BytesIO(text.encode()), about, shelves, DAY))


def rules(found: Checked) -> list[tuple[int, str]]:
    """Row and rule of each finding, by row."""
    return sorted((one.row, one.rule) for one in found.findings)


WHOLE = f"nip,post\n{A},baru-1\n{B},baru-2\n"


def test_a_whole_list_is_what_is_proposed() -> None:
    found = tried(WHOLE)
    assert rules(found) == []
    assert found.answer()["whole"]
    assert found.proposal is not None
    target = Placement(agency="palu", unit="u:palu:dinkes", post="p:palu:baru-1")
    assert found.proposal.seats[0] == Seat(
        person="p-1901", origin=Placement(agency="palu", unit=UNIT, post="p:palu:lama-1"), target=target
    )


def test_a_workbook_is_read_too() -> None:
    book = Workbook()
    for row in (("nip", "post"), (A, "baru-1"), (B, "baru-2")):
        book.worksheets[0].append(row)
    file, shelves = BytesIO(), Known()
    book.save(file)
    file.seek(0)
    assert asyncio.run(checked(file, ABOUT, shelves, DAY)).proposal == tried(WHOLE).proposal  # type: ignore[arg-type]


def test_who_is_missing_is_found_and_named() -> None:
    found = tried(f"nip,post\n{A},baru-1\n")
    assert rules(found) == [(0, "MISSING_PERSON")]
    assert found.missing[0]["person"] == "p-1902"
    assert found.missing[0]["name"] == "Nama p-1902"
    assert "Nama p-1902" in found.findings[0].says["en"]
    assert B not in str(found.answer()), "a number is not shown whole"
    assert found.proposal is None


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (f"{C},baru-1", "NOT_OF_THESE_UNITS"),
        (f"{A},lama-9", "UNKNOWN_POST"),
        (f"{A},lama-1", "SAME_POST"),
        ("198501012014011999,baru-1", "UNKNOWN_PERSON"),
        ("abc,baru-1", "BAD_FORM"),
        (f"{A},", "REQUIRED"),
        (f"{B},baru-1", "REPEATED_ROW"),
    ],
)
def test_every_wrong_cell_is_named(row: str, rule: str) -> None:
    found = tried(f"nip,post\n{A},baru-1\n{B},baru-2\n{row}\n")
    assert rule in {one.rule for one in found.findings if one.row == 4}
    assert found.proposal is None


def test_what_is_wrong_with_the_list_as_a_whole() -> None:
    assert rules(tried("nip\n")) == [
        (0, "LIST_LENGTH"),
        (0, "MISSING_PERSON"),
        (0, "MISSING_PERSON"),
        (1, "MISSING_COLUMN"),
    ]
    later = ABOUT.model_copy(update={"dated": date(2026, 11, 24)})
    assert rules(tried(WHOLE, about=later)) == [(0, "DATE_IN_FUTURE")]
    other = ABOUT.model_copy(update={"units": ("dinsos", "tiada")})
    assert rules(tried(WHOLE, about=other)) == [(0, "UNKNOWN_UNIT")]
    gone = Known()
    gone.people["p-1902"] = gone.people["p-1902"]._replace(status="retired")
    assert rules(tried(WHOLE, gone)) == [(3, "PERSON_NOT_ACTIVE")]
    assert rules(tried(f"nip,post\n{A},baru-1\n", gone)) == [], "who serves no more is not missing"


# -- the list ---------------------------------------------------------------------------------------------------------

APPROVED = RosterApproved(roster="r-1", office="ppk", agency="palu", by="p-ppk", consented=("bkn_liaison",))
REFUSED = RosterRefused(roster="r-1", code="FORMASI_PENUH", reason="r")


def proposed() -> Bench[Reorganisation]:
    """The list of two, proposed."""
    bench = Bench(REORGANISATIONS, "r-1", {})
    command = tried(WHOLE).proposal
    assert isinstance(command, ProposeReorganisation)
    bench.tell(command, actor("p-verifier"))
    return bench


def moved(n: int) -> EmployeeMoved:
    """The n-th has moved."""
    return EmployeeMoved.model_validate({**golden(EmployeeMoved), "case": f"r-1-{n}"})


def stays(n: int) -> EmployeeMoveRefused:
    """The n-th cannot."""
    about = {"person": f"p-{n}", "decree": f"sk-r-1-{n}-1", "code": "PROSES_DISIPLIN"}
    return EmployeeMoveRefused.model_validate({**about, "case": f"r-1-{n}"})


def test_each_row_has_a_case_and_the_regulation_is_kept() -> None:
    bench = proposed()
    (said,) = bench.said
    assert isinstance(said, ReorganisationProposed)
    assert [(move.case, move.person) for move in said.moves] == [("r-1-1", "p-1901"), ("r-1-2", "p-1902")]
    assert (said.number, said.by, said.units) == ("7/2026", "p-verifier", ("dinsos",))
    command = tried(WHOLE).proposal
    assert command is not None
    assert outcome(bench, command, actor("p-verifier")) == "REORGANISATION_STATE"


def test_approved_it_asks_for_its_decree_and_ends_when_nobody_is_waited_for() -> None:
    bench = proposed()
    (said,) = bench.tell(APPROVED)
    assert isinstance(said, ReorganisationApproved)
    assert (said.office, said.consented, len(said.moves)) == ("ppk", ("bkn_liaison",), 2)
    assert outcome(bench, APPROVED) == "-"
    assert outcome(bench, moved(1)) == "noted"
    assert outcome(bench, moved(1)) == "-"
    assert outcome(bench, moved(9)) == "-", "nobody of this list"
    assert outcome(bench, stays(2)) == "noted+completed"
    assert bench.said[-1] == ReorganisationCompleted(reorganisation="r-1", moved=1, left=1)
    assert bench.state.done == {"r-1-1": "", "r-1-2": "PROSES_DISIPLIN"}


@pytest.mark.parametrize("late", [moved(1), stays(1), APPROVED])
def test_a_refused_list_is_over(late: Frozen) -> None:
    bench = proposed()
    assert outcome(bench, REFUSED) == "refused"
    assert outcome(bench, REFUSED) == "-"
    assert outcome(bench, late) == "-"


def test_a_decree_that_is_withheld_leaves_everybody_where_they_are() -> None:
    bench = proposed()
    bench.tell(APPROVED)
    for n in (1, 2):
        about = {"attempt": 1, "decree": f"sk-r-1-{n}-1", "agency": "palu", "person": "p"}
        bench.tell(DecreeWithheld.model_validate({**about, "case": f"r-1-{n}", "code": "PERTEK_MISSING"}))
    assert bench.said[-1] == ReorganisationCompleted(reorganisation="r-1", moved=0, left=2)


def test_only_cases_of_lists_are_of_a_list() -> None:
    assert [reorganisation_of(case) for case in ("r-1-12", "c-1", "g-1-1")] == ["r-1", "", ""]
