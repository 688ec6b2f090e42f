"""`mutasi plan …`: what it asks of the studio, and the chart it draws."""

import json
from pathlib import Path

from services.cli.plan_tables import WIDE, chart
from tests.unit.cli.door import Door
from tests.unit.cli.test_commands import Run, door, run

__all__ = ["door", "run"]
TRACK = {"status": "computed", "outcome": "optimal", "solver": "flow", "moves": 3, "faults": [], "persons": 20,
         "levels": [{"level": "imbalance", "value": 100, "bound": 100}]}  # fmt: skip
STAFF = [
    {"unit": "u:disdik", "before": 9, "after": 6, "need": 500},
    {"unit": "u:dukcapil", "before": 3, "after": 6, "need": 600},
]


def test_a_scenario_is_written_from_a_file_and_run_until_it_is_done(run: Run, door: Door, tmp_path: Path) -> None:
    file = tmp_path / "base.json"
    file.write_text(json.dumps({"needs": [{"unit": "u:disdik", "need": 500}]}))
    door.answers["PUT /v1/plans/plan-1/scenarios/base"] = (200, {"id": "plan-1"})
    assert run("plan", "set", "plan-1", "base", str(file)).code == 0
    assert door.find("PUT")[0].json["needs"][0]["unit"] == "u:disdik"
    queued = {"scenarios": {"base": {**TRACK, "status": "queued", "levels": []}}}
    door.answers["POST /v1/plans/plan-1/scenarios/base/run"] = (200, queued)
    door.answers["GET /v1/plans/plan-1"] = (200, {"scenarios": {"base": TRACK}})
    shown = run("plan", "run", "plan-1", "base")
    assert (shown.code, "optimal" in shown.out, "20" in shown.out) == (0, True, True)
    door.answers["GET /v1/plans/plan-1"] = (200, {"scenarios": {"base": {**TRACK, "status": "failed"}}})
    said = {"type": "about:blank", "title": "x", "status": 409, "code": "UNSOUND", "detail": "p is in two seats"}
    door.answers["GET /v1/plans/plan-1/scenarios/base/result"] = (409, said)
    failed = run("plan", "run", "plan-1", "base")
    assert (failed.code, "p is in two seats" in failed.err) == (1, True)


