"""Applying, one question a page: by keyboard alone, kept while it is written, with documents, to the receipt and after.

Each test makes people, agencies and vacancies of its own through the public doors and finds their marker on the pages.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from deploy.local.stack import Stack
from tests.e2e.keyboard import choose, press, tab_to
from tests.e2e.visitor import CHROMIUM, WIDE, Person, reload_until, shoot
from tests.e2e.world import World, let_in
from tests.support.papers import pdf
from tests.support.system import EVERYTHING, System, running_system

expect.set_options(timeout=30_000)  # the machine may be busy
pytest_plugins = ("tests.e2e.browser",)
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.wide,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}: apt-get install -y chromium"),
]
PAPER = pdf("Pernyataan" + " " * 1_500_000)  # larger than what a form without a file may be
PRIVATE = ("Beban kerja unit", "Antrean turun", "Dekat dengan")


@pytest.fixture(scope="module")
def system(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """All services and the portal."""
    with running_system(stack, tmp_path_factory.mktemp("apply"), EVERYTHING) as running:
        yield running


@pytest.fixture(scope="module")
def worlds(system: System) -> tuple[World, World]:
    """Two agencies of one province: the applicant's, and the one whose vacancy they want."""
    here, there = World(system).make(), World(system, admits="intra_province").make()
    let_in(system, here.applicant, there.login("personnel_verifier"))
    return here, there


def visiting(world: World, browser: Browser, login: str, **options: object) -> tuple[Person, BrowserContext]:
    """Somebody signed in, with a browser of their own."""
    context = browser.new_context(viewport=WIDE, **options)  # type: ignore[arg-type]
    person = Person(world, context, login)
    person.sign_in()
    return person, context


def test_an_application_by_keyboard_survives_a_closed_browser_and_ends_in_a_receipt(
    worlds: tuple[World, World], browser: Browser, tmp_path: Path
) -> None:
    here, there = worlds
    mine, context = visiting(here, browser, here.applicant)
    page = mine.page
    mine.go(f"/lowongan?cari={there.mark}")
    expect(page.locator(".card")).to_contain_text("dari 100")
    mine.go("/ajukan")
    choose(page, there.mark)
    press(page, "Mulai")
    expect(page.get_by_role("table").first).to_contain_text("PP 11/2017")
    assert "/syarat" in page.url
    press(page, "Lanjutkan")
    tab_to(page, "Kebutuhan organisasi apa")
    page.keyboard.type(f"Beban kerja unit {here.mark}")
    expect(page.locator("#saved")).to_contain_text("Tersimpan")
    context.close()

    mine, context = visiting(here, browser, here.applicant, java_script_enabled=False)
    page = mine.page
    mine.go("/ajukan")
    page.get_by_role("link", name="Lanjutkan").first.click()
    page.get_by_role("link", name="Lanjutkan mengisi").click()
    expect(page.get_by_label("Apa yang akan membaik")).to_be_visible()
    page.get_by_role("button", name="Simpan dan lanjutkan").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(1)
    assert page.title().startswith("Galat: ")
    page.get_by_label("Apa yang akan membaik").fill("Antrean turun 30 persen")
    page.get_by_role("button", name="Simpan dan lanjutkan").click()
    page.get_by_label("Mengapa Anda ingin pindah").fill(f"Dekat dengan {here.mark}")
    page.get_by_role("button", name="Simpan dan lanjutkan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dokumen")
    draft = page.url.split("/")[-2]
    upload(page, tmp_path)
    assert shoot(here, browser, mine, pages_of(draft, there)) == []
    case = hand_in(page)
    check_after(worlds, browser, mine, case)
    context.close()


def pages_of(draft: str, there: World) -> dict[str, str]:
    """The pages of an application that is being written."""
    steps = {
        "start": "",
        **{step: f"/{draft}/{step}" for step in ("lowongan", "syarat", "tujuan", "dokumen", "periksa")},
    }
    named = {f"apply-{name}": f"/ajukan{path}" for name, path in steps.items()}
    more = {"apply-upload": f"/ajukan/{draft}/dokumen/no_process_statement", "vacancies": "/lowongan"}
    none = {"vacancies-none": "/lowongan?cari=tidak-ada", "track": "/lacak", "track-unknown": "/lacak?tanda=MT-1"}
    return {**named, **more, **none, "vacancy": f"/lowongan/{there.vacancy}"}


