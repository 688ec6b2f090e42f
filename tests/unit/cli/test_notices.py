"""`mutasi notify` as a mail system and an operator call it."""

import io
import sys
from pathlib import Path

import pytest

from tests.unit.cli.door import Door
from tests.unit.cli.test_commands import Run, door, run

__all__ = ["door", "run"]
TAKEN = (200, {"taken": ["m:1"], "unknown": []})


def test_a_mailbox_is_read_once(run: Run, door: Door, tmp_path: Path) -> None:
    door.answers["POST /v1/bounces"] = TAKEN
    for name in ("new", "cur"):
        (tmp_path / "Maildir" / name).mkdir(parents=True)
    for number in (1, 2):
        (tmp_path / "Maildir" / "new" / f"{number}.mx").write_bytes(b"Subject: %d" % number)
    assert run("notify", "bounce", "Maildir").code == 0
    assert [asked.body for asked in door.find("POST /v1/bounces")] == [b"Subject: 1", b"Subject: 2"]
    assert {asked.headers["content-type"] for asked in door.find("POST /v1/bounces")} == {"message/rfc822"}
    assert sorted(path.name for path in (tmp_path / "Maildir" / "cur").iterdir()) == ["1.mx:2,S", "2.mx:2,S"]
    assert run("notify", "bounce", "Maildir").code == 0
    assert len(door.find("POST /v1/bounces")) == 2


def test_what_the_ledger_does_not_take_stays_in_the_mailbox(run: Run, door: Door, tmp_path: Path) -> None:
    door.answers["POST /v1/bounces"] = (503, {"code": "BUSY", "detail": "later"})
    for name in ("new", "cur"):
        (tmp_path / "Maildir" / name).mkdir(parents=True)
    (tmp_path / "Maildir" / "new" / "1.mx").write_bytes(b"Subject: 1")
    assert run("notify", "bounce", "Maildir").code == 5
    assert (tmp_path / "Maildir" / "new" / "1.mx").exists()


def test_a_pipe_hands_over_one_mail(run: Run, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    door.answers["POST /v1/bounces"] = TAKEN
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Subject: x\xff")))
    said = run("notify", "bounce")
    assert (said.code, "1 noted, 0 unknown." in said.out) == (0, True)
    assert door.find("POST /v1/bounces")[0].body == b"Subject: x\xff"


def test_an_errand_is_done_with_its_proof(run: Run, door: Door) -> None:
    door.answers["POST /v1/errands/deliver%3Am%3A1/done"] = (200, {"id": "deliver:m:1"})
    assert run("notify", "done", "deliver:m:1", "--on", "2026-11-25", "--proof", "TT-901").code == 0
    assert door.find("POST /v1/errands")[0].json == {"on": "2026-11-25", "proof": "TT-901", "digest": ""}


def test_a_chat_address_is_given_confirmed_and_chosen(run: Run, door: Door) -> None:
    door.answers["PUT /v1/contacts/telegram"] = door.answers["POST /v1/contacts/telegram/confirm"] = (200, {"id": "p"})
    old = {"off": ["case:email"], "quiet_from": "", "quiet_until": "", "language": "id", "channels": []}
    door.answers["GET /v1/preferences"] = (200, {"id": "p", "version": 3, "rows": [], **old})
    door.answers["PUT /v1/preferences"] = (200, {"id": "p"})
    assert run("notify", "contact", "add", "telegram", "900000001").code == 0
    assert run("notify", "contact", "confirm", "telegram", "ABCDE-FGHIJ").code == 0
    assert run("notify", "contact", "choose", "telegram", "email").code == 0
    assert door.find("PUT /v1/contacts")[0].json == {"address": "900000001"}
    assert door.find("POST /v1/contacts")[0].json == {"code": "ABCDE-FGHIJ"}
    assert door.find("PUT /v1/preferences")[0].json == old | {"channels": ["telegram", "email"]}