def test_a_file_that_is_no_json_is_refused_by_name(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "base.json"
    file.write_text("needs: no")
    failed = run("plan", "set", "plan-1", "base", str(file))
    assert (failed.code, "NO_JSON" in failed.err) == (1, True)


def test_the_result_is_a_chart_and_tables_for_people_and_json_for_programs(run: Run, door: Door) -> None:
    move = {"person": "p1", "origin": "a", "target": "b", "wave": 1, "reason": "complaints rose"}
    level = {"level": "imbalance", "value": 100, "bound": 100, "gap": 0, "text": "Imbalance of workload"}
    head = {"status": "optimal", "solver": "flow", "milliseconds": 17}
    result = {**head, "levels": [level], "staffing": STAFF, "moves": [move], "conflict": []}
    door.answers["GET /v1/plans/plan-1/scenarios/base/result"] = (200, result)
    shown = run("plan", "show", "plan-1", "base")
    assert shown.code == 0
    assert all(text in shown.out for text in ("optimal", "17", "Imbalance of workload", "complaints rose", "█"))
    assert json.loads(run("plan", "show", "plan-1", "base", "--json").out) == result


def test_the_chart_is_on_one_scale_with_a_mark_at_the_need() -> None:
    disdik, dukcapil = (row["chart"] for row in chart(STAFF))
    assert (disdik.index("|"), dukcapil.index("|")) == (round(WIDE * 5 / 9), round(WIDE * 6 / 9))
    assert disdik.count("█") == dukcapil.count("█") == round(WIDE * 6 / 9)


def test_scenarios_are_compared_with_the_workload_of_each_unit(run: Run, door: Door) -> None:
    column = {**TRACK, "scenario": "base", "gap_before": 700, "gap_after": 100}
    units = [{"unit": "u:disdik", "need": 550, "before": 9, "after": {"base": 6}}]
    door.answers["GET /v1/plans/plan-1/compare"] = (200, {"scenarios": [column], "units": units, "chart": {}})
    shown = run("plan", "compare", "plan-1")
    assert shown.code == 0
    assert all(
        text in shown.out for text in ("KP1 before  7.0", "KP1 after   1.0", "imbalance   100", "u:disdik", "5.5")
    )


def test_what_stands_against_a_plan_is_all_that_is_shown_where_there_is_none(run: Run, door: Door) -> None:
    against = {"kind": "floor", "where": "u:disdik", "text": "the least staff of u:disdik"}
    result = {"levels": [], "staffing": [], "moves": [], "conflict": [against]}
    door.answers["GET /v1/plans/plan-1/scenarios/base/result"] = (200, result)
    shown = run("plan", "show", "plan-1", "base").out
    assert ("the least staff of u:disdik" in shown, "There is none" in shown) == (True, False)


def test_what_more_of_a_constraint_brings_and_which_rules_bar(run: Run, door: Door) -> None:
    gain = {"part": {"text": "the cap on u:disdik"}, "differences": [{"text": "Fit", "by": -1250}]}
    door.answers["GET /v1/plans/plan-1/scenarios/base/explain"] = (200, {"gains": [gain]})
    assert "Fit -1250" in run("plan", "why", "plan-1", "base").out
    barred = {"text": "Not eligible by the rules.", "codes": ["PENGALAMAN_KURANG"], "others": []}
    door.answers["GET /v1/plans/plan-1/scenarios/base/explain"] = (200, {"why_not": barred})
    assert "PENGALAMAN_KURANG" in run("plan", "why", "plan-1", "base", "--person", "p", "--post", "b").out


def test_exchanges_are_shown_with_what_is_done_if_one_withdraws(run: Run, door: Door) -> None:
    swap = {"members": ["p", "q"], "seats": ["B", "A"], "chain": False}
    fallbacks = [{"without": "p", "exchanges": []}, {"without": "q", "exchanges": [swap | {"members": ["p", "r"]}]}]
    exchanges = {"exchanges": [swap], "fallbacks": [fallbacks]}
    answer = (200, {"rounds": [], "exchanges": exchanges})
    door.answers["GET /v1/plans/plan-1/scenarios/base/exchange"] = answer
    shown = run("plan", "exchange", "plan-1", "base")
    assert (shown.code, "q: p r" in shown.out) == (0, True)


def test_a_wave_is_published_and_shown(run: Run, door: Door) -> None:
    door.answers["POST /v1/plans/plan-1/waves/1/publish"] = (200, {"id": "plan-1"})
    door.answers["GET /v1/plans/plan-1/waves"] = (
        200,
        {"items": [{"wave": 1, "person": "p1", "target": "b", "case": "c-1", "status": "submitted"}]},
    )
    told = ("--benefit", "near home", "--training", "two days")
    assert run("plan", "publish", "plan-1", "1", *told).code == 0
    assert door.find("POST")[-1].json == {"benefit": "near home", "training": "two days"}
    assert "submitted" in run("plan", "waves", "plan-1").out


def test_people_are_listed_with_the_ids_and_posts_that_a_scenario_names(run: Run, door: Door) -> None:
    profile = {"placement": {"post": "p:palu:disdik-analis"}, "rank": "III/c", "post_since": "2021-01-01"}
    door.answers["GET /v1/people"] = (
        200,
        {"items": [{"id": "p901", "particulars": {"name": "Ani"}, "profile": profile}]},
    )
    shown = run("person", "list", "--unit", "u:palu:disdik")
    assert shown.code == 0
    assert all(text in shown.out for text in ("p901", "Ani", "p:palu:disdik-analis", "III/c", "2021-01-01"))
    assert "unit=u%3Apalu%3Adisdik" in door.find("GET /v1/people")[0].path
