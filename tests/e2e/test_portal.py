"""The portal in a real browser over the real system: apply, claim, decide, and find it all on the case's page."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from deploy.local.stack import Stack
from tests.e2e.checks import faults_of
from tests.e2e.world import World
from tests.support.system import SERVICES, System

CHROMIUM = Path(os.environ.get("MUTASI_CHROMIUM") or "/usr/bin/chromium")
QUIET = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
WIDE, NARROW = ViewportSize(width=1280, height=900), ViewportSize(width=320, height=640)
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}: apt-get install -y chromium"),
]


@pytest.fixture(scope="module")
def world(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The running system with a world of this test's own, whose people may sign in."""
    folder = tmp_path_factory.mktemp("portal")
    system = System(stack, folder)
    try:
        system.start((*SERVICES, "portal"))
        made = World(system).make()
        accounts = [{"login": login, "label": ""} for login in (system.admin, *made.logins)]
        (folder / "accounts.json").write_text(json.dumps(accounts))
        yield made
    finally:
        system.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a look at the network outside."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET)
        yield browser
        browser.close()


class Person:
    """Somebody at the portal, with a browser of their own."""

    def __init__(self, world: World, context: BrowserContext, login: str) -> None:
        self.url, self.page, self._login = world.system.url("portal"), context.new_page(), login

    def sign_in(self) -> None:
        """By the provider's own page, back to where they wanted to go."""
        self.go("/tugas")
        self.page.get_by_role("button", name=self._login).click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Kotak tugas")

    def go(self, path: str) -> None:
        """Open a page."""
        self.page.goto(f"{self.url}{path}")


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


def apply(person: Person, mark: str) -> str:
    """Fill the form and send it; the number of the case."""
    person.go("/ajukan")
    page = person.page
    page.get_by_label("Lowongan yang dituju").select_option(label=_option(page, mark))
    page.get_by_label("Tujuan", exact=True).fill(f"Pemerataan beban kerja {mark}")
    page.get_by_label("Hasil yang diharapkan").fill("Antrean turun 30 persen")
    page.get_by_label("Alasan", exact=True).fill(f"Pengalaman <b>tiga</b> tahun {mark}")
    page.get_by_label("Usulan ini saya ajukan").check()
    page.get_by_role("button", name="Ajukan usulan").click()
    expect(page.get_by_role("status")).to_contain_text("Nomor tanda terima: MT-")
    return page.url.rsplit("/", 1)[-1]


def _option(page: Page, mark: str) -> str:
    return next(text for text in page.locator("#vacancy option").all_text_contents() if mark in text)


def reload_until(page: Page, text: str) -> None:
    """The page is a view: what others do shows when it is loaded again."""
    for _ in range(60):
        if text in page.content():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(f"{text!r} never showed on {page.url}")


def shoot(world: World, browser: Browser, person: Person, paths: dict[str, str]) -> list[str]:
    """Look at every page, wide and narrow, in both languages, with the eyes of a checker; keep pictures if asked to."""
    found: list[str] = []
    folder = os.environ.get("MUTASI_SCREENSHOTS")
    cookies = person.page.context.cookies()
    for size, viewport in (("wide", WIDE), ("narrow", NARROW)):
        context = browser.new_context(viewport=viewport, bypass_csp=True)
        context.add_cookies(cookies)  # type: ignore[arg-type]
        page = context.new_page()
        for lang in ("id", "en"):
            for name, path in paths.items():
                page.goto(f"{world.system.url('portal')}{path}{'&' if '?' in path else '?'}lang={lang}")
                assert page.locator("html").get_attribute("lang") == lang
                found += [f"{name} {size} {lang}: {fault}" for fault in faults_of(page)]
                if folder:
                    page.screenshot(path=f"{folder}/{name}-{size}-{lang}.png", full_page=True)
        context.close()
    return found


