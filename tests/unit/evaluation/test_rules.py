"""The packaged rules, which of them hold on a day, and what the reading of broken ones says."""

from copy import deepcopy
from datetime import date
from importlib.resources import files
from typing import Any

import pytest
import yaml

from services.evaluation import rules
from services.evaluation.domain.reading import parse
from services.evaluation.domain.ruleset import BadRules, edition
from services.evaluation.explain import words
from tests.unit.evaluation.cases import RULES

HERE = files("services.evaluation.rules")
WEIGHTS = yaml.safe_load(HERE.joinpath("weights.yaml").read_text("utf-8"))
TENURE = yaml.safe_load(HERE.joinpath("R03-MIN.yaml").read_text("utf-8"))


def broken(**values: Any) -> tuple[str, ...]:
    """What is said of the tenure rule with these entries."""
    with pytest.raises(BadRules) as caught:
        parse({"R03-MIN": {**deepcopy(TENURE), **values}}, WEIGHTS)
    return caught.value.problems


def version(number: int, **values: Any) -> list[dict[str, Any]]:
    """The versions of the tenure rule with one of them changed; None takes an entry away."""
    versions: list[dict[str, Any]] = deepcopy(TENURE["versions"])
    versions[number] |= values
    versions[number] = {name: value for name, value in versions[number].items() if value is not None}
    return versions


def test_two_years_until_june_2025_then_six_months() -> None:
    def bounds(on: date) -> dict[str, tuple[int, bool]]:
        rules = edition(RULES, on, "palu").rules
        return {r.id: (r.parameters["months"], r.hard) for r in rules if r.check == "tenure_in_post"}

    assert bounds(date(2025, 6, 30)) == {"R03-MIN": (24, True)}
    assert bounds(date(2025, 7, 1)) == {"R03-MIN": (6, True), "R03-USUAL": (24, False)}


def test_an_edition_is_named_by_its_day_and_content() -> None:
    first, second = (edition(RULES, date(2026, 11, day), "palu") for day in (23, 24))
    assert first.id.startswith("2026-11-23-")
    assert second.id.startswith("2026-11-24-")
    assert first.id[11:] == second.id[11:]
    raw = deepcopy(TENURE)
    raw["versions"][1]["parameters"] = {"months": 7}
    assert (
        edition(parse({"R03-MIN": raw}, WEIGHTS), date(2026, 11, 23), "palu").id
        != edition(parse({"R03-MIN": TENURE}, WEIGHTS), date(2026, 11, 23), "palu").id
    )


def test_a_later_version_leaves_old_editions_as_they_were() -> None:
    later = deepcopy(TENURE)
    later["versions"][1]["valid_to"] = date(2027, 12, 31)
    later["versions"].append({**TENURE["versions"][1], "valid_from": date(2028, 1, 1), "parameters": {"months": 12}})
    before, after = (parse({"R03-MIN": raw}, WEIGHTS) for raw in (TENURE, later))
    assert edition(before, date(2026, 1, 5), "palu") == edition(after, date(2026, 1, 5), "palu")
    assert edition(after, date(2028, 1, 1), "palu").rules[0].parameters == {"months": 12}


def test_a_local_rule_binds_its_agencies_only() -> None:
    ruleset = parse({"R03-MIN": {**TENURE, "agencies": ["palu"]}}, WEIGHTS)
    assert [rule.id for rule in edition(ruleset, date(2026, 1, 5), "palu").rules] == ["R03-MIN"]
    assert edition(ruleset, date(2026, 1, 5), "binjai").rules == ()


def test_no_weights_no_evaluation() -> None:
    with pytest.raises(BadRules, match="no weights hold on 2016-01-01"):
        edition(RULES, date(2016, 1, 1), "palu")


def test_every_rule_has_its_words() -> None:
    said = words()
    for rule in RULES.rules.values():
        assert rule.code in said["refusals"], rule.id
        assert rule.held_by in said["holders"], rule.id


def test_overlap() -> None:
    assert broken(versions=version(0, valid_to=date(2025, 7, 1))) == (
        "R03-MIN: two versions hold from 2025-07-01: end the one from 2017-04-07 on 2025-06-30 (its valid_to)",
    )
    assert "two versions hold from 2025-07-01" in broken(versions=version(0, valid_to=None))[0]


def test_gap() -> None:
    assert broken(versions=version(1, valid_from=date(2025, 7, 3))) == (
        "R03-MIN: no version holds from 2025-07-01 to 2025-07-02: close the gap or write the version of that time",
    )


