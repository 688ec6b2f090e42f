"""The e-mail effect against a real SMTP server on loopback that answers as it is told to."""

import asyncio
from datetime import date, timedelta
from email.message import EmailMessage
from hashlib import sha256
from typing import Any, NamedTuple

import pytest
from icalendar import Calendar
from pydantic import SecretStr

from services.notification.channels.email import PAPER
from services.notification.channels.every import channels
from services.notification.channels.record import Record
from services.notification.domain.facts import Wishes
from services.notification.domain.flow import flow
from services.notification.domain.rules import rules
from services.notification.effects import TRIES, Sources, effects
from services.notification.settings import Settings
from services.notification.valves import Valves
from services.notification.words import version
from shared.runtime.service import Job, TryAgain
from tests.unit.notification.samples import NOW
from tests.unit.notification.smtpd import SITI, Desk, Known, Scripted, Sender, known_links, mail


async def test_a_message_arrives_with_all_its_headers(server: tuple[Scripted, Settings]) -> None:
    scripted, settings = server
    sender = Sender(settings)
    assert await sender.send("m:0a1b") == {"result": "sent"}
    [content] = scripted.taken
    found = mail(content)
    assert found["To"] == '"Siti Aminah, S.Kom." <siti@example.test>'
    assert found["From"] == "mutasi ASN <mutasi@bkd.example.test>"
    assert found["Message-ID"] == "<m.0a1b@bkd.example.test>"
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["Date"].endswith("+0000")
    assert found["Content-Language"] == "id"
    assert [part.get_content_type() for part in found.iter_parts()] == ["text/plain", "text/html"]
    assert all(len(line) <= 998 for line in content.splitlines())
    await sender.pool.close()


async def test_one_connection_is_kept_and_used_again(server: tuple[Scripted, Settings]) -> None:
    scripted, settings = server
    sender = Sender(settings)
    for number in range(5):
        await sender.send(f"m:{number}")
    assert (len(scripted.taken), scripted.connections) == (5, 1)
    scripted.script = ["slow"] * 6
    await asyncio.gather(*(sender.send(f"m:{number}") for number in range(6)))
    assert (len(scripted.taken), scripted.connections) == (11, 2), "never more than the setting allows"
    await sender.pool.close()


async def test_put_off_then_taken(server: tuple[Scripted, Settings]) -> None:
    scripted, settings = server
    sender = Sender(settings)
    scripted.rcpt = ["451 4.7.1 greylisted, siti@example.test come back"]
    with pytest.raises(TryAgain) as later:
        await sender.send()
    assert (later.value.code, later.value.after) == ("SMTP_451_4.7.1", 60.0)
    assert later.value.note is not None
    assert later.value.note["text"] == "451 4.7.1 greylisted, … come back", "the answer is kept, the address is not"
    assert scripted.seen == []
    assert await sender.send(attempt=2) == {"result": "sent"}
    assert scripted.connections == 1, "a refused recipient costs no connection"
    await sender.pool.close()


async def test_pauses_double_up_to_an_hour_and_the_round_ends_with_the_ledger(
    server: tuple[Scripted, Settings],
) -> None:
    scripted, settings = server
    sender = Sender(settings)
    scripted.script = ["452 4.2.2 full"] * TRIES
    pauses = []
    for attempt in range(1, TRIES):
        with pytest.raises(TryAgain) as later:
            await sender.send(attempt=attempt)
        pauses.append(later.value.after)
    assert pauses == [60, 120, 240, 480, 960, 1920, 3600]
    assert await sender.send(attempt=TRIES) == {"result": "deferred", "code": "SMTP_452_4.2.2"}
    await sender.pool.close()


@pytest.mark.parametrize("where", ["rcpt", "script"])
async def test_refused_for_good(server: tuple[Scripted, Settings], where: str) -> None:
    scripted, settings = server
    sender = Sender(settings)
    setattr(scripted, where, ["550 5.1.1 <siti@example.test> unknown"])
    assert await sender.send() == {"result": "failed", "code": "SMTP_550_5.1.1"}
    assert await sender.send("m:2") == {"result": "sent"}, "others go on"
    assert scripted.connections == 1
    await sender.pool.close()


