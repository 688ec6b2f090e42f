"""The desk of an agency in a real browser, without JavaScript: from a shortage to a vacancy, its applicants, a proposal
about somebody and what they say to it, a file with errors, and the approver's queue with substitutes and bulk."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from pymongo import MongoClient

from deploy.local.stack import Stack
from tests.e2e.visitor import CHROMIUM, WIDE, Person, apply, command, reload_until, shoot, visiting
from tests.e2e.world import World, let_in, running_world, until
from tests.support.papers import pdf

expect.set_options(timeout=60_000)  # the machine may be busy
pytest_plugins = ("tests.e2e.browser",)
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.wide,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}: apt-get install -y chromium"),
]
YEAR = datetime.now(UTC).year
HIDDEN = "tidak ditampilkan"


@pytest.fixture(scope="module")
def world(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The running system with a world of this test's own, whose people may sign in."""
    with running_world(stack, tmp_path_factory.mktemp("agency")) as made:
        yield made


def analysed(world: World) -> None:
    """The workload of the wanted post: five people's work, and nobody there."""
    task = {"name": f"Melayani {world.mark}", "volume": 5, "period": "year", "minutes": 75_000}
    body = {"agency": world.agency, "post": "analis", "year": YEAR, "tasks": [task]}
    url, headers = f"{world.system.url('registry')}/v1/workloads", world.system.headers(world.system.admin, world.mark)
    until(lambda: httpx.post(url, json=body, headers=headers, timeout=30).is_success, "the analysis")


def test_a_shortage_becomes_a_vacancy_with_applicants(world: World, browser: Browser) -> None:
    analysed(world)
    desk = visiting(world, browser, world.login("personnel_verifier"))
    page = desk.page
    desk.go("/instansi")
    expect(page.get_by_role("row", name=f"Dinas Tujuan {world.mark}")).to_contain_text("kurang 5")
    assert shoot(world, browser, desk, {"agency": "/instansi"}) == []
    page.get_by_role("link", name=f"Dinas Tujuan {world.mark}").click()
    assert shoot(world, browser, desk, {"agency-unit": _path(desk)}) == []
    page.get_by_role("link", name=f"Pengelola Layanan {world.mark}").click()
    page.get_by_role("button", name="Umumkan lowongan").click()
    expect(page.get_by_role("alert")).to_contain_text("Wajib diisi")
    assert shoot(world, browser, desk, {"agency-need": _path(desk)}) == []
    page.get_by_label("Ditutup pada akhir tanggal").fill("2030-11-30")
    page.get_by_role("button", name="Umumkan lowongan").click()
    expect(page.get_by_role("status")).to_contain_text("Lowongan diumumkan")
    expect(page.locator(".summary")).to_contain_text(f"ABK {YEAR}: kebutuhan 5, pegawai 0")
    vacancy = page.url.rsplit("/", 1)[-1]
    _change(page)
    applicant = visiting(world, browser, world.applicant)
    case = apply(applicant, world.mark)
    here = world.vacancy if _is_for(world, case, world.vacancy) else vacancy
    desk.go(f"/instansi/lowongan/{here}")
    reload_until(page, f"Pemohon {world.mark}")
    expect(page.get_by_role("row", name=f"Pemohon {world.mark}")).to_contain_text("memenuhi syarat")
    page.get_by_role("link", name=f"Pemohon {world.mark}").click()
    expect(page.get_by_role("table").first).to_contain_text("PP 11/2017")
    paths = {"openings": "/instansi/lowongan", "openings-all": "/instansi/lowongan?semua=1"}
    paths |= {"opening": f"/instansi/lowongan/{here}", "letters": "/instansi/penugasan"}
    assert shoot(world, browser, desk, paths) == []
    withdrawn = command(world, world.applicant, "case", "withdraw", case, "--reason", "Cukup")
    assert withdrawn.returncode == 0, withdrawn.stderr
    for person in (desk, applicant):
        person.page.context.close()


def _path(person: Person) -> str:
    return person.page.url.removeprefix(person.url)


def _is_for(world: World, case: str, vacancy: str) -> bool:
    shown = json.loads(command(world, world.applicant, "case", "show", case).stdout)
    return bool(shown["proposal"]["vacancy"] == vacancy)


