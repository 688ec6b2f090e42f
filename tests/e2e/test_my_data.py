"""My data in a browser: read it, show the number, ask for a correction; the agency decides; both see the history."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from deploy.local.stack import Stack
from tests.e2e.test_apply import visiting
from tests.e2e.visitor import CHROMIUM, Person, reload_until, shoot
from tests.e2e.world import World, running_world

expect.set_options(timeout=30_000)  # the machine may be busy
pytest_plugins = ("tests.e2e.browser",)
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.wide,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}: apt-get install -y chromium"),
]
MINE = {"my-data": "/data-saya", "my-correction": "/data-saya/perbaikan/performance"}
LISTS = {
    "corrections": "/perbaikan-data",
    "corrections-decided": "/perbaikan-data?lihat=decided",
    "quality": "/mutu-data",
}


@pytest.fixture(scope="module")
def world(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """An agency of this test's own."""
    with running_world(stack, tmp_path_factory.mktemp("my-data")) as made:
        yield made


def ask(page: Page, field: str, answers: dict[str, str]) -> None:
    """The form of one field, from the page of the record."""
    page.get_by_role("link", name=f"Minta perbaikan: {field}").click()
    page.get_by_role("button", name="Kirim permintaan").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert page.title().startswith("Galat: ")
    for label, answer in answers.items():
        place = page.get_by_label(label)
        if place.evaluate("(element) => element.tagName") == "SELECT":
            place.select_option(label=answer)
        else:
            place.fill(answer)
    page.get_by_role("button", name="Kirim permintaan").click()
    expect(page.get_by_role("status")).to_contain_text("diteruskan kepada instansi")


def decide(officer: Person, what: str, choice: str, reason: str) -> None:
    """On the card of that request."""
    officer.go("/corrections")
    card = officer.page.locator(".card").filter(has_text=what)
    card.get_by_role("button", name="Simpan keputusan").click()
    expect(officer.page.get_by_role("alert")).to_be_visible()
    card.get_by_label(choice).check()
    card.get_by_label("Alasan (dibaca pegawai").fill(reason)
    card.get_by_label("Dasar (peraturan").fill("PermenPANRB 6/2022")
    card.get_by_role("button", name="Simpan keputusan").click()
    expect(officer.page.get_by_role("status")).to_contain_text("Keputusan Anda disimpan")


def test_a_record_is_read_corrected_and_its_history_seen_by_both(world: World, browser: Browser) -> None:
    mine, own = visiting(world, browser, world.applicant, java_script_enabled=False)
    page = mine.page
    mine.go("/saya")
    page.get_by_role("link", name="Data saya dan permintaan perbaikan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Data saya")
    expect(page.locator("#nip")).to_contain_text("••••")
    page.get_by_role("button", name="Tampilkan NIP").click()
    assert (page.locator("#nip").inner_text()).strip().isdecimal()
    expect(page.locator("main")).to_contain_text("Anda sendiri")
    mine.go("/data-saya")
    ask(page, "Predikat kinerja", {"Tahun": "2023", "Yang seharusnya": "Sangat Baik", "Alasan": f"SKP {world.mark}"})
    ask(page, "Pangkat/golongan", {"TMT pangkat": "2024-04-01", "Yang seharusnya": "III/b", "Alasan": "SK pangkat"})
    ask(page, "Nama", {"Yang seharusnya": f"Siti {world.mark}", "Alasan": "Akta kelahiran"})
    right = f"19900101201503{int(world.mark, 16) % 2 + 1}777"
    ask(page, "NIP", {"Yang seharusnya": right, "Alasan": "SK pengangkatan"})
    expect(page.locator("main")).not_to_contain_text(right)
    assert shoot(world, browser, mine, MINE) == []

    officer, house = visiting(world, browser, world.login("personnel_verifier"), java_script_enabled=False)
    decide(officer, f"SKP {world.mark}", "Perbaiki data", "Sesuai dokumen SKP")
    card = officer.page.locator(".card").filter(has_text="SK pengangkatan")
    expect(card).to_contain_text("•••")
    expect(card).not_to_contain_text(right)
    card.get_by_role("button", name="Tampilkan NIP").click()
    expect(card).to_contain_text(right)
    decide(officer, "SK pengangkatan", "Tolak permintaan", "NIP sudah benar")
    decide(officer, "SK pangkat", "Tolak permintaan", "SK tidak ditemukan")
    officer.go("/perbaikan-data?lihat=decided")
    expect(officer.page.locator("main")).to_contain_text("SK tidak ditemukan")
    officer.go("/mutu-data")
    officer.page.get_by_role("button", name="Periksa sekarang").click()
    expect(officer.page.get_by_role("status")).to_contain_text("segera diperiksa")
    reload_until(officer.page, "Diperiksa terakhir")
    assert shoot(world, browser, officer, LISTS) == []

    mine.go("/corrections/mine")
    expect(page.locator("main")).to_contain_text("Permintaan perbaikan NIP")  # who looked at the number, and why
    expect(page.get_by_role("row").filter(has_text="2023")).to_contain_text("Sangat Baik")
    cards = page.locator(".card")
    expect(cards.filter(has_text="SK pangkat")).to_contain_text("SK tidak ditemukan")
    page.get_by_role("button", name="Tarik permintaan").click()
    expect(page.get_by_role("status")).to_contain_text("Permintaan ditarik")
    expect(cards.filter(has_text="Akta kelahiran")).to_contain_text("ditarik")
    for person in (own, house):
        person.close()
