"""The sample service behind the real HTTP side, and signed-in clients of it."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from shared.host.audit import Histories
from shared.host.http import make_http
from shared.host.settings import Settings
from shared.runtime.progress import Progress
from tests.unit.host.sample import ISSUER, JWKS, SERVICE, TEXTS, Archive, Clients, Desk, Provider, router


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
def desk() -> Desk:
    return Desk(SERVICE)


@pytest.fixture
def progress() -> Progress:
    return Progress("kafka")


@pytest.fixture
def settings() -> Settings:
    given = {"kafka": "k:9092", "mongo": "mongodb://m", "port": 8101, "issuer": ISSUER, "jwks_url": JWKS}
    return Settings.model_validate(given)


@pytest.fixture
def app(desk: Desk, provider: Provider, progress: Progress, settings: Settings) -> FastAPI:
    histories, tokens = Histories(("notes",), Archive()), provider.tokens()
    return make_http(
        SERVICE, [router], desk, settings, TEXTS, progress=progress, ops=desk, histories=histories, tokens=tokens
    )


@pytest.fixture
async def as_login(app: FastAPI, provider: Provider) -> AsyncIterator[Clients]:
    """Makes clients that are signed in."""
    made: list[httpx.AsyncClient] = []

    def make(login: str = "siti", **headers: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app)
        signed = {"Authorization": provider.sign(login), "Accept-Language": "en", **headers}
        made.append(httpx.AsyncClient(transport=transport, base_url="http://test", headers=signed))
        return made[-1]

    yield make
    for client in made:
        await client.aclose()


@pytest.fixture
def client(as_login: Clients) -> httpx.AsyncClient:
    return as_login()
