"""E-mail through a real Postfix, and the delivery notifications that it sends back (RFC 3464)."""

import asyncio

import pytest

from services.notification.domain import bounces
from services.notification.settings import Settings
from tests.support.postfix import BOUNCES, REFUSED, Postfix, missing, running_postfix
from tests.unit.notification.smtpd import SITI, Sender

pytestmark = [
    pytest.mark.wide,
    pytest.mark.integration,
    pytest.mark.timeout(300),
    pytest.mark.skipif(bool(missing()), reason=missing()),
]
FIRST, SECOND = (f"m:{digit * 32}" for digit in "ab")


async def came(postfix: Postfix, many: int) -> list[bytes]:
    """What came back, once there is so much of it."""
    async with asyncio.timeout(60):
        while len(postfix.came()) < many:  # noqa: ASYNC110 - a folder tells nobody
            await asyncio.sleep(0.1)
    return [file.read_bytes() for file in postfix.came()]


async def test_what_postfix_cannot_deliver_comes_back_and_finds_its_message() -> None:
    with running_postfix() as postfix:
        settings = Settings(smtp_port=postfix.port, mail_from=f"mutasi@{BOUNCES}", smtp_tls="never")
        sender = Sender(settings, SITI.model_copy(update={"email": f"tidak.ada@{REFUSED}"}))
        for message in (FIRST, SECOND):
            taken = await sender.told(message)
            assert taken["result"] == "sent"
            assert taken["reply"]["text"].startswith("250 2.0.0 Ok: queued as")
        await sender.pool.close()
        told = [one for content in await came(postfix, 2) for one in bounces.read(content)]
    assert {(one.message, one.status, one.code) for one in told} == {(id, "bounced", "5.1.1") for id in (FIRST, SECOND)}
    assert all("unknown user" in one.text and "tidak.ada" not in one.text for one in told)
