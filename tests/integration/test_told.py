"""Telling people, on running servers: what is broken fails with its reason and the others go on; quiet hours and
digest; what is older than the ledger, and what was said while the service was away."""

import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from aiokafka.errors import MessageSizeTooLargeError

from services.notification.channels.email import message_header
from shared.contracts.people import PersonParticulars
from shared.contracts.proposal import ProposalExpired, ProposalRefused, ProposalWithdrawn
from shared.contracts.voice import TalkProposed
from shared.kernel.calendar import Zone
from tests.support.notices import Notices, running_notices
from tests.support.system import ROOT

pytestmark = [pytest.mark.wide, pytest.mark.integration, pytest.mark.timeout(800)]
BROKEN = {
    "proposal.expired.id.jinja": "{% extends layout %}{% block what %}{{ nobody_gives_this }}{% endblock %}",
    "proposal.withdrawn.id.jinja": "{% block what %}",
}


@pytest.fixture(scope="module")
def notices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Notices]:
    """The service with two broken templates, which a copy of its code holds."""
    folder = tmp_path_factory.mktemp("told")
    for name in ("services", "shared"):
        shutil.copytree(ROOT / name, folder / "code" / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name, words in BROKEN.items():
        (folder / "code" / "services" / "notification" / "templates" / name).write_text(words, "utf-8")
    with running_notices(folder, folder / "code") as running:
        yield running


def someone(person: str, **changes: Any) -> PersonParticulars:
    """A person whose address is made of their id."""
    known = {"person": person, "name": f"Pegawai {person}", "nip": "", "email": f"{person}@example.test", "version": 1}
    return PersonParticulars.model_validate(known | changes)


def refused(person: str, reason: str = "rahasia") -> ProposalRefused:
    """A legal notice."""
    return ProposalRefused(case="c1", person=person, attempt=1, stage="approval", codes=("MIN_STAF",), reason=reason)


def talk(notices: Notices, person: str) -> TalkProposed:
    """What can wait."""
    return TalkProposed(case="c1", person=person, talk=1, by="p902", on=notices.now().date(), about="rahasia")


def test_what_is_broken_fails_with_its_reason_and_the_others_go_on(notices: Notices) -> None:
    names = "Siti\r\nBcc: semua@example.test", '=?utf-8?q?x=0D=0ABcc=3A_y=40z?= "<lain@example.test>'
    sly = [someone(f"sly{n}", name=name) for n, name in enumerate(names)]
    bad = someone("bad", email="siti@@example.test\r\nRCPT TO:<semua@example.test>")
    notices.know(bad, someone("nowhere", email=""), *sly, someone("good"))
    with pytest.raises(MessageSizeTooLargeError):
        notices.record("mutasi.proposal", b"x" * 10_000_000)
    notices.record("mutasi.proposal", b"{")
    lost: dict[str, Any] = {"case": "c1", "person": "good", "attempt": 1}
    notices.say(ProposalExpired(**lost), ProposalWithdrawn(**lost, by="good", reason="x"))
    notices.say(*(refused(person) for person in ("bad", "nowhere", "sly0", "sly1")))
    notices.say(refused("good", reason="x" * 400_000), talk(notices, "good"))

    def settled() -> list[Any]:
        found = [one for one in notices.entries() if one["channel"] == "email"]
        return found if len(found) == 8 and all(one["status"] != "queued" for one in found) else []

    ends = {(one["person"], one["template"]): one for one in notices.until("all have ended", settled)}

    def end(person: str, template: str = "proposal.refused") -> list[str]:
        return [ends[person, template][name] for name in ("status", "code", "failure")]

    assert end("bad") == ["failed", "BAD_ADDRESS", "permanent"]
    assert end("nowhere") == ["suppressed", "NO_ADDRESS", "permanent"]
    assert {ends[person, "proposal.refused"]["passed_to"] for person in ("bad", "nowhere")} == {"paper"}
    for template in ("proposal.expired", "proposal.withdrawn"):
        assert end("good", template) == ["failed", "BAD_TEMPLATE", "technical"]
    for person in ("sly0", "sly1", "good"):
        assert end(person) == ["sent", "", ""]
    assert end("good", "talk.proposed") == ["sent", "", ""]
    for person in ("sly0", "sly1"):
        [mail] = notices.mails(f"{person}@example.test")
        assert mail["to"] == [f"{person}@example.test"]
        assert "bcc" not in {name.lower() for name, _ in mail["headers"]}
    assert notices.mails("semua@example.test") == []
    shown = notices.operator("GET", "/v1/templates")
    assert {one["template"] for one in shown if one["faults"]} == {"proposal.expired", "proposal.withdrawn"}
    assert len(notices.operator("GET", "/ops/parked")["parked"]) == 1, "the record that nobody can read"


def test_quiet_hours_hold_back_what_can_wait_and_a_digest_tells_it_together(notices: Notices) -> None:
    notices.know(someone("quiet"), someone("digest"), someone("loud"))
    local = notices.now().astimezone(Zone.WIB.info)
    soon = f"{local + timedelta(minutes=3):%H:%M}"
    notices.wish("quiet", {"quiet_from": f"{local - timedelta(hours=1):%H:%M}", "quiet_until": soon})
    notices.wish("digest", {"digest": "daily", "digest_at": soon})
    notices.say(*(talk(notices, person) for person in ("quiet", "digest", "loud", "digest")))
    notices.say(refused("quiet"), refused("digest"))

    notices.until("who wished nothing is told", partial(notices.mails, "loud@example.test"))
    for person in ("quiet", "digest"):
        notices.until("a legal notice waits for nobody", partial(notices.ledger, person, "proposal.refused", "sent"))
    assert len(notices.mails("quiet@example.test")) == len(notices.mails("digest@example.test")) == 1
    assert {one["status"] for one in notices.ledger("quiet", "talk.proposed")} == {"queued"}
    assert [one["status"] for one in notices.ledger("digest", "talk.proposed")] == ["gathered", "gathered"]

    notices.until("the quiet hours are over", partial(notices.ledger, "quiet", "talk.proposed", "sent"))
    [told] = notices.until("the digest", partial(notices.ledger, "digest", "digest", "sent"))
    both = notices.until("both are in it", partial(notices.several, 2, "digest", "talk.proposed", "digested"))
    assert {one["digest"] for one in both} == {told["id"]}
    assert len(notices.mails("digest@example.test")) == 2


def test_a_scanner_that_follows_every_link_changes_nothing_and_each_button_acts_once(notices: Notices) -> None:
    notices.know(someone("reader"))
    notices.say(refused("reader"), talk(notices, "reader"))
    notices.until("both are sent", partial(notices.several, 2, "reader", "", "sent"))
    said = [mail["text"] + mail["html"] + str(mail["headers"]) for mail in notices.mails("reader@example.test")]
    links = {link for text in said for link in re.findall(r"http://[^\s<>\"']+/n/[A-Za-z0-9._-]+", text)}
    acts = {link.split(".")[-3]: link for link in links}
    assert acts.keys() == {"off", "seen"}

    for link in links:
        for _ in range(2):
            assert notices.http.get(link).is_success
        notices.http.head(link)
    assert notices.ask("reader", "GET", "/v1/preferences").json()["off"] == []
    assert {one["seen_at"] for one in notices.ledger("reader")} == {None}

    one_click = {"List-Unsubscribe": "One-Click"}
    assert [notices.http.post(acts["off"], data=one_click).status_code for _ in range(2)] == [200, 410]
    assert "case:email" in notices.ask("reader", "GET", "/v1/preferences").json()["off"]
    assert notices.http.post(acts["seen"]).is_success
    assert {one["template"] for one in notices.ledger("reader") if one["seen_at"]} == {"proposal.refused"}


def test_what_is_older_than_the_ledger_waits_for_an_operator_and_what_came_later_is_told(notices: Notices) -> None:
    notices.know(someone("old"), someone("away"))
    before = notices.now() - timedelta(days=1)
    notices.say(*(refused("old") for _ in range(3)), talk(notices, "old"), at=before)
    stale = notices.until("they are stale", partial(notices.several, 4, "old", "", "stale"))
    assert {one["happened_at"][:10] for one in stale} == {str(before.date())}
    bulk = {"act": "resend", "status": "stale", "template": "proposal.refused", "limit": 2}
    assert notices.operator("POST", "/v1/messages/bulk", bulk) == {"done": 2, "refused": 0, "left": 1}
    rest = {"act": "cancel", "status": "stale"}
    assert notices.operator("POST", "/v1/messages/bulk", rest) == {"done": 2, "refused": 0, "left": 0}
    released = notices.until("the two are sent", partial(notices.several, 2, "old", "", "sent"))
    assert len(notices.ledger("old", "", "cancelled")) == 2
    shown = [dict(mail["headers"])["Message-ID"] for mail in notices.mails("old@example.test")]
    assert sorted(shown) == sorted(message_header(one["id"], "localhost") for one in released)

    server = notices.system.of("notification").server
    server.kill9()
    said = notices.now()
    notices.say(refused("away"), at=said)
    notices.move_clock(timedelta(days=30))
    server.start()
    server.wait_ready()
    [late] = notices.until("told after a month", partial(notices.ledger, "away", "proposal.refused", "sent"))
    assert late["happened_at"][:10] == str(said.date())
    [mail] = notices.mails("away@example.test")
    assert f"Waktu peristiwa: {said.astimezone(Zone.WIB.info).day} " in mail["text"]
