"""Workbooks, JSON and templates: the same rows come out of every format, and what is broken breaks alone."""

import csv
import io
import json
import re
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from services.registry.imports import KINDS, ORDER, workbook
from services.registry.imports.export import EXPORTED, exported
from services.registry.imports.kinds import columns
from services.registry.imports.table import checked, safe
from services.registry.imports.template import choices, examples, template
from tests.support.huge import bomb
from tests.unit.registry.shelf import Shelf
from tests.unit.registry.test_import import found, palu, take

DATA = Path(__file__).parents[2] / "data" / "registry"
ROW = {
    "agency": "palu", "unit": "setda", "post": "setda-analyst", "nip": "199003142014032912", "name": "Rina Lestari",
    "birth_date": "1990-03-14", "sex": "F", "employment": "PNS", "post_since": "2023-05-02", "rank": "III/c",
    "education_level": "40", "education_field": "law",
}  # fmt: skip


def book(*rows: Sequence[object]) -> bytes:
    """A workbook with these rows."""
    made, out = Workbook(), io.BytesIO()
    for row in rows:
        made.worksheets[0].append(list(row))
    made.save(out)
    return out.getvalue()


def people(**changes: object) -> bytes:
    """A workbook of one person."""
    row = {**ROW, **changes}
    return book(list(row), list(row.values()))


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_has_all_columns_lists_and_an_example(kind: str) -> None:
    made = load_workbook(io.BytesIO(template(kind)))
    assert made.sheetnames == ["data", "pilihan", "contoh", "petunjuk"]
    assert [cell.value for cell in made["data"][1]] == list(columns(kind))
    listed = [name for name in columns(kind) if choices(kind, name)]
    assert len(made["data"].data_validations.dataValidation) == len(listed)
    for rule in made["data"].data_validations.dataValidation:
        place = columns_of(kind)[str(rule.sqref).split(":")[0].rstrip("2")]
        cells = [row[0].value for row in made["pilihan"][rule.formula1.partition("!")[2].replace("$", "")]]
        assert cells == list(choices(kind, place))


def columns_of(kind: str) -> dict[str, str]:
    """Column by its letter (there are fewer than 52)."""
    letters = [chr(65 + n) if n < 26 else f"A{chr(39 + n)}" for n in range(52)]
    return dict(zip(letters, columns(kind), strict=False))


async def test_the_examples_of_the_templates_build_on_each_other() -> None:
    """Filled in and sent, each template is taken without a word."""
    shelf = Shelf()
    for kind in ORDER:
        if kind == "cases":  # names officials, too
            rina = examples()["people"]
            people = [{**rina, "nip": nip} for nip in re.findall(r"\d{18}", str(examples()["cases"]))]
            await take(shelf, "people", json.dumps(people).encode())
        made = load_workbook(io.BytesIO(template(kind)))
        made["data"].append([examples()[kind].get(name, "") for name in columns(kind)])
        out = io.BytesIO()
        made.save(out)
        report = await take(shelf, kind, out.getvalue())
        assert (report["rows"], report["taken"], report["findings"]) == (1, 1, []), kind


@pytest.mark.parametrize(
    ("kind", "column", "some"),
    [("agencies", "zone", "WITA"), ("people", "rank", "III/c"), ("posts", "kind", "staff"), ("people", "sex", "F"),
     ("people", "under_process", "no"), ("people", "name", ""), ("offices", "capacity", "acting")],
)  # fmt: skip
def test_what_a_cell_may_be(kind: str, column: str, some: str) -> None:
    assert (some in choices(kind, column)) is bool(some)


async def test_what_a_spreadsheet_does_to_dates_and_flags_is_undone() -> None:
    shelf = await palu()
    raw = people(birth_date=datetime(1990, 3, 14), post_since=date(2023, 5, 2), under_process=True, education_level=40)
    report = await take(shelf, "people", raw)
    assert (report["taken"], report["findings"]) == (1, [])
    (state,) = shelf.states["people"].values()
    assert (state.profile.post_since, state.profile.under_process) == (date(2023, 5, 2), True)


async def test_a_nip_that_became_a_number_has_lost_its_end() -> None:
    report = await take(await palu(), "people", people(nip=199003142014032912))
    assert found(report) == [(2, "", "NUMBER_LOST_DIGITS")]


async def test_a_row_that_is_too_long_and_an_empty_one() -> None:
    head = ["agency", "name", "kind", "province", "zone"]
    good = ["palu", "Palu", "city", "Sulteng", "WITA"]
    raw = book(head, [*good, None, ""], [], [*good, "more"], ["batanghari", "B", "regency", "Jambi"])
    report = await take(Shelf(), "agencies", raw)
    assert (report["taken"], found(report)) == (1, [(4, "", "RAGGED_ROW"), (5, "zone", "REQUIRED")])


@pytest.mark.parametrize("raw", [b"PK\x03\x04 nothing", people()[:2000], b"PK"], ids=["no zip", "cut off", "two bytes"])
async def test_what_is_no_workbook(raw: bytes) -> None:
    report = await take(Shelf(), "people", raw)
    assert (report["taken"], found(report)) == (0, [(1, "", "BAD_WORKBOOK")])


