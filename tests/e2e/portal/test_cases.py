"""The portal in a real browser over the real system: apply, claim, decide, and find it all on the case's page."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from pymongo import MongoClient

from deploy.local.tokens import Login, Signer
from tests.e2e import notices
from tests.e2e.checks import faults_of
from tests.e2e.visitor import CHROMIUM, NARROW, WIDE, Person, apply, command, reload_until, shoot
from tests.e2e.world import World, let_in, until
from tests.support.providers import Provider

pytest_plugins = ("tests.e2e.browser",)
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}: apt-get install -y chromium"),
]


def test_a_case_goes_its_way_through_the_browser(world: World, browser: Browser, people: dict[str, Person]) -> None:
    mine, official = people["applicant"], people["official"]
    case = apply(mine, world.mark)
    expect(mine.page.get_by_role("heading", level=1)).to_contain_text(world.mark)
    expect(mine.page.locator(".timeline")).to_contain_text("Usulan diajukan")
    expect(mine.page.get_by_text(f"Pengalaman <b>tiga</b> tahun {world.mark}")).to_be_visible()
    mine.go("/saya")
    expect(mine.page.locator(".card").first).to_contain_text(world.mark)
    mine.go(f"/perkara/{case}")
    reload_until(mine.page, "Menunggu Atasan langsung")
    assert faults_in_pictures(world, browser, mine, case) == []

    watching = browser.new_context(viewport=NARROW)
    watcher = Person(world, watching, world.applicant)
    watcher.sign_in()
    watcher.go(f"/perkara/{case}")
    official.go("/tugas")
    reload_until(official.page, f"Pemohon {world.mark}")
    official.page.get_by_role("link", name=f"Pemohon {world.mark}").click()
    task = official.page.url.rsplit("/", 1)[-1]
    official.page.get_by_role("button", name="Ambil tugas").click()
    expect(official.page.get_by_role("status")).to_contain_text("Tugas Anda ambil")
    official.page.get_by_role("radio", name="Tolak").check()
    official.page.get_by_role("button", name="Simpan keputusan").click()
    expect(official.page.get_by_role("alert")).to_contain_text("CODE_NOT_ALLOWED")
    more = {"task": f"/tugas/{task}", "tasks": "/tugas", "tasks-mine": "/tugas?lihat=mine", "other": f"/perkara/{case}"}
    assert shoot(world, browser, official, more) == []
    official.page.get_by_role("radio", name="Setujui").check()
    official.page.get_by_label("Alasan", exact=True).fill(f"Mendukung {world.mark}")
    official.page.get_by_role("button", name="Simpan keputusan").click()
    expect(official.page.get_by_role("status")).to_contain_text("Persetujuan Anda dicatat")

    expect(watcher.page.locator("#linimasa")).to_contain_text(f"Mendukung {world.mark}")
    expect(watcher.page.locator("#keadaan")).not_to_contain_text("Atasan langsung")
    watching.close()
    mine.go(f"/perkara/{case}")
    reload_until(mine.page, f"Mendukung {world.mark}")
    expect(mine.page.locator(".timeline")).to_contain_text("Pertimbangan atasan langsung: menyetujui")
    expect(mine.page.locator(".timeline time").first).to_contain_text("WITA")
    expect(mine.page.locator("main")).not_to_contain_text(f"direct_superior {world.mark}")
    mine.page.get_by_role("link", name="Tarik usulan").click()
    mine.page.get_by_role("button", name="Ya, tarik").click()
    expect(mine.page.get_by_role("alert")).to_contain_text("Wajib diisi")
    mine.page.get_by_label("Alasan penarikan").fill("Ada keperluan lain")
    mine.page.get_by_role("button", name="Ya, tarik").click()
    expect(mine.page.get_by_role("status")).to_contain_text("Usulan sudah ditarik")
    expect(mine.page.locator(".tag").first).to_have_text("ditarik")


def faults_in_pictures(world: World, browser: Browser, mine: Person, case: str) -> list[str]:
    """The applicant's pages, looked at."""
    paths = {"mine": "/saya", "apply": "/ajukan", "case": f"/perkara/{case}", "withdraw": f"/perkara/{case}/tarik"}
    paths["reviews"] = "/evaluasi"
    return shoot(world, browser, mine, {**paths, "unknown": "/tidak-ada"})