@pytest.mark.parametrize("end", ["drop", "hang"])
async def test_no_answer_after_the_message_is_ambiguous(server: tuple[Scripted, Settings], end: str) -> None:
    scripted, settings = server
    sender = Sender(settings)
    scripted.script = [end]
    assert await sender.send() == {"result": "ambiguous", "code": "UNANSWERED"}
    assert len(scripted.seen) == 1
    assert await sender.send("m:2") == {"result": "sent"}, "the broken connection is not used again"
    assert scripted.connections == 2
    await sender.pool.close()


@pytest.mark.parametrize("end", ["drop", "hang"])
async def test_a_legal_notice_without_answer_is_sent_again_after_the_window(
    server: tuple[Scripted, Settings], end: str
) -> None:
    scripted, settings = server
    sender = Sender(settings, legal=True)
    scripted.script = [end]
    with pytest.raises(TryAgain) as later:
        await sender.send()
    assert (later.value.code, later.value.after) == ("UNANSWERED", settings.smtp_window)
    assert await sender.send(attempt=2) == {"result": "sent"}
    first, second = (mail(content)["Message-ID"] for content in scripted.seen)
    assert first == second == "<m.1@bkd.example.test>"
    scripted.script = [end]
    assert await sender.send(attempt=TRIES) == {"result": "ambiguous", "code": "UNANSWERED"}
    await sender.pool.close()


async def test_a_server_that_is_away_or_says_goodbye_is_asked_again_soon(
    server: tuple[Scripted, Settings], unused_tcp_port: int
) -> None:
    scripted, settings = server
    sender = Sender(settings)
    scripted.rcpt = ["421 4.3.2 shutting down"]
    away = Sender(settings.model_copy(update={"smtp_port": unused_tcp_port}))
    for one in (sender, away):
        with pytest.raises(TryAgain) as later:
            await one.send()
        assert (later.value.code, later.value.after) == ("UNREACHABLE", 2.0)
    assert await away.send(attempt=TRIES) == {"result": "deferred", "code": "UNREACHABLE"}
    assert await sender.send(attempt=2) == {"result": "sent"}
    await sender.pool.close()


async def test_who_waits_too_long_for_a_connection_comes_back(server: tuple[Scripted, Settings]) -> None:
    scripted, settings = server
    sender = Sender(settings.model_copy(update={"smtp_queue_timeout": 0.05, "smtp_connections": 1}))
    scripted.script = ["hang"]
    first = asyncio.create_task(sender.send())
    await asyncio.sleep(0.02)
    with pytest.raises(TryAgain, match="BUSY"):
        await sender.send("m:2")
    assert (await first)["result"] == "ambiguous"
    await sender.pool.close()


async def test_a_cancelled_sending_leaves_no_half_used_connection(server: tuple[Scripted, Settings]) -> None:
    scripted, settings = server
    sender = Sender(settings.model_copy(update={"smtp_connections": 1}))
    scripted.script = ["slow"]
    first = asyncio.create_task(sender.send())
    await scripted.arrived.wait()
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert await sender.send("m:2") == {"result": "sent"}
    await sender.pool.close()


async def test_nobody_to_reach_is_suppressed_and_who_is_not_yet_known_is_waited_for(
    server: tuple[Scripted, Settings],
) -> None:
    _, settings = server
    suppressed = {"result": "suppressed", "code": "NO_ADDRESS"}
    assert await Sender(settings, SITI.model_copy(update={"email": ""})).send() == suppressed
    assert await Sender(settings, None).send() == {"result": "suppressed", "code": "FORGOTTEN"}
    bounced = Sender(settings)
    bounced.known.suspended = ("email",)
    assert await bounced.send() == {"result": "suppressed", "code": "SUSPENDED"}
    stranger = Sender(settings)
    with pytest.raises(TryAgain, match="NOT_KNOWN"):
        await stranger.send(person="p999")
    assert await stranger.send(person="p999", attempt=TRIES) == suppressed


async def test_a_broken_template_or_value_fails_with_its_reason(server: tuple[Scripted, Settings]) -> None:
    scripted, settings = server
    sender = Sender(settings)
    bad = {"result": "failed", "code": "BAD_TEMPLATE"}
    assert await sender.send(values={}) == bad
    assert await sender.send(template="proposal.lost") == bad
    task = {"case": "c1", "task": "t1", "agency": "a1", "due": "besok"}
    assert await sender.send(template="task.queued", values=task) == bad
    assert scripted.connections == 0


