"""STARTTLS and login, against a real SMTP server with a certificate of its own authority."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import SecretStr

from services.notification.settings import Settings
from shared.runtime.service import TryAgain
from tests.unit.notification.smtpd import Scripted, Sender

USER, PASSWORD = "mutasi", "contoh-901"


def certificate(folder: Path) -> tuple[Path, Path]:
    """Certificate and key of 127.0.0.1, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mx.example.test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "cert.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain, form = serialization.NoEncryption(), serialization.PrivateFormat.PKCS8
    paths[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))
    return paths


def login(_server: object, _session: object, _envelope: object, _mechanism: str, data: LoginPassword) -> AuthResult:
    return AuthResult(success=(data.login, data.password) == (USER.encode(), PASSWORD.encode()), handled=False)


@pytest.fixture
async def guarded(tmp_path: Path) -> AsyncIterator[tuple[Scripted, Settings]]:
    """A server that takes mail only from who has started TLS and logged in, and the settings that lead there."""
    cert, key = certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)
    scripted = Scripted()

    def session() -> SMTP:
        return SMTP(scripted, tls_context=context, require_starttls=True, auth_required=True, authenticator=login)

    listening = await asyncio.get_running_loop().create_server(session, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    known = {"smtp_tls": "required", "smtp_ca": str(cert), "smtp_user": USER, "smtp_password": SecretStr(PASSWORD)}
    yield scripted, Settings.model_validate({"smtp_port": port, "mail_from": "mutasi@bkd.example.test", **known})
    listening.close()


async def test_mail_leaves_over_tls_after_login(guarded: tuple[Scripted, Settings]) -> None:
    scripted, settings = guarded
    sender = Sender(settings)
    assert await sender.send() == {"result": "sent"}
    assert len(scripted.taken) == 1
    await sender.pool.close()


@pytest.mark.parametrize("change", [{"smtp_ca": ""}, {"smtp_password": SecretStr("wrong")}, {"smtp_tls": "never"}])
async def test_nothing_leaves_to_a_stranger_without_login_or_in_the_clear(
    guarded: tuple[Scripted, Settings], change: dict[str, object]
) -> None:
    scripted, settings = guarded
    sender = Sender(settings.model_copy(update=change))
    with pytest.raises(TryAgain, match="UNREACHABLE"):
        await sender.send()
    assert scripted.seen == []
    await sender.pool.close()
