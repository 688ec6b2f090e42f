"""Chains and numbering as data: what is wrong is said with place and remedy, everything at once."""

from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.approval.deciders import PACKAGED, load
from services.approval.domain import BadChains, parse_chains, parse_numbering

K1: dict[str, Any] = yaml.safe_load((PACKAGED / "K1.yaml").read_text("utf-8"))
NUMBERING: dict[str, Any] = yaml.safe_load((PACKAGED / "numbering.yaml").read_text("utf-8"))


def _broken(change: Any) -> str:
    content = deepcopy(K1)
    change(content)
    with pytest.raises(BadChains) as found:
        parse_chains({"K1.yaml": content})
    assert len(found.value.problems) == 1
    return found.value.problems[0]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda c: c["stages"][5]["term"].update(working_days=0), "stage 6 (ppk), term.working_days: "),
        (
            lambda c: c["stages"][2]["term"].pop("citation"),
            "stage 3 (personnel_verifier), term.citation: Field required",
        ),
        (lambda c: c["stages"][0].update(silence="approve"), "stage 1 (direct_superior), silence: "),
        (
            lambda c: c["stages"][0].update(decission="opinion"),
            "stage 1 (direct_superior), decission: Extra inputs",
        ),
        (lambda c: c["stages"][0].update(refuse=["kurang"]), "stage 1 (direct_superior), refuse.0: "),
        (lambda c: c["stages"][0].pop("id"), "stage 1, id: Field required"),
        (lambda c: c["stages"].pop(), "exactly the last stage must have the decision 'decide'"),
        (lambda c: c["stages"][0].update(decision="decide"), "exactly the last stage must have the decision"),
        (lambda c: c["stages"].insert(0, c["stages"][0]), "stage direct_superior stands twice"),
        (lambda c: c["stages"][0].update(also_by=["ppk"]), "also_by names ppk, which is no earlier stage"),
        (lambda c: c.update(valid_to="2019-01-01"), "valid_to is the first day without this version"),
        (lambda c: c.update(certainty="sure"), "certainty: "),
        (lambda c: c.update(stages=[]), "stages: "),
    ],
)
def test_a_mistake_is_named_with_its_place(change: Any, says: str) -> None:
    sentence = _broken(change)
    assert sentence.startswith("K1.yaml: ")
    assert says in sentence


@pytest.mark.parametrize("content", [None, [], "text", {"stages": "none"}, {"stages": [1]}])
def test_what_is_no_chain_at_all_is_said_too(content: object) -> None:
    with pytest.raises(BadChains, match=r"x\.yaml: "):
        parse_chains({"x.yaml": content})


def test_all_mistakes_of_all_files_are_said_at_once() -> None:
    one, other = deepcopy(K1), deepcopy(K1)
    one["stages"][0]["term"]["working_days"] = "five"
    one["stages"][1]["office"] = ""
    other["kind"] = None
    with pytest.raises(BadChains) as found:
        parse_chains({"a.yaml": one, "b.yaml": other})
    assert [problem.split(":")[0] for problem in found.value.problems] == ["a.yaml", "a.yaml", "b.yaml"]


def test_two_versions_on_one_day() -> None:
    newer = {**deepcopy(K1), "version": "2027.1", "valid_from": "2027-01-01"}
    with pytest.raises(BadChains, match="both hold on 2027-01-01 for moves of kind one_agency"):
        parse_chains({"a.yaml": K1, "b.yaml": newer})
    older = {**deepcopy(K1), "valid_to": "2027-01-01"}
    chains = parse_chains({"a.yaml": older, "b.yaml": newer})
    days = (date(2026, 12, 31), date(2027, 1, 1))
    assert [chains.on("one_agency", day).version for day in days] == ["2026.1", "2027.1"]


def test_one_version_in_two_files() -> None:
    older = {**deepcopy(K1), "valid_to": "2027-01-01"}
    newer = {**deepcopy(K1), "valid_from": "2027-01-01"}
    with pytest.raises(BadChains, match=r"K1 version 2026\.1 stands in two files"):
        parse_chains({"a.yaml": older, "b.yaml": newer})


def test_no_file_at_all() -> None:
    with pytest.raises(BadChains, match="there is no chain file"):
        parse_chains({})


def test_a_folder_of_ones_own(tmp_path: Path) -> None:
    short = {**deepcopy(K1), "stages": [K1["stages"][4], K1["stages"][5]]}
    (tmp_path / "bench.yaml").write_text(yaml.safe_dump(short), "utf-8")
    chains, numbering, authorities = load(tmp_path)
    assert [stage.id for stage in chains.chains[0].stages] == ["bkn_liaison", "ppk"]
    assert (numbering, authorities) == load()[1:]
    (tmp_path / "bad.yaml").write_text("a: [", "utf-8")
    with pytest.raises(BadChains, match=r"bad\.yaml: not readable as YAML"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"pattern": "800/{office}/{year}"}, "{number} is missing"),
        ({"pattern": "800/{number}"}, "{year} is missing"),
        ({"pattern": "{number}/{year}/{name}"}, "{name} is not known"),
        ({"pattern": "{number.real}/{number}/{year}"}, "{number.real} is not known"),
        ({"lead_days": -1}, "lead_days: "),
        ({"agency": "palu"}, 'an entry with agency "" is missing'),
    ],
)
def test_numbering_mistakes(change: dict[str, Any], says: str) -> None:
    content = {"entries": [{**NUMBERING["entries"][0], **change}]}
    with pytest.raises(BadChains) as found:
        parse_numbering("numbering.yaml", content)
    assert says in str(found.value)


def test_an_agency_may_have_its_own_pattern_from_a_day_on() -> None:
    base = NUMBERING["entries"][0]
    own = {**base, "agency": "palu", "valid_from": "2026-06-01", "pattern": "{number:04d}/{year}"}
    numbering = parse_numbering("n", {"entries": [base, own]})
    assert numbering.on("palu", date(2026, 5, 31)).text(7, date(2026, 5, 31)) == "800.1.3.1/7/BKPSDM/2026"
    assert numbering.on("palu", date(2026, 6, 1)).text(7, date(2026, 6, 1)) == "0007/2026"
    assert numbering.on("sigi", date(2026, 6, 1)).text(7, date(2026, 6, 1)) == "800.1.3.1/7/BKPSDM/2026"


@pytest.mark.parametrize(
    ("issued", "lead", "effective"),
    [
        (date(2026, 11, 17), 14, date(2026, 12, 1)),
        (date(2026, 11, 18), 14, date(2027, 1, 1)),
        (date(2026, 12, 1), 0, date(2027, 1, 1)),
        (date(2026, 11, 30), 0, date(2026, 12, 1)),
    ],
)
def test_the_effective_date_is_the_first_of_a_month_far_enough_ahead(issued: date, lead: int, effective: date) -> None:
    content = {"entries": [{**NUMBERING["entries"][0], "lead_days": lead}]}
    assert parse_numbering("n", content).on("x", issued).effective_on(issued) == effective
