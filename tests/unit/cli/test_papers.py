"""`mutasi adoptions`, `mutasi person restricted` and `looks`: what is asked, and what is shown."""

from tests.unit.cli.door import Door
from tests.unit.cli.test_commands import Run, door, run

__all__ = ["door", "run"]


def test_what_became_of_the_paper_files_of_an_import(run: Run, door: Door) -> None:
    paper = {"number": "800/77", "stage": "ppk"}
    rows = [
        {"id": "b-1-1", "status": "submitted", "codes": [], "paper": paper},
        {"id": "b-2-1", "status": "refused", "codes": ["PERKARA_TERBUKA"], "paper": paper},
    ]
    door.answers["GET /v1/adoptions/i%3Acases%3A1"] = (200, {"items": rows, "next": ""})
    done = run("adoptions", "i:cases:1")
    assert done.code == 0
    assert all(word in done.out for word in ("b-1-1", "submitted", "800/77", "PERKARA_TERBUKA"))


def test_a_restricted_field_is_asked_for_with_a_reason_and_the_person_sees_who_looked(run: Run, door: Door) -> None:
    door.answers["POST /v1/people/p-1/restricted"] = (200, {"person": "p-1", "under_process": True})
    assert run("person", "restricted", "p-1").code == 2
    done = run("person", "restricted", "p-1", "--reason", "R13f")
    assert (done.code, door.find("POST /v1/people/p-1/restricted")[0].json) == (0, {"reason": "R13f"})
    look = {"at": "2026-11-23T02:00:00Z", "by": "p-9", "fields": ["under_process"], "reason": "R13f"}
    door.answers["GET /v1/people/p-1/looks"] = (200, {"person": "p-1", "total": 1, "newest": [look]})
    done = run("person", "looks", "p-1")
    assert all(word in done.out for word in ("p-9", "under_process", "R13f"))
