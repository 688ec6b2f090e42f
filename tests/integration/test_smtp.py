"""The demo's mail catcher takes mail over SMTP, shows it, and keeps it through a crash."""

import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import httpx
import pytest

from deploy.local.layout import ROOT
from deploy.local.process import LOOPBACK, Server, free_port, listens

pytestmark = pytest.mark.integration


@pytest.fixture
def smtp_port() -> int:
    """Where mail is taken."""
    return free_port()


@pytest.fixture
def web_port() -> int:
    """Where mail is shown."""
    return free_port()


@pytest.fixture
def catcher(tmp_path: Path, smtp_port: int, web_port: int) -> Iterator[Server]:
    """The running catcher."""
    env = {
        "MUTASI_MAILS": str(tmp_path / "mails"),
        "MUTASI_SMTP_PORT": str(smtp_port),
        "MUTASI_PORT": str(web_port),
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "deploy.local.smtp"]
    server = Server("mail", command, tmp_path / "mail.log", lambda: listens(web_port), env)
    server.start()
    server.wait_ready()
    yield server
    server.stop()


def _mail(to: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "mutasi@example.test", to, "Usulan Anda diterima ✓"
    mail.set_content("Yth. Ibu Sari")
    mail.add_alternative("<p onclick=\"alert('x')\">Yth. Ibu Sari</p>", subtype="html")
    return mail


async def _send(port: int, *to: str) -> None:
    for address in to:
        await aiosmtplib.send(_mail(address), hostname=LOOPBACK, port=port)


async def test_a_mail_is_taken_and_shown(catcher: Server, smtp_port: int, web_port: int) -> None:
    """What was sent is listed for its receiver, and its HTML is shown without power over the page."""
    assert catcher.alive()
    await _send(smtp_port, "sari@example.test", "budi@example.test")
    async with httpx.AsyncClient(base_url=f"http://{LOOPBACK}:{web_port}") as web:
        (line,) = (await web.get("/api/messages", params={"to": "sari@example.test"})).json()
        mail = (await web.get(f"/api/messages/{line['id']}")).json()
        page = (await web.get(f"/mails/{line['id']}")).text
        unknown = await web.get("/api/messages/..%2Fsecret")
    assert line["subject"] == "Usulan Anda diterima ✓"
    assert mail["text"].strip() == "Yth. Ibu Sari"
    assert ["From", "mutasi@example.test"] in mail["headers"]
    assert "<iframe sandbox " in page
    assert "<p onclick" not in page
    assert unknown.status_code == 404


async def test_a_crash_loses_no_mail(catcher: Server, smtp_port: int, web_port: int) -> None:
    """A mail that was answered with 250 is there after `kill -9`."""
    await _send(smtp_port, "sari@example.test")
    catcher.kill9()
    catcher.start()
    catcher.wait_ready()
    await _send(smtp_port, "budi@example.test")
    async with httpx.AsyncClient(base_url=f"http://{LOOPBACK}:{web_port}") as web:
        lines = (await web.get("/api/messages")).json()
    assert [line["to"] for line in lines] == [["budi@example.test"], ["sari@example.test"]]
