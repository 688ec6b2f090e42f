"""Signing in with a real Keycloak: its own page and password, tokens renewed, signed out from both sides."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pymongo import MongoClient

from deploy.local.stack import Stack
from tests.e2e.visitor import CHROMIUM, NARROW
from tests.e2e.world import World, until
from tests.support.keycloak import PASSWORD, TOKEN_SECONDS, KeycloakSystem
from tests.support.system import EVERYTHING

pytest_plugins = ("tests.e2e.browser",)
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.wide,
    pytest.mark.timeout(840),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}: apt-get install -y chromium"),
]


@pytest.fixture(scope="module")
def world(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The running system, and people of this test's own whom Keycloak knows."""
    system = KeycloakSystem(stack, tmp_path_factory.mktemp("keycloak"))
    try:
        system.start(EVERYTHING)
        yield World(system).make()
    finally:
        system.stop()


@pytest.fixture
def page(world: World, browser: Browser) -> Iterator[Page]:
    """A browser in which the applicant has signed in at Keycloak's own page."""
    context = browser.new_context(viewport=NARROW, locale="id")
    page = context.new_page()
    sign_in(world, page)
    yield page
    context.close()


def sign_in(world: World, page: Page) -> None:
    """By name and password, back to the page that was wanted."""
    world.system.token(world.applicant)  # the user is there
    page.goto(f"{world.system.url('portal')}/saya")
    assert page.url.startswith(world.system.issuer)
    page.locator("#username").fill(world.applicant)
    page.locator("#password").fill(PASSWORD)
    page.locator("#kc-login").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Usulan saya", timeout=30_000)


def token_of(world: World) -> str:
    """The access token that the portal holds for the applicant now."""
    client: MongoClient[dict[str, Any]] = MongoClient(world.system.stack.mongo)
    found = client["mutasi_portal"]["sessions"].find_one({"login": world.applicant}, sort=[("last", -1)]) or {}
    client.close()
    return str(found.get("token", ""))


def test_a_token_is_renewed_while_somebody_works(world: World, page: Page) -> None:
    first, began = token_of(world), time.monotonic()

    def another() -> bool:
        page.goto(f"{world.system.url('portal')}/pemberitahuan")
        assert page.url.endswith("/pemberitahuan")
        return token_of(world) != first

    until(another, "a new token")
    assert time.monotonic() - began < TOKEN_SECONDS


def test_whoever_the_administrator_logs_out_is_out_of_the_portal(world: World, page: Page) -> None:
    assert isinstance(world.system, KeycloakSystem)
    world.system.end_logins(world.applicant)
    assert token_of(world) == ""
    page.goto(f"{world.system.url('portal')}/saya")
    assert page.url.startswith(world.system.issuer)


def test_signing_out_ends_the_login_at_the_provider_too(world: World, page: Page) -> None:
    page.get_by_role("button", name="Keluar").click()
    expect(page.get_by_role("link", name="Masuk").first).to_be_visible()
    assert page.url == f"{world.system.url('portal')}/"
    sign_in(world, page)
