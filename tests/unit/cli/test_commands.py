"""The command as people and programs call it: what it asks, what it prints, and its exit codes."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from services.approval.deciders import load
from services.approval.domain import explain
from services.cli.__main__ import in_front, main
from services.cli.session import PORTS, settings
from tests.unit.cli.door import Door, opened


@dataclass
class Result:
    """How a command ended."""

    code: int
    out: str
    err: str


class Run:
    """Runs `mutasi` with everything pointing at the door."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def __call__(self, *words: str) -> Result:
        self._monkeypatch.setattr(sys, "argv", ["mutasi", *words])
        code = 0
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        said = self._capsys.readouterr()
        return Result(code, said.out, said.err)


@pytest.fixture
def door() -> Iterator[Door]:
    with opened() as door:
        door.answers["POST /demo/token"] = (200, {"access_token": "demo-token"})
        yield door


@pytest.fixture
def run(door: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    for name in PORTS:
        monkeypatch.setenv(f"MUTASI_{name.upper()}_URL", door.url)
    monkeypatch.setenv("MUTASI_IDP_URL", door.url)
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.delenv("MUTASI_TOKEN", raising=False)
    monkeypatch.chdir(tmp_path)
    return Run(monkeypatch, capsys)


VACANCY = {
    "id": "v1",
    "post_title": "Analis",
    "placement": {"unit": "u:palu:setda"},
    "quota": 1,
    "closes_on": "2030-01-01",
    "open": True,
}


def test_a_piped_row_stays_on_one_line(run: Run, door: Door) -> None:
    long: dict[str, Any] = VACANCY | {"post_title": " ".join(["Analis"] * 50)}
    door.answers["GET /v1/vacancies"] = (200, {"items": [VACANCY, long], "next": ""})
    _, *rows = run("vacancy", "list").out.splitlines()
    assert [row.split()[0] for row in rows] == ["v1", "v1"]
    assert long["post_title"] in rows[1]


def test_a_list_is_a_table_for_people_and_json_for_programs(run: Run, door: Door) -> None:
    door.answers["GET /v1/vacancies"] = (200, {"items": [VACANCY], "next": ""})
    shown = run("vacancy", "list", "--agency", "palu")
    assert (shown.code, "Analis" in shown.out, "u:palu:setda" in shown.out) == (0, True, True)
    assert json.loads(run("vacancy", "list", "--json").out)["items"] == [VACANCY]
    assert "agency=palu" in door.find("GET /v1/vacancies")[0].path
    assert door.find("GET /v1/vacancies")[0].headers["authorization"] == "Bearer demo-token"


def test_applying_drafts_and_submits_under_keys_that_make_a_repeat_harmless(run: Run, door: Door) -> None:
    door.answers["POST /v1/proposals"] = (201, {"id": "c-1", "version": 1})
    door.answers["POST /v1/proposals/c-1/submit"] = (200, {"id": "c-1", "version": 2, "receipt": "MT-1"})
    wish = ["--purpose", "p", "--expected-result", "e", "--reason", "r", "--consent"]
    done = run("apply", "v1", *wish, "--key", "k1", "--login", "rina")
    assert (done.code, "MT-1" in done.out) == (0, True)
    drafted, submitted = door.find("POST /v1/proposals")
    assert drafted.json == {"vacancy": "v1", "purpose": "p", "expected_result": "e", "reason": "r", "consent": True}
    assert [drafted.headers["idempotency-key"], submitted.headers["idempotency-key"]] == ["k1", "k1-submit"]
    assert door.find("POST /demo/token")[0].json == {"login": "rina"}


@pytest.mark.parametrize(("status", "code"), [(409, 1), (422, 1), (401, 3), (403, 3), (404, 4), (503, 5)])
def test_a_refusal_is_a_sentence_with_its_remedy_and_an_exit_code(run: Run, door: Door, status: int, code: int) -> None:
    problem = {
        "code": "NOT_CLAIMED_BY_YOU",
        "detail": "You do not hold it.",
        "mend": "Claim it.",
        "errors": [],
        "correlation_id": "x1",
    }
    door.answers["POST /v1/tasks/t/decide"] = (status, problem)
    refused = run("task", "approve", "t")
    assert refused.code == code
    assert refused.err == "✗ You do not hold it.\n  → Claim it.\n  [NOT_CLAIMED_BY_YOU x1]\n"
    assert json.loads(run("task", "approve", "t", "--json").err)["code"] == "NOT_CLAIMED_BY_YOU"


def test_wrong_fields_are_named(run: Run, door: Door) -> None:
    problem = {"detail": "Some input is not valid.", "errors": [{"pointer": "/reason", "detail": "Required."}]}
    door.answers["POST /v1/proposals/c/withdraw"] = (422, problem)
    assert "  /reason: Required.\n" in run("case", "withdraw", "c", "--reason", "x").err


def test_the_language_is_that_of_the_terminal(run: Run, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    door.answers["POST /v1/tasks/t/claim"] = (200, {"id": "c", "version": 3})
    assert run("task", "claim", "t").out == "✓ You took t on.\n"
    monkeypatch.setenv("LC_ALL", "id_ID.UTF-8")
    assert run("task", "claim", "t").out == "✓ t Anda ambil.\n"
    assert [one.headers["accept-language"] for one in door.find("POST /v1/tasks")] == ["en", "id"]


def test_a_service_that_is_away_ends_with_5_and_says_where_it_was_sought(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUTASI_APPROVAL_URL", "http://127.0.0.1:1")
    away = run("task", "list")
    assert away.code == 5
    assert "http://127.0.0.1:1" in away.err
    assert "make doctor" in away.err


def test_an_unknown_demo_account_ends_with_3(run: Run, door: Door) -> None:
    door.answers["POST /demo/token"] = (404, {"detail": "no"})
    assert run("task", "list", "--login", "nobody").code == 3


def test_a_given_token_is_used_as_it_is(run: Run, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUTASI_TOKEN", "given")
    door.answers["GET /v1/tasks"] = (200, {"items": [], "next": ""})
    assert run("task", "list", "--mine").out == "There is none.\n"
    assert door.find("GET /v1/tasks?view=mine")[0].headers["authorization"] == "Bearer given"
    assert door.find("POST /demo/token") == []


def test_refused_rows_of_an_import_are_named_and_end_with_1(run: Run, door: Door, tmp_path: Path) -> None:
    finding = {
        "row": 2, "column": "unit", "cell": "x", "rule": "UNKNOWN_UNIT", "severity": "refused",
        "says": {"id": "tidak ada", "en": "is unknown"}, "remedy": {"id": "", "en": "Import it."},
    }  # fmt: skip
    report = {"kind": "people", "dry_run": False, "rows": 3, "taken": 2, "refused": 1, "findings": [finding]}
    door.answers["POST /v1/imports/people"] = (200, report)
    file = tmp_path / "people.csv"
    file.write_bytes(b"agency\n")
    done = run("import", "people", str(file), "--dry-run")
    assert done.code == 1
    assert "UNKNOWN_UNIT" in done.out
    assert "1 of 3 rows" in done.err
    sent = door.find("POST /v1/imports/people?dry_run=true")[0].body
    assert b"\r\n\r\nagency\n\r\n" in sent  # a form, read from disk as it is sent


def test_a_decree_is_written_as_the_file_that_is_named(run: Run, door: Door, tmp_path: Path) -> None:
    door.answers["GET /v1/decrees/d1/pdf"] = (200, b"%PDF-1.7")
    assert run("decree", "pdf", "d1", "-o", str(tmp_path / "sk.pdf")).code == 0
    assert (tmp_path / "sk.pdf").read_bytes() == b"%PDF-1.7"
    door.answers["GET /v1/decree-layouts/palu"] = (200, b"%PDF-1.7 contoh")
    sample = tmp_path / "contoh.pdf"
    assert run("decree", "preview", "palu", "--kind", "between", "-o", str(sample)).code == 0
    assert sample.read_bytes() == b"%PDF-1.7 contoh"
    assert door.find("GET /v1/decree-layouts/palu?kind=between")


def test_an_inauguration_is_set_and_called_off(run: Run, door: Door) -> None:
    door.answers["POST /v1/decrees/d1/inauguration"] = (200, {"held_on": "2027-01-08", "place": "Aula"})
    assert run("decree", "inaugurate", "d1", "--on", "2027-01-08", "--place", "Aula").out == "✓ d1: 2027-01-08 Aula\n"
    door.answers["POST /v1/decrees/d1/inauguration"] = (200, {"held_on": None, "place": ""})
    assert run("decree", "inaugurate", "d1").out == "✓ d1: –\n"
    sent = [one.json for one in door.find("POST /v1/decrees/d1/inauguration")]
    assert sent == [{"held_on": "2027-01-08", "place": "Aula"}, {"held_on": None, "place": ""}]


def test_parked_messages_are_asked_by_their_whole_id(run: Run, door: Door) -> None:
    door.answers["POST /ops/parked/mutasi.proposal%2F3%2F17/skip"] = (200, {"status": "skipped"})
    done = run("events", "parked", "skip", "approval", "mutasi.proposal/3/17", "--reason", "known bad")
    assert (done.code, done.out) == (0, "✓ mutasi.proposal/3/17: skipped\n")
    assert door.find("POST /ops/parked")[0].json == {"reason": "known bad"}
    assert run("events", "parked", "show", "nothing", "x").code == 2


def test_what_others_wrote_cannot_steer_the_terminal(run: Run, door: Door) -> None:
    door.answers["GET /v1/decrees/d1"] = (200, {"decree": "\x1b[31md1\x07 [bold]x[/bold]"})
    out = run("decree", "show", "d1").out
    assert "\x1b" not in out
    assert "[bold]x[/bold]" in out


def test_a_case_is_shown_to_whoever_one_of_its_owners_lets_see_it(run: Run, door: Door) -> None:
    door.answers["GET /v1/cases/c"] = (200, {"status": "open", "task": {"stage": "ppk"}})
    assert "ppk" in run("case", "show", "c").out
    del door.answers["GET /v1/cases/c"]
    assert run("case", "show", "c").code == 4


def test_options_of_the_command_itself_may_stand_anywhere() -> None:
    assert in_front(["task", "list", "--json", "--login", "a", "--mine"]) == [
        "--json",
        "--login",
        "a",
        "task",
        "list",
        "--mine",
    ]
    assert in_front(["task", "--login=a"]) == ["--login=a", "task"]
    assert in_front(["x", "--", "--json"]) == ["x", "--", "--json"]


def test_addresses_come_from_the_running_system_and_the_environment_wins(tmp_path: Path) -> None:
    (tmp_path / ".run").mkdir()
    (tmp_path / ".run" / "env").write_text("MUTASI_KAFKA=k:1\nMUTASI_MONGO='mongodb://h/?a=b&c=d'\n")
    found = settings({"MUTASI_KAFKA": "k:2", "HOME": "x"}, tmp_path)
    assert found == {"MUTASI_KAFKA": "k:2", "MUTASI_MONGO": "mongodb://h/?a=b&c=d"}


def test_an_evaluation_as_of_a_day_says_whether_it_repeats(door: Door, run: Run) -> None:
    said = {
        "eligible": True,
        "standing": "confirmed",
        "said_at": "2026-11-23T05:00:00.000000Z",
        "paragraph": "Eligible.",
    }
    door.answers["GET /v1/evaluations/c-1/as-of/2026-12-01"] = (200, said | {"identical": True})
    done = run("--login", "rina", "evaluate", "c-1", "--as-of", "2026-12-01")
    assert (done.code, "Eligible." in done.out) == (0, True)
    door.answers["GET /v1/evaluations/c-1/as-of/2026-12-01"] = (200, said | {"identical": False})
    assert run("--login", "rina", "evaluate", "c-1", "--as-of", "2026-12-01").code == 6


def test_rules_are_sent_to_be_checked(door: Door, run: Run, tmp_path: Path) -> None:
    (tmp_path / "R03-MIN.yaml").write_text("id: R03-MIN\n")
    door.answers["POST /v1/rules/check"] = (200, {"problems": [], "rules": 30})
    assert run("--login", "ppk", "rules", "check", str(tmp_path)).code == 0
    (asked,) = door.find("POST /v1/rules/check")
    assert asked.json == {"files": {"R03-MIN.yaml": "id: R03-MIN\n"}}
    door.answers["POST /v1/rules/check"] = (200, {"problems": ["R03-MIN: title: is missing: write it"], "rules": 0})
    refused = run("--login", "ppk", "rules", "check", str(tmp_path))
    assert (refused.code, "title: is missing" in refused.out, "BAD_RULES" in refused.err) == (1, True, True)


def test_the_rules_and_who_holds_the_steps_are_listed(door: Door, run: Run) -> None:
    title = {"id": "Masa jabatan", "en": "Tenure"}
    rule = {"id": "R03-MIN", "title": title, "hard": True, "certainty": "P", "citation": "PP 11/2017"}
    step = {"family": "R07", "title": title, "certainty": "S", "citation": "PP 11/2017", "held_by": "chains/K1.yaml"}
    door.answers["GET /v1/rules"] = (200, {"on": "2026-11-23", "rules": [rule], "procedures": [step]})
    done = run("--login", "ppk", "rules", "list", "--on", "2026-11-23")
    assert all(word in done.out for word in ("R03-MIN", "Tenure", "R07", "chains/K1.yaml"))


def test_a_rule_is_waived_for_a_case(door: Door, run: Run) -> None:
    door.answers["POST /v1/evaluations/c-1/waivers"] = (200, {"id": "c-1", "waived": ["R17"]})
    assert run("--login", "ppk", "case", "waive", "c-1", "--rule", "R17", "--reason", "nomor 901").code == 0
    (asked,) = door.find("POST /v1/evaluations/c-1/waivers")
    assert asked.json == {"rule": "R17", "reason": "nomor 901"}


@pytest.mark.parametrize(
    ("words", "path", "body"),
    [
        (
            ("task", "forward", "c.1.1", "--to", "p2", "--reason", "r"),
            "tasks/c.1.1/forward",
            {"to": "p2", "reason": "r"},
        ),
        (("task", "ask", "c.1.1", "--question", "q"), "tasks/c.1.1/ask", {"question": "q"}),
        (("task", "answer", "c.1.1", "--text", "a"), "tasks/c.1.1/answer", {"answer": "a"}),
        (("task", "comment", "c.1.1", "--text", "t"), "cases/c/comments", {"text": "t"}),
        (("substitute", "end", "p5", "--mandate", "2"), "substitutes/p5/end", {"mandate": "2"}),
    ],
)
def test_the_words_of_the_desk(run: Run, door: Door, words: tuple[str, ...], path: str, body: dict[str, str]) -> None:
    door.answers[f"POST /v1/{path}"] = (200, {"id": "c", "version": 3})
    assert run(*words).out == "✓ Recorded.\n"
    assert door.find(f"POST /v1/{path}")[0].json == body


def test_many_tasks_are_foreseen_first_and_carried_out_on_demand(run: Run, door: Door) -> None:
    row = {"task": "c.1.1", "ok": False, "code": "TASK_OVER", "values": {}, "says": []}
    door.answers["POST /v1/tasks/bulk"] = (200, {"confirmed": False, "items": [row]})
    shown = run("task", "bulk", "approve", "c.1.1", "d.1.1")
    assert (shown.code, "TASK_OVER" in shown.out) == (0, True)
    run("task", "bulk", "approve", "c.1.1", "d.1.1", "--confirm")
    first, second = door.find("POST /v1/tasks/bulk")
    assert (first.json["confirm"], second.json["confirm"]) == (False, True)
    assert first.json["tasks"] == ["c.1.1", "d.1.1"]


def test_a_chain_is_explained_stage_by_stage_with_its_sources(run: Run, door: Door) -> None:
    chains, *_ = load()
    door.answers["GET /v1/chains"] = (200, {"items": [explain(chain) for chain in chains.of("K1")]})
    shown = run("chain", "explain", "K1").out
    for word in (
        "K1 2026.1",
        "Appointing authority",
        "ppk, origin_agency",
        "5 working days: setting of the project [C]",
        "decides",
        "silence decides nothing; told: ppk, setting of the project",
    ):
        assert word in shown
    assert len(json.loads(run("chain", "explain", "K1", "--json").out)["items"][0]["stages"]) == 6


def test_a_chain_that_is_not_there_is_no_empty_answer(run: Run, door: Door) -> None:
    door.answers["GET /v1/chains"] = (200, {"items": []})
    told = run("chain", "explain", "K7")
    assert (told.code, "K1 to K5" in told.err) == (4, True)


@pytest.mark.parametrize(
    ("words", "path", "body"),
    [
        (("announce", "c", "--benefit", "b", "--training", "t"), "announce", {"benefit": "b", "training": "t"}),
        (("concern", "c", "--text", "x"), "concerns", {"text": "x"}),
        (("answer", "c", "--concern", "1", "--text", "y"), "concerns/answer", {"concern": 1, "answer": "y"}),
        (("talk", "c", "--on", "2026-12-01", "--about", "z"), "talks", {"on": "2026-12-01", "about": "z"}),
        (("held", "c", "--talk", "1"), "talks/confirm", {"talk": 1}),
        (("submit", "c"), "submit", {}),
    ],
)
def test_the_words_of_a_move_that_the_agency_proposes(
    run: Run, door: Door, words: tuple[str, ...], path: str, body: dict[str, Any]
) -> None:
    door.answers[f"POST /v1/proposals/c/{path}"] = (200, {"id": "c", "version": 3})
    assert run("case", *words).out == "✓ Recorded.\n"
    assert door.find(f"POST /v1/proposals/c/{path}")[0].json == body


def test_an_office_drafts_a_move_of_somebody_else(run: Run, door: Door) -> None:
    door.answers["POST /v1/proposals"] = (201, {"id": "c-1", "version": 1})
    wish = ("--purpose", "p", "--expected-result", "e", "--reason", "r")
    assert run("propose", "p901", "v1", *wish).out == "✓ Drafted: c-1.\n"
    assert {"initiative": "agency", "person": "p901"}.items() <= door.find("POST /v1/proposals")[0].json.items()


def test_the_smallest_changes_are_told(door: Door, run: Run) -> None:
    way = {"steps": [{"text": "Raise communication from 2 to 3"}], "score": 9600, "applied_on": "2026-11-23"}
    said = {"case": "c-1", "reached": False, "ways": [way], "text": "The smallest changes that are enough"}
    door.answers["GET /v1/evaluations/c-1/changes"] = (200, said)
    done = run("--login", "rina", "changes", "c-1", "--cutoff", "95.5")
    assert all(word in done.out for word in ("smallest changes", "Raise communication", "96.00"))
    (asked,) = door.find("GET /v1/evaluations/c-1/changes")
    assert "cutoff=9550" in asked.path


def test_the_words_of_an_exchange(run: Run, door: Door) -> None:
    door.answers["POST /v1/groups"] = (201, {"id": "g-1"})
    wish = ("--purpose", "p", "--expected-result", "e")
    assert run("group", "open", "p901", "p902", *wish).out == "✓ Exchange: g-1.\n"
    assert door.asked[-1].json["people"] == ["p901", "p902"]
    door.answers["POST /v1/groups/g-1/accept"] = (200, {"status": "inviting"})
    run("group", "accept", "g-1", "--reason", "r", "--consent", "--also", "p903")
    assert door.asked[-1].json == {"reason": "r", "consent": True, "also": ["p903"]}
    door.answers["POST /v1/groups/g-1/decline"] = (200, {"status": "ended"})
    assert run("group", "decline", "g-1").code == 0
    seats = {"origin": {"post": "j-1"}, "target": {"post": "j-2"}}
    member = {"person": "p901", **seats, "accepted": True, "case": "g-1-1", "step": "ready"}
    ended = {"status": "ended", "code": "MITRA_MUNDUR", "until": None, "vacancy": "", "members": [member]}
    way = {"people": ["p901", "p903"], "vacancy": ""}
    door.answers["GET /v1/groups/g-1"] = (200, {**ended, "alternatives": [way]})
    shown = run("group", "show", "g-1").out
    assert "MITRA_MUNDUR" in shown
    assert "p901; p903" in shown
    assert "g-1-1" in shown


def test_the_words_of_an_emergency(run: Run, door: Door, tmp_path: Path) -> None:
    door.answers["POST /v1/assignments"] = (201, {"id": "t-1"})
    place = ("--agency", "palu", "--unit", "u", "--ends-on", "2027-03-31", "--missing", "latest_decree")
    basis = ("--number", "360/1", "--dated", "2026-10-03", "--issuer", "Gubernur")
    told = run("emergency", "order", "p901", "p902", *place, *basis, "--purpose", "p", "--expected-result", "e")
    assert told.out == "✓ Letter of assignment: t-1.\n"
    assert door.asked[-1].json["basis"] == {"number": "360/1", "dated": "2026-10-03", "issuer": "Gubernur"}
    assert (door.asked[-1].json["people"], door.asked[-1].json["missing"]) == (["p901", "p902"], ["latest_decree"])
    door.answers |= {f"POST /v1/assignments/t-1/{act}": (200, {}) for act in ("settle", "convert", "recall")}
    door.answers["POST /v1/assignments/t-1/debts/1/files"] = (200, {"sha256": "a" * 64})
    (tmp_path / "sp.pdf").write_bytes(b"%PDF")
    paper = ("--debt", "1", "--number", "2/SP", "--dated", "2026-11-20", "--affidavit")
    run("emergency", "settle", "t-1", str(tmp_path / "sp.pdf"), *paper)
    named = {"n": 1, "kind": "affidavit", "number": "2/SP", "dated": "2026-11-20", "sha256": "a" * 64}
    assert (door.asked[-2].body, door.asked[-1].json) == (b"%PDF", named)
    door.answers["GET /v1/assignments/t-1/debts/1/file"] = (200, b"%PDF-")
    run("emergency", "paper", "t-1", "--debt", "1", "--out", str(tmp_path / "out.pdf"), "--reason", "Verifikasi")
    assert (tmp_path / "out.pdf").read_bytes() == b"%PDF-"
    assert door.asked[-1].path.endswith("/file?reason=Verifikasi")
    look = {"at": "a", "kind": "affidavit", "by": "p903", "reason": "Verifikasi"}
    door.answers["GET /v1/assignments/t-1/debts/1/views"] = (200, {"newest": [look]})
    assert "p903" in run("emergency", "views", "t-1", "--debt", "1").out
    run("emergency", "convert", "t-1", "p901", "v1", "--reason", "r", "--benefit", "b", "--training", "t")
    assert door.asked[-1].json["vacancy"] == "v1"
    run("emergency", "recall", "t-1", "p902", "--reason", "r")
    assert door.asked[-1].json == {"people": ["p902"], "reason": "r"}
    letter = {"starts_on": "a", "ends_on": "b", "confirmed": True, "active": ["p901"], "ended": {}, "cases": {}}
    owed = [{"n": 2, "person": "p902", "document": "latest_decree"}]
    door.answers["GET /v1/assignments/t-1"] = (200, {**letter, "due": "d", "owed": owed})
    shown = run("emergency", "show", "t-1").out
    assert "latest_decree" in shown
    assert "p902" in shown


def test_a_document_is_stored_and_then_named(run: Run, door: Door, tmp_path: Path) -> None:
    file = tmp_path / "surat.pdf"
    file.write_bytes(b"%PDF-1.7")
    door.answers["POST /v1/proposals/c-1/files"] = (200, {"sha256": "ab"})
    door.answers["POST /v1/proposals/c-1/documents"] = (200, {"status": "draft"})
    words = ("--number", "800/1", "--issued-on", "2026-11-02", "--key", "k")
    assert run("document", "add", "c-1", "latest_decree", str(file), *words).code == 0
    (stored, named) = door.find("POST /v1/proposals/c-1")
    assert stored.body == b"%PDF-1.7"
    dated = {"number": "800/1", "issued_on": "2026-11-02", "task": ""}
    assert named.json == {"kind": "latest_decree", "sha256": "ab", **dated}
    assert named.headers["idempotency-key"] == "k"


def test_documents_are_listed_with_what_is_missing(run: Run, door: Door) -> None:
    item = {"document": 1, "kind": "latest_decree", "number": "800/1", "size": 8}
    titles = {"id": "Salinan SK", "en": "Copy of the decree"}
    line = {"kind": "latest_decree", "letter": "g", "title": titles, "due": "submission", "standing": "missing"}
    door.answers["GET /v1/proposals/c-1/documents"] = (200, {"items": [item], "checklist": [line]})
    shown = run("document", "list", "c-1").out
    assert "800/1" in shown
    assert "Copy of the decree" in shown
    assert "missing" in shown
    assert json.loads(run("--json", "document", "list", "c-1").out)["items"] == [item]


def test_a_document_is_fetched_with_a_reason_checked_and_removed(run: Run, door: Door, tmp_path: Path) -> None:
    path = "/v1/proposals/c-1/documents/2"
    door.answers[f"GET {path}"] = (200, b"%PDF-1.7")
    assert run("document", "get", "c-1", "2", "-o", str(tmp_path / "d.pdf"), "--reason", "Verifikasi").code == 0
    assert (tmp_path / "d.pdf").read_bytes() == b"%PDF-1.7"
    assert door.find(f"GET {path}?reason=Verifikasi")
    door.answers[f"POST {path}/check"] = door.answers[f"POST {path}/remove"] = (200, {})
    assert run("document", "check", "c-1", "2", "--reject", "--reason", "kabur").code == 0
    assert run("document", "remove", "c-1", "2").code == 0
    assert door.find(f"POST {path}/check")[0].json == {"accepted": False, "reason": "kabur"}
    view = {"at": "2026-11-23T02:00:00Z", "document": 2, "kind": "no_process_statement", "by": "p-1", "reason": "x"}
    door.answers["GET /v1/proposals/c-1/document-views"] = (200, {"newest": [view]})
    kind = {"kind": "latest_decree", "title": {"id": "Salinan SK", "en": "Copy"}, "citation": "BKN 5/2019"}
    door.answers["GET /v1/document-kinds"] = (200, {"kinds": [kind]})
    assert "p-1" in run("document", "views", "c-1").out
    assert "BKN 5/2019" in run("document", "kinds").out


def test_the_words_of_a_reorganisation(run: Run, door: Door, tmp_path: Path) -> None:
    file = tmp_path / "daftar.csv"
    file.write_text("nip,post\n198501012014011901,baru\n", "utf-8")
    about: tuple[str, ...] = ("--agency", "palu", "--unit", "lama", "--unit", "dua", "--number", "7/2026")
    about += ("--dated", "2026-10-01", "--issuer", "Wali Kota", "--purpose", "p", "--expected-result", "e")
    says = {"id": "kurang", "en": "not on the list: Ani"}
    missing = {"row": 0, "column": "nip", "cell": "Ani", "rule": "MISSING_PERSON", "says": says}
    door.answers["POST /v1/reorganisations"] = (200, {"rows": 1, "findings": [missing], "whole": False})
    told = run("reorganise", "propose", str(file), *about)
    assert told.code == 1
    assert "not on the list: Ani" in told.out
    assert "unit=lama&unit=dua" in door.asked[-1].path
    assert "dry_run=true" in door.asked[-1].path, "a list with a fault is never proposed"
    door.answers["POST /v1/reorganisations"] = (201, {"id": "r-1", "rows": 1, "findings": [], "whole": True})
    assert run("reorganise", "propose", str(file), *about, "--dry-run").out == "✓ 1 rows are fine.\n"
    assert run("reorganise", "propose", str(file), *about).out == "✓ Proposed: r-1.\n"
    move = {"case": "r-1-1", "person": "p901", "origin": {"post": "j-1"}, "target": {"post": "j-2"}}
    found = {"status": "completed", "units": ["lama"], "code": "", "reason": "", "moves": [move]}
    door.answers["GET /v1/reorganisations/r-1"] = (200, {**found, "done": {"r-1-1": "PROSES_DISIPLIN"}})
    shown = run("reorganise", "show", "r-1").out
    assert "PROSES_DISIPLIN" in shown
    assert "j-2" in shown