def test_the_order_of_versions_does_not_matter() -> None:
    turned = {**TENURE, "versions": TENURE["versions"][::-1]}
    assert edition(parse({"R03-MIN": turned}, WEIGHTS), date(2026, 1, 5), "palu") == edition(
        parse({"R03-MIN": TENURE}, WEIGHTS), date(2026, 1, 5), "palu"
    )


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (
            {"check": "tenure_in_pots"},
            "R03-MIN: check 'tenure_in_pots' does not exist; there are: ",
        ),
        ({"id": "R03"}, "R03-MIN: the rule in this file calls itself R03: name both alike"),
        ({"severty": "hard"}, "R03-MIN: severty: is not an entry known here: correct its name or remove it"),
        ({"versions": []}, "R03-MIN: versions: Tuple should have at least 1 item"),
        ({"versions": version(0, citation=None)}, "R03-MIN: versions, no. 1, citation: is missing: write it"),
        ({"versions": version(1, citation="")}, "R03-MIN: versions, no. 2, citation: is empty: write it"),
        (
            {"versions": version(0, certainty="X")},
            "R03-MIN: versions, no. 1, certainty: Input should be 'S', 'P' or",
        ),
        (
            {"versions": version(0, valid_to=date(2017, 1, 1))},
            "R03-MIN: the version from 2017-04-07 ends on 2017-01-01",
        ),
        (
            {"versions": version(1, parameters={"months": 6, "weeks": 2})},
            "R03-MIN: version from 2025-07-01: parameters: weeks: is not an entry known here",
        ),
        (
            {"versions": version(1, parameters={})},
            "R03-MIN: version from 2025-07-01: parameters: months: is missing",
        ),
        (
            {"versions": version(1, parameters={"months": "six"})},
            "R03-MIN: version from 2025-07-01: parameters: months",
        ),
        (
            {"text": {"id": "{bulan}", "en": "{months}"}},
            "R03-MIN: the text uses {bulan}, which the check tenure_in_post does not tell",
        ),
        ({"text": {"id": "{", "en": "x"}}, "R03-MIN: text, id: Value error"),
    ],
)
def test_what_is_wrong_is_said(values: dict[str, Any], sentence: str) -> None:
    assert any(problem.startswith(sentence) for problem in broken(**values)), broken(**values)


def test_all_faults_are_said_at_once() -> None:
    with pytest.raises(BadRules) as caught:
        parse({"A": "text", "R03-MIN": {**TENURE, "code": ""}}, [{**WEIGHTS[0], "weights": {"competence": 100}}])
    assert [problem.partition(":")[0] for problem in caught.value.problems] == ["A", "R03-MIN", "weights"]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (
            {
                "weights": {
                    "competence": 40,
                    "education": 20,
                    "performance": 20,
                    "experience": 10,
                    "interest": 11,
                    "talent": 0,
                    "distance": 0,
                }
            },
            "add up to 101",
        ),
        ({"weights": {"competence": 100, "luck": 0}}, "luck"),
        (
            {"distance": {"same_unit": 50, "same_agency": 60, "same_province": 50, "elsewhere": 0}},
            "none more than the one before",
        ),
        ({"performance": {"good": 80}}, "performance must give points to each of: very_good, good"),
    ],
)
def test_wrong_weights(values: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadRules, match=sentence):
        parse({}, [{**WEIGHTS[0], **values}])


def texts(**changes: str) -> dict[str, str]:
    """All files as they are packaged, some of them otherwise."""
    packaged = {file.name: file.read_text("utf-8") for file in HERE.iterdir() if file.name.endswith(".yaml")}
    return packaged | {f"{name}.yaml": text for name, text in changes.items()}


def test_the_packaged_files_are_read_as_an_official_sends_them() -> None:
    found = rules.read(texts())
    assert found.rules.keys() == RULES.rules.keys()
    assert found.procedures == RULES.procedures


def test_a_rule_is_added_by_one_file() -> None:
    text = HERE.joinpath("R03-USUAL.yaml").read_text("utf-8").replace("id: R03-USUAL", "id: R18-PALU")
    found = rules.read(texts(**{"R18-PALU": f"{text}agencies: [palu]\n"}))
    day = date(2026, 11, 23)
    assert {r.id for r in edition(found, day, "palu").rules} - {r.id for r in edition(RULES, day, "palu").rules} == {
        "R18-PALU"
    }
    assert edition(found, day, "sigi") == edition(RULES, day, "sigi")


def test_files_that_cannot_be_used_are_told() -> None:
    with pytest.raises(BadRules, match=r"R99.yaml: is no YAML"):
        rules.read(texts(R99="{"))
    with pytest.raises(BadRules, match=r"procedures: no. 1, citation|procedures: no. 1: citation: is missing"):
        rules.read(texts(procedures="- {family: R02}"))
    unknown = HERE.joinpath("R21.yaml").read_text("utf-8").replace('"30"', '"31"').replace("jpt_pratama", "jpt")
    with pytest.raises(BadRules) as caught:
        rules.read(texts(R21=unknown))
    assert len([problem for problem in caught.value.problems if problem.startswith("R21: version from")]) == 2
