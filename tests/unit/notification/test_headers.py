"""What comes from outside never reaches the headers of a mail or the commands of SMTP."""

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from services.notification.channels.email import compose
from services.notification.channels.port import Parcel
from services.notification.domain.ledger import Send
from services.notification.settings import Settings
from services.notification.words import Pages, words
from tests.unit.notification.smtpd import SITI, VALUES, Scripted, Sender, mail


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
async def test_a_name_never_becomes_a_header_or_a_recipient(server: tuple[Scripted, Settings], name: str) -> None:
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


@examples(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(TROUBLE) | st.text(max_size=3), max_size=60).map("".join))
def test_no_name_at_all_changes_the_headers(name: str) -> None:
    data = {"message": "m:1", "person": "p901", "template": "proposal.expired", "page": "x", "values": VALUES}
    person = SITI.model_copy(update={"name": name})
    letter = Send.model_validate(data)
    parcel = Parcel(letter, person, person.email, words(letter, person, {}, Pages("http://p")))
    content = compose(parcel, "mutasi@example.test")
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