def test_the_command_does_what_the_pages_do_and_the_clock_stops_at_the_deadline(world: World) -> None:
    wish = ["--purpose", "p", "--expected-result", "e", "--reason", world.mark, "--consent"]
    applied = command(world, world.login("ppk"), "apply", world.vacancy, *wish)
    assert applied.returncode == 0, applied.stderr
    case = json.loads(applied.stdout)["id"]
    again = command(world, world.login("ppk"), "apply", world.vacancy, *wish)
    assert (again.returncode, json.loads(again.stderr)["code"]) == (1, "PERKARA_TERBUKA")
    superior = world.login("direct_superior")

    def waiting() -> list[str]:
        tasks = json.loads(command(world, superior, "task", "list").stdout)["items"]
        return [task["task"] for task in tasks if task["case"] == case]

    (task,) = until(waiting, "a task")
    assert command(world, superior, "task", "claim", task).returncode == 0
    advanced = command(world, world.system.admin, "clock", "advance", "10d")
    assert advanced.returncode == 0, advanced.stderr
    assert "approval" in [fired["service"] for fired in json.loads(advanced.stdout)["fired"]]
    shown = json.loads(command(world, superior, "case", "show", case).stdout)
    assert shown["approval"]["task"]["overdue"] is True
    assert json.loads(command(world, superior, "evaluate", case).stdout)["eligible"] is True
    parked = command(world, world.system.admin, "events", "parked", "list")
    assert json.loads(parked.stdout) == {"parked": []}


def test_forms_of_others_and_pages_without_a_session_are_refused(world: World, people: dict[str, Person]) -> None:
    url = world.system.url("portal")
    mine = people["applicant"].page.context.request
    forged = mine.post(f"{url}/ajukan", form={"csrf": "guess", "vacancy": world.vacancy})
    assert forged.status == 403
    assert httpx.post(f"{url}/ajukan", data={"csrf": ""}).status_code == 401
    seen = httpx.get(f"{url}/tugas")
    assert (seen.status_code, seen.headers["location"]) == (303, "/masuk?ke=/tugas")
    stranger = httpx.get(f"{url}/kembali?state=x&code=y")
    assert stranger.status_code == 400
    policy = stranger.headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self';" in policy
    assert "unsafe" not in policy
    assert httpx.get(f"{url}/langsung/saya").status_code == 303
    begun = httpx.get(f"{url}/masuk").headers["set-cookie"].lower()
    assert "httponly" in begun
    assert "samesite=lax" in begun
    (cookie,) = [c for c in people["applicant"].page.context.cookies(url) if c["name"] == "mutasi_session"]
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")
    assert httpx.get(f"{url}/saya", cookies={"mutasi_session": cookie["value"] + "x"}).status_code == 303


def test_nobody_sees_the_case_of_another_agency(world: World, people: dict[str, Person]) -> None:
    page = people["applicant"].page
    reply = page.goto(f"{world.system.url('portal')}/perkara/c-unknown")
    assert reply is not None
    assert reply.status == 404
    expect(page.get_by_role("heading", level=1)).to_contain_text("tidak ada")


def test_an_incomplete_form_says_what_is_missing_and_keeps_what_was_written(
    world: World, people: dict[str, Person]
) -> None:
    page = people["official"].page
    people["official"].go("/ajukan")
    page.get_by_role("button", name="Mulai").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(1)
    assert page.title().startswith("Galat: ")
    people["official"].go(f"/lowongan/{world.vacancy}")
    page.get_by_role("button", name="Ajukan usulan untuk lowongan ini").click()
    page.get_by_role("link", name="Lanjutkan", exact=True).click()
    page.get_by_label("Kebutuhan organisasi apa").fill(f"tetap ada {world.mark}")
    page.get_by_role("button", name="Simpan dan lanjutkan").click()
    page.get_by_role("button", name="Simpan dan lanjutkan").click()
    expect(page.get_by_role("alert")).to_contain_text("Wajib diisi")
    people["official"].go("/ajukan")
    page.get_by_role("link", name="Lanjutkan").first.click()
    expect(page.locator(".summary")).to_contain_text(f"tetap ada {world.mark}")


def test_a_visitor_is_shown_the_door_and_comes_back_to_the_page_they_wanted(world: World, browser: Browser) -> None:
    context = browser.new_context(viewport=NARROW)
    page = context.new_page()
    page.goto(f"{world.system.url('portal')}/")
    expect(page.get_by_role("link", name="Masuk").first).to_be_visible()
    assert faults_of(page) == []
    page.goto(f"{world.system.url('portal')}/tugas?lihat=mine")
    page.get_by_role("button", name=world.applicant).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kotak tugas")
    assert page.url.endswith("/tugas?lihat=mine")
    assert renewed(world, page)
    left = page.context.cookies(world.system.url("portal"))
    page.get_by_role("button", name="Keluar").click()
    expect(page.get_by_role("link", name="Masuk").first).to_be_visible()
    context.add_cookies(left)  # type: ignore[arg-type]
    page.goto(f"{world.system.url('portal')}/saya")
    assert page.url.startswith(world.system.issuer)
    context.close()


def renewed(world: World, page: Page) -> bool:
    """Whether somebody whose token has ended is still signed in, with another token."""
    client: MongoClient[dict[str, Any]] = MongoClient(world.system.stack.mongo)
    with client:
        sessions = client["mutasi_portal"]["sessions"]
        (before,) = sessions.find({"login": world.applicant}, sort=[("last", -1)], limit=1)
        sessions.update_one({"_id": before["_id"]}, {"$set": {"expires": datetime.now(UTC)}})
        page.goto(page.url)  # a reload right after coming back from the provider finds no page at times
        after = sessions.find_one({"_id": before["_id"]}) or {}
    return page.url.endswith("/tugas?lihat=mine") and after["token"] != before["token"]


