"""The monitoring page: figures in words, bars and spans on one scale, files no spreadsheet runs, a table of people."""

import csv
import io
from typing import Any

import pytest

from services.portal.domain.outcomes import WIDE
from services.portal.domain.pace import as_csv, groups, groups_csv, paces, slowest, told_of, total


def row(name: str, tasks: int | None, kept: int | None, median: float | None, p90: float | None) -> dict[str, Any]:
    return {"name": name, "tasks": tasks, "kept": kept, "median": median, "p90": p90}


ROWS = [row("=ppk", 10, 8, 2.0, 4.0), row("bkn", 5, 5, 4.0, 8.5), row("few", 2, 1, None, None)]
HIDDEN = row("sigi", None, None, None, None)


def test_terms_kept_and_missed_share_a_bar_and_days_share_a_scale() -> None:
    first, second, few = paces(ROWS, "name", "id")
    assert (first["missed"], first["share"], few["share"]) == (2, "80%", "50%")
    assert first["bar"] == {"kept": 166, "missed": WIDE - 166}
    assert first["span"]["p90"] == second["span"]["median"]
    assert second["span"]["p90"] == WIDE - 4
    assert (second["said_p90"], few["span"], few["said_p90"]) == ("8,5", None, "–")


def test_what_is_not_told_is_not_counted_nor_drawn() -> None:
    (told,) = paces([HIDDEN], "name", "en")
    assert (told["missed"], told["bar"], told["span"], told["share"]) == (None, None, None, "–")
    assert total([*paces(ROWS, "name", "en"), told], "en") == {"tasks": 17, "kept": 14, "missed": 3, "share": "82.4%"}
    assert total([], "en")["share"] == "–"
    assert slowest([HIDDEN]) is None
    found = slowest(paces(ROWS, "name", "en"))
    assert found is not None
    assert found["name"] == "bkn"


def test_a_file_has_plain_numbers_and_no_formula() -> None:
    first, *_, last = csv.DictReader(io.StringIO(as_csv(paces([*ROWS, HIDDEN], "name", "id"), "stage")))
    assert (first["stage"], first["missed"], first["p90"]) == ("'=ppk", "2", "4.0")
    assert (last["stage"], last["tasks"], last["median"]) == ("sigi", "", "")


def test_groups_are_drawn_and_small_ones_tell_their_name_only() -> None:
    shown = {"name": "F", "suppressed": False, "people": 8, "rate": [0.5, 0.25, 0.75], "score": [61.5, None, None]}
    shown |= {"ratio": 0.625, "p_value": 0.04, "warning": True}
    nothing = dict.fromkeys(("people", "rate", "score", "ratio", "p_value"))
    audited = [{"name": "@sex", "groups": [shown, {"name": "M", "suppressed": True, "warning": False, **nothing}]}]
    first, second = groups(audited, "id")
    assert (first["said_rate"], first["said_bounds"], first["said_ratio"]) == ("50%", ["25%", "75%"], "0,62")
    assert first["drawn"] == {"value": WIDE // 2, "low": 54, "high": 154}
    assert second["drawn"] is None
    rows = list(csv.DictReader(io.StringIO(groups_csv(audited))))
    assert [(one["attribute"], one["group"], one["rate"], one["suppressed"]) for one in rows] == [
        ("'@sex", "F", "0.5", "False"),
        ("'@sex", "M", "", "True"),
    ]


def test_a_table_of_people_is_read_and_anything_else_refused() -> None:
    assert told_of("\ufeffperson,sex,region\np-1,F,\np-2,,barat\n".encode()) == {
        "p-1": {"sex": "F"},
        "p-2": {"region": "barat"},
    }
    for content in (b"", b"person\np-1\n", b"nip,sex\n1,F\n", b"person,sex\n", b"\xff\xfe\x00p"):
        with pytest.raises(ValueError, match=r"table|row|decode"):
            told_of(content)
