"""`mutasi correction …`, `quality tasks|look` and `agency overview`: what they ask, and what they print."""

from hashlib import sha256
from pathlib import Path

from tests.unit.cli.door import Door
from tests.unit.cli.test_commands import Run, door, run

__all__ = ["door", "run"]  # fixtures
RULE = ("--reason", "Sesuai dokumen", "--rule", "PermenPANRB 6/2022")


def test_a_correction_is_asked_with_the_hash_of_its_evidence_alone(run: Run, door: Door, tmp_path: Path) -> None:
    (tmp_path / "skp.pdf").write_bytes(b"paper")
    door.answers["POST /v1/me/corrections"] = (201, {"id": "p1", "version": 2, "correction": "k-1"})
    words = ("performance", "good", "--about", "2025", "--reason", "SKP", "--evidence", "skp.pdf", "--key", "once")
    assert run("correction", "ask", *words).out.count("k-1") == 1
    (sent,) = door.find("POST /v1/me/corrections")
    assert sent.headers["idempotency-key"] == "once"
    assert sent.json == {
        "field": "performance",
        "about": "2025",
        "value": "good",
        "reason": "SKP",
        "evidence": sha256(b"paper").hexdigest(),
    }


def test_an_office_lists_and_decides(run: Run, door: Door) -> None:
    item = {"correction": "k-1", "person": "p1", "name": "Rina", "field": "rank", "about": "", "now": "III/c"}
    item |= {"value": "III/d", "due": "2026-12-07", "status": "open"}
    door.answers["GET /v1/agencies/palu/corrections"] = (200, {"items": [item], "next": ""})
    assert "III/d" in run("correction", "list", "palu").out
    assert run("correction", "list", "palu", "--decided").code == 0
    assert "status=decided" in door.asked[-1].path
    for act in ("grant", "refuse"):
        door.answers[f"POST /v1/people/p1/corrections/k-1/{act}"] = (200, {"id": "p1", "version": 3})
        assert run("correction", act, "p1", "k-1", *RULE).code == 0
        assert door.asked[-1].json == {"reason": "Sesuai dokumen", "rule": "PermenPANRB 6/2022"}


def test_tasks_of_quality_and_a_look_at_once(run: Run, door: Door) -> None:
    task = {"indicator": "nip_unlikely", "people": 2, "since": "2026-11-22"}
    door.answers["GET /v1/agencies/palu/quality/figure"] = (200, {"tasks": [task]})
    assert "nip_unlikely" in run("quality", "tasks", "palu").out
    door.answers["POST /v1/agencies/palu/quality/look"] = (200, {"id": "q:palu", "version": 1})
    assert run("quality", "look", "palu").code == 0


def test_the_overview_nets_no_unit_against_another(run: Run, door: Door) -> None:
    door.answers["GET /v1/agencies"] = (200, {"items": [{"agency": "palu"}], "next": ""})
    posts = [{"seats": 3, "holders": 1}, {"seats": 2, "holders": 4}]
    door.answers["GET /v1/posts"] = (200, {"items": posts, "next": ""})
    door.answers["GET /v1/units"] = (200, {"items": [{}, {}], "next": ""})
    door.answers["GET /v1/vacancies"] = (200, {"items": [{}], "next": ""})
    units = [{"missing": 1, "need": 5, "gap": -4}, {"missing": 0, "need": 1, "gap": 3}]
    door.answers["GET /v1/agencies/palu/workload/2026"] = (200, {"units": units})
    quality = "GET /v1/agencies/palu/quality"
    door.answers[quality] = (200, {"people": 5, "sound": 4})
    seen = ["palu", "2", "2", "1", "5", "6", "4", "3", "1"]
    assert run("agency", "overview", "--year", "2026").out.split()[-10:] == [*seen, "4"]
    # Who keeps no records of an agency sees all of it but their quality.
    door.answers[quality] = (403, {"code": "FORBIDDEN"})
    assert run("agency", "overview", "--year", "2026").out.split()[-9:] == seen
    door.answers[quality] = (503, {"code": "AWAY"})
    assert run("agency", "overview", "--year", "2026").code == 5