def test_a_case_goes_its_way_through_the_browser(world: World, browser: Browser, people: dict[str, Person]) -> None:
    mine, official = people["applicant"], people["official"]
    case = apply(mine, world.mark)
    expect(mine.page.get_by_role("heading", level=1)).to_contain_text(world.mark)
    expect(mine.page.locator(".timeline")).to_contain_text("Usulan diajukan")
    expect(mine.page.get_by_text(f"Pengalaman <b>tiga</b> tahun {world.mark}")).to_be_visible()
    mine.go("/saya")
    expect(mine.page.locator(".card").first).to_contain_text(world.mark)
    mine.go(f"/perkara/{case}")
    reload_until(mine.page, "Menunggu Atasan langsung")
    assert faults_in_pictures(world, browser, mine, case) == []

    official.go("/tugas")
    reload_until(official.page, f"Pemohon {world.mark}")
    official.page.get_by_role("link", name=f"Pemohon {world.mark}").click()
    task = official.page.url.rsplit("/", 1)[-1]
    official.page.get_by_role("button", name="Ambil tugas").click()
    expect(official.page.get_by_role("status")).to_contain_text("Tugas Anda ambil")
    official.page.get_by_label("Tolak").check()
    official.page.get_by_role("button", name="Simpan keputusan").click()
    expect(official.page.get_by_role("alert")).to_contain_text("CODE_NOT_ALLOWED")
    more = {"task": f"/tugas/{task}", "tasks": "/tugas", "tasks-mine": "/tugas?lihat=mine", "other": f"/perkara/{case}"}
    assert shoot(world, browser, official, more) == []
    official.page.get_by_label("Setujui").check()
    official.page.get_by_label("Alasan", exact=True).fill(f"Mendukung {world.mark}")
    official.page.get_by_role("button", name="Simpan keputusan").click()
    expect(official.page.get_by_role("status")).to_contain_text("Persetujuan Anda dicatat")

    mine.go(f"/perkara/{case}")
    reload_until(mine.page, f"Mendukung {world.mark}")
    expect(mine.page.locator(".timeline")).to_contain_text("Pertimbangan atasan langsung: menyetujui")
    expect(mine.page.locator(".timeline time").first).to_contain_text("WITA")
    expect(mine.page.locator("main")).not_to_contain_text(f"direct_superior {world.mark}")
    mine.page.get_by_role("link", name="Tarik usulan").click()
    mine.page.get_by_role("button", name="Ya, tarik").click()
    expect(mine.page.get_by_role("alert")).to_contain_text("Wajib diisi")
    mine.page.get_by_label("Alasan penarikan").fill("Ada keperluan lain")
    mine.page.get_by_role("button", name="Ya, tarik").click()
    expect(mine.page.get_by_role("status")).to_contain_text("Usulan sudah ditarik")
    expect(mine.page.locator(".tag").first).to_have_text("ditarik")


def faults_in_pictures(world: World, browser: Browser, mine: Person, case: str) -> list[str]:
    """The applicant's pages, looked at."""
    paths = {"mine": "/saya", "apply": "/ajukan", "case": f"/perkara/{case}", "withdraw": f"/perkara/{case}/tarik"}
    return shoot(world, browser, mine, {**paths, "unknown": "/tidak-ada"})


def test_nobody_sees_the_case_of_another_agency(world: World, people: dict[str, Person]) -> None:
    page = people["applicant"].page
    reply = page.goto(f"{world.system.url('portal')}/perkara/c-unknown")
    assert reply is not None
    assert reply.status == 404
    expect(page.get_by_role("heading", level=1)).to_contain_text("tidak ada")


def test_an_incomplete_form_says_what_is_missing_and_keeps_what_was_written(
    world: World, people: dict[str, Person]
) -> None:
    page = people["official"].page
    people["official"].go("/ajukan")
    page.get_by_label("Alasan", exact=True).fill(f"tetap ada {world.mark}")
    page.get_by_role("button", name="Ajukan usulan").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(4)
    expect(page.get_by_label("Alasan", exact=True)).to_have_value(f"tetap ada {world.mark}")
    assert page.title().startswith("Galat: ")


def test_a_visitor_is_shown_the_door_and_comes_back_to_the_page_they_wanted(world: World, browser: Browser) -> None:
    context = browser.new_context(viewport=NARROW)
    page = context.new_page()
    page.goto(f"{world.system.url('portal')}/")
    expect(page.get_by_role("link", name="Masuk").first).to_be_visible()
    assert faults_of(page) == []
    page.goto(f"{world.system.url('portal')}/tugas?lihat=mine")
    page.get_by_role("button", name=world.applicant).click()
    assert page.url.endswith("/tugas?lihat=mine")
    page.get_by_role("button", name="Keluar").click()
    page.goto(f"{world.system.url('portal')}/saya")
    assert page.url.startswith(world.system.issuer)
    context.close()
