"""The whole of applying and the whole of deciding, by keyboard alone: Tab, arrows, space and Enter; no mouse."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from deploy.local.stack import Stack
from tests.e2e.keyboard import choose, press, tab_to, tick, write
from tests.e2e.visitor import CHROMIUM, WIDE, Person, reload_until
from tests.e2e.world import World, running_world

expect.set_options(timeout=60_000)  # the machine may be busy
pytest_plugins = ("tests.e2e.browser",)
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.wide,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}: apt-get install -y chromium"),
]


@pytest.fixture(scope="module")
def world(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The running system with a world of this test's own, whose people may sign in."""
    with running_world(stack, tmp_path_factory.mktemp("keyboard")) as made:
        yield made


def visiting(world: World, browser: Browser, login: str) -> Person:
    """Somebody who came in by keyboard too."""
    person = Person(world, browser.new_context(viewport=WIDE), login)
    person.go("/tugas")
    press(person.page, login)
    expect(person.page.get_by_role("heading", level=1)).to_have_text("Kotak tugas")
    return person


def test_applying_and_deciding_by_keyboard_alone(world: World, browser: Browser) -> None:
    case = applied(world, browser)
    official = visiting(world, browser, world.login("direct_superior"))
    page = official.page
    reload_until(page, f"Pemohon {world.mark}")
    press(page, f"Pemohon {world.mark}")
    press(page, "Ambil tugas")
    expect(page.get_by_role("status")).to_contain_text("Tugas Anda ambil")
    tab_to(page, "Setujui")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="Tolak")).to_be_checked()
    press(page, "Simpan keputusan")
    expect(page.get_by_role("alert")).to_contain_text("CODE_NOT_ALLOWED")
    tab_to(page, "Tolak")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("radio", name="Setujui")).to_be_checked()
    write(page, "Alasan", f"Mendukung {world.mark}")
    press(page, "Simpan keputusan")
    expect(page.get_by_role("status")).to_contain_text("Persetujuan Anda dicatat")
    official.go(f"/perkara/{case}")
    reload_until(page, f"Mendukung {world.mark}")
    page.context.close()


def applied(world: World, browser: Browser) -> str:
    """From the list of one's proposals to the receipt; the case."""
    mine = visiting(world, browser, world.applicant)
    page = mine.page
    press(page, "Usulan saya")
    press(page, "Ajukan usulan baru")
    choose(page, world.mark)
    press(page, "Mulai")
    press(page, "Lanjutkan")
    for question in ("Kebutuhan organisasi apa", "Apa yang akan membaik", "Mengapa Anda ingin pindah"):
        write(page, question, f"{question} {world.mark}")
        press(page, "Simpan dan lanjutkan")
    press(page, "Lanjutkan ke periksa jawaban")
    tick(page, "Usulan ini saya ajukan")
    press(page, "Ajukan usulan")
    expect(page.locator("#receipt")).to_contain_text("MT-")
    case = page.url.split("/")[-2]
    page.context.close()
    return case
