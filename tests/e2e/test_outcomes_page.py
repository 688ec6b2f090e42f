"""What moves brought, on running processes: five moves, their reviews by the clock, and the page an official opens."""

import csv
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.checks import faults_of
from tests.e2e.visitor import CHROMIUM, WIDE, Person, shoot
from tests.support.region import Region
from tests.support.running import running_region
from tests.support.system import EVERYTHING

expect.set_options(timeout=60_000)  # the machine may be busy
pytest_plugins = ("tests.e2e.browser",)
pytestmark = [
    pytest.mark.wide,
    pytest.mark.e2e,
    pytest.mark.timeout(840),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}: apt-get install -y chromium"),
]
SUPERIOR, PERSONNEL, AUDITOR = "palu-disdukcapil-direct-superior", "palu-personnel-verifier", "palu-auditor"
STAGES = 6
MOVES = 5


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Region]:
    with running_region(tmp_path_factory.mktemp("outcomes"), EVERYTHING) as running:
        yield running


@pytest.fixture(scope="module")
def cases(region: Region) -> dict[str, str]:
    """Case -> who moved by it; made before there is a browser, which has an event loop of its own."""
    logins = [region.colleague() for _ in range(MOVES)]
    vacancy = region.vacancy(quota=MOVES)
    cases = {region.apply(login, vacancy): login for login in logins}
    for case, login in cases.items():
        region.approve(login, case)
    region.advance(max(region.decree(login, case)["effective_on"] for case, login in cases.items()))
    for case, login in cases.items():
        region.status(login, case, "completed")
    return cases


def answered(region: Region, cases: dict[str, str]) -> None:
    """Three months later all but one say that the result was reached."""
    first = next(iter(cases.values()))
    items = region.until("the reviews", lambda: region.get(first, "evaluation", "/v1/reviews")["items"])
    due = next(datetime.fromisoformat(one["due"]) for one in items if one["months"] == 3)
    region.advance((due + timedelta(hours=1)).isoformat())
    for number, (case, login) in enumerate(cases.items()):
        path, result = f"/v1/reviews/{case}/answers", "reached" if number else "not_reached"
        for who, more in ((login, {"strain": "4"}), (SUPERIOR, {"performance": "4"})):
            body = {"months": 3, "answers": {"result": result, **more}}
            region.until("the review is open", lambda p=path, b=body, w=who: _taken(region, w, p, b))  # type: ignore[misc]


def _taken(region: Region, login: str, path: str, body: dict[str, Any]) -> bool:
    return region.ask(login, "POST", "evaluation", path, body).is_success


def test_what_five_moves_brought_stands_side_by_side(region: Region, cases: dict[str, str], browser: Browser) -> None:
    answered(region, cases)
    case = next(iter(cases))
    paper = {"kind": "travel", "amount": 1_750_000, "reference": "SPPD 1"}
    assert region.ask(SUPERIOR, "POST", "evaluation", f"/v1/reviews/{case}/costs", paper).status_code == 403
    region.post(PERSONNEL, "evaluation", f"/v1/reviews/{case}/costs", paper)

    found = region.until("all are judged", lambda: _judged(region))
    assert found["KP10"]["reached"]["value"] == 0.8
    assert (found["KP5"]["median"]["n"], found["KP9"]["closed"]["value"]) == (MOVES, None)
    assert (found["strain"]["people"]["value"], found["KP4"]["superior"]["value"]) == (4.0, 4.0)
    assert (found["cost"]["per_move"]["value"], found["cost"]["recorded"]["n"]) == (1_750_000, MOVES)
    moves = region.get(PERSONNEL, "evaluation", "/v1/agencies/palu/moves")["items"]
    assert [one["seen"] for one in moves if one["case"] == case] == [{"3": "not_reached"}]
    (own,) = region.get(PERSONNEL, "evaluation", "/v1/regions/results")["items"]
    assert (own["region"], own["cases"], own["observed"], own["ratio"]) == ("palu", MOVES, MOVES - 1, 1.0)

    context = browser.new_context(viewport=WIDE, java_script_enabled=False)
    officer = Person(region, context, PERSONNEL)
    officer.sign_in()
    officer.go("/evaluasi")
    officer.page.get_by_role("link", name="Hasil mutasi: indikator").click()
    page = officer.page
    expect(page.get_by_role("table", name="Mutasi dalam periode ini: 5")).to_contain_text("3 bulan: tidak tercapai")
    expect(page.get_by_role("table", name="Indikator KP1–KP10")).to_contain_text("80%")
    expect(page.get_by_role("table", name="Hasil menurut daerah")).to_contain_text("seperti yang diharapkan")
    expect(page.get_by_role("table", name="Hari kerja menurut tahap")).to_contain_text("Pertimbangan atasan langsung")
    expect(page.locator("svg.results rect")).to_have_count(3)
    expect(page.locator("svg.funnel rect")).to_have_count(1)
    assert shoot(region, browser, officer, {"outcomes": "/hasil"}) == []
    with page.expect_download() as waited:
        page.get_by_role("link", name="Unduh CSV").click()
    rows = list(csv.DictReader(waited.value.path().read_text("utf-8").splitlines()))
    (reached,) = [row for row in rows if (row["indicator"], row["figure"]) == ("KP10", "tercapai")]
    assert (float(reached["value"]), reached["n"]) == (0.8, "5")
    page.get_by_label("Berlaku sejak").fill("2001-01-01")
    page.get_by_label("sampai", exact=True).fill("2000-01-01")
    page.get_by_role("button", name="Tampilkan").click()
    expect(page.locator("main")).to_contain_text("BAD_PERIOD")
    context.close()