def upload(page: Page, folder: Path) -> None:
    """A restricted document: first what is no document, then the paper, with number and date."""
    (folder / "surat.pdf").write_bytes(b"MZ program")
    page.get_by_role("link", name="Pernyataan tidak sedang dalam proses").click()
    page.get_by_label("Nomor yang tertulis").fill("800/214/2026")
    page.get_by_label("Tanggal dokumen").fill("2026-01-05")
    page.get_by_label("Berkas (PDF").set_input_files(folder / "surat.pdf")
    page.get_by_role("button", name="Unggah").click()
    expect(page.get_by_role("alert")).to_contain_text("Hanya berkas PDF, JPEG, dan PNG")
    expect(page.get_by_label("Nomor yang tertulis")).to_have_value("800/214/2026")
    (folder / "surat.pdf").write_bytes(PAPER)
    page.get_by_label("Tanggal dokumen").fill(str(datetime.now(UTC).date()))
    page.get_by_label("Berkas (PDF").set_input_files(folder / "surat.pdf")
    page.get_by_role("button", name="Unggah").click()
    expect(page.get_by_role("status")).to_contain_text("Dokumen tersimpan")
    expect(page.locator(".card")).to_contain_text("800/214/2026")


def hand_in(page: Page) -> str:
    """Check the answers, agree, submit; the case."""
    page.get_by_role("link", name="Lanjutkan ke periksa jawaban").click()
    expect(page.locator(".summary")).to_contain_text("dokumen belum ada")
    page.get_by_role("button", name="Ajukan usulan").click()
    expect(page.get_by_role("alert")).to_contain_text("Centang pernyataan")
    page.get_by_label("Usulan ini saya ajukan").check()
    page.get_by_role("button", name="Ajukan usulan").click()
    expect(page.locator("#receipt")).to_contain_text("MT-")
    return page.url.split("/")[-2]


def check_after(worlds: tuple[World, World], browser: Browser, mine: Person, case: str) -> None:
    """The receipt leads to a page that names nobody; a look at the restricted paper is seen by its owner."""
    here, there = worlds
    receipt = mine.page.locator("#receipt").inner_text()
    public = httpx.get(f"{mine.url}/lacak", params={"tanda": receipt.lower()})
    assert public.status_code == 200
    assert "Di mana" not in public.text
    assert not [word for word in (*PRIVATE, "Pemohon", "Pengelola Layanan", case) if word in public.text]
    assert httpx.get(f"{mine.url}/lacak?tanda=MT-0000-0000-0000").status_code == 404
    paths = {"receipt": f"/perkara/{case}/tanda-terima", "case-documents": f"/perkara/{case}/dokumen"}
    paths |= {"tracked": f"/lacak?tanda={receipt}", "case-sent": f"/perkara/{case}"}
    verifier, context = visiting(there, browser, there.login("personnel_verifier"), java_script_enabled=False)
    page = verifier.page
    verifier.go(f"/perkara/{case}/dokumen")
    page.get_by_role("link", name="Unduh").click()
    page.get_by_label("Mengapa Anda membuka").fill(f"Verifikasi {there.mark}")
    assert shoot(there, browser, verifier, {"look": f"/perkara/{case}/dokumen/1"}) == []
    with page.expect_download() as download:
        page.get_by_role("button", name="Buka dokumen").click()
    assert download.value.path().read_bytes() == PAPER
    context.close()
    mine.go(f"/perkara/{case}/dokumen")
    reload_until(mine.page, f"Verifikasi {there.mark}")
    assert shoot(here, browser, mine, paths) == []
    mine.go("/ajukan")
    expect(mine.page.get_by_role("link", name="Lanjutkan")).to_have_count(0)


def test_an_application_is_its_writers_alone(worlds: tuple[World, World], browser: Browser) -> None:
    here, there = worlds
    mine, own = visiting(here, browser, here.applicant, java_script_enabled=False)
    mine.go(f"/lowongan/{there.vacancy}")
    mine.page.get_by_role("button", name="Ajukan usulan untuk lowongan ini").click()
    path = mine.page.url.removeprefix(mine.url)
    other, foreign = visiting(there, browser, there.login("personnel_verifier"), java_script_enabled=False)
    for page in (path, path.replace("/syarat", "/periksa"), path.replace("/syarat", "/tujuan")):
        reply = other.page.goto(f"{other.url}{page}")
        assert reply is not None
        assert reply.status == 404
    mine.go("/ajukan")
    mine.page.get_by_role("button", name="Hapus draf").first.click()
    expect(mine.page.get_by_role("status")).to_contain_text("Draf sudah dihapus")
    own.close()
    foreign.close()