def _change(page: Page) -> None:
    """Fewer seats, with a reason; without one it is asked for."""
    page.get_by_text("Ubah kursi atau tanggal").first.click()
    page.get_by_role("button", name="Ubah kursi atau tanggal").click()
    expect(page.get_by_role("alert")).to_contain_text("Wajib diisi")
    page.get_by_label("Jumlah kursi").fill("1")
    page.get_by_label("Alasan").first.fill("Anggaran berkurang")
    page.get_by_role("button", name="Ubah kursi atau tanggal").click()
    expect(page.get_by_role("status")).to_contain_text("Lowongan diubah")
    expect(page.locator(".summary")).to_contain_text("1, terisi 0")


def test_a_proposal_about_somebody_is_heard_first(world: World, browser: Browser) -> None:
    desk, concerned = (visiting(world, browser, login) for login in (world.login("ppk"), world.applicant))
    page, mine = desk.page, concerned.page
    desk.go("/instansi/usulan")
    assert shoot(world, browser, desk, {"voices-none": "/instansi/usulan"}) == []
    page.get_by_role("link", name="Usulkan seorang pegawai").click()
    page.get_by_label("Unit pegawai itu sekarang").select_option(label=f"Dinas Asal {world.mark}")
    page.get_by_role("button", name="Tampilkan pegawainya").click()
    page.get_by_role("button", name="Simpan dan lanjutkan").click()
    expect(page.get_by_role("alert")).to_contain_text("Wajib diisi")
    page.get_by_label("Pegawai", exact=True).select_option(label=f"Pemohon {world.mark}")
    page.get_by_label("Lowongan yang dituju").select_option(value=world.vacancy)
    for label in ("Tujuan", "Hasil yang diharapkan", "Alasan"):
        page.get_by_label(label, exact=True).fill(f"{label} {world.mark}")
    assert shoot(world, browser, desk, {"sponsoring": _path(desk)}) == []
    page.get_by_role("button", name="Simpan dan lanjutkan").click()
    case = page.url.split("/")[-2]
    page.get_by_label("Manfaat bagi pegawai").fill("Dekat dengan keluarga")
    page.get_by_label("Pelatihan yang menyertai").fill("Magang satu bulan")
    page.get_by_role("button", name="Beri tahu").click()
    expect(page.locator(".tag").first).to_have_text("diberitahukan")
    concerned.go(f"/perkara/{case}/suara")
    mine.get_by_label("Yang Anda khawatirkan").fill(f"Rumah dinas {world.mark}")
    mine.get_by_role("button", name="Sampaikan kekhawatiran").click()
    expect(mine.locator(".card")).to_contain_text("menunggu jawaban")
    desk.go("/instansi/usulan")
    expect(page.get_by_role("row", name=f"Pemohon {world.mark}")).to_contain_text("1")
    assert shoot(world, browser, desk, {"voices": "/instansi/usulan", "voice": f"/perkara/{case}/suara"}) == []
    desk.go(f"/perkara/{case}/suara")
    page.get_by_role("button", name="Ajukan usulan ini").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Jawaban").fill("Rumah dinas tersedia")
    page.get_by_role("button", name="Jawab").click()
    page.get_by_label("Tanggal pembicaraan").fill(str(datetime.now(UTC).date()))
    page.get_by_label("Yang dibicarakan").fill("Rumah dinas")
    page.get_by_role("button", name="Usulkan pembicaraan").click()
    page.get_by_role("button", name="Pembicaraan ini sudah berlangsung").click()
    mine.reload()
    expect(mine.locator("main")).to_contain_text("Rumah dinas tersedia")
    mine.get_by_role("button", name="Pembicaraan ini sudah berlangsung").click()
    mine.get_by_role("button", name="Saya menyetujui usulan ini").click()
    assert shoot(world, browser, concerned, {"voice-own": f"/perkara/{case}/suara"}) == []
    desk.go(f"/perkara/{case}/suara")
    page.get_by_role("button", name="Ajukan usulan ini").click()
    expect(page.locator(".tag").first).to_have_text("diproses")
    for person in (desk, concerned):
        person.page.context.close()


