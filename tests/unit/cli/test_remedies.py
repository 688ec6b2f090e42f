"""`mutasi objection …` and `mutasi decree correct|amend|revoke`: what is asked of approval, and what is shown."""

from hashlib import sha256
from pathlib import Path

import pytest

from tests.unit.cli.door import Door
from tests.unit.cli.test_commands import Run, door, run

__all__ = ["door", "run"]
WHY = "Jabatan tidak sesuai kualifikasi"
COURT = {"court": "PTUN Palu", "number": "12/G/2027", "step": "filed", "on": "2027-01-20"}


@pytest.mark.parametrize(
    ("arguments", "path", "asked"),
    [
        (("objection", "answer", "d1", "granted"), "objection/answer", {"outcome": "granted"}),
        (("objection", "suspend", "d1"), "objection/suspend", {"until": None}),
        (("objection", "suspend", "d1", "--until", "2027-01-05"), "objection/suspend", {"until": "2027-01-05"}),
        (
            ("decree", "correct", "d1", "target_unit", "--written", "A", "B"),
            "correct",
            {"part": "target_unit", "wrong": "A", "right": "B"},
        ),
        (("decree", "amend", "d1", "2027-02-01"), "amend", {"effective_on": "2027-02-01"}),
        (("decree", "revoke", "d1"), "revoke", {"letter": None}),
    ],
)
def test_what_the_authority_does(
    run: Run, door: Door, arguments: tuple[str, ...], path: str, asked: dict[str, object]
) -> None:
    door.answers[f"POST /v1/decrees/d1/{path}"] = (200, {"decree": "d1", "number_text": "800/2/2026"})
    done = run(*arguments, "--reason", WHY)
    assert (done.code, done.out) == (0, "✓ Recorded. 800/2/2026\n")
    assert door.find(f"POST /v1/decrees/d1/{path}")[0].json == {**asked, "reason": WHY}


def test_of_a_file_only_its_hash_is_sent(run: Run, door: Door, tmp_path: Path) -> None:
    paper = tmp_path / "surat.pdf"
    paper.write_bytes(b"surat")
    digest = sha256(b"surat").hexdigest()
    door.answers |= {f"POST /v1/decrees/d1/{what}": (200, {}) for what in ("objection", "revoke")}
    assert run("objection", "file", "d1", "--grounds", WHY, "--document", str(paper)).code == 0
    assert door.find("POST /v1/decrees/d1/objection")[0].json == {"grounds": WHY, "documents": [digest]}
    letter = ("--letter", "home_affairs", "821/7", "2026-11-25", str(paper))
    assert run("decree", "revoke", "d1", "--reason", WHY, *letter).code == 0
    sent = {"number": "821/7", "dated": "2026-11-25", "issuer": "home_affairs", "sha256": digest}
    assert door.find("POST /v1/decrees/d1/revoke")[0].json == {"reason": WHY, "letter": sent}
    assert run("decree", "revoke", "d1", "--reason", WHY, *letter[:-1], "nowhere.pdf").code == 2


def test_the_way_and_the_court(run: Run, door: Door) -> None:
    term = {"regime": "PP79", "until": "2026-12-11T15:59:59Z", "citation": "PP 79/2021", "certainty": "P"}
    way = {"status": "open", "suspended_until": "2027-02-01", "way": {"terms": [term]}}
    door.answers["GET /v1/decrees/d1/objection"] = (200, way)
    shown = run("objection", "show", "d1")
    assert (shown.code, "2027-02-01" in shown.out, "PP79" in shown.out) == (0, True, True)
    door.answers["GET /v1/objections"] = (200, {"items": [{"decree": "sk-9", "due": "2026-12-07T16:00:00Z"}]})
    assert "sk-9" in run("objection", "list").out
    door.answers["POST /v1/decrees/d1/objection/court"] = (200, {})
    said = ("filed", COURT["on"], "--matter", COURT["court"], COURT["number"])
    assert run("objection", "court", "d1", *said).code == 0
    assert door.find("POST /v1/decrees/d1/objection/court")[0].json == COURT
