"""The portal's system for the browser tests of this folder: started once, with a world of its own."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from deploy.local.stack import Stack
from tests.e2e.visitor import WIDE, Person
from tests.e2e.world import World, running_world
from tests.support.providers import Provider, standing_in

expect.set_options(timeout=30_000)  # the machine may be busy


@pytest.fixture(scope="package")
def telegram() -> Iterator[Provider]:
    with standing_in("telegram-sent") as provider:
        yield provider


@pytest.fixture(scope="package")
def world(stack: Stack, tmp_path_factory: pytest.TempPathFactory, telegram: Provider) -> Iterator[World]:
    """The running system with a world of this test's own, whose people may sign in."""
    env = {"MUTASI_TELEGRAM_URL": telegram.url, "MUTASI_TELEGRAM_TOKEN": "t"}
    with running_world(stack, tmp_path_factory.mktemp("portal"), env=env) as made:
        yield made


@pytest.fixture
def people(world: World, browser: Browser) -> Iterator[dict[str, Person]]:
    """Applicant and first official, signed in, without JavaScript."""
    contexts = [browser.new_context(viewport=WIDE, java_script_enabled=False) for _ in range(2)]
    logins = {"applicant": world.applicant, "official": world.login("direct_superior")}
    found = {
        name: Person(world, context, login) for (name, login), context in zip(logins.items(), contexts, strict=True)
    }
    for person in found.values():
        person.sign_in()
    yield found
    for context in contexts:
        context.close()
