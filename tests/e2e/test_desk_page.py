"""What an approver does with a task beside deciding it, in a real browser without JavaScript: hand it on, also overdue;
ask the person, who answers; comment; take a decision back. And the person's deadline as a calendar file."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import uuid4

import httpx
import pytest
from icalendar import Calendar
from playwright.sync_api import Browser, Page, expect

from deploy.local.stack import Stack
from tests.e2e.checks import faults_of
from tests.e2e.visitor import CHROMIUM, Person, apply, command, reload_until, shoot, visiting
from tests.e2e.world import World, let_in, until
from tests.support.system import EVERYTHING, ROOT, System, running_system

expect.set_options(timeout=60_000)  # the machine may be busy
pytest_plugins = ("tests.e2e.browser",)
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.wide,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}: apt-get install -y chromium"),
]
HELD = "Tugas ini sedang dikerjakan pejabat lain"


@pytest.fixture(scope="module")
def system(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A system whose chain, the packaged one in all else, lets a decision be taken back for an hour."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "chains").mkdir()
    packaged = (ROOT / "services/approval/chains/K1.yaml").read_text("utf-8")
    assert packaged.count("recall_minutes: 0") == 1
    (folder / "chains" / "K1.yaml").write_text(packaged.replace("recall_minutes: 0", "recall_minutes: 60"))
    brand = {"MUTASI_BRAND": "#5b1a4a", "MUTASI_BRAND_NAME": "Badan Kepegawaian Uji"}
    chains = {"MUTASI_CHAINS": str(folder / "chains")}
    with running_system(stack, folder, EVERYTHING, env={**chains, **brand}) as running:
        yield running


@pytest.fixture
def world(system: System) -> World:
    """People and a vacancy of the test's own."""
    made = World(system).make()
    let_in(system, *made.logins, made.also("direct_superior", 951))
    return made


def noted(page: Page, text: str) -> None:
    """What the page says of what was just done."""
    expect(page.get_by_role("status")).to_contain_text(text)


def test_a_task_is_handed_on_asked_about_commented_and_its_decision_taken_back(world: World, browser: Browser) -> None:
    applicant = visiting(world, browser, world.applicant)
    superior = visiting(world, browser, world.login("direct_superior"))
    colleague = visiting(world, browser, f"rekan951-{world.mark}")
    case = apply(applicant, world.mark)
    task = f"/tugas/{case}.1.1"
    superior.go("/tugas")
    reload_until(superior.page, f"Pemohon {world.mark}")
    superior.go(task)
    superior.page.get_by_role("button", name="Ambil tugas").click()
    noted(superior.page, "Tugas Anda ambil")
    assert shoot(world, browser, superior, {"task-mine": task}) == []
    expect(superior.page.locator(".masthead")).to_have_css("background-color", "rgb(91, 26, 74)")
    expect(superior.page.locator(".strip")).to_contain_text("Badan Kepegawaian Uji")
    handed_on(world, browser, superior, colleague, case)
    asked_and_answered(world, browser, colleague, applicant, case)
    commented(world, colleague, applicant, case)
    taken_back(world, browser, colleague, superior, task)
    overdue(world, superior, colleague, task)
    for person in (applicant, superior, colleague):
        person.page.context.close()


def handed_on(world: World, browser: Browser, superior: Person, colleague: Person, case: str) -> None:
    """With a colleague and a reason; whoever handed it on can only look at it then."""
    page, task = superior.page, f"/tugas/{case}.1.1"
    page.get_by_text("Teruskan kepada rekan").click()
    page.get_by_role("button", name="Teruskan tugas").click()
    expect(page.get_by_role("alert")).to_contain_text("Rekan yang menerima: Wajib diisi")
    page.get_by_label("Rekan yang menerima").select_option(label=f"Rekan951 {world.mark}")
    page.get_by_role("button", name="Teruskan tugas").click()
    expect(page.get_by_role("alert")).to_contain_text("Alasan meneruskan: Wajib diisi")
    expect(page.get_by_label("Rekan yang menerima").locator("option:checked")).to_have_text(f"Rekan951 {world.mark}")
    page.get_by_label("Alasan meneruskan").fill(f"Saya cuti <b>besok</b> {world.mark}")
    page.get_by_role("button", name="Teruskan tugas").click()
    noted(page, "Tugas diteruskan")
    superior.go(task)
    expect(page.get_by_text(HELD)).to_be_visible()
    expect(page.get_by_text("Teruskan kepada rekan")).to_have_count(0)
    assert shoot(world, browser, superior, {"task-held": task}) == []
    colleague.go("/tugas?lihat=mine")
    reload_until(colleague.page, f"Pemohon {world.mark}")


