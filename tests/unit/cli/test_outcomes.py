"""What `mutasi outcomes` sends of a file, and what it shows."""

from pathlib import Path

from tests.unit.cli.door import Door
from tests.unit.cli.test_commands import Run, door, run

__all__ = ["door", "run"]


def test_the_groups_of_people_are_sent_and_kept_nowhere(door: Door, run: Run, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("person,sex,region\np-901,F,palu\np-902,M,\n", "utf-8")
    group = {"name": "F", "suppressed": True}
    said = {"evaluated": 2, "attributes": [{"name": "sex", "groups": [group], "unknown": 0}], "warnings": ["Groups …"]}
    door.answers["POST /v1/audits/fairness"] = (200, said)
    done = run("--login", "auditor", "outcomes", "fairness", "people.csv")
    (asked,) = door.find("POST /v1/audits/fairness")
    assert asked.json == {"people": {"p-901": {"sex": "F", "region": "palu"}, "p-902": {"sex": "M"}}}
    assert (done.code, "Groups" in done.out) == (0, True)


def test_the_figures_of_units_are_sent(door: Door, run: Run, tmp_path: Path) -> None:
    (tmp_path / "units.csv").write_text("unit,moved,picking,before,after\nu-1,yes,60,50,40\n", "utf-8")
    said = {"units": 1, "compared": 0, "verdict": "cannot_be_judged", "text": "Cannot be judged yet"}
    door.answers["POST /v1/audits/effects"] = (200, said)
    done = run("--login", "ppk", "outcomes", "effects", "units.csv", "--expected=-30")
    (asked,) = door.find("POST /v1/audits/effects")
    assert asked.json["expected"] == -0.3
    assert asked.json["units"] == [{"unit": "u-1", "moved": True, "picking": "60", "before": "50", "after": "40"}]
    assert "Cannot be judged yet" in done.out


def test_a_missing_column_is_named(door: Door, run: Run, tmp_path: Path) -> None:
    (tmp_path / "units.csv").write_text("unit,moved\nu-1,yes\n", "utf-8")
    done = run("--login", "ppk", "outcomes", "effects", "units.csv", "--expected=-30")
    assert (done.code, "picking, before, after" in done.err) == (1, True)
    assert door.find("POST /v1/audits") == []