def test_a_file_is_tried_taken_and_taken_back(world: World, browser: Browser, tmp_path: Path) -> None:
    admin = visiting(world, browser, world.system.admin)
    page, file = admin.page, tmp_path / "unit.csv"
    rows = [f"{world.agency},baru{n},{f'Unit Baru {world.mark}' if n else ''},office" for n in range(3)]
    file.write_text("\n".join(("agency,unit,name,kind", *rows)))
    admin.go("/instansi/impor")
    page.get_by_role("button", name="Coba berkas ini").click()
    expect(page.get_by_role("alert")).to_contain_text("Wajib diisi")
    page.get_by_label("Isi berkas").select_option("units")
    page.get_by_label("Berkas (CSV").set_input_files(file)
    page.get_by_role("button", name="Coba berkas ini").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hasil percobaan")
    expect(page.get_by_role("table")).to_contain_text("name")
    paths = {"import": "/instansi/impor", "import-report": _path(admin)}
    assert shoot(world, browser, admin, paths) == []
    page.get_by_role("button", name="Ambil baris yang baik (2)").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hasil impor")
    page.get_by_role("button", name="Batalkan berkas ini").click()
    expect(page.get_by_role("alert")).to_contain_text("Wajib diisi")
    page.get_by_label("Alasan").fill("Salah tahun")
    page.get_by_role("button", name="Batalkan berkas ini").click()
    expect(page.locator(".summary")).to_contain_text("dibatalkan seluruhnya")
    other = visiting(world, browser, world.login("ppk"))
    reply = other.page.goto(page.url)
    assert reply is not None
    assert reply.status == 404
    for person in (admin, other):
        person.page.context.close()


def test_figures_are_seen_by_everybody_and_small_groups_by_nobody(world: World, browser: Browser) -> None:
    moves = {"kecil": 3, "sedang": 9, "besar": 20}
    cases = [
        (f"x-{name}-{n}-{world.mark}", f"{name}-{world.mark}") for name, many in moves.items() for n in range(many)
    ]
    entry = {"type": "mutasi.proposal.completed.v1", "at": f"{YEAR - 1}-03-01T01:00:00Z"}
    with MongoClient[dict[str, Any]](world.system.stack.mongo) as client:
        views = client["mutasi_portal"]
        views["fact_entry"].insert_many([{"_id": case, "value": {**entry, "case": case}} for case, _ in cases])
        files = [{"_id": case, "value": {"content": {"target": {"agency": agency}}}} for case, agency in cases]
        views["fact_file"].insert_many(files)
        context = browser.new_context(viewport=WIDE, java_script_enabled=False)
        visitor = Person(world, context, "")
        visitor.go(f"/publik?tahun={YEAR - 1}")
        rows = {name: visitor.page.get_by_role("row", name=f"{name}-{world.mark}") for name in moves}
        assert [rows[name].get_by_role("cell").last.inner_text() for name in moves] == [HIDDEN, HIDDEN, "20"]
        assert shoot(world, browser, visitor, {"public": f"/publik?tahun={YEAR - 1}", "public-none": "/publik"}) == []
        context.close()
        for kind in ("fact_entry", "fact_file"):
            views[kind].delete_many({"_id": {"$in": [case for case, _ in cases]}})


def test_a_queue_is_filtered_approved_in_one_go_and_handed_to_a_substitute(world: World, browser: Browser) -> None:
    here = World(world.system).make()
    superior, ppk = here.login("direct_superior"), here.login("ppk")
    let_in(world.system, *world.logins, *here.logins)
    live = visiting(here, browser, superior, scripts=True)
    live.go("/tugas")
    desk = visiting(here, browser, superior)
    page = desk.page
    applicant = visiting(here, browser, here.applicant)
    case = apply(applicant, here.mark)
    expect(live.page.locator("#antrean")).to_contain_text(f"Pemohon {here.mark}")
    live.page.get_by_role("checkbox", name="Pilih").check()
    desk.go("/tugas?tahap=ppk")
    expect(page.locator("#antrean")).not_to_contain_text(f"Pemohon {here.mark}")
    page.get_by_label("Simpan saringan ini").fill("Hanya PPK")
    page.get_by_role("button", name="Simpan saringan").click()
    expect(page.get_by_role("link", name="Hanya PPK")).to_be_visible()
    desk.go("/tugas")
    reload_until(page, f"Pemohon {here.mark}")
    page.get_by_role("button", name="Nyalakan tombol pintas").click()
    assert shoot(here, browser, desk, {"queue": "/tugas", "queue-filtered": "/tugas?tahap=ppk&lewat=1"}) == []
    _keys(here, browser, superior, case)
    expect(live.page.locator(f"[id='pilih-{case}-1-1']")).to_be_checked()
    _documents(desk, case)
    _substitute(here, browser, desk)
    desk.go("/tugas")
    page.get_by_role("button", name="Lihat hasilnya dahulu").click()
    expect(page.get_by_role("alert")).to_contain_text("Tidak ada tugas yang dipilih")
    page.get_by_role("checkbox", name=f"Pilih Pemohon {here.mark}").check()
    page.get_by_role("button", name="Lihat hasilnya dahulu").click()
    expect(page.get_by_role("status")).to_contain_text("1 dapat disetujui")
    page.get_by_role("button", name="Setujui 1").click()
    expect(page.get_by_role("status")).to_contain_text("1 disetujui")
    expect(live.page.locator("#antrean")).not_to_contain_text(f"Pemohon {here.mark}")
    assert ppk in here.logins
    for person in (live, desk, applicant):
        person.page.context.close()


