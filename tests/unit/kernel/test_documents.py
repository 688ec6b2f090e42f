"""Kinds of documents: what a move needs, how long one is relied on, and what a broken file is refused for."""

from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from shared.kernel import data
from shared.kernel.documents import Documents, Kind, documents

TODAY = date(2026, 11, 23)


def kind(name: str) -> Kind:
    """A kind that is there."""
    found = documents().kind(name)
    assert found is not None
    return found


def test_the_ten_letters_are_there_once_and_all_are_needed_between_agencies_only() -> None:
    letters = [kind.letter for kind in documents().kinds if kind.letter]
    assert letters == list("abcdefghij")
    need = documents().need("inter_province", TODAY)
    assert need is not None
    assert {kind(name).letter for name in (*need.submission, *need.chain)} == set("abcdefghij")
    assert documents().need("one_agency", TODAY) is None
    assert documents().need("inter_province", date(2019, 4, 4)) is None


def test_what_is_missing_is_told_in_order_and_an_affidavit_stands_for_what_is_lost() -> None:
    need = documents().need("intra_province", TODAY)
    assert need is not None
    assert documents().missing("intra_province", TODAY, ()) == need.submission
    left = documents().missing("intra_province", TODAY, {"affidavit", "post_analysis"})
    lost = {"post_analysis", "civil_servant_status", "latest_decree", "performance_two_years"}
    assert left == tuple(name for name in need.submission if name not in lost)
    assert documents().missing("one_agency", TODAY, ()) == ()


@pytest.mark.parametrize(
    ("issued", "until"),
    [
        (date(2026, 5, 23), date(2026, 11, 23)),
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2026, 12, 1), date(2027, 6, 1)),
    ],
)
def test_a_statement_is_relied_on_for_its_months(issued: date, until: date) -> None:
    assert kind("no_bond_statement").expires_on(issued) == until
    assert kind("latest_decree").expires_on(issued) is None


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda d: d["needs"][0]["submission"].append("passport"), "passport"),
        (lambda d: d["kinds"].append(d["kinds"][0]), "once"),
        (lambda d: d["kinds"][5].pop("opens"), "who opens it"),
        (lambda d: d["kinds"][0].update(opens=["ppk"]), "who opens it"),
        (lambda d: d["kinds"][0].pop("citation"), "citation"),
    ],
)
def test_a_broken_file_is_refused_with_the_place(change: Any, fault: str) -> None:
    broken: Any = deepcopy(data.read("documents"))
    change(broken)
    with pytest.raises(ValidationError, match=fault):
        Documents.model_validate(broken)
