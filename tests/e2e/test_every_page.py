"""Every page of the portal, in both languages and every size, looked at by axe and by our own checks: with data, empty,
refused, and with 200 rows. A page that is added and not opened here fails the first test."""

import json
from collections.abc import Iterator, Mapping

import pytest
from playwright.sync_api import Browser, expect

from deploy.local.stack import Stack
from services.portal.site import PAGES
from tests.e2e.visitor import CHROMIUM, WIDE, Person, command, reload_until, shoot, visiting
from tests.e2e.world import World, running_world

expect.set_options(timeout=60_000)  # the machine may be busy
pytest_plugins = ("tests.e2e.browser",)
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.wide,
    pytest.mark.timeout(1500),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}: apt-get install -y chromium"),
]
NO_PAGES = {
    *("/masuk", "/kembali", "/cases", "/cases/{case}", "/tasks", "/contests", "/groups/{group}", "/notices"),
    *("/quality", "/corrections", "/corrections/mine"),
    *("/plans/{plan}", "/rankings/{vacancy}", "/reviews"),
    *("/langsung/saya", "/langsung/tugas", "/langsung/perkara/{case}"),
    *("/perkara/{case}/sk.pdf", "/hasil.csv", "/instansi/impor/templat/{kind}", "/perkara/{case}/tenggat.ics"),
    *("/pemantauan.csv", "/perkara/{case}/linimasa.csv"),
}
"""They lead elsewhere, stream, or hand out a file."""
VISITOR = {
    "start": "/",
    "track": "/lacak",
    "track-unknown": "/lacak?tanda=MT-1",
    "verify": "/verifikasi",
    "public": "/publik",
}
ROWS = 200
TITLE = "Pengelola Pertanggungjawaban Penyelenggaraan Ketenagakerjaan dan Ketransmigrasian"


