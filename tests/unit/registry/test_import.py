"""The import over files that a person can open: good rows are taken, each bad cell is named."""

import json
from collections.abc import Collection, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from services.registry.domain import PEOPLE, UNITS
from services.registry.domain.files import File
from services.registry.domain.ids import system_id
from services.registry.domain.quality import Record, defects
from services.registry.domain.texts import texts
from services.registry.domain.units import RegisterUnit
from services.registry.imports import KINDS, ORDER, Import
from services.registry.imports.kinds import columns
from shared.contracts.registry import (
    AccountLinked,
    EmployeeRegistered,
    OfficeAssigned,
    VacancyAmended,
    VacancyClosed,
    VacancyPublished,
)
from shared.kernel.decider import Command, Decider, Refused
from tests.unit.registry.shelf import NOW, Shelf, decree

DATA = Path(__file__).parents[2] / "data" / "registry"
Found = tuple[int, str, str]


class Desk:
    """The registry as the import sees it."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf

    async def known(self, kind: str, ids: Collection[str]) -> Mapping[str, str]:
        """Registered ones."""
        return await self.shelf.known_ids(kind, ids)

    async def persons(self, nips: Collection[str]) -> Mapping[str, str]:
        """Person ids by NIP."""
        return await self.shelf.persons(nips)

    async def send(self, decider: Decider[Any], id: str, command: Command) -> Mapping[str, Any]:
        """Run it."""
        return self.shelf.send(decider, id, command)


async def take(shelf: Shelf, kind: str, file: str | bytes = "", *, dry_run: bool = False) -> dict[str, Any]:
    """Import a file of the folder, or bytes."""
    raw = file if isinstance(file, bytes) else (DATA / (file or f"{kind}.csv")).read_bytes()
    desk = Desk(shelf)
    at = None if dry_run else File(file="i:test", kind=kind, status="running")
    return (await Import(kind, desk, desk.send, NOW.date(), at).run(BytesIO(raw))).answer()


async def palu() -> Shelf:
    """The town of the files."""
    shelf = Shelf()
    for kind in ORDER[:3]:
        report = await take(shelf, kind)
        assert (report["taken"], report["findings"]) == (report["rows"], [])
    return shelf


def found(report: dict[str, Any], severity: str = "refused") -> list[Found]:
    """Row, column and rule of the findings."""
    return [(f["row"], f["column"], f["rule"]) for f in report["findings"] if f["severity"] == severity]


async def test_good_files_are_taken_and_taken_again_without_a_word() -> None:
    shelf = await palu()
    report = await take(shelf, "people", "people-good.csv")
    assert (report["rows"], report["taken"], report["findings"]) == (3, 3, [])
    clerk = next(s for s in shelf.states["people"].values() if s.profile.employment == "PPPK")
    head = next(s for s in shelf.states["people"].values() if s.sole_seat)
    assert clerk.profile.relatives == (head.person,)
    assert (clerk.profile.under_process, head.profile.under_process) == (True, False)
    count = len(shelf.events)
    assert (await take(shelf, "people", "people-good.csv"))["taken"] == 3
    assert len(shelf.events) == count


async def test_each_bad_cell_is_named() -> None:
    shelf = await palu()
    report = await take(shelf, "people", "people-bad-cells.csv")
    assert found(report) == [
        (2, "unit", "UNKNOWN_UNIT"),
        (2, "unit", "WRONG_UNIT"),
        (3, "post", "UNKNOWN_POST"),
        (4, "unit", "WRONG_UNIT"),
        (5, "birth_date", "BAD_DATE"),
        (6, "birth_date", "BAD_DATE"),
        (6, "rank", "UNKNOWN_RANK"),
        (6, "education_level", "UNKNOWN_EDUCATION"),
        (6, "performance", "BAD_PERFORMANCE"),
        (6, "competences", "BAD_PAIRS"),
        (6, "under_process", "NOT_YES_OR_NO"),
        (7, "nip", "BAD_FORM"),
        (7, "name", "REQUIRED"),
        (7, "sex", "NOT_IN_LIST"),
        (7, "competences", "BAD_LEVEL"),
        (8, "post_since", "DATE_IN_FUTURE"),
        (9, "rank", "RANK_OF_OTHER_SCALE"),
    ]
    assert (report["rows"], report["taken"], report["refused"]) == (8, 0, 8)
    assert not shelf.of(EmployeeRegistered)
    for finding in report["findings"]:
        assert all(finding[part][lang] for part in ("says", "remedy") for lang in ("id", "en"))
        assert not any("{" in sentence or "…" in sentence for sentence in finding["remedy"].values())


async def test_of_two_heads_the_first_is_taken() -> None:
    report = await take(await palu(), "people", "people-two-heads.csv")
    assert (report["taken"], found(report)) == (2, [(3, "post", "FORMASI_PENUH")])


async def test_a_doubtful_number_is_taken_with_a_warning() -> None:
    report = await take(await palu(), "people", "people-doubtful.csv")
    assert (report["taken"], found(report)) == (3, [])
    assert found(report, "warning") == [
        (2, "nip", "NIP_DOUBTFUL"),
        (3, "birth_date", "NIP_BIRTH_DIFFERS"),
        (3, "sex", "NIP_SEX_DIFFERS"),
        (4, "employment", "NIP_KIND_DIFFERS"),
    ]
    assert "19910230" not in str(report)


async def test_a_row_of_another_encoding_is_named_and_the_rest_taken() -> None:
    shelf = await palu()
    report = await take(shelf, "people", "people-mixed-encoding.csv")
    assert (report["taken"], found(report)) == (2, [(3, "name", "BAD_ENCODING")])
    assert "René Utf" in {state.particulars.name for state in shelf.states["people"].values()}


async def test_ragged_rows() -> None:
    shelf = await palu()
    report = await take(shelf, "people", "people-ragged.csv")
    assert found(report) == [(2, "", "RAGGED_ROW"), (4, "", "RAGGED_ROW"), (6, "", "RAGGED_ROW")]
    assert [state.particulars.name for state in shelf.states["people"].values()] == ["Lestari, Rini"]


async def test_a_file_of_a_spreadsheet_with_indonesian_settings() -> None:
    report = await take(await palu(), "people", "people-semicolon.csv")
    assert (report["taken"], report["findings"]) == (1, [])


async def test_a_file_without_a_header_is_refused_whole() -> None:
    report = await take(await palu(), "people", "people-no-header.csv")
    assert (report["rows"], report["taken"]) == (0, 0)
    assert (1, "agency", "MISSING_COLUMN") in found(report)


async def test_references_that_do_not_exist_and_repeated_rows() -> None:
    shelf = await palu()
    report = await take(shelf, "units", "units-unknown-agency.csv")
    assert found(report) == [
        (3, "", "REPEATED_ROW"),
        (5, "parent", "UNKNOWN_UNIT"),
        (6, "agency", "UNKNOWN_AGENCY"),
    ]
    assert found(report, "warning") == [(1, "colour", "UNKNOWN_COLUMN")]
    assert shelf.state(UNITS, "u:palu:dinkes").registered.name == "Dinas Kesehatan"


async def test_offices_and_accounts() -> None:
    shelf = await palu()
    await take(shelf, "people", "people-good.csv")
    report = await take(shelf, "offices")
    assert found(report) == [
        (5, "nip", "UNKNOWN_PERSON"),
        (6, "unit", "UNKNOWN_UNIT"),
        (7, "until", "BAD_PERIOD"),
    ]
    assert [event.office.office for event in shelf.of(OfficeAssigned)] == [
        "ppk",
        "unit_head",
        "agency_system",
    ]
    report = await take(shelf, "accounts")
    assert found(report) == [(4, "nip", "UNKNOWN_PERSON"), (5, "login", "LOGIN_TAKEN")]
    assert {event.login for event in shelf.of(AccountLinked)} == {"rina", "palu-system"}
    assert shelf.state(PEOPLE, system_id("palu")).login == "palu-system"


async def test_a_dry_run_changes_nothing() -> None:
    shelf = await palu()
    count = len(shelf.events)
    report = await take(shelf, "people", "people-good.csv", dry_run=True)
    assert (report["dry_run"], report["taken"], len(shelf.events)) == (True, 3, count)


async def test_an_old_file_after_a_move_is_warned_about() -> None:
    shelf = await palu()
    await take(shelf, "people", "people-good.csv")
    rina = next(s for s in shelf.states["people"].values() if s.nip == "199003142014032912")
    clerk = next(s for s in shelf.states["people"].values() if s.profile.employment == "PPPK")
    shelf.issued(decree(rina.person, origin=rina.profile.placement, target=clerk.profile.placement))
    shelf.advance(NOW.replace(month=12))
    report = await take(shelf, "people", "people-good.csv")
    assert (report["taken"], found(report, "warning")) == (3, [(3, "post", "SEAT_KEPT")])


async def test_a_row_of_another_agency_is_refused_by_name() -> None:
    shelf = await palu()

    async def forbid(*_: object) -> Mapping[str, Any]:
        raise Refused("FORBIDDEN", status=403)

    raw = (DATA / "people-two-heads.csv").read_bytes()
    run = Import("people", Desk(shelf), forbid, NOW.date(), File(file="i:test"))
    report = (await run.run(BytesIO(raw))).answer()
    assert {rule for _, _, rule in found(report)} == {"NOT_YOUR_AGENCY"}


async def test_a_tree_with_every_fault() -> None:
    shelf = await palu()
    report = await take(shelf, "units", "units-tree.csv")
    assert found(report) == [
        (6, "valid_from", "OVERLAPPING_VALIDITY"),
        (7, "parent", "UNIT_CYCLE"),
        (8, "valid_until", "BAD_PERIOD"),
        (9, "parent", "UNKNOWN_UNIT"),
        (10, "valid_from", "BAD_DATE"),
    ]
    assert report["taken"] == 5
    known = shelf.state(UNITS, "u:palu:dinkes")
    assert (known.registered.name, len(known.earlier)) == ("Dinas Kesehatan Kota", 1)


async def test_posts_that_cannot_be() -> None:
    shelf = await palu()
    ended = RegisterUnit(agency="palu", unit="closed", name="x", kind="office", valid_until=NOW.date())
    shelf.send(UNITS, "u:palu:closed", ended)
    report = await take(shelf, "posts", "posts-negative.csv")
    assert found(report) == [
        (2, "seats", "OUT_OF_RANGE"),
        (3, "seats", "NOT_A_NUMBER"),
        (4, "seats", "STRUCTURAL_ONE_SEAT"),
        (5, "retirement_age", "RETIREMENT_AGE_MISSING"),
        (6, "unit", "UNIT_ENDED"),
    ]
    assert report["taken"] == 1


async def test_who_stands_in_for_ever() -> None:
    shelf = await palu()
    await take(shelf, "people", "people-good.csv")
    report = await take(shelf, "offices", "offices-standing-in.csv")
    assert found(report) == [
        (2, "until", "STANDS_IN_FOR_EVER"),
        (3, "until", "STANDS_IN_TOO_LONG"),
        (6, "capacity", "NOT_IN_LIST"),
    ]
    held = {office.capacity for event in shelf.of(OfficeAssigned) for office in event.offices}
    assert held == {"acting", "daily"}


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        (b"", "MISSING_COLUMN"),
        (b"\xff\xfea\x00g\x00", "BAD_ENCODING"),
        (b"agency,agency,name,kind,province,zone\n", "REPEATED_COLUMN"),
        (b"agency,name,kind,province,zone\npalu,\x07bell,city,Sulteng,WITA\n", "BAD_CHARACTER"),
        (b"agency,name,kind,province,zone\npalu," + b"x" * 200_000 + b",city,Sulteng,WITA\n", "BAD_CSV"),
        (b"agency,name,kind,province,zone\npalu," + b"x" * 300 + b",city,Sulteng,WITA\n", "TOO_LONG"),
        (b"agency,name,kind,province,zone\nPALU,Palu,city,Sulteng,WITA\n", "BAD_FORM"),
        (b"agency,name,kind,province,zone\npalu,Palu,city,Sulteng,GMT\n", "NOT_IN_LIST"),
    ],
)
async def test_files_that_are_no_tables(raw: bytes, rule: str) -> None:
    report = await take(Shelf(), "agencies", raw)
    assert (report["taken"], {found_rule for _, _, found_rule in found(report)}) == (0, {rule})


def test_the_table_of_files_names_all_columns() -> None:
    for kind in KINDS:
        header = (
            sorted(DATA.glob("people-good.csv" if kind == "people" else f"{kind}*.csv"))[-1].read_text().splitlines()[0]
        )
        needed = {name for name, required in columns(kind).items() if required}
        assert needed <= set(header.split(",")) <= set(columns(kind))


def test_every_rule_has_its_sentences() -> None:
    assert all(text.id and text.en and text.mend.id and text.mend.en for text in texts().values())


async def test_work_below_zero_is_refused_and_the_rest_goes_on() -> None:
    report = await take(await palu(), "workloads", "workloads-negative.csv")
    assert (report["taken"], found(report)) == (
        1,
        [(2, "tasks", "NEGATIVE_VOLUME"), (4, "post", "UNKNOWN_POST"), (5, "tasks", "BAD_PAIRS")],
    )


async def test_a_vacancy_without_formasi_is_refused_and_the_rest_goes_on() -> None:
    shelf = await palu()
    report = await take(shelf, "vacancies", "vacancies-no-formasi.csv")
    assert (report["taken"], found(report)) == (
        1,
        [
            (2, "quota", "QUOTA_ABOVE_FORMASI"),
            (4, "closes_on", "CLOSING_DATE_PAST"),
            (5, "post", "UNKNOWN_POST"),
            (6, "purpose", "REQUIRED"),
        ],
    )
    (vacancy,) = shelf.of(VacancyPublished)
    assert (vacancy.mode, vacancy.requirements.rank_min) == ("ranked", "III/c")


async def test_vacancies_are_amended_closed_and_cancelled_by_file() -> None:
    shelf = await palu()
    await take(shelf, "vacancies", "vacancies-no-formasi.csv")
    for _again in range(2):  # sent twice it says nothing twice
        report = await take(shelf, "vacancy-changes")
        assert (report["taken"], found(report)) == (
            1,
            [
                (3, "reference", "UNKNOWN_VACANCY"),
                (4, "", "REPEATED_ROW"),
                (5, "reference", "UNKNOWN_VACANCY"),
                (5, "quota", "NOT_AMENDED"),
                (6, "act", "NOT_IN_LIST"),
                (7, "reason", "REQUIRED"),
            ],
        )
    (amended,) = shelf.of(VacancyAmended)
    assert (amended.quota, str(amended.closes_on), amended.reason) == (3, "2027-01-15", "Anggaran bertambah")
    for act in ("close", "close", "amend"):  # as when a file goes on after a crash
        row = {"agency": "palu", "reference": "L-2/2026", "act": act, "reason": "x"}
        more = {"quota": "3"} if act == "amend" else {}
        report = await take(shelf, "vacancy-changes", json.dumps([row | more]).encode())
        assert (report["taken"], report["findings"]) == (1, [])
    assert [event.cause for event in shelf.of(VacancyClosed)] == ["date"]
    late = {"agency": "palu", "reference": "L-2/2026", "act": "cancel", "reason": "x"}
    report = await take(shelf, "vacancy-changes", json.dumps([late]).encode())
    assert found(report) == [(1, "", "VACANCY_CLOSED")]


@pytest.mark.parametrize(
    ("kind", "file", "taken", "faults"),
    [
        (
            "services",
            "services.csv",
            1,
            [
                (3, "complaints", "OUT_OF_RANGE"),
                (4, "unit", "UNKNOWN_UNIT"),
                (5, "month", "MONTH_TO_COME"),
                (6, "post", "WRONG_UNIT"),
            ],
        ),
        ("surveys", "surveys.csv", 1, [(3, "answers", "TOO_FEW_ANSWERS"), (4, "strained", "MORE_THAN_ANSWERED")]),
        ("disasters", "disasters-no-decree.csv", 1, [(3, "decree", "REQUIRED"), (4, "until", "BAD_PERIOD")]),
    ],
)
async def test_files_of_demand(kind: str, file: str, taken: int, faults: list[Found]) -> None:
    report = await take(await palu(), kind, file)
    assert (report["taken"], found(report)) == (taken, faults)


async def test_a_pppk_who_became_pns_has_another_number_and_stays_the_same_person() -> None:
    shelf = await palu()
    await take(shelf, "people", "people-good.csv")
    old, new = "199407072023212915", "199407072026032915"
    before = (await shelf.persons([old]))[old]
    report = await take(shelf, "people", "people-new-number.csv")
    assert (report["taken"], found(report)) == (1, [(3, "former_nip", "UNKNOWN_PERSON")])
    assert await shelf.persons([old, new]) == {old: before, new: before}
    state = shelf.state(PEOPLE, before)
    assert (state.nip, state.former, state.profile.employment, state.profile.rank) == (new, (old,), "PNS", "II/c")
    assert (await take(shelf, "people", "people-new-number.csv"))["taken"] == 1  # and again, now known by both


async def test_leave_that_is_over_is_found_in_the_record_that_a_file_brought() -> None:
    shelf = await palu()
    report = await take(shelf, "people", "people-leave.csv")
    assert (report["taken"], found(report)) == (1, [(3, "leave_until", "NOT_ON_LEAVE")])
    [state] = shelf.states["people"].values()
    record = Record(state.profile, state.nip, None, None)
    assert "leave_ended" in defects(record, NOW.date())