async def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "UNPACKED", 2 << 20)
    report = await take(Shelf(), "people", bomb(4 << 20))
    assert found(report) == [(1, "", "TOO_BIG_UNPACKED")]


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        (b"agency,name,kind,province,zone\npalu," + b"x" * 10_000_000 + b",city,Sulteng,WITA\n", "BAD_CSV"),
        (json.dumps([{"agency": "palu", "name": "x" * 10_000_000, "kind": "city"}]).encode(), "TOO_LONG"),
    ],
    ids=["csv", "json"],
)
async def test_a_cell_of_ten_megabytes_is_refused_and_the_rest_goes_on(raw: bytes, rule: str) -> None:
    good = {"agency": "binjai", "name": "Binjai", "kind": "city", "province": "Sumut", "zone": "WIB"}
    rest = b"binjai,Binjai,city,Sumut,WIB\n" if rule == "BAD_CSV" else b"," + json.dumps(good).encode() + b"]"
    report = await take(Shelf(), "agencies", raw.removesuffix(b"]") + rest)
    assert report["taken"] == 1
    assert rule in {one for _, _, one in found(report)}
    assert all(len(finding["cell"]) <= 200 for finding in report["findings"])


async def test_a_workbook_with_a_cell_of_ten_megabytes() -> None:
    """A file that a person can open: packed it is small."""
    report = await take(await palu(), "people", "people-huge-cell.xlsx")
    assert (report["taken"], found(report)) == (1, [(2, "", "TOO_LONG")])


# -- JSON ------------------------------------------------------------------------------------------------------------


async def test_records_under_our_own_names() -> None:
    shelf = await palu()
    record = {**ROW, "competences": {"integrity": 3}, "interests": ["law", "it"], "under_process": False, "email": None}
    report = await take(shelf, "people", json.dumps([record, {**record, "colour": "red", "nip": "1"}]).encode())
    assert (report["rows"], report["taken"], found(report)) == (2, 1, [(2, "nip", "BAD_FORM")])
    assert found(report, "warning") == [(2, "colour", "UNKNOWN_COLUMN")]
    (state,) = shelf.states["people"].values()
    assert (state.profile.interests, state.profile.competences) == (("law", "it"), {"integrity": 3})


async def test_records_in_the_shape_of_siasn() -> None:
    shelf = await palu()
    report = await take(shelf, "people", "people-siasn.json")
    assert (report["rows"], report["taken"]) == (3, 2)
    assert found(report) == [(3, "birth_date", "BAD_DATE"), (3, "rank", "UNKNOWN_RANK")]
    state = next(s for s in shelf.states["people"].values() if s.nip == "199003142014032912")
    profile = state.profile
    assert (profile.rank, profile.rank_since, profile.status) == ("III/c", date(2022, 4, 1), "unpaid_leave")
    assert (profile.education_level, profile.post_since, state.particulars.name) == (
        "40",
        date(2023, 5, 2),
        "Rina Lestari",
    )


async def test_a_file_cut_off_in_the_middle_keeps_what_came_before() -> None:
    raw = json.dumps([ROW, {**ROW, "nip": "198502022010011901"}]).encode()
    report = await take(await palu(), "people", raw[:-40])
    assert (report["taken"], found(report)) == (1, [(2, "", "BAD_JSON")])


async def test_an_array_of_something_else() -> None:
    report = await take(Shelf(), "agencies", b'[1, {"agency": "palu"}, [2]]')
    rules = [(row, rule) for row, _, rule in found(report)]
    assert rules[0] == (1, "NOT_AN_OBJECT")
    assert rules[-1] == (3, "NOT_AN_OBJECT")
    assert report["taken"] == 0


# -- exports ---------------------------------------------------------------------------------------------------------


@given(st.text(st.characters(min_codepoint=32, exclude_characters="\x7f\ufffd"), max_size=20))
def test_no_cell_of_an_export_begins_like_a_formula_and_each_comes_back(cell: str) -> None:
    written = safe(cell)
    assert not written.startswith(("=", "+", "-", "@"))
    assert checked(2, {"name": written}) == (2, {"name": cell})


@pytest.mark.parametrize("kind", EXPORTED)
async def test_an_export_comes_back_in_without_a_word(kind: str) -> None:
    shelf = await palu()
    await take(shelf, "units", "units-tree.csv")

    async def registered() -> Any:
        for state in shelf.states[kind].values():
            yield state.registered.model_dump(mode="json")

    whole = "".join([line async for line in exported(kind, registered())])
    assert len(list(csv.reader(io.StringIO(whole)))) == len(shelf.states[kind]) + 1
    count = len(shelf.events)
    report = await take(shelf, kind, whole.encode())
    assert (report["taken"], report["findings"]) == (report["rows"], [])
    assert len(shelf.events) == count


async def test_a_formula_in_a_name_is_text_when_it_leaves() -> None:
    async def registered() -> Any:
        yield {"agency": "palu", "name": '=HYPERLINK("http://x")', "kind": "city", "province": "@x", "zone": "WITA"}

    lines = [line async for line in exported("agencies", registered())]
    assert lines[1] == 'palu,"\'=HYPERLINK(""http://x"")",city,\'@x,WITA\n'


async def test_twenty_thousand_rows_are_checked_and_the_bad_ones_named() -> None:
    shelf = await palu()
    head = ",".join(ROW)
    rows = [
        ",".join({**ROW, "nip": f"19900314{2000 + n // 9000:04}{1 + n // 900 % 10:02}1{n % 900 + 1:03}"}.values())
        for n in range(20_000)
    ]
    rows[777] = rows[777].replace("III/c", "III/x")
    report = await take(shelf, "people", "\n".join([head, *rows]).encode(), dry_run=True)
    assert (report["rows"], report["taken"]) == (20_000, 19_999)
    assert found(report) == [(779, "rank", "UNKNOWN_RANK")]
    assert not shelf.states["people"]
