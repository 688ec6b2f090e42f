"""What moves brought as the page shows it: figures in words, drawings on one scale, a file no spreadsheet runs."""

from services.portal.domain.outcomes import WIDE, as_csv, figures, regions, results, said
from services.portal.domain.outcomes import safe as cell


def part(name: str, value: float | None, low: float | None = None, high: float | None = None) -> dict[str, object]:
    return {"part": name, "name": name, "value": value, "low": low, "high": high, "n": 7}


def indicator(*parts: dict[str, object], better: str = "lower") -> dict[str, object]:
    about = {"indicator": "KP2", "name": "=cmd|' /C calc'!A0", "unit": "per_thousand", "better": better, "waits": ""}
    return {**about, "figures": list(parts)}


def test_an_effect_is_drawn_as_a_share_of_the_baseline() -> None:
    (found,) = figures([indicator(part("effect", -20, -30, -10), part("before", 40))], "id")
    assert found["drawn"] == {"value": WIDE // 4, "low": WIDE // 8, "high": 3 * WIDE // 8, "kind": "good"}
    (up,) = figures([indicator(part("effect", 20, 10, 90), part("before", 40))], "id")
    assert (up["drawn"]["kind"], up["drawn"]["high"]) == ("bad", WIDE)
    (zero,) = figures([indicator(part("effect", -5, -12, 2), part("before", 40))], "id")
    assert zero["drawn"]["kind"] == "unsure"


def test_where_more_is_better_a_rise_is_good() -> None:
    (found,) = figures([indicator(part("effect", 1, 0.5, 1.5), part("before", 4), better="higher")], "en")
    assert found["drawn"]["kind"] == "good"


def test_what_cannot_be_judged_is_not_drawn() -> None:
    for parts in ([], [part("effect", -5), part("before", 40)], [part("effect", -5, -9, -1), part("before", 0)]):
        assert figures([indicator(*parts)], "id")[0]["drawn"] is None
    assert results([indicator(part("effect", 1))]) == []


def test_figures_are_written_as_people_write_them() -> None:
    assert [said(value, "share", "reached", "id") for value in (0.805, None)] == ["80,5%", "–"]
    assert (said(1_750_000, "rupiah", "per_move", "id"), said(0.5, "rupiah", "recorded", "en")) == ("1.750.000", "50%")
    assert (said(4.25, "share", "trust", "id"), said(-12.346, "points", "effect", "en")) == ("4,25", "-12.35")


def test_three_results_make_one_bar() -> None:
    told = {"indicator": "KP10", "figures": [part("reached", 0.5), part("partly", 0.25), part("not_reached", 0.25)]}
    assert [(bar["x"], bar["width"]) for bar in results([told])] == [(0, 104), (104, 52), (156, 52)]


def test_regions_stand_on_one_scale_and_small_ones_have_no_drawing() -> None:
    judged = {
        **{"region": "a", "suppressed": False, "cases": 9, "observed": 8, "expected": 4.0, "crude": 0.9, "ratio": 2.0},
        **{"low": 1.2, "high": 4.0, "limits": [[0.5, 1.5], [0.2, 1.8]], "standing": "better"},
    }
    small = {**judged, "suppressed": True, "ratio": None}
    shown, hidden = regions([judged, small], "id")
    assert (shown["drawn"]["one"], shown["drawn"]["ratio"], shown["drawn"]["high"]) == (52, 104, WIDE)
    assert (shown["ratio"], hidden["drawn"]) == ("2", None)


def test_the_file_runs_nothing_and_keeps_numbers() -> None:
    lines = as_csv([indicator(part("effect", -20.5, -30, -10)), indicator()]).splitlines()
    assert lines[1] == "KP2,'=cmd|' /C calc'!A0,effect,-20.5,-30,-10,7,per_thousand,"
    assert lines[2].startswith("KP2,'=cmd")
    assert [cell(text) for text in ("@x", "\tx", "x=")] == ["'@x", "'\tx", "x="]