def _keys(world: World, browser: Browser, login: str, case: str) -> None:
    """With single keys on: to the task, choose it; on its page the decision. While somebody types they do nothing."""
    person = visiting(world, browser, login, scripts=True)
    page = person.page
    person.go("/tugas")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator(f"[id='pilih-{case}-1-1']")).to_be_checked()
    page.keyboard.press("x")
    person.go(f"/tugas/{case}.1.1")
    page.get_by_role("button", name="Ambil tugas").click()
    expect(page.get_by_role("status")).to_contain_text("Tugas Anda ambil")
    page.wait_for_load_state()
    page.keyboard.press("t")
    expect(page.get_by_role("radio", name="Tolak")).to_be_checked()
    page.keyboard.press("a")
    page.keyboard.type("s")
    expect(page.get_by_role("radio", name="Tolak")).to_be_checked()
    expect(page.get_by_label("Alasan", exact=True)).to_have_value("s")
    page.get_by_role("button", name="Lepas tugas").click()
    expect(page.get_by_role("status")).to_contain_text("Tugas dilepas")
    page.context.close()


def _documents(desk: Person, case: str) -> None:
    """Attach a document for the task, and see why a superior may not judge one."""
    page = desk.page
    desk.go(f"/tugas/{case}.1.1")
    page.get_by_role("link", name="Dokumen perkara").click()
    page.get_by_role("link", name="Lampirkan dokumen lain").click()
    page.get_by_label("Berkas (PDF").set_input_files(
        {"name": "surat.pdf", "mimeType": "application/pdf", "buffer": pdf("Surat")}
    )
    page.get_by_role("button", name="Unggah").click()
    expect(page.get_by_role("status")).to_contain_text("Dokumen dilampirkan")
    page.get_by_role("button", name="Terima dokumen").click()
    expect(page.get_by_role("alert")).to_contain_text("OFFICE_NEEDED")


def _substitute(world: World, browser: Browser, desk: Person) -> None:
    """A planned absence; the substitute finds the task on a tab of their own, until it is ended."""
    page, today = desk.page, datetime.now(UTC).date()
    desk.go("/pengganti")
    page.get_by_label("Unit pegawai yang bersangkutan").select_option(label=f"Dinas Asal {world.mark}")
    page.get_by_role("button", name="Tampilkan pegawainya").click()
    page.get_by_role("button", name="Tetapkan pengganti").click()
    expect(page.get_by_role("alert")).to_contain_text("Wajib diisi")
    page.get_by_label("Yang tidak hadir").select_option(
        label=f"direct_superior {world.mark}: Atasan langsung, Dinas Asal {world.mark}"
    )
    page.get_by_label("Pengganti", exact=True).select_option(label=f"performance_team {world.mark}")
    page.get_by_label("Sejak").fill(str(today - timedelta(days=1)))
    page.get_by_label("Sampai sebelum").fill(str(today + timedelta(days=9)))
    assert shoot(world, browser, desk, {"substitutes-form": _path(desk)}) == []
    page.get_by_role("button", name="Tetapkan pengganti").click()
    expect(page.get_by_role("table")).to_contain_text(f"performance_team {world.mark}")
    expect(page.get_by_role("table")).to_contain_text("direncanakan")
    assert shoot(world, browser, desk, {"substitutes": "/pengganti"}) == []
    other = visiting(world, browser, world.login("performance_team"))
    other.go("/tugas?lihat=substitute")
    reload_until(other.page, f"Pemohon {world.mark}")
    other.go("/pengganti")
    other.page.get_by_role("button", name="Akhiri").click()
    expect(other.page.get_by_role("status")).to_contain_text("Penggantian diakhiri")
    other.page.context.close()
