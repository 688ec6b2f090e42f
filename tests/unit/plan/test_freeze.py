"""The frozen input: eligibility is what the rules say, the own seat always, and what is wrong is named."""

from datetime import date

import pytest

from services.evaluation.domain.ruleset import edition
from services.evaluation.plan.facts import PlanPost
from services.evaluation.plan.freeze import Material, Snapshot, freeze
from services.evaluation.plan.model import Plan, digest
from services.evaluation.plan.solvers.solve import solve
from services.evaluation.plan.sound import Unsound
from services.evaluation.plan.waves import moves
from services.evaluation.plan.worker import answer
from shared.contracts.scenario import (
    Duty,
    Fare,
    PairOfPersons,
    PersonPost,
    PlannedMove,
    Points,
    Scenario,
    UnitNeed,
    Wishes,
)
from tests.unit.evaluation.cases import RINA, RULES, SEAT, changed
from tests.unit.plan.kit import market, seated

ON = date(2026, 11, 23)
HERE, THERE = "setda-analyst", "dukcapil-analyst"
NEEDS = (UnitNeed(unit="setda", need=100), UnitNeed(unit="dukcapil", need=200))


def _post(unit: str, seats: int) -> PlanPost:
    told = SEAT.model_dump(include={"requirements", "retirement_age"})
    return PlanPost(agency="palu", unit=unit, title=SEAT.post_title, kind="functional", seats=seats, **told)


def _material(scenario: Scenario, **more: object) -> Material:
    weak = changed(RINA, under_process=True)
    people = {"rina": RINA, "dian": RINA, "eko": weak}
    given = {"agency": "palu", "on": ON, "scenario": scenario, "people": people}
    return Material.model_validate({**given, "posts": {HERE: _post("setda", 3), THERE: _post("dukcapil", 1)}, **more})


def _frozen(scenario: Scenario, **more: object) -> Snapshot:
    return freeze(_material(scenario, **more), edition(RULES, ON, "palu"))


def _rows(snapshot: Snapshot) -> set[tuple[str, str]]:
    of = snapshot.problem
    pairs = zip(of.options.person.tolist(), of.options.seat.tolist(), strict=True)
    return {(of.persons[i].id, of.seats[j].id) for i, j in pairs}


DUTIES = tuple(Duty(person=id, reason="complaints rose") for id in ("rina", "dian", "eko"))


def test_the_rules_decide_who_may_take_what_and_the_own_seat_is_always_there() -> None:
    snapshot = _frozen(Scenario(needs=NEEDS, duties=DUTIES))
    assert _rows(snapshot) == {("rina", HERE), ("dian", HERE), ("eko", HERE), ("rina", THERE), ("dian", THERE)}
    assert [(one.person, one.seat, one.codes) for one in snapshot.barred] == [("eko", THERE, ("PROSES_DISIPLIN",))]
    assert snapshot.ruleset.startswith("2026-11-23-")


def test_who_neither_wishes_nor_is_sent_stays() -> None:
    snapshot = _frozen(Scenario(needs=NEEDS, wishes=(Wishes(person="rina", posts=(THERE,)),)))
    parts = {person.id: person.part for person in snapshot.problem.persons}
    assert parts == {"rina": "voluntary", "dian": "fixed", "eko": "fixed"}
    assert seated(solve(snapshot.problem))["rina"] == THERE


def test_two_who_may_not_serve_together_are_kept_apart() -> None:
    scenario = Scenario(
        needs=(UnitNeed(unit="setda", need=0), UnitNeed(unit="dukcapil", need=300)),
        duties=DUTIES,
        apart=(PairOfPersons(one="rina", other="dian"),),
    )
    snapshot = _frozen(scenario, posts={HERE: _post("setda", 3), THERE: _post("dukcapil", 2)})
    plan = solve(snapshot.problem)
    assert sorted(seated(plan)[id] for id in ("rina", "dian")) == sorted((HERE, THERE))
    assert plan.solver == "cp-sat"


def test_a_budget_and_fares_hold() -> None:
    needs = (UnitNeed(unit="setda", need=0), UnitNeed(unit="dukcapil", need=300))
    given = {"needs": needs, "duties": DUTIES, "fares": (Fare(unit="dukcapil", money=700),), "budget": 1000}
    snapshot = _frozen(Scenario.model_validate(given), posts={HERE: _post("setda", 3), THERE: _post("dukcapil", 2)})
    assert len(solve(snapshot.problem).moves) == 1


def test_a_plan_anew_keeps_what_people_were_told_if_it_can() -> None:
    """Rina and Dian are as good; the draw of some seed would send either, but people were told of one."""
    for who in ("rina", "dian"):
        told = (PlannedMove(person=who, origin=HERE, target=THERE, wave=1, reason="r"),)
        for seed in range(4):
            snapshot = _frozen(Scenario(needs=NEEDS, duties=DUTIES, seed=seed), told=told)
            assert [line.person for line in solve(snapshot.problem).moves] == [who]


def test_published_points_are_the_priority_at_a_post() -> None:
    points = (Points(person="rina", post=THERE, points=70),)
    (claim,) = _frozen(Scenario(needs=NEEDS, duties=DUTIES, points=points)).problem.claims
    assert (claim.person, claim.seat, claim.points) == ("rina", THERE, 70)


