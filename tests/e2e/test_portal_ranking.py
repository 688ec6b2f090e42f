"""A ranking and a contest in a real browser, without JavaScript: the own rank, the panel's page, a human's answer."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from deploy.local.stack import Stack
from tests.e2e.visitor import CHROMIUM, WIDE, Person, command, reload_until, shoot
from tests.e2e.world import World
from tests.support.system import SERVICES, System

expect.set_options(timeout=60_000)  # the machine may be busy
pytest_plugins = ("tests.e2e.browser",)
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.wide,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}: apt-get install -y chromium"),
]
WISH = ("--purpose", "p", "--expected-result", "e", "--reason", "r", "--consent")


@pytest.fixture(scope="module")
def world(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The running system with a world of this test's own, whose people may sign in."""
    folder = tmp_path_factory.mktemp("ranking")
    system = System(stack, folder)
    try:
        system.start((*SERVICES, "portal"))
        made = World(system).make()
        accounts = [{"login": login, "label": ""} for login in (system.admin, *made.logins)]
        (folder / "accounts.json").write_text(json.dumps(accounts))
        yield made
    finally:
        system.stop()


def _signed_in(world: World, browser: Browser, login: str) -> Person:
    person = Person(world, browser.new_context(viewport=WIDE, java_script_enabled=False), login)
    person.sign_in()
    return person


def _applied(world: World, vacancy: str) -> str:
    """By the command; the case."""
    for _ in range(60):
        done = command(world, world.applicant, "apply", vacancy, *WISH)
        if done.returncode == 0:
            return str(json.loads(done.stdout)["id"])
    raise AssertionError(done.stderr)


def test_a_panel_chooses_and_a_human_answers(world: World, browser: Browser) -> None:
    panel, concerned, verifier = (
        _signed_in(world, browser, login)
        for login in (world.login("performance_team"), world.applicant, world.login("personnel_verifier"))
    )
    vacancy = world.ranked()
    case = _applied(world, vacancy)
    concerned.go(f"/perkara/{case}")
    reload_until(concerned.page, "Peringkat Anda")
    closed = command(world, world.system.admin, "vacancy", "close", vacancy, "--reason", "Cukup pelamar")
    assert closed.returncode == 0, closed.stderr
    reload_until(concerned.page, "Nilai batas")
    expect(concerned.page.locator("#peringkat + p + dl")).to_contain_text(re.compile(r"1\s+dari\s+1"))
    panel.go("/peringkat")
    panel.page.get_by_role("link", name=f"Pengelola Layanan {world.mark}").click()
    pages = {"rankings": "/peringkat", "ranking": f"/peringkat/{vacancy}"}
    assert shoot(world, browser, panel, pages) == []
    panel.page.get_by_role("checkbox").uncheck()
    panel.page.get_by_role("button", name="Simpan pilihan panel").click()
    expect(panel.page.get_by_role("alert")).to_contain_text("alasan tertulis")
    panel.page.get_by_label("Alasan").fill("Jabatan akan dihapus bulan depan")
    panel.page.get_by_role("button", name="Simpan pilihan panel").click()
    expect(panel.page.get_by_role("status")).to_contain_text("Pilihan panel disimpan")
    reload_until(concerned.page, "Panel memilih pelamar lain")
    expect(concerned.page.locator("#tinjau")).to_have_count(0)
    assert shoot(world, browser, concerned, {"ranked": f"/perkara/{case}"}) == []

    refused = _applied(world, world.beyond())
    concerned.go(f"/perkara/{refused}")
    reload_until(concerned.page, "Minta peninjauan oleh manusia")
    assert shoot(world, browser, concerned, {"contestable": f"/perkara/{refused}"}) == []
    concerned.page.get_by_label("Mengapa penolakan ini keliru").fill("Pangkat saya sudah naik")
    concerned.page.get_by_role("button", name="Minta peninjauan").click()
    expect(concerned.page.get_by_role("status")).to_contain_text("diteruskan")
    verifier.go("/peninjauan")
    reload_until(verifier.page, "Pangkat saya sudah naik")
    assert shoot(world, browser, verifier, {"contests": "/peninjauan"}) == []
    for box in verifier.page.get_by_role("checkbox").all():
        box.check()
    verifier.page.get_by_label("perkara dibuka kembali").check()
    verifier.page.get_by_label("Alasan", exact=True).fill("SK kenaikan pangkat nomor 901")
    verifier.page.get_by_role("button", name="Simpan keputusan").click()
    expect(verifier.page.get_by_role("status")).to_contain_text("Jawaban disimpan")
    reload_until(concerned.page, "Pertimbangan atasan langsung")
    concerned.go("/karier")
    expect(concerned.page.get_by_role("table")).to_contain_text(f"Penata Layanan {world.mark}")
    expect(concerned.page.get_by_role("heading", level=3).first).to_contain_text("Layanan")
    assert shoot(world, browser, concerned, {"career": "/karier"}) == []
