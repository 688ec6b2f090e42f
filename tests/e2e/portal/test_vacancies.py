"""Looking for a vacancy in a browser: narrowed down, kept, and laid beside another."""

from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.visitor import CHROMIUM, Person, shoot
from tests.e2e.world import World

pytest_plugins = ("tests.e2e.browser",)
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}: apt-get install -y chromium"),
]


def test_a_vacancy_is_found_kept_and_compared(world: World, browser: Browser, people: dict[str, Person]) -> None:
    mine, page = people["applicant"], people["applicant"].page
    first, second = world.vacancy, world.ranked(quota=3)
    mine.go(f"/lowongan?cari={world.mark}")
    page.get_by_text("Saring lebih lanjut").click()
    page.get_by_label("Instansi", exact=True).select_option(world.agency)
    page.get_by_label("Jenis jabatan").select_option("staff")
    page.get_by_label("Terbuka bagi golongan").select_option("III/a")
    page.get_by_label("Ditutup paling lambat").fill("2030-12-31")
    page.get_by_role("button", name="Tampilkan").click()
    cards = page.locator(".card")
    expect(cards.first).to_contain_text(world.mark)
    expect(page.get_by_label("Jenis jabatan")).to_have_value("staff")
    many = cards.count()
    assert many >= 2
    page.get_by_label("Terbuka bagi golongan").select_option("I/a")
    page.get_by_role("button", name="Tampilkan").click()
    expect(page.get_by_text("Tidak ada lowongan terbuka yang sesuai")).to_be_visible()
    page.get_by_role("link", name="Hapus semua saringan").click()
    expect(cards).not_to_have_count(0)

    mine.go(f"/lowongan/{quote(second)}")
    page.get_by_role("button", name="Simpan lowongan ini").click()
    expect(page.get_by_role("status")).to_contain_text("Lowongan disimpan")
    mine.go("/lowongan")
    page.get_by_role("link", name="Disimpan (1)").click()
    expect(cards).to_have_count(1)
    mine.go(f"/lowongan?cari={world.mark}")
    for box in page.get_by_role("checkbox", name="Bandingkan").all()[:2]:
        box.check()
    page.get_by_role("button", name="Bandingkan yang dicentang").click()
    expect(page.get_by_role("table").get_by_role("link")).to_have_count(2)
    expect(page.get_by_role("row", name="Kecocokan")).to_contain_text("dari 100")
    paths = {"vacancies-filtered": f"/lowongan?cari={world.mark}&jenis=staff", "vacancies-kept": "/lowongan?simpanan=1"}
    paths |= {"compare": f"/lowongan/banding?v={quote(first)}&v={quote(second)}", "compare-none": "/lowongan/banding"}
    assert shoot(world, browser, mine, paths) == []
    mine.go(f"/lowongan/{quote(second)}")
    page.get_by_role("button", name="Tidak disimpan lagi").click()
    expect(page.get_by_role("button", name="Simpan lowongan ini")).to_be_visible()
