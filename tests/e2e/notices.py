"""Somebody at the page of notices, with a chat account of their own."""

import json
import re

from playwright.sync_api import Page, expect

from tests.e2e.visitor import Person
from tests.support.providers import Provider


def choose(person: Person, telegram: Provider) -> None:
    """Give a Telegram address, tell its code, and choose where announcements and all else go first."""
    page = person.page
    person.go("/notices")
    expect(page.get_by_role("heading", level=1)).to_have_text("Pemberitahuan")
    expect(page.get_by_label("Keputusan dan tenggat: Surel")).to_be_disabled()
    page.get_by_label("Alamat Telegram").fill("900000007")
    page.get_by_role("button", name="Kirim kode ke Telegram").click()
    expect(page.get_by_role("status")).to_contain_text("Kode sudah dikirim")
    page.get_by_label("Kode dari Telegram").fill(_code(page, telegram))
    page.get_by_role("button", name="Pastikan alamat Telegram").click()
    expect(page.get_by_role("status")).to_contain_text("Alamat itu sekarang milik Anda")
    for quiet, said in (("jam sembilan", "BAD_TIME"), ("", "Pilihan Anda sudah disimpan")):
        page.get_by_label("Pengumuman: Telegram").uncheck()
        page.get_by_label("Kanal pertama").select_option(label="Telegram")
        page.get_by_label("Jam tenang mulai").fill(quiet)
        page.get_by_role("button", name="Simpan pilihan").click()
        expect(page.get_by_role("alert").or_(page.get_by_role("status"))).to_contain_text(said)
    expect(page.get_by_label("Pengumuman: Telegram")).not_to_be_checked()
    expect(page.get_by_label("Pengumuman: Surel")).to_be_checked()
    expect(page.get_by_label("Kanal pertama")).to_have_value("telegram")


def take_back(person: Person) -> None:
    """The Telegram address is erased; the other choices can still be saved."""
    person.go("/pemberitahuan")
    for button, said in (("Hapus alamat Telegram", "sudah dihapus"), ("Simpan pilihan", "disimpan")):
        person.page.get_by_role("button", name=button).click()
        expect(person.page.get_by_role("status")).to_contain_text(said)


def _code(page: Page, telegram: Provider) -> str:
    for _ in range(120):
        said = json.dumps([one.body for one in telegram.asked])
        if found := re.search(r"[A-Z2-7]{5}-[A-Z2-7]{5}", said):
            return found[0]
        page.wait_for_timeout(500)
    raise AssertionError("no code came")