async def test_places_are_named_by_their_titles(server: tuple[Scripted, Settings]) -> None:
    scripted, settings = server
    sender = Sender(settings)
    values = {"case": "c1", "receipt": "R-901", "agency": "a1", "unit": "u2", "post": "j2"}
    await sender.send(template="proposal.submitted", values=values)
    part = mail(scripted.taken[0]).get_body(("plain",))
    assert part is not None
    text = part.get_content()
    for title in ("Judul agency/a1", "Judul unit/u2", "Judul post/j2"):
        assert title in text
    await sender.pool.close()


async def test_the_recording_channel_keeps_key_recipient_and_channel() -> None:
    class Book:
        def __init__(self) -> None:
            self.rows: list[tuple[str, str, str]] = []

        async def record(self, key: str, recipient: str, channel: str) -> None:
            self.rows.append((key, recipient, channel))

    book = Book()
    data = {"message": "m:1", "person": "p901", "template": "t", "page": "", "values": {}}
    done = await Record(book).run(Job("send-1", "m:1", "record", data, 1, NOW))
    assert done == {"result": "sent"}
    assert book.rows == [("m:1", "p901", "record")]


def test_a_crash_means_what_the_kind_of_work_says_and_a_lease_outlasts_an_attempt() -> None:
    settings = Settings()
    known = Known({})

    class Nowhere:
        async def record(self, key: str, recipient: str, channel: str) -> None:
            raise AssertionError((key, recipient, channel))

    every = channels(settings.model_copy(update={"matrix_token": SecretStr("t")}))
    found = effects(Sources(known, known_links(), Desk()), every, Nowhere(), settings, Valves(flow().line))
    crash = {kind: effect.crash for kind, effect in found.items()}
    assert {kind for kind in crash if crash[kind] == "ambiguous"} == {"email"}, "where a repeat would be a second one"
    assert found["email"].lease >= settings.longest_attempt
    assert found["email_legal"].lease >= settings.smtp_window


async def test_every_answer_is_kept_without_the_address(server: tuple[Scripted, Settings]) -> None:
    scripted, settings = server
    sender = Sender(settings)
    scripted.script = ["250 2.0.0 Ok: queued as 4XkP1d0k for <SITI@example.test>", "550 5.1.1 mailbox Siti unknown"]
    sent, failed = await sender.told("m:1", attempt=3), await sender.told("m:2")
    assert sent["reply"]["text"] == "250 2.0.0 Ok: queued as 4XkP1d0k for <…>"
    assert (sent["reply"]["attempt"], sent["reply"]["code"]) == (3, "")
    assert sent["version"] == failed["version"] == version("proposal.refused", "id")
    assert (failed["reply"]["code"], failed["reply"]["text"]) == ("SMTP_550_5.1.1", "550 5.1.1 mailbox … unknown")
    await sender.pool.close()


DECREE = {
    "case": "c1",
    "decree": "d1",
    "number": "800/901/2026",
    "issued_on": "2026-11-24",
    "effective_on": "2026-12-01",
    "agency": "a1",
    "unit": "u2",
    "post": "j2",
}


class Day(NamedTuple):
    """An appointment as a calendar reads it."""

    method: str
    uid: str
    sequence: int
    summary: str
    days: tuple[object, object]


def day_of(content: bytes) -> Day:
    """The one appointment of the calendar file in a mail."""
    [part] = mail(content).iter_attachments()
    assert (part.get_content_type(), part.get_filename()) == ("text/calendar", "mutasi.ics")
    calendar = Calendar.from_ical(part.get_content())
    assert part["Content-Type"].params["method"] == calendar["METHOD"]
    [event] = calendar.walk("VEVENT")
    told = [str(event[name]) for name in ("UID", "SEQUENCE", "SUMMARY")]
    days = (event.get("DTSTART"), event.get("DTEND"))
    first, last = (getattr(one, "dt", None) for one in days)
    return Day(str(calendar["METHOD"]), told[0], int(told[1]), told[2], (first, last))