@pytest.fixture(scope="module")
def world(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The running system with a world of this test's own, whose people may sign in."""
    with running_world(stack, tmp_path_factory.mktemp("pages")) as made:
        yield made


def own(case: str, draft: str) -> dict[str, str]:
    """Pages of somebody who proposes a move."""
    steps = ("lowongan", "syarat", "tujuan", "hasil", "alasan", "dokumen", "periksa")
    here = {f"case-{name or 'whole'}": f"/perkara/{case}/{name}".rstrip("/") for name in ("", *CASE)}
    lists = {"mine": "/saya", "apply": "/ajukan", "vacancies": "/lowongan", "vacancies-none": "/lowongan?cari=tiada"}
    more = {"career": "/karier", "notices": "/pemberitahuan", "reviews": "/evaluasi", "plans": "/rencana"}
    more |= {"my-data": "/data-saya", "my-correction": "/data-saya/perbaikan/performance"}
    trouble = {"refused": "/operasi", "unknown": "/tidak-ada", "nobodys-case": "/perkara/c-unknown"}
    drafted = {f"draft-{step}": f"/ajukan/{draft}/{step}" for step in steps}
    return {**lists, **more, **trouble, **drafted, **here, "agency-refused": "/instansi"}


CASE = ("tanda-terima", "tarik", "dokumen", "dokumen/1", "perubahan", "keberatan", "suara", "berkas/attachment")
OFFICIAL = {
    **{"tasks": "/tugas", "tasks-none": "/tugas?tahap=ppk&lewat=1", "tasks-substitute": "/tugas?lihat=substitute"},
    **{"substitutes": "/pengganti", "rankings": "/peringkat", "contests": "/peninjauan", "outcomes": "/hasil"},
    **{"monitoring": "/pemantauan", "monitoring-regions": "/pemantauan?by=agency"},
    **{"quality": "/mutu-data", "corrections": "/perbaikan-data"},
    **{"agency": "/instansi", "openings": "/instansi/lowongan?semua=1", "voices": "/instansi/usulan"},
    **{"letters": "/instansi/penugasan", "import": "/instansi/impor", "sponsoring": "/instansi/usulan/baru"},
    **{"plan-unknown": "/rencana/p-unknown", "plan-mine-unknown": "/rencana/p-unknown/saya"},
    **{"scenario-unknown": "/rencana/p-unknown/skenario/s", "ranking-unknown": "/peringkat/v-unknown"},
    **{"plan-new": "/rencana/baru", "scenario-new-unknown": "/rencana/p-unknown/tulis"},
    **{
        "lists-unknown": "/rencana/p-unknown/skenario/s/isian",
        "list-unknown": "/rencana/p-unknown/skenario/s/isian/minat",
    },
    **{"group-unknown": "/tukar/g-unknown", "upload-unknown": "/instansi/impor/unknown"},
    **{"reorganisation-unknown": "/instansi/penugasan/reorganisasi/r-unknown"},
}
"""Pages of somebody who holds an office; plans, rankings, exchanges and decrees with data have tests of their own that
look at them with the same eyes."""
OPERATOR = {"operations": "/operasi", "histories": "/operasi/riwayat?jenis=registry/units"}


def there(agency: str, vacancy: str, case: str) -> dict[str, str]:
    """Pages about what a world made."""
    about = {"vacancy": f"/lowongan/{vacancy}", "opening": f"/instansi/lowongan/{vacancy}"}
    about |= {"unit": f"/instansi/unit/u:{agency}:tujuan", "need": f"/instansi/kebutuhan/p:{agency}:analis"}
    about |= {
        "task": f"/tugas/{case}.1.1",
        "compare": f"/lowongan/banding?v={vacancy}",
        "draft-upload": "/ajukan/d/dokumen/no_process_statement",
    }
    return about | {"paper-unknown": f"/verifikasi/{'0' * 64}"}


def test_every_page_is_looked_at() -> None:
    paths = [*VISITOR.values(), *own("c", "d").values(), *OFFICIAL.values(), *OPERATOR.values()]
    opened = [path.partition("?")[0] for path in (*paths, *there("a", "v", "c").values())]
    routes = [route for part in PAGES for route in part.router.routes if "GET" in route.methods]
    unseen = [route.path for route in routes if not any(route.path_regex.fullmatch(path) for path in opened)]
    assert set(unseen) <= NO_PAGES


def looked_at(world: World, browser: Browser, login: str, paths: Mapping[str, str]) -> list[str]:
    """What is wrong with these pages for that login, "" for nobody."""
    person = Person(world, browser.new_context(viewport=WIDE), login) if not login else visiting(world, browser, login)
    found = shoot(world, browser, person, dict(paths))
    person.page.context.close()
    return found


def test_all_pages_with_data_empty_and_refused(world: World, browser: Browser) -> None:
    wish = ("--purpose", "p", "--expected-result", "e", "--reason", world.mark, "--consent")
    applied = command(world, world.applicant, "apply", world.vacancy, *wish)
    assert applied.returncode == 0, applied.stderr
    case = str(json.loads(applied.stdout)["id"])
    mine = visiting(world, browser, world.applicant)
    mine.go(f"/perkara/{case}")
    reload_until(mine.page, "Menunggu Atasan langsung")
    mine.go(f"/lowongan/{world.vacancy}")
    mine.page.get_by_role("button", name="Ajukan usulan untuk lowongan ini").click()
    draft = mine.page.url.split("/")[-2]
    mine.page.context.close()
    held = {**OFFICIAL, **there(world.agency, world.vacancy, case)}
    found = looked_at(world, browser, world.applicant, own(case, draft))
    found += looked_at(world, browser, world.login("direct_superior"), held)
    found += looked_at(world, browser, world.system.admin, OPERATOR)
    assert found + looked_at(world, browser, "", VISITOR) == []


def test_pages_with_two_hundred_rows(world: World, browser: Browser) -> None:
    posts = [f"{world.agency},tujuan,banyak{n},{TITLE} {n},staff,2,II/a,15" for n in range(ROWS)]
    world.load("posts", "agency,unit,post,title,kind,seats,rank_min,education_min", *posts)
    offers = [f"{world.agency},banyak{n},1,2030-12-31,Beban kerja,R{n}-{world.mark}" for n in range(ROWS)]
    world.load("vacancies", "agency,post,quota,closes_on,purpose,reference", *offers)
    admin = visiting(world, browser, world.system.admin)
    bad = "\n".join(["agency,unit,name,kind", *(f"{world.agency},x{n},,office" for n in range(ROWS + 5))])
    admin.go("/instansi/impor")
    admin.page.get_by_label("Isi berkas").select_option("units")
    file = {"name": "unit.csv", "mimeType": "text/csv", "buffer": bad.encode()}
    admin.page.get_by_label("Berkas (CSV").set_input_files(file)  # type: ignore[arg-type]
    admin.page.get_by_role("button", name="Coba berkas ini").click()
    expect(admin.page.locator("tbody tr")).to_have_count(ROWS)
    report = {"many-findings": admin.page.url.removeprefix(admin.url)}
    assert shoot(world, browser, admin, report) == []
    admin.page.context.close()
    many = {"many-posts": f"/instansi/unit/u:{world.agency}:tujuan", "many-openings": "/instansi/lowongan"}
    many |= {"many-vacancies": "/lowongan", "many-apply": "/ajukan"}
    assert looked_at(world, browser, world.login("ppk"), many) == []
