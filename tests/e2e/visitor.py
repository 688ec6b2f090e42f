"""Somebody at the portal with a browser, and the same somebody at a terminal."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Protocol

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.e2e.checks import focus, look, violations
from tests.e2e.world import World
from tests.support.system import EVERYTHING, ROOT, System

CHROMIUM = Path(os.environ.get("MUTASI_CHROMIUM") or "/usr/bin/chromium")
WIDE, NARROW = ViewportSize(width=1280, height=900), ViewportSize(width=320, height=640)
SIZES = {"wide": WIDE, "zoomed": ViewportSize(width=640, height=450), "narrow": NARROW}


class Place(Protocol):
    """Where somebody signs in."""

    @property
    def system(self) -> System:
        """The running processes."""


class Person:
    """Somebody at the portal, with a browser of their own."""

    def __init__(self, world: Place, context: BrowserContext, login: str) -> None:
        self.url, self.page, self._login = world.system.url("portal"), context.new_page(), login

    def sign_in(self, path: str = "/tugas", title: str = "Kotak tugas") -> None:
        """By the provider's own page, back to where they wanted to go."""
        self.go(path)
        self.page.get_by_role("button", name=self._login).click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title)

    def go(self, path: str) -> None:
        """Open a page."""
        self.page.goto(f"{self.url}{path}")


def visiting(world: Place, browser: Browser, login: str, *, scripts: bool = False) -> Person:
    """Somebody signed in, with a browser of their own, without scripts unless they are asked for."""
    person = Person(world, browser.new_context(viewport=WIDE, java_script_enabled=scripts), login)
    if login == world.system.admin:  # who has no tasks
        person.sign_in("/operasi", "Operasi")
    else:
        person.sign_in()
    return person


def apply(person: Person, mark: str) -> str:
    """Answer one page after another and send it; the number of the case, whose page is open then."""
    person.go("/ajukan")
    page = person.page
    page.get_by_label("Lowongan yang dituju").select_option(label=_option(page, mark))
    page.get_by_role("button", name="Mulai").click()
    page.get_by_role("link", name="Lanjutkan", exact=True).click()
    answers = {
        "Kebutuhan organisasi apa": f"Pemerataan beban kerja {mark}",
        "Apa yang akan membaik": "Antrean turun 30 persen",
        "Mengapa Anda ingin pindah": f"Pengalaman <b>tiga</b> tahun {mark}",
    }
    for question, answer in answers.items():
        page.get_by_label(question).fill(answer)
        page.get_by_role("button", name="Simpan dan lanjutkan").click()
    page.get_by_role("link", name="Lanjutkan ke periksa jawaban").click()
    page.get_by_label("Usulan ini saya ajukan").check()
    page.get_by_role("button", name="Ajukan usulan").click()
    expect(page.locator("#receipt")).to_contain_text("MT-")
    page.get_by_role("link", name="Lihat di mana berkas ini").click()
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


def shoot(world: Place, browser: Browser, person: Person, paths: dict[str, str]) -> list[str]:
    """Look at every page, in every size and both languages, with the eyes of two checkers; keep pictures if asked."""
    context = browser.new_context(viewport=WIDE)
    context.add_cookies(person.page.context.cookies())  # type: ignore[arg-type]
    page = context.new_page()
    found: list[str] = []
    for lang in ("id", "en"):
        for name, path in paths.items():
            page.set_viewport_size(WIDE)
            page.goto(f"{world.system.url('portal')}{path}{'&' if '?' in path else '?'}lang={lang}")
            assert page.locator("html").get_attribute("lang") == lang
            found += [f"{name} {lang}: {fault}" for fault in seen(page, f"{name}-{lang}")]
    context.close()
    return found


def seen(page: Page, name: str) -> list[str]:
    """One open page at every size: on a desk, there at 200 % zoom, and on a narrow phone (which is 400 %)."""
    folder, found = os.environ.get("MUTASI_SCREENSHOTS"), focus(page)
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)
        found += [f"{size}: {fault}" for fault in look(page)]
    for size, viewport in SIZES.items() if folder else ():  # after the looks, for it puts a style into the page
        page.set_viewport_size(viewport)
        page.screenshot(path=f"{folder}/{name}-{size}.png", full_page=True)  # makes the folder too
    return [*found, *violations(page)]


def command(world: World, login: str, *words: str) -> subprocess.CompletedProcess[str]:
    """`mutasi` as somebody, on this system."""
    system = world.system
    urls = {f"MUTASI_{name.upper()}_URL": system.url(name) for name in EVERYTHING}
    env = {**os.environ, **urls, "MUTASI_TOKEN": system.token(login), "LC_ALL": "en_GB.UTF-8"}
    env |= {"MUTASI_KAFKA": system.stack.kafka, "MUTASI_MONGO": system.stack.mongo, "PYTHONPATH": str(ROOT)}
    line = [sys.executable, "-m", "services.cli", *words, "--json"]
    return subprocess.run(line, env=env, capture_output=True, text=True, check=False, timeout=120)
