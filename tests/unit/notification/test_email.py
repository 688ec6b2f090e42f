"""The e-mail effect against a real SMTP server on loopback that answers as it is told to."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from services.notification.domain.facts import NotKnown, Particulars
from services.notification.domain.ledger import Send
from services.notification.effects import TRIES, Email, Record, effects
from services.notification.mail import compose, wire
from services.notification.settings import Settings
from services.notification.smtp import Pool
from shared.runtime.service import Job, TryAgain
from tests.unit.notification.samples import NOW

SITI = Particulars(name="Siti Aminah, S.Kom.", email="siti@example.test", language="id", zone="WIB")
VALUES = {"case": "c1"}


class Scripted:
    """Answers each message by its script: a reply, "drop", "hang" or "slow"; after its end with 250."""

    def __init__(self) -> None:
        self.script: list[str] = []
        self.rcpt: list[str] = []
        self.taken: list[bytes] = []
        self.seen: list[bytes] = []
        self.connections = 0
        self.arrived = asyncio.Event()

    async def handle_RCPT(
        self, _server: SMTP, _s: Session, envelope: Envelope, to: str, _o: list[str]
    ) -> str:
        """The recipient, or the scripted answer to it."""
        answer = self.rcpt.pop(0) if self.rcpt else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(to)
        return answer

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        """The message has arrived whole; what is answered is scripted."""
        content = envelope.content
        assert isinstance(content, bytes)
        self.seen.append(content)
        self.arrived.set()
        answer = self.script.pop(0) if self.script else "250 OK"
        if answer == "drop":
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        elif answer in ("hang", "slow"):
            await asyncio.sleep(1.0 if answer == "hang" else 0.1)
            answer = "250 late"
        if answer.startswith("250"):
            self.taken.append(content)
        return answer

    def session(self) -> SMTP:
        """One more connection."""
        self.connections += 1
        return SMTP(self, hostname="mx.example.test", enable_SMTPUTF8=False)


class Known:
    """Particulars as the copies of a service hold them."""

    def __init__(self, persons: Mapping[str, Particulars | None]) -> None:
        self.persons = persons

    async def person(self, person: str) -> Particulars | None:
        """As the port says."""
        if person not in self.persons:
            raise NotKnown(person)
        return self.persons[person]

    async def titles(self, ids: Collection[str]) -> Mapping[str, str]:
        """Every place has a title here."""
        return {id: f"Judul {id}" for id in ids}


@pytest.fixture
async def server() -> AsyncIterator[tuple[Scripted, Settings]]:
    """A server on a free port, and the settings that lead there."""
    scripted = Scripted()
    listening = await asyncio.get_running_loop().create_server(scripted.session, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    yield (
        scripted,
        Settings(
            smtp_port=port,
            mail_from="mutasi@bkd.example.test",
            smtp_reply_timeout=0.3,
            smtp_timeout=2.0,
            smtp_connections=2,
            smtp_queue_timeout=1.0,
            smtp_window=900.0,
            portal_url="https://portal.example.test",
        ),
    )
    listening.close()


class Sender:
    """The effect with its pool, and jobs for it."""

    def __init__(self, settings: Settings, person: Particulars | None = SITI, *, legal: bool = False) -> None:
        self.pool = Pool(settings)
        self.effect = Email(Known({"p901": person}), self.pool, settings, legal=legal, spread=lambda: 1.0)

    async def send(self, message: str = "m:1", attempt: int = 1, **changes: Any) -> Mapping[str, Any]:  # noqa: ANN401
        """One attempt at one message."""
        data = {
            "message": message,
            "person": "p901",
            "template": "proposal.refused",
            "page": "cases/c1",
            "values": VALUES,
        }
        return await self.effect.run(Job("send-1", message, "email", data | changes, attempt, NOW))


def mail(content: bytes) -> EmailMessage:
    found = message_from_bytes(content, policy=default)
    assert isinstance(found, EmailMessage)
    return found


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


@pytest.mark.parametrize(
    "name",
    [
        "Siti\r\nBcc: semua@example.test",
        "Siti\nBcc: semua@example.test\n\nisi lain",
        "Siti\u2028Bcc: semua@example.test\x0b\x00",
        'Siti" <lain@example.test>, "x',
        "=?utf-8?q?Siti=0D=0ABcc=3A_semua=40example=2Etest?=",
        "==??utf-8?q?Siti=0D=0ABcc=3A_semua=40example=2Etest?=",
        "=\u200b?utf-8?b?U2l0aQ0KQmNjOiBzZW11YUBleGFtcGxlLnRlc3Q=?=",
        "Sîtî " * 60,
        "A, b. " * 60,
        'f? ?=q)?c-Bcc:=0D=0A =?utf-8?q?Bcc:A8:-=?utf-8?q?"t\u2028=?utf-8?q?)b=?utf-8?q?=?utf-8?q?>b',
    ],
)
async def test_a_name_never_becomes_a_header_or_a_recipient(
    server: tuple[Scripted, Settings], name: str
) -> None:
    scripted, settings = server
    sender = Sender(settings, SITI.model_copy(update={"name": name}))
    assert await sender.send() == {"result": "sent"}
    found = mail(scripted.taken[0])
    assert found["Bcc"] is None
    assert [address.addr_spec for address in found["To"].addresses] == ["siti@example.test"]
    ours = {"From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Language"}
    assert sorted(found.keys()) == sorted(ours | {"MIME-Version", "Content-Type"})
    await sender.pool.close()


TROUBLE = ["=?utf-8?q?", "?=", "=0D=0A", "Bcc:", "\r\n", *'"<>@,\u2028é', "Aminah, S.Kom. "]


@examples(max_examples=300)
@given(st.lists(st.sampled_from(TROUBLE) | st.text(max_size=3), max_size=60).map("".join))
def test_no_name_at_all_changes_the_headers(name: str) -> None:
    data = {"message": "m:1", "person": "p901", "template": "proposal.expired", "page": "x", "values": VALUES}
    person = SITI.model_copy(update={"name": name})
    content = wire(compose(Send.model_validate(data), person, {}, "http://p", "mutasi@example.test"))
    found = mail(content)
    assert len(found.keys()) == 9
    assert [address.addr_spec for address in found["To"].addresses] == ["siti@example.test"]
    assert max(len(line) for line in content.split(b"\r\n")) < 998


@pytest.mark.parametrize(
    "address",
    [
        "siti@example.test\r\nRCPT TO:<semua@example.test>",
        "siti@example.test>",
        "a@b@example.test",
        "siti",
        "siti@",
        "sítí@example.test",
        "siti @example.test",
    ],
)
async def test_a_bad_address_fails_before_the_server_hears_of_it(
    server: tuple[Scripted, Settings], address: str
) -> None:
    scripted, settings = server
    sender = Sender(settings, SITI.model_copy(update={"email": address}))
    assert await sender.send() == {"result": "failed", "code": "BAD_ADDRESS"}
    assert scripted.connections == 0


async def test_nobody_to_reach_is_suppressed_and_who_is_not_yet_known_is_waited_for(
    server: tuple[Scripted, Settings],
) -> None:
    _, settings = server
    suppressed = {"result": "suppressed", "code": "NO_ADDRESS"}
    assert await Sender(settings, SITI.model_copy(update={"email": ""})).send() == suppressed
    assert await Sender(settings, None).send() == suppressed
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
    pool, known = Pool(settings), Known({})

    class Nowhere:
        async def record(self, key: str, recipient: str, channel: str) -> None:
            raise AssertionError((key, recipient, channel))

    found = effects(known, pool, Nowhere(), settings)
    assert {kind: effect.crash for kind, effect in found.items()} == {
        "email": "ambiguous",
        "email_legal": "repeat",
        "record": "repeat",
    }
    assert found["email"].lease >= settings.longest_attempt
    assert found["email_legal"].lease >= settings.smtp_window
