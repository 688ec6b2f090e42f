"""A mutation plan in a real browser, without JavaScript: from the scenario to the wave, and what the person concerned
sees and says; every page in both languages, wide and narrow, under the eyes of the checker."""

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from deploy.local.stack import Stack
from tests.e2e.visitor import CHROMIUM, WIDE, Person, command, reload_until, seen, shoot, visiting
from tests.e2e.world import World, running_world, until

expect.set_options(timeout=60_000)  # the machine may be busy
pytest_plugins = ("tests.e2e.browser",)
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.wide,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}: apt-get install -y chromium"),
]
WHY = "Pengaduan naik dari 41 menjadi 96 sebulan"


@pytest.fixture(scope="module")
def world(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The running system with a world of this test's own, whose people may sign in."""
    with running_world(stack, tmp_path_factory.mktemp("studio")) as made:
        yield made


def _said(world: World, login: str, *words: str) -> Any:
    done = command(world, login, *words)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_plan_is_written_and_computed_on_its_pages(world: World, browser: Browser) -> None:
    """Title and purpose, needs, who may be sent and at most how many: the plan moves just one of seven."""
    planner = visiting(world, browser, world.login("personnel_verifier"))
    page = planner.page
    planner.go("/rencana")
    page.get_by_role("link", name="Rencana baru").click()
    page.get_by_role("button", name="Buat rencana").click()
    expect(page.get_by_text("Wajib diisi").last).to_be_visible()
    page.get_by_label("Judul").fill(f"Susunan {world.mark}")
    page.get_by_label("Tujuan").fill("Pemerataan")
    page.get_by_label("Hasil yang diharapkan").fill("Pengaduan turun")
    page.get_by_label("Perubahan pengaduan").fill("tiga")
    page.get_by_role("button", name="Buat rencana").click()
    expect(page.get_by_role("alert")).to_contain_text("bukan angka")
    page.get_by_label("Perubahan pengaduan").fill("-30")
    assert shoot(world, browser, planner, {"plan-new": "/rencana/baru"}) == []
    page.get_by_role("button", name="Buat rencana").click()
    expect(page.get_by_role("status")).to_contain_text("Rencana dibuat")
    _written(world, browser, planner)
    _computed(page)
    page.get_by_role("link", name="dasar", exact=True).click()
    expect(page.get_by_role("table", name="Perpindahan: 1")).to_contain_text(WHY)
    page.context.close()


def _written(world: World, browser: Browser, planner: Person) -> None:
    """The scenario; what is wrong is named at its field, and nothing that was typed is lost."""
    page, unit = planner.page, f"Dinas Asal {world.mark}"
    form = page.url.removeprefix(planner.url)
    page.get_by_label("Nama skenario").fill("Dasar")
    page.get_by_label(f"Kebutuhan: {unit}").fill("5")
    page.get_by_label(f"Kebutuhan: Dinas Tujuan {world.mark}").fill("2")
    page.get_by_label(f"boleh: {unit}").check()
    page.get_by_label(f"Paling banyak keluar: {unit}").fill("1")
    page.get_by_label("Mengapa mereka dapat dipindahkan").fill(WHY)
    page.get_by_role("button", name="Simpan skenario").click()
    expect(page.get_by_role("alert")).to_contain_text("Nama ini tidak dapat dipakai")
    page.get_by_label("Nama skenario").fill("dasar")
    expect(page.get_by_label(f"boleh: {unit}")).to_be_checked()
    page.get_by_role("button", name="Simpan skenario").click()
    expect(page.get_by_role("status")).to_contain_text("Skenario dasar disimpan")
    planner.go(form)
    page.get_by_label("Nama skenario").fill("dasar")
    page.get_by_role("button", name="Simpan skenario").click()
    expect(page.get_by_role("alert")).to_contain_text("sudah ada")
    assert shoot(world, browser, planner, {"scenario-new": form}) == []
    planner.go(form.removesuffix("/tulis"))


def test_a_plan_goes_its_way_through_the_browser(world: World, browser: Browser, tmp_path: Path) -> None:
    planner, ppk = (visiting(world, browser, world.login(office)) for office in ("personnel_verifier", "ppk"))
    concerned = visiting(world, browser, world.applicant)
    plan = _planned(world, tmp_path, f"Rencana {world.mark}")
    planner.go("/rencana")
    planner.page.get_by_role("link", name=f"Rencana {world.mark}").click()
    _computed(planner.page)
    planner.page.get_by_role("button", name="Hitung salah").click()
    reload_until(planner.page, f"unit u:{world.agency}:nowhere punya kebutuhan tetapi tidak punya jabatan")
    planner.page.get_by_role("link", name="dasar", exact=True).click()
    expect(planner.page.get_by_role("table", name="Perpindahan: 1")).to_contain_text(WHY)
    expect(planner.page.locator("svg.bars rect.bar-after")).to_have_count(2)
    pages = {"plans": "/rencana", "plan": f"/rencana/{plan}", "scenario": f"/rencana/{plan}/skenario/dasar"}
    assert shoot(world, browser, planner, pages) == []
    planner.page.get_by_role("button", name="Buka konsultasi").click()
    expect(planner.page.get_by_role("alert")).to_contain_text("Wajib diisi")
    now = datetime.fromisoformat(_said(world, world.system.admin, "clock", "show")["now"])
    planner.page.get_by_label("Sampai akhir hari").fill(str((now + timedelta(days=3)).date()))
    planner.page.get_by_role("button", name="Buka konsultasi").click()
    expect(planner.page.get_by_role("status")).to_contain_text("Konsultasi dibuka")

    _commented(world, browser, concerned, plan)
    planner.go(f"/rencana/{plan}")
    expect(planner.page.get_by_text("Saya perlu pelatihan <b>dua</b> hari")).to_be_visible()
    planner.page.get_by_label("Jawaban", exact=True).fill("Pelatihan dijadwalkan")
    planner.page.get_by_role("button", name="Simpan jawaban").click()
    expect(planner.page.get_by_role("status")).to_contain_text("Jawaban dicatat")
    assert shoot(world, browser, planner, {"plan-consulting": f"/rencana/{plan}"}) == []
    concerned.go(f"/rencana/{plan}")
    expect(concerned.page.get_by_text("Pelatihan dijadwalkan")).to_be_visible()

    ppk.go(f"/rencana/{plan}")
    ppk.page.get_by_role("button", name="Tetapkan rencana").click()
    expect(ppk.page.get_by_role("alert")).to_contain_text("CONSULTATION_OPEN")
    _said(world, world.system.admin, "clock", "advance", "5d")
    _adopted_and_published(world, browser, ppk, plan)


def test_wishes_are_given_on_a_page_and_nobodys_change_is_written_over(
    world: World, browser: Browser, tmp_path: Path
) -> None:
    planner = visiting(world, browser, world.login("personnel_verifier"))
    page, plan = planner.page, _planned(world, tmp_path, f"Minat {world.mark}")
    planner.go(f"/rencana/{plan}")
    masthead = page.locator(".masthead").bounding_box()
    assert masthead is not None
    assert masthead["height"] < 80, "the menu with everything in it is one row"
    page.get_by_role("link", name=re.compile("Minat, pasangan, larangan, ongkos.*dasar")).click()
    page.get_by_role("link", name="Minat", exact=True).click()
    page.get_by_role("button", name="Periksa baris ini").click()
    expect(page.get_by_role("link", name="Pegawai: Wajib diisi")).to_be_visible()
    _wish(world, page)
    expect(page.get_by_role("definition").filter(has_text=f"Pemohon {world.mark}")).to_be_visible()
    _looked_at(world, browser, planner, page.url)
    page.get_by_role("button", name="Simpan").click()
    expect(page.get_by_role("status")).to_contain_text("Tersimpan")
    expect(page.get_by_role("table", name="Minat: 1 baris")).to_contain_text(f"Pemohon {world.mark}")
    base = f"/rencana/{plan}/skenario/dasar/isian"
    assert (
        shoot(world, browser, planner, {"lists": base, "list": f"{base}/minat", "list-fares": f"{base}/ongkos"}) == []
    )

    page.get_by_label(f"hapus: Pemohon {world.mark}").check()
    page.get_by_role("button", name="Periksa penghapusan").click()
    _said(world, world.login("personnel_verifier"), "plan", "set", plan, "dasar", str(tmp_path / "dasar.json"))
    page.get_by_role("button", name="Simpan").click()
    expect(page.get_by_role("alert")).to_contain_text("Data sudah berubah")
    expect(page.get_by_role("alert")).to_contain_text(f"Dihapus: Pemohon {world.mark}")
    expect(page.get_by_text("Daftar ini masih kosong")).to_be_visible()

    planner.go(f"{base}/ongkos")
    page.get_by_label("Unit tujuan").select_option(f"u:{world.agency}:tujuan")
    page.get_by_label("Biaya").fill("banyak")
    page.get_by_role("button", name="Periksa baris ini").click()
    page.get_by_role("button", name="Simpan").click()
    expect(page.locator("#money-error")).to_be_visible()
    page.get_by_label("Biaya").fill("1500")
    page.get_by_role("button", name="Periksa baris ini").click()
    page.get_by_role("button", name="Simpan").click()
    expect(page.get_by_role("table", name="Ongkos pindah: 1 baris")).to_contain_text("1500")
    planner.go("/pemantauan")
    fields = [page.locator(at).all() for at in (".period label", ".period select, .period input[type=date]")]
    labels, controls = ([box for one in many if (box := one.bounding_box())] for many in fields)
    lines = {round(box["y"] + box["height"]) for box in controls}
    assert len({round(box["y"]) for box in labels}) == len(lines), "labels of one line stand at one height"
    page.context.close()


def _wish(world: World, page: Page) -> None:
    """Choose the units, then who wishes what, and ask to see it."""
    page.get_by_label("Unit: Pegawai").select_option(f"u:{world.agency}:asal")
    page.get_by_label("Unit: Jabatan").select_option(f"u:{world.agency}:tujuan")
    page.get_by_role("button", name="Tampilkan isinya").click()
    page.get_by_label("Pegawai", exact=True).select_option(world.person())
    page.get_by_label("Jabatan", exact=True).select_option(f"p:{world.agency}:analis")
    page.get_by_role("button", name="Periksa baris ini").click()


def _looked_at(world: World, browser: Browser, planner: Person, url: str) -> None:
    """What is to be checked, and what is refused, under the eyes of the checker too, which needs scripts."""
    context = browser.new_context(viewport=WIDE)
    context.add_cookies(planner.page.context.cookies())  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(url.removesuffix("/periksa"))
    page.get_by_role("button", name="Periksa baris ini").click()
    assert seen(page, "list-wrong") == []
    _wish(world, page)
    assert seen(page, "list-check") == []
    context.close()


def _planned(world: World, folder: Path, title: str) -> str:
    """A plan with one scenario, by the command; the applicant is its only candidate."""
    verifier = world.login("personnel_verifier")
    told = ("--purpose", "Pemerataan", "--expected", "Pengaduan turun", "--expected-percent", "-30")

    def made() -> Any:
        done = command(world, verifier, "plan", "create", "--agency", world.agency, "--title", title, *told)
        return json.loads(done.stdout) if done.returncode == 0 else None

    plan = str(until(made, "the plan", 60)["id"])
    people = _said(world, verifier, "person", "list", "--unit", f"u:{world.agency}:asal")["items"]
    assert world.person() in {row["id"] for row in people if row["profile"] and row["particulars"]["name"]}
    needs = [{"unit": f"u:{world.agency}:{unit}", "need": need} for unit, need in (("asal", 500), ("tujuan", 200))]
    body = {"needs": needs, "duties": [{"person": world.person(), "reason": WHY}], "seed": 7}
    nowhere = {"unit": f"u:{world.agency}:nowhere", "need": 100}
    for name, written in (("dasar", body), ("salah", {**body, "needs": [*needs, nowhere]})):
        file = folder / f"{name}.json"
        file.write_text(json.dumps(written))
        _said(world, verifier, "plan", "set", plan, name, str(file))
    return plan


def _computed(page: Page) -> None:
    """Press until the evaluation has heard of everybody, and wait."""
    for _ in range(20):
        page.get_by_role("button", name="Hitung dasar").click()
        expect(page.get_by_role("status")).to_contain_text("Perhitungan dimulai")
        for _ in range(120):
            page.wait_for_timeout(500)
            page.reload()
            if page.get_by_role("button", name="Hitung dasar").count():
                break
        if page.get_by_text("1 perpindahan").count():
            return
    raise AssertionError(f"never computed: {page.content()}")


def _commented(world: World, browser: Browser, concerned: Person, plan: str) -> None:
    """By the address in the mail."""
    concerned.go(f"/plans/{plan}")
    page = concerned.page
    expect(page).to_have_url(re.compile("/rencana/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Rencana mutasi bagi Anda")
    expect(page.get_by_text(WHY)).to_be_visible()
    page.get_by_role("button", name="Kirim tanggapan").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Tanggapan", exact=True).fill("Saya perlu pelatihan <b>dua</b> hari")
    page.get_by_role("button", name="Kirim tanggapan").click()
    expect(page.get_by_role("status")).to_contain_text("Tanggapan Anda dicatat")
    assert shoot(world, browser, concerned, {"my-plan": f"/rencana/{plan}", "plans-none": "/rencana"}) == []
    expect(page.locator("main")).not_to_contain_text("KP1")


def _adopted_and_published(world: World, browser: Browser, ppk: Person, plan: str) -> None:
    ppk.go(f"/rencana/{plan}")
    page = ppk.page
    page.get_by_role("button", name="Tetapkan rencana").click()
    expect(page.get_by_role("status")).to_contain_text("Rencana ditetapkan")
    expect(page.get_by_text("Belum dapat dinilai: belum seorang pun pindah")).to_be_visible()
    assert shoot(world, browser, ppk, {"plan-adopted": f"/rencana/{plan}"}) == []
    page.get_by_label("Manfaat bagi pegawai").fill("Lebih dekat")
    page.get_by_label("Pelatihan", exact=True).fill("Dua hari")
    page.get_by_role("button", name="Usulkan gelombang 1").click()
    expect(page.get_by_role("status")).to_contain_text("Gelombang diusulkan")
    reload_until(page, "/perkara/c-plan-")