def test_a_split_scenario_has_no_option_across_a_border_and_parts() -> None:
    west = tuple(need.model_copy(update={"region": need.unit}) for need in NEEDS)
    scenario = Scenario(needs=west, duties=DUTIES, split=True)
    assert all(of == to for of, to in _units(_frozen(scenario)))
    assert any(of != to for of, to in _units(_frozen(scenario.model_copy(update={"split": False}))))


def _units(snapshot: Snapshot) -> set[tuple[str, str]]:
    unit = {seat.id: seat.unit for seat in snapshot.problem.seats}
    home = {person.id: unit[person.seat] for person in snapshot.problem.persons}
    return {(home[person], unit[seat]) for person, seat in _rows(snapshot)}


def test_a_post_with_more_holders_than_places_puts_nobody_out() -> None:
    snapshot = _frozen(
        Scenario(needs=NEEDS, duties=DUTIES), posts={HERE: _post("setda", 1), THERE: _post("dukcapil", 1)}
    )
    assert {seat.id: seat.quota for seat in snapshot.problem.seats}[HERE] == 3


@pytest.mark.parametrize(
    ("scenario", "code"),
    [
        (Scenario(needs=NEEDS, duties=(Duty(person="x", reason="r"),)), "PERSON_UNKNOWN"),
        (Scenario(needs=NEEDS, duties=(DUTIES[0], DUTIES[0])), "PERSON_TWICE"),
        (Scenario(needs=NEEDS, wishes=(Wishes(person="rina", posts=("x",)),)), "SEAT_UNKNOWN"),
        (Scenario(needs=NEEDS, duties=DUTIES, levels=("luck",)), "LEVELS_WRONG"),
    ],
)
def test_a_scenario_that_names_what_is_not_there_is_refused(scenario: Scenario, code: str) -> None:
    with pytest.raises(Unsound) as refused:
        _frozen(scenario)
    assert [fault.code for fault in refused.value.faults] == [code]


def _asked(scenario: Scenario) -> dict[str, object]:
    frozen = answer({"action": "freeze", "material": _material(scenario).model_dump(mode="json")})
    if not frozen.get("ok", True):
        return dict(frozen)
    return dict(answer({"action": "solve", "snapshot": frozen["snapshot"], "seconds": 5})) | dict(frozen)


def test_the_solver_process_answers_with_a_checked_plan_and_its_moves() -> None:
    found = _asked(Scenario(needs=NEEDS, duties=DUTIES))
    plan = Plan.model_validate(found["plan"])
    assert plan.problem == digest(Snapshot.model_validate(found["snapshot"]).problem)
    assert [(move["target"], move["wave"], move["reason"]) for move in found["moves"]] == [  # type: ignore[attr-defined]
        (THERE, 1, "complaints rose")
    ]


def test_an_infeasible_scenario_says_what_stands_against_it() -> None:
    needs = (UnitNeed(unit="setda", need=100, floor=3), UnitNeed(unit="dukcapil", need=100, floor=1))
    found = _asked(Scenario(needs=needs, duties=DUTIES))
    assert found["plan"]["status"] == "infeasible"  # type: ignore[index]
    assert found["conflict"]["parts"] == [  # type: ignore[index]
        {"kind": "floor", "where": "dukcapil"},
        {"kind": "floor", "where": "setda"},
    ]


def test_bad_input_is_named_before_anything_is_solved() -> None:
    needs = (*NEEDS, UnitNeed(unit="dinsos", need=300))
    found = _asked(Scenario(needs=needs, duties=DUTIES, locks=(PersonPost(person="eko", post=THERE),)))
    assert found["code"] == "UNSOUND"
    assert found["faults"] == ["NEED_WITHOUT_POST dinsos"]


def test_explanations_name_the_rule_that_bars() -> None:
    found = _asked(Scenario(needs=NEEDS, duties=DUTIES))
    inputs = {"action": "explain", "snapshot": found["snapshot"], "plan": found["plan"]}
    barred = answer({**inputs, "person": "eko", "seat": THERE})["why_not"]
    assert (barred["verdict"], barred["codes"]) == ("not_eligible", ["PROSES_DISIPLIN"])
    assert answer({**inputs, "person": "nobody"})["code"] == "NOT_IN_PLAN"
    assert answer({**inputs, "person": "eko", "seat": "x"})["code"] == "SEAT_UNKNOWN"


def test_whom_the_rules_were_not_asked_about_is_not_called_ineligible() -> None:
    wishes = (Wishes(person="rina", posts=(THERE,)), Wishes(person="dian", posts=(HERE,)))
    found = _asked(Scenario(needs=NEEDS, wishes=wishes))
    inputs = {"action": "explain", "snapshot": found["snapshot"], "plan": found["plan"], "seat": THERE}
    told = {id: answer({**inputs, "person": id})["why_not"]["verdict"] for id in ("rina", "dian", "eko")}
    assert told == {"rina": "chosen", "dian": "not_asked", "eko": "fixed"}


def test_waves_follow_the_seats_that_are_freed_and_circles_wait_for_a_common_decree() -> None:
    chain = market({"p": ["A"], "q": ["B"], "r": ["C"]}, {"p": "B", "q": "C", "r": "D"}, dict.fromkeys("ABCD", 1))
    assert {move.person: move.wave for move in moves(chain, solve(chain))} == {"p": 1, "q": 2, "r": 3}
    circle = market({"p": ["B"], "q": ["A"]}, {"p": "A", "q": "B"}, {"A": 1, "B": 1})
    assert {move.person: move.wave for move in moves(circle, solve(circle))} == {"p": 0, "q": 0}