def _judged(region: Region) -> dict[str, dict[str, Any]] | None:
    """Indicator -> figure by name, once every move has its verdict."""
    items = region.get(PERSONNEL, "evaluation", "/v1/agencies/palu/indicators")["items"]
    found = {one["indicator"]: {part["part"]: part for part in one["figures"]} for one in items}
    return found if found["KP10"]["reached"]["n"] == MOVES else None


def test_how_long_steps_took_and_which_terms_were_kept(region: Region, cases: dict[str, str], browser: Browser) -> None:
    context = browser.new_context(viewport=WIDE, java_script_enabled=False)
    officer = Person(region, context, PERSONNEL)
    officer.sign_in()
    officer.go("/hasil")
    page = officer.page
    page.get_by_role("link", name="Pemantauan: tenggat").click()
    expect(page.locator("#ringkasan")).to_contain_text(f"Dari {STAGES * MOVES} tugas")
    table = page.get_by_role("table", name="Tahap")
    expect(table.get_by_role("row")).to_have_count(STAGES + 1)
    expect(table.get_by_role("row", name="Pertimbangan atasan langsung")).to_contain_text("100%")
    expect(page.get_by_role("table", name="Bulan").get_by_role("row").last).to_contain_text("20")
    expect(page.locator("main")).to_contain_text("hanya untuk auditor")
    with page.expect_download() as waited:
        page.get_by_role("link", name="Unduh CSV: Tahap").click()
    rows = list(csv.DictReader(waited.value.path().read_text("utf-8").splitlines()))
    assert {(one["tasks"], one["kept"], one["missed"]) for one in rows} == {(str(MOVES), str(MOVES), "0")}
    assert all(float(one["p90"]) >= float(one["median"]) >= 0 for one in rows)
    page.get_by_label("Bandingkan daerah menurut").select_option(label="provinsi")
    page.get_by_role("button", name="Tampilkan").click()
    expect(page.get_by_role("table", name="Daerah")).to_contain_text("Sulawesi Tengah")
    empty = "since=2001-01-01&until=2001-12-31"
    officer.go(f"/pemantauan?{empty}")
    expect(page.locator("main")).to_contain_text("Belum ada tugas yang diputuskan")
    officer.go("/pemantauan?since=2002-01-01&until=2001-01-01")
    expect(page.locator("main")).to_contain_text("PERIOD_TURNED")
    pages = {"monitoring": "/pemantauan?by=agency", "monitoring-empty": f"/pemantauan?by=agency&{empty}"}
    assert shoot(region, browser, officer, pages) == []
    context.close()
    looked_at_by_an_auditor(
        region, browser, [region.get(login, "registry", "/v1/me")["id"] for login in cases.values()]
    )


def looked_at_by_an_auditor(region: Region, browser: Browser, people: list[str]) -> None:
    """What they tell of people is compared, said, and kept nowhere; who holds no office sees nothing."""
    context = browser.new_context(viewport=WIDE, bypass_csp=True)
    auditor = Person(region, context, AUDITOR)
    auditor.sign_in()
    auditor.go("/pemantauan")
    page = auditor.page
    page.get_by_role("button", name="Periksa keadilan").click()
    expect(page.get_by_role("alert")).to_contain_text("Belum ada berkas")
    _look(page, b"nip,sex\n1,F\n")
    expect(page.get_by_role("alert")).to_contain_text("bukan CSV")
    assert faults_of(page) == []
    _look(page, "\n".join(["person,region", *(f"{one},barat" for one in people)]).encode())
    row = page.get_by_role("table", name="Kelompok yang dibandingkan").get_by_role("row").last
    expect(row).to_contain_text(f"{MOVES}")
    expect(row).to_contain_text("100%")
    assert faults_of(page) == []
    context.close()


def _look(page: Page, content: bytes) -> None:
    page.get_by_label("Berkas CSV").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="Periksa keadilan").click()
    page.wait_for_load_state()
