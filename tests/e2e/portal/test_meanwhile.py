"""Somebody was quicker, in a browser: where several tasks are approved at once, and at the vacancy of an agency."""

from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.checks import faults_of
from tests.e2e.visitor import CHROMIUM, apply, reload_until, shoot, visiting
from tests.e2e.world import World, let_in

pytest_plugins = ("tests.e2e.browser",)
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(240),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}: apt-get install -y chromium"),
]


def test_of_each_task_in_a_bulk_it_is_said_who_was_quicker(world: World, browser: Browser) -> None:
    logins = world.join("Serempak", 941), world.also("direct_superior", 942)
    let_in(world.system, *world.logins, *logins)
    mine, colleague = (visiting(world, browser, login, scripts=True) for login in logins)
    superior, name = visiting(world, browser, world.login("direct_superior"), scripts=True), f"Serempak {world.mark}"
    case, page = apply(mine, world.mark), superior.page
    superior.go("/tugas")
    reload_until(page, name)
    page.get_by_label(f"Pilih {name}").check()
    page.get_by_role("button", name="Lihat hasilnya dahulu").click()
    row = page.get_by_role("row", name=name)
    expect(row).to_contain_text("dapat disetujui")
    expect(row.get_by_role("listitem")).to_have_count(0)

    colleague.go(f"/tugas/{case}.1.1")
    colleague.page.get_by_role("button", name="Ambil tugas").click()
    expect(colleague.page.get_by_role("status")).to_contain_text("Tugas Anda ambil")
    page.get_by_role("button", name="Setujui 1").click()
    expect(page.get_by_role("status")).to_contain_text("0 disetujui, 1 tidak")
    claimed = f"Rekan942 {world.mark}: Tugas diambil pejabat"
    expect(row.get_by_role("listitem").filter(has_text=claimed)).to_have_count(1)
    expect(row.get_by_role("listitem")).to_have_count(1)
    assert faults_of(page) == []

    mine.go(f"/perkara/{case}")
    reload_until(mine.page, "Tugas diambil pejabat")
    with mine.page.expect_download() as waited:
        mine.page.get_by_role("link", name="Unduh linimasa (CSV)").click()
    told = waited.value.path().read_text("utf-8")
    assert "Tugas diambil pejabat,,,\n" in told.replace("\r", "")
    assert "Rekan942" not in told
    for person in (mine, colleague, superior):
        person.page.context.close()


def test_a_vacancy_that_somebody_changed_meanwhile_is_not_changed_unseen(world: World, browser: Browser) -> None:
    system, vacancy = world.system, world.ranked(quota=1)
    desk = visiting(world, browser, world.login("personnel_verifier"), scripts=True)
    here = f"/instansi/lowongan/{vacancy}"
    page = desk.page
    desk.go(here)
    headers = system.headers(system.admin, uuid4().hex)
    body = {"closes_on": "2030-12-30", "reason": f"libur {world.mark}"}
    url = f"{system.url('registry')}/v1/vacancies/{vacancy}/amend"
    assert httpx.post(url, json=body, headers=headers, timeout=30).is_success

    def change() -> None:
        page.get_by_text("Ubah kursi atau tanggal").first.click()
        page.get_by_label("Ditutup pada akhir tanggal").fill("2030-12-29")
        page.get_by_label("Alasan").first.fill("Lebih awal")
        page.get_by_role("button", name="Ubah kursi atau tanggal").click()

    change()
    refusal = page.get_by_role("alert")
    expect(refusal).to_contain_text("Kode: PRECONDITION_FAILED")
    line = f"{system.admin}: Lowongan diubah: 1 kursi, ditutup 30 Desember 2030: libur {world.mark}"
    expect(refusal.get_by_role("listitem").filter(has_text=line)).to_have_count(1)
    expect(page.locator(".summary").first).to_contain_text("30 Desember 2030")
    assert faults_of(page) == []
    assert shoot(world, browser, desk, {"opening": here}) == []
    change()
    expect(page.get_by_role("status")).to_contain_text("Lowongan diubah")
    expect(page.locator(".summary").first).to_contain_text("29 Desember 2030")
    page.context.close()
