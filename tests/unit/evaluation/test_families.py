"""Each rule file has vectors worked by hand, each procedure a chain or service that holds it."""

from datetime import date

import pytest

from deploy.local.layout import ROOT
from services.evaluation.domain.checks import CHECKS
from services.evaluation.domain.judge import Snapshot, findings
from services.evaluation.domain.ruleset import Edition, Procedure, edition
from tests.unit.evaluation import test_predicates
from tests.unit.evaluation.cases import RULES
from tests.unit.evaluation.vectors import BY_HAND, VECTORS, Vector

WANTED = {f"R{number:02}" for number in (*range(1, 24), *range(30, 34), *range(50, 53))}
EVERY = [(rule, vector) for rule, vectors in VECTORS.items() for vector in vectors]


def rules_on(day: date) -> Edition:
    """All rules of a day, the local ones too, as far back as the vectors look."""
    return edition(RULES, max(day, date(2021, 9, 1)), "jatim")


@pytest.mark.parametrize(("rule", "vector"), EVERY, ids=[f"{rule}: {vector.why}" for rule, vector in EVERY])
def test_by_hand(rule: str, vector: Vector) -> None:
    """With the parameters of the rule file, of the version in force."""
    found = findings(Snapshot(edition=rules_on(vector.seen.on), seen=vector.seen))
    assert {finding.rule: finding.outcome for finding in found}[rule] == vector.outcome


def test_e23_around_an_inauguration_officials_stay_and_others_may_move() -> None:
    outcomes = {}
    for vector in (one for one in VECTORS["R17"] if one.why.startswith("E23")):
        found = findings(Snapshot(edition=rules_on(vector.seen.on), seen=vector.seen))
        outcomes[vector.why] = next(finding.outcome for finding in found if finding.rule == "R17")
    assert outcomes == {"E23: inaugurated 5 months ago": "not_met", "E23: no official": "not_applicable"}


@pytest.mark.parametrize("id", RULES.rules)
def test_every_rule_file_has_its_vectors(id: str) -> None:
    if id in BY_HAND:
        assert callable(getattr(test_predicates, BY_HAND[id]))
        return
    outcomes = {vector.outcome for vector in VECTORS[id]}
    assert {"met", "not_met"} <= outcomes
    assert "unknown" in outcomes or id == "R03-MAX", "the day in post is always known"


def test_there_are_no_vectors_of_rules_that_are_gone() -> None:
    assert not VECTORS.keys() & BY_HAND.keys()
    assert VECTORS.keys() | BY_HAND.keys() == RULES.rules.keys()


def test_every_check_is_used_by_a_rule() -> None:
    assert {rule.check for rule in RULES.rules.values()} == CHECKS.keys()


def test_every_number_is_a_rule_or_a_procedure() -> None:
    told = {family for rule in RULES.rules.values() for family in rule.family}
    held = {step.family for step in RULES.procedures}
    assert told | held == WANTED
    assert {"R02", *(f"R{n:02}" for n in (7, 8, 9, 10, 11, 12, 14, 15, 16)), "R51", "R52"} <= held


@pytest.mark.parametrize("step", RULES.procedures, ids=[step.family for step in RULES.procedures])
def test_a_procedure_names_who_holds_it(step: Procedure) -> None:
    assert (ROOT / step.held_by).exists()