def asked_and_answered(world: World, browser: Browser, colleague: Person, applicant: Person, case: str) -> None:
    """The clock stands still, the person answers on the page of their case, and the official reads it."""
    page, task = colleague.page, f"/tugas/{case}.1.1"
    colleague.go(task)
    page.get_by_text("Minta keterangan kepada pegawai").click()
    page.get_by_role("button", name="Kirim pertanyaan").click()
    expect(page.get_by_role("alert")).to_contain_text("Pertanyaan kepada pegawai: Wajib diisi")
    assert shoot(world, browser, colleague, {"task-claimed": task}) == []
    page.get_by_label("Pertanyaan kepada pegawai").fill(f"Sejak kapan? {world.mark}")
    page.get_by_role("button", name="Kirim pertanyaan").click()
    noted(page, "tenggat berhenti")
    expect(page.get_by_text("Menunggu jawaban pegawai")).to_be_visible()
    assert shoot(world, browser, colleague, {"task-asked": task}) == []

    mine = applicant.page
    applicant.go(f"/perkara/{case}")
    expect(mine.get_by_role("heading", name="Anda diminta menjawab")).to_be_visible()
    expect(mine.get_by_text(f"Sejak kapan? {world.mark}")).to_be_visible()
    assert shoot(world, browser, applicant, {"case-asked": f"/perkara/{case}"}) == []
    mine.get_by_role("button", name="Kirim jawaban").click()
    expect(mine.get_by_role("alert")).to_contain_text("Jawaban Anda: Wajib diisi")
    mine.get_by_label("Jawaban Anda").fill(f"Sejak 2023 {world.mark}")
    mine.get_by_role("button", name="Kirim jawaban").click()
    noted(mine, "Jawaban Anda dikirim")
    expect(mine.get_by_role("heading", name="Anda diminta menjawab")).to_have_count(0)
    colleague.go(task)
    expect(page.get_by_text(f"Sejak 2023 {world.mark}")).to_be_visible()


def commented(world: World, colleague: Person, applicant: Person, case: str) -> None:
    """Both sides read both; the person is told that an official wrote, not who."""
    page, mine = colleague.page, applicant.page
    page.get_by_role("button", name="Tulis komentar").click()
    expect(page.get_by_role("alert")).to_contain_text("Komentar: Wajib diisi")
    page.get_by_label("Komentar").fill(f"Terima kasih {world.mark}")
    page.get_by_role("button", name="Tulis komentar").click()
    noted(page, "Komentar Anda dicatat")
    applicant.go(f"/perkara/{case}")
    expect(mine.get_by_role("listitem").filter(has_text=f"Terima kasih {world.mark}")).to_contain_text("Pejabat")
    expect(mine.locator("main")).not_to_contain_text("Rekan951")
    mine.get_by_label("Komentar").fill(f"Sama-sama <i>Pak</i> {world.mark}")
    mine.get_by_role("button", name="Tulis komentar").click()
    noted(mine, "Komentar Anda dicatat")
    expect(mine.get_by_role("listitem").filter(has_text="Sama-sama <i>Pak</i>")).to_contain_text("Anda")
    colleague.go(f"/tugas/{case}.1.1")
    expect(page.get_by_role("listitem").filter(has_text="Sama-sama")).to_contain_text(f"Pemohon {world.mark}")


def taken_back(world: World, browser: Browser, colleague: Person, superior: Person, task: str) -> None:
    """Within the hour that the chain gives, by whoever decided and nobody else."""
    page = colleague.page
    page.get_by_role("radio", name="Setujui").check()
    page.get_by_role("button", name="Simpan keputusan").click()
    noted(page, "belum berlaku")
    superior.go(task)
    expect(superior.page.get_by_text("Hanya pemutusnya dapat menariknya")).to_be_visible()
    assert shoot(world, browser, colleague, {"task-pending": task}) == []
    page.get_by_role("button", name="Tarik keputusan").click()
    noted(page, "tugas kembali kepada Anda")
    expect(page.get_by_role("radio", name="Setujui")).to_be_visible()


def overdue(world: World, superior: Person, colleague: Person, task: str) -> None:
    """Nobody sits on a file: once it is overdue, whoever holds the office may hand it on."""
    done = command(world, world.system.admin, "clock", "advance", "15d")
    assert done.returncode == 0, done.stderr
    superior.go(task)
    reload_until(superior.page, "terlewati")
    superior.page.get_by_text("Teruskan kepada rekan").click()
    superior.page.get_by_label("Rekan yang menerima").select_option(label=f"Rekan951 {world.mark}")
    superior.page.get_by_label("Alasan meneruskan").fill("Lewat tenggat")
    superior.page.get_by_role("button", name="Teruskan tugas").click()
    noted(superior.page, "Tugas diteruskan")
    colleague.go("/tugas?lihat=mine")
    reload_until(colleague.page, f"Pemohon {world.mark}")


def joined(world: World, browser: Browser, login: str) -> Person:
    """Somebody who came later, signed in."""
    accounts = world.system.folder / "accounts.json"
    accounts.write_text(json.dumps([*json.loads(accounts.read_text()), {"login": login, "label": ""}]))
    return visiting(world, browser, login)


