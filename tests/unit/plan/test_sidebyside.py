"""Scenarios side by side: M6 by hand, in the table and in the chart."""

from services.evaluation.plan.sidebyside import compare
from services.evaluation.plan.studio.state import Track
from shared.contracts.scenario import (
    Scenario,
    UnitNeed,
    UnitStaff,
)

NEEDS = (("disdik", 500), ("dinkes", 800), ("dukcapil", 600))
BODY = Scenario(needs=tuple(UnitNeed(unit=unit, need=need) for unit, need in NEEDS))


def _track(**after: int) -> Track:
    before = {"dukcapil": 3, "dinkes": 8, "disdik": 9}
    rows = (UnitStaff(unit=u, before=before[u], after=after[u], need=n) for u, n in NEEDS if u in after)
    return Track(scenario=BODY, status="computed", outcome="optimal", solver="flow", staffing=tuple(rows), moves=3)


def test_the_gaps_are_kp1_before_and_after() -> None:
    found = compare({
        "tiga": _track(dukcapil=6, dinkes=8, disdik=6),
        "dua": _track(dukcapil=5, disdik=7),
        "baru": Track(scenario=BODY),
    })  # fmt: skip
    assert [(one.scenario, one.gap_before, one.gap_after) for one in found.scenarios] == [
        ("dua", 700, 300),
        ("tiga", 700, 100),
    ]
    assert {row.unit: (row.before, dict(row.after)) for row in found.units} == {
        "dinkes": (8, {"dua": None, "tiga": 8}),
        "disdik": (9, {"dua": 7, "tiga": 6}),
        "dukcapil": (3, {"dua": 5, "tiga": 6}),
    }
    assert found.chart.units == ("dinkes", "disdik", "dukcapil")
    assert [(line.name, line.values) for line in found.chart.series] == [
        ("need", (8.0, 5.0, 6.0)),
        ("before", (8.0, 9.0, 3.0)),
        ("dua", (None, 7.0, 5.0)),
        ("tiga", (8.0, 6.0, 6.0)),
    ]


def test_nothing_computed_is_nothing_to_compare() -> None:
    assert compare({"baru": Track(scenario=BODY)}).scenarios == ()
