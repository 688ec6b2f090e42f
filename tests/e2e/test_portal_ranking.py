"""A ranking and a contest in a real browser, without JavaScript: the own rank, the panel's page, a human's answer."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from deploy.local.stack import Stack
from tests.e2e.visitor import CHROMIUM, command, reload_until, shoot, visiting
from tests.e2e.world import World, let_in, running_world, until

expect.set_options(timeout=60_000)  # the machine may be busy
pytest_plugins = ("tests.e2e.browser",)
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.wide,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}: apt-get install -y chromium"),
]
OTHERS = ("Andi", "Budi", "Citra")
WISH = ("--purpose", "p", "--expected-result", "e", "--reason", "r", "--consent")


@pytest.fixture(scope="module")
def world(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The running system with a world of this test's own, whose people may sign in."""
    with running_world(stack, tmp_path_factory.mktemp("ranking")) as made:
        let_in(made.system, *made.logins, *(made.join(name, number) for number, name in enumerate(OTHERS, 911)))
        yield made


def _applied(world: World, vacancy: str, login: str = "") -> str:
    """By the command; the case."""
    for _ in range(60):
        done = command(world, login or world.applicant, "apply", vacancy, *WISH)
        if done.returncode == 0:
            return str(json.loads(done.stdout)["id"])
    raise AssertionError(done.stderr)


def test_a_panel_chooses_and_a_human_answers(world: World, browser: Browser) -> None:
    panel, concerned, verifier = (
        visiting(world, browser, login)
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


def _told(world: World, login: str, *words: str) -> Any:
    """What a command answers."""
    done = command(world, login, *words)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_an_offered_seat_is_declined_and_taken_and_a_human_upholds_a_refusal(world: World, browser: Browser) -> None:
    vacancy, panel = world.ranked(quota=1), world.login("performance_team")
    cases = {_applied(world, vacancy, login): login for login in (f"{name.lower()}-{world.mark}" for name in OTHERS)}
    _told(world, world.system.admin, "vacancy", "close", vacancy, "--reason", "Cukup pelamar")
    ranking = until(lambda: found if (found := _order(world, panel, vacancy)) else None, "the order of all three", 120)
    order = [line["case"] for line in ranking["lines"]]
    chosen, next_one, last = (visiting(world, browser, cases[case]) for case in order)
    _told(world, panel, "ranking", "choose", vacancy, "--case", order[0], "--version", str(ranking["version"]))
    chosen.go(f"/perkara/{order[0]}")
    reload_until(chosen.page, "Pertimbangan atasan langsung")
    chosen.page.get_by_role("link", name="Tarik usulan").click()
    chosen.page.get_by_label("Alasan penarikan").fill("Alasan keluarga")
    chosen.page.get_by_role("button", name="Ya, tarik usulan ini").click()

    next_one.go(f"/perkara/{order[1]}")
    reload_until(next_one.page, "Terima kursi ini")
    expect(next_one.page.locator("form[action$=tawaran]")).to_contain_text("WITA")
    assert shoot(world, browser, next_one, {"offered": f"/perkara/{order[1]}"}) == []
    next_one.page.get_by_role("button", name="Tidak", exact=True).click()
    expect(next_one.page.get_by_role("status")).to_contain_text("tidak mengambil kursi itu")
    expect(next_one.page.get_by_role("button", name="Terima kursi ini")).to_have_count(0)
    last.go(f"/perkara/{order[2]}")
    reload_until(last.page, "Terima kursi ini")
    last.page.get_by_role("button", name="Terima kursi ini").click()
    expect(last.page.get_by_role("status")).to_contain_text("Anda menerima kursi itu")
    reload_until(last.page, "Pertimbangan atasan langsung")

    refused = _applied(world, world.beyond(), cases[order[0]])
    chosen.go(f"/perkara/{refused}")
    reload_until(chosen.page, "Minta peninjauan oleh manusia")
    chosen.page.get_by_label("Mengapa penolakan ini keliru").fill("Saya pernah menjabat")
    chosen.page.get_by_role("button", name="Minta peninjauan").click()
    verifier = visiting(world, browser, world.login("personnel_verifier"))
    verifier.go("/peninjauan")
    reload_until(verifier.page, "Saya pernah menjabat")
    card = verifier.page.locator(".card", has_text="Saya pernah menjabat")
    expect(card).to_contain_text("WITA")
    card.get_by_role("button", name="Simpan keputusan").click()
    expect(verifier.page.get_by_role("alert")).to_be_visible()
    card.get_by_label("penolakan dikuatkan").check()
    card.get_by_label("Alasan", exact=True).fill("Golongan belum sampai")
    card.get_by_role("button", name="Simpan keputusan").click()
    expect(verifier.page.get_by_role("status")).to_contain_text("Jawaban disimpan")
    chosen.go(f"/perkara/{refused}")
    reload_until(chosen.page, "Golongan belum sampai")
    expect(chosen.page.locator("#tinjau")).to_have_count(0)
    assert shoot(world, browser, chosen, {"upheld": f"/perkara/{refused}"}) == []


def _order(world: World, panel: str, vacancy: str) -> Any:
    """The ranking, once all three stand in it."""
    done = command(world, panel, "ranking", "show", vacancy)
    found = json.loads(done.stdout) if done.returncode == 0 else {}
    return found if len(found.get("lines", ())) == len(OTHERS) else None