def test_the_provider_ends_every_browser_of_a_login(world: World, browser: Browser) -> None:
    url = world.system.url("portal")
    contexts = [browser.new_context(viewport=NARROW) for _ in range(2)]
    for context in contexts:
        Person(world, context, world.applicant).sign_in()
    signer = Signer(world.system.issuer, world.system.folder / "idp-key.json")
    said = signer.logout(Login(sid="", login=world.applicant, client_id="mutasi"))
    assert httpx.post(f"{url}/keluar-belakang", data={"logout_token": said + "x"}).status_code == 400
    assert httpx.post(f"{url}/keluar-belakang", data={"logout_token": said}).status_code == 200
    for context in contexts:
        context.pages[0].goto(f"{url}/saya")
        assert context.pages[0].url.startswith(world.system.issuer)
        context.close()


@pytest.mark.wide
def test_a_member_of_an_exchange_sees_it_and_agrees(world: World, browser: Browser, people: dict[str, Person]) -> None:
    """From the link of the mail: who takes part, which seats; without a reason it is not taken."""
    mine, partner = people["applicant"], world.partner()
    body = {"people": [world.person(), partner], "purpose": "bertukar", "expected_result": "betah"}
    url, headers = f"{world.system.url('proposal')}/v1/groups", world.system.headers(world.applicant, world.mark)

    def opened() -> dict[str, Any] | None:
        reply = httpx.post(url, json=body, headers=headers, timeout=30)
        return reply.json() if reply.is_success else None

    group = until(opened, "the exchange")["id"]
    mine.go(f"/groups/{group}")
    expect(mine.page.get_by_role("heading", level=1)).to_have_text("Tukar tempat tugas")
    expect(mine.page.locator(".card").nth(1)).to_contain_text(f"Mitra {world.mark}")
    assert shoot(world, browser, mine, {"group": f"/tukar/{group}"}) == []
    mine.page.get_by_role("button", name="Saya setuju", exact=True).click()
    expect(mine.page.get_by_role("alert")).to_contain_text("Wajib diisi")
    mine.page.get_by_label("Alasan", exact=True).fill("Orang tua sakit")
    mine.page.get_by_label("Saya setuju bertukar tempat").check()
    mine.page.get_by_role("button", name="Saya setuju", exact=True).click()
    expect(mine.page.get_by_role("status")).to_contain_text("Jawaban Anda dicatat")
    expect(mine.page.locator(".card").first).to_contain_text("setuju")
    expect(mine.page.get_by_role("heading", name="Apakah Anda setuju?")).to_have_count(0)


@pytest.mark.wide
def test_a_letter_is_entered_at_the_desk(world: World, browser: Browser, tmp_path: Path) -> None:
    """Between agencies: the vacancy is offered to whom it admits, and the PPK's proposal carries its letter."""
    here, there = World(world.system).make(), World(world.system, admits="intra_province").make()
    verifier, ppk = there.login("personnel_verifier"), there.login("ppk")
    let_in(world.system, *world.logins, here.applicant, ppk)
    contexts = [browser.new_context(viewport=WIDE, java_script_enabled=False) for _ in range(2)]
    mine, official = (Person(world, one, login) for one, login in zip(contexts, (here.applicant, ppk), strict=True))
    mine.sign_in()
    case = apply(mine, there.mark)
    until(lambda: command(there, verifier, "task", "claim", f"{case}.1.1").returncode == 0, "the first task")
    assert command(there, verifier, "task", "approve", f"{case}.1.1").returncode == 0

    official.sign_in()
    page = official.page
    official.go("/tugas")
    reload_until(page, f"Pemohon {here.mark}")
    official.go(f"/tugas/{case}.1.2")
    page.get_by_role("button", name="Ambil tugas").click()
    page.get_by_role("radio", name="Setujui").check()
    page.get_by_role("button", name="Simpan keputusan").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert shoot(world, browser, official, {"letter": f"/tugas/{case}.1.2"}) == []
    page.get_by_role("radio", name="Setujui").check()
    page.get_by_label("Nomor surat").fill("800/1/2026")
    page.get_by_label("Tanggal surat").fill(str(date.today()))
    (tmp_path / "usul.pdf").write_bytes(b"surat usul")
    page.get_by_label("Berkas surat").set_input_files(tmp_path / "usul.pdf")
    page.get_by_role("button", name="Simpan keputusan").click()
    expect(page.get_by_role("status")).to_contain_text("Persetujuan Anda dicatat")
    shown = command(here, here.applicant, "case", "show", case)
    assert shown.returncode == 0
    for context in contexts:
        context.close()


def test_somebody_chooses(world: World, browser: Browser, people: dict[str, Person], telegram: Provider) -> None:
    notices.choose(people["applicant"], telegram)
    assert shoot(world, browser, people["applicant"], {"notices": "/pemberitahuan"}) == []
    notices.take_back(people["applicant"])
