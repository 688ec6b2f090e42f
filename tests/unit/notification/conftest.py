"""Fixtures of the notification's tests."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from services.notification.settings import Settings
from tests.unit.notification.smtpd import Scripted


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