async def test_a_decree_brings_its_day_and_its_revocation_takes_it_out(server: tuple[Scripted, Settings]) -> None:
    scripted, settings = server
    sender = Sender(settings)
    day = {"uid": "d1.effective", "day": "2026-12-01"}
    gone = {"uid": "d1.effective", "cancelled": True}
    at, later = NOW.isoformat(), (NOW + timedelta(days=3)).isoformat()
    await sender.send(template="decree.issued", values=DECREE, appointment=day, queued_at=at)
    revoked = {"case": "c1", "cause": "AUTHORITY", "moved": "False", "effective_on": ""}
    await sender.send("m:2", template="decree.revoked", values=revoked, appointment=gone, queued_at=later)
    come, left = (day_of(content) for content in scripted.taken)
    assert (come.method, left.method) == ("PUBLISH", "CANCEL")
    assert come.uid == left.uid == "d1.effective@bkd.example.test"
    assert left.sequence > come.sequence
    assert come.days == (date(2026, 12, 1), date(2026, 12, 2))
    assert come.summary == "Jabatan baru berlaku: Judul post/j2"
    await sender.pool.close()


async def test_a_decree_goes_with_its_mail_by_size_and_the_link_does_when_it_cannot_be_fetched(
    server: tuple[Scripted, Settings],
) -> None:
    scripted, settings = server
    sender, paper = Sender(settings, legal=True), b"%PDF-1.7\r\n\x00\xff" * 9_000
    decree: dict[str, Any] = {"template": "decree.issued", "values": DECREE, "attach": "d1"}
    with pytest.raises(TryAgain, match="PAPER_AWAY"):
        await sender.send(**decree)
    assert scripted.taken == [], "it may come in a moment"
    assert (await sender.told(attempt=rules().attachment.tries, **decree))["attached"] == ""
    sender.desk.paper = paper
    told = await sender.told("m:2", **decree)
    assert told["attached"] == sha256(paper).hexdigest()
    assert set(sender.desk.asked) == {("d1", "p901")}
    await sender.told("m:3", template="decree.issued", values=DECREE)
    without, attached, unnamed = (mail(content) for content in scripted.taken)
    [file] = attached.iter_attachments()
    assert (file.get_filename(), file.get_content_type(), file.get_content()) == (PAPER, "application/pdf", paper)
    assert list(without.iter_attachments()) == list(unnamed.iter_attachments()) == []
    assert ["terlampir" in bodies(one)[0] for one in (without, attached, unnamed)] == [False, True, False]
    await sender.pool.close()


def bodies(found: EmailMessage) -> list[str]:
    """Text and HTML."""
    return [part.get_content() for part in found.walk() if part.get_content_maintype() == "text"]


async def test_what_may_be_switched_off_says_where_and_a_legal_notice_does_not(
    server: tuple[Scripted, Settings],
) -> None:
    scripted, settings = server
    sender = Sender(settings)
    await sender.send("m:" + "1" * 32, category="case")
    await sender.send("m:" + "2" * 32, category="decision", legal=True)
    plain, legal = (mail(content) for content in scripted.taken)
    off = sender.effect.links.url("m:" + "1" * 32, "off", NOW)
    assert plain["List-Unsubscribe"] == f"<{off}>"
    assert plain["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert {said.count(off) for said in bodies(plain)} == {1}
    assert legal["List-Unsubscribe"] is legal["List-Unsubscribe-Post"] is None
    seen = sender.effect.links.url("m:" + "2" * 32, "seen", NOW)
    assert {said.count(seen) for said in bodies(legal)} == {1}
    await sender.pool.close()


async def test_quiet_hours_put_off_what_can_wait_and_nothing_else(server: tuple[Scripted, Settings]) -> None:
    scripted, settings = server
    sender = Sender(settings)
    sender.known.wishes = Wishes(quiet_from="09:00", quiet_until="11:30")  # it is 10:00 WIB
    with pytest.raises(TryAgain) as later:
        await sender.send()
    assert (later.value.code, later.value.after) == ("QUIET_HOURS", 5400.0)
    assert (await sender.send("m:2", urgency="high"))["result"] == "sent"
    assert (await sender.send("m:3", legal=True))["result"] == "sent"
    assert len(scripted.taken) == 2
    await sender.pool.close()