def test_who_was_quicker_is_named(world: World, browser: Browser) -> None:
    """Two officials have the same page open; the second reads who did what meanwhile, and when."""
    applicant = joined(world, browser, world.join("Cepat", 971))
    superior = visiting(world, browser, world.login("direct_superior"), scripts=True)
    colleague = visiting(world, browser, f"rekan951-{world.mark}")
    case, page = apply(applicant, world.mark), superior.page
    task = f"/tugas/{case}.1.1"
    colleague.go("/tugas")
    reload_until(colleague.page, f"Cepat {world.mark}")
    superior.go(task)
    colleague.go(task)
    colleague.page.get_by_role("button", name="Ambil tugas").click()
    noted(colleague.page, "Tugas Anda ambil")
    applicant.go(f"/perkara/{case}")
    reload_until(applicant.page, "Tugas diambil pejabat")  # the portal has heard of it
    page.get_by_role("button", name="Ambil tugas").click()
    refusal = page.get_by_role("alert")
    expect(refusal).to_contain_text(HELD)
    claimed = f"Rekan951 {world.mark}: Tugas diambil pejabat"
    expect(refusal.get_by_role("listitem").filter(has_text=claimed)).to_have_count(1)
    assert faults_of(page) == []

    colleague.page.get_by_role("radio", name="Setujui").check()
    colleague.page.get_by_role("button", name="Simpan keputusan").click()
    noted(colleague.page, "belum berlaku")
    done = command(world, world.system.admin, "clock", "advance", "2h")
    assert done.returncode == 0, done.stderr
    reload_until(applicant.page, "Pertimbangan atasan langsung: menyetujui")
    page.get_by_role("button", name="Ambil tugas").click()
    decided = f"Rekan951 {world.mark}: Pertimbangan atasan langsung: menyetujui"
    expect(refusal.get_by_role("listitem").filter(has_text=decided)).to_have_count(1)
    for person in (applicant, superior, colleague):
        person.page.context.close()


def test_the_deadline_goes_into_a_calendar(world: World, browser: Browser) -> None:
    mine = joined(world, browser, world.join("Pelamar", 961))
    page, case = mine.page, apply(mine, world.mark)
    receipt = f"/perkara/{case}/tanda-terima"
    mine.go(receipt)
    reload_until(page, "Simpan di kalender")
    assert shoot(world, browser, mine, {"receipt": receipt}) == []
    with page.expect_download() as waited:
        page.get_by_role("link", name="Simpan di kalender").click()
    (event,) = Calendar.from_ical(waited.value.path().read_bytes()).walk("VEVENT")
    number = page.locator("#receipt").inner_text()
    assert str(event["summary"]) == f"Tenggat Pertimbangan atasan langsung: {number}"
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(days=1)
    assert isinstance(event.decoded("dtstart"), date)
    page.context.close()


def office(world: World, login: str, path: str, **when: str) -> None:
    """What the registry is told of a direct superior of the unit that applicants leave."""
    registry, system = world.system.url("registry"), world.system
    me = httpx.get(f"{registry}/v1/me", headers=system.headers(login), timeout=30).raise_for_status().json()
    about = {"office": "direct_superior", "agency": world.agency, "unit": "asal", **when}
    headers = system.headers(system.admin, uuid4().hex)
    answer = httpx.post(f"{registry}/v1/people/{me['id']}/{path}", json=about, headers=headers, timeout=30)
    assert answer.is_success, answer.text


def queue(world: World, login: str) -> list[str]:
    """The tasks that wait for somebody, as approval says."""
    headers = world.system.headers(login)
    answer = httpx.get(f"{world.system.url('approval')}/v1/tasks", headers=headers, timeout=30).raise_for_status()
    return [str(item["task"]) for item in answer.json()["items"]]


def test_rights_follow_the_office_the_same_day(world: World, browser: Browser) -> None:
    """An approver gives the office up and somebody else gets it: who sees the task and may take it on changes at once,
    also for a page that is open."""
    applicant = joined(world, browser, world.join("Ikut", 981))
    leaving = joined(world, browser, world.also("direct_superior", 982))
    coming, name = joined(world, browser, world.join("Baru", 983)), f"Ikut {world.mark}"
    task = f"/tugas/{apply(applicant, world.mark)}.1.1"
    leaving.go("/tugas")
    reload_until(leaving.page, name)
    leaving.go(task)
    coming.go("/tugas")
    expect(coming.page.get_by_text(name)).to_have_count(0)

    today = str(date.today())
    office(world, f"rekan982-{world.mark}", "offices/end", on=today)
    office(world, f"baru-{world.mark}", "offices", since=today)
    reload_until(coming.page, name)
    until(lambda: not queue(world, f"rekan982-{world.mark}"), "the queue of who left to be empty", 120)
    leaving.page.get_by_role("button", name="Ambil tugas").click()
    expect(leaving.page.locator("main")).to_contain_text("Kode: OFFICE_NEEDED")
    leaving.go("/tugas")
    expect(leaving.page.get_by_text(name)).to_have_count(0)
    coming.go(task)
    coming.page.get_by_role("button", name="Ambil tugas").click()
    noted(coming.page, "Tugas Anda ambil")
    for person in (applicant, leaving, coming):
        person.page.context.close()
