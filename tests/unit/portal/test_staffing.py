"""The chart of workload: by hand, on one scale."""

from services.portal.domain.staffing import bars


def test_bars_and_the_mark_of_the_need_are_on_one_scale() -> None:
    rows = bars(
        [
            {"unit": "u:a", "need": 600, "before": 3, "after": {"dasar": 6, "lain": None}},
            {"unit": "u:b", "need": 500, "before": 10, "after": {"dasar": 7, "lain": 5}},
        ],
        ["dasar", "lain"],
    )
    assert [(bar["kind"], bar["width"], bar["y"]) for bar in rows[0]["bars"]] == [("before", 60, 0), ("after", 120, 13)]
    assert [bar["width"] for bar in rows[1]["bars"]] == [200, 140, 100]
    assert [(row["mark"], row["need"], row["height"]) for row in rows] == [(120, 6, 39), (100, 5, 39)]
    assert rows[0]["after"] == [6, None]


def test_nobody_anywhere_draws_nothing() -> None:
    assert bars([], ["dasar"]) == []
    (row,) = bars([{"unit": "u", "need": 0, "before": 0, "after": {}}], ["dasar"])
    assert (row["mark"], row["bars"]) == (0, [{"width": 0, "y": 0, "kind": "before"}])
