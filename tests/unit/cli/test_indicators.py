"""What `mutasi kp` asks and sends, and what it shows."""

from tests.unit.cli.door import Door
from tests.unit.cli.test_commands import Run, door, run

__all__ = ["door", "run"]
HEAD = {"name": "Complaints", "unit": "per_thousand", "text": ""}


def test_indicators_are_shown_figure_by_figure_or_say_why_not(run: Run, door: Door) -> None:
    figure = {"name": "effect", "value": -12.345, "low": -20, "high": -4, "n": 7}
    judged = {**HEAD, "indicator": "KP2", "figures": [figure, {**figure, "name": "baseline", "value": 54321.0}]}
    waits = {**HEAD, "indicator": "KP3", "text": "Cannot be judged yet", "figures": []}
    door.answers["GET /v1/agencies/palu/indicators"] = (200, {"items": [judged, waits]})
    done = run("--login", "ppk", "kp", "show", "palu", "--since", "2026-01-01")
    (asked,) = door.find("GET /v1/agencies/palu/indicators")
    assert asked.path == "/v1/agencies/palu/indicators?lang=en&since=2026-01-01"
    for shown in ("-12.35", "54,321", "baseline", "Cannot be judged yet"):
        assert shown in done.out


def test_a_target_a_cost_and_a_lesson_are_sent(run: Run, door: Door) -> None:
    door.answers["POST /v1/agencies/palu/targets"] = (200, {"id": "t"})
    door.answers["POST /v1/reviews/c-1/costs"] = (200, {"id": "r"})
    door.answers["POST /v1/agencies/palu/lessons"] = (201, {"id": "l", "region": "sigi"})
    about = ("--name", "Antrean", "--measure", "menit", "--due-on", "2027-12-31", "--goal", "1500")
    assert run("kp", "target", "palu", "disdukcapil", "antrean", *about, "--better", "lower").code == 0
    assert run("kp", "cost", "c-1", "1750000", "--reference", "SPPD 1").code == 0
    period = ("--since", "2026-01-01", "--until", "2026-12-31")
    assert run("kp", "lesson", "palu", "sigi", *period, "--practice", "Pendampingan").code == 0
    sent = [door.find(f"POST /v1/{path}")[0].json for path in ("agencies/palu/targets", "reviews/c-1/costs")]
    assert [sent[0][name] for name in ("goal", "better", "achieved")] == [1500, "lower", None]
    assert sent[1] == {"kind": "travel", "amount": 1750000, "reference": "SPPD 1"}
    assert door.find("POST /v1/agencies/palu/lessons")[0].json["by"] == "agency"
