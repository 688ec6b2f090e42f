"""What comes back, and what the agency has to do then."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from services.notification.consumers import routes
from services.notification.domain import bounces
from services.notification.domain.entry import message_id
from services.notification.domain.errands import ERRANDS, Finish, correct_id, deliver_id
from services.notification.domain.facts import Home, Suspended
from services.notification.domain.ledger import MESSAGES
from shared.contracts.contacts import MessagePassed
from shared.contracts.notification import ErrandDone, ErrandOpened, MessageBounced, Reply
from shared.kernel.decider import Actor, Event, Refused
from shared.runtime.service import Envelope, Learn, To
from tests.unit.notification.samples import DAY, NOW, Run

FILES = Path(__file__).parents[2] / "data" / "notification"
OURS = "m:0123456789abcdef0123456789abcdef"
ABOUT: dict[str, Any] = {"message": OURS, "case": "c1", "person": "p901", "channel": "email"}
SENDING: dict[str, Any] = {**ABOUT, "template": "decree.issued", "event": "e1"}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("unknown-user", ("bounced", "5.1.1", "550 5.1.1 <…>: Recipient address rejected: User … unknown")),
        ("headers-only", ("bounced", "5.1.1", "550 5.1.1 <…>: Recipient address rejected: User … unknown")),
        ("full-for-good", ("bounced", "4.2.2", "452 4.2.2 mailbox full, gave up after 5 days")),
        ("delivered", ("delivered", "2.0.0", "250 2.0.0 delivered to mailbox")),
        ("delayed", None),
    ],
)
def test_a_notification_tells_what_became_of_which_message(name: str, told: tuple[str, str, str] | None) -> None:
    found = bounces.read((FILES / f"bounce-{name}.eml").read_bytes())
    assert [tuple(one) for one in found] == ([(OURS, *told)] if told else [])


def test_mail_of_others_changes_nothing() -> None:
    whole = (FILES / "bounce-unknown-user.eml").read_bytes()
    assert bounces.read(whole.replace(b"<m.0123", b"<x.0123")) == ()
    assert bounces.read(whole.replace(b"multipart/report", b"multipart/mixed")) == ()
    assert bounces.read(b"Subject: Sedang cuti\r\n\r\nSaya kembali Senin.") == ()
    assert bounces.read(b"") == ()


def test_a_returned_header_that_no_encoding_knows_is_no_error() -> None:
    whole = (FILES / "bounce-unknown-user.eml").read_bytes()
    for mangled in (b"From: \x00\x80 <m>", b"Message-ID: <:\xff\x80-Description: x"):
        found = bounces.read(whole.replace(b"Message-ID: <m.", mangled + b"\nMessage-ID: <m."))
        assert [one.message for one in found] == [OURS]


@settings(deadline=None)
@given(st.binary(max_size=300), st.integers(0, 1500), st.integers(0, 1500))
def test_no_bytes_break_the_reader(noise: bytes, start: int, end: int) -> None:
    whole = (FILES / "bounce-unknown-user.eml").read_bytes()
    for one in bounces.read(whole[:start] + noise + whole[end:]):
        assert one.message == OURS


def bounced(code: str = "5.1.1") -> MessageBounced:
    return MessageBounced(**ABOUT, legal=True, known=3, reply=Reply(attempt=1, at=NOW, code=code))


def passed(to: str = "paper") -> MessagePassed:
    return MessagePassed(**SENDING, legal=True, to=to, tried=("email",), code="SMTP_550_5.1.1")


def deliveries(event: Event) -> list[To | Learn]:
    envelope = Envelope(id="e9", type=event.TYPE, source="s", aggregate=OURS, sequence=2, time=NOW)
    return [found for route in routes.by_type[event.TYPE][1] for found in route(event, envelope)]


CORRECT, DELIVER = To(ERRANDS, "correct:p901:email:3"), To(ERRANDS, f"deliver:{OURS}")
SUSPEND = Learn(Suspended, "p901:email:3", Suspended(code="5.1.1"))
CHAT = bounced().model_copy(update={"channel": "whatsapp"})


@pytest.mark.parametrize(
    ("event", "wanted"),
    [
        (bounced(), [SUSPEND, CORRECT]),
        (bounced("4.2.2"), []),
        (bounced("5.7.1"), []),  # a policy of theirs: the address is good
        (CHAT, [Learn(Suspended, "p901:whatsapp:3", Suspended(code="5.1.1"))]),  # not the agency's to correct
        (passed(), [DELIVER]),
        (passed("telegram"), [To(MESSAGES, message_id("e1", "p901", "telegram"))]),
    ],
)
def test_a_bad_address_is_corrected_and_what_no_channel_brings_goes_on_paper(
    event: Event, wanted: list[To | Learn]
) -> None:
    assert deliveries(event) == wanted


@pytest.mark.parametrize("id_of", [lambda _: deliver_id(OURS), correct_id])
def test_an_errand_is_opened_once_and_done_with_proof(id_of: Callable[[MessageBounced], str]) -> None:
    run = Run(ERRANDS, id_of(bounced()), facts={("home", "p901"): Home(agency="a1")})
    [opened] = run.tell(bounced())
    assert isinstance(opened, ErrandOpened)
    assert (opened.agency, opened.code, run.state.opened_on) == ("a1", "5.1.1", DAY)
    assert opened.kind == run.id.split(":")[0]
    assert run.tell(passed(), "e2") == []
    clerk = Actor(login="k", person="p920")
    for wrong, code in (
        (Finish(on=DAY + timedelta(days=1), proof="TT-901"), "NOT_YET_DONE"),
        (Finish(on=DAY, proof="  "), "PROOF_MISSING"),
    ):
        with pytest.raises(Refused, match=code):
            run.tell(wrong, actor=clerk)
    [done] = run.tell(Finish(on=DAY, proof="TT-901", digest="a" * 64), actor=clerk)
    assert isinstance(done, ErrandDone)
    assert (done.by, done.proof, run.state.status) == ("p920", "TT-901", "done")
    assert run.tell(Finish(on=DAY, proof="TT-902"), actor=clerk) == []


def test_an_errand_nobody_opened_cannot_be_done_and_a_digest_is_one() -> None:
    with pytest.raises(Refused, match="ERRAND_UNKNOWN"):
        Run(ERRANDS, "deliver:x").tell(Finish(on=DAY, proof="TT-901"))
    with pytest.raises(ValidationError):
        Finish(on=DAY, proof="TT-901", digest="abc")
