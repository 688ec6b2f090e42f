"""A signed decree in the hands of its holder: checked by page and command, objected to, revoked, in a real browser."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Browser, expect

from deploy.local.signing import authority
from deploy.local.stack import Stack
from shared.signature import check, roots_in
from tests.e2e.visitor import CHROMIUM, WIDE, Person, command, reload_until, shoot
from tests.e2e.world import OFFICES, World, running_world, until

pytest_plugins = ("tests.e2e.browser",)
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.wide,
    pytest.mark.timeout(840),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}: apt-get install -y chromium"),
]
GROUNDS = "Jabatan baru tidak sesuai dengan kualifikasi saya"


@pytest.fixture(scope="module")
def roots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The certificates of an authority of this test's own."""
    return authority(tmp_path_factory.mktemp("authority")) / "root.pem"


@pytest.fixture(scope="module")
def world(stack: Stack, roots: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The running system with signing switched on."""
    env = {"MUTASI_SIGNING_FOLDER": str(roots.parent), "MUTASI_SIGNING_ROOTS": str(roots)}
    with running_world(stack, tmp_path_factory.mktemp("verify"), env=env) as made:
        yield made


def ask(world: World, login: str, method: str, service: str, path: str, body: object = None) -> httpx.Response:
    headers = world.system.headers(login, uuid4().hex)
    return httpx.request(method, world.system.url(service) + path, json=body, headers=headers, timeout=60)


def decreed(world: World) -> dict[str, Any]:
    """A decree that went through the whole chain, signed."""
    wish = {"vacancy": world.vacancy, "purpose": "p", "expected_result": "e", "reason": "r", "consent": True}
    key = world.system.headers(world.applicant, uuid4().hex)

    def drafted() -> str | None:
        url = world.system.url("proposal") + "/v1/proposals"
        reply = httpx.post(url, json=wish, headers=key, timeout=60)
        return str(reply.json()["id"]) if reply.is_success else None

    case = until(drafted, "the draft", 60)
    assert ask(world, world.applicant, "POST", "proposal", f"/v1/proposals/{case}/submit", {}).is_success
    for n, (office, _) in enumerate(OFFICES, 1):
        task, official = f"/v1/tasks/{case}.1.{n}", world.login(office)
        until(lambda who=official, at=task: ask(world, who, "POST", "approval", f"{at}/claim").is_success, office, 90)  # type: ignore[misc]
        said = ask(world, official, "POST", "approval", f"{task}/decide", {"decision": "approve"})
        assert said.is_success, said.text

    def signed() -> dict[str, Any] | None:
        seen = ask(world, world.applicant, "GET", "approval", f"/v1/cases/{case}").json()
        path = f"/v1/decrees/{seen.get('decree')}"
        found = ask(world, world.applicant, "GET", "approval", path).json() if seen.get("decree") else {}
        done = found.get("signatures", {}).get(found.get("decree"), {})
        return {**found, "case": case} if done.get("status") == "signed" else None

    return until(signed, "the signature", 120)


@pytest.fixture(scope="module")
def decree(world: World) -> dict[str, Any]:
    """The decree, its `path` in the approval's door, its `page` at the portal."""
    found = decreed(world)
    return {**found, "path": f"/v1/decrees/{found['decree']}", "page": f"/verifikasi/{found['digest']}"}


@pytest.fixture(scope="module")
def content(world: World, decree: dict[str, Any]) -> bytes:
    """The signed file."""
    return ask(world, world.applicant, "GET", "approval", f"{decree['path']}/pdf?form=signed").content


@pytest.fixture(scope="module")
def changed(content: bytes) -> bytes:
    """The same with one byte changed."""
    place = len(content) // 3
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def test_a_decree_is_signed_by_itself_and_once(
    world: World, roots: Path, decree: dict[str, Any], content: bytes
) -> None:
    path = decree["path"]
    finding = check(content, roots_in(roots))
    assert finding.genuine
    assert (finding.signer, finding.digest) == (f"ppk {world.mark}", decree["digest"])
    if folder := os.environ.get("MUTASI_SCREENSHOTS"):
        plain = ask(world, world.applicant, "GET", "approval", f"{path}/pdf?form=print").content
        assert content.startswith(plain), "printed again it is the same, byte for byte"
        (Path(folder) / "signed.pdf").write_bytes(content)
        (Path(folder) / "plain.pdf").write_bytes(plain)
    again = ask(
        world, world.login("ppk"), "POST", "approval", "/v1/decrees/sign", {"papers": [decree["decree"], "sk-x"]}
    )
    assert [row["code"] for row in again.json()["items"]] == ["ALREADY_SIGNED", "NOT_FOUND"]


def test_page_and_file_without_signing_in(world: World, decree: dict[str, Any], content: bytes, changed: bytes) -> None:
    url, page = world.system.url("portal"), decree["page"]

    def shows() -> str | None:
        reply = httpx.get(url + page)
        return reply.text if reply.is_success else None

    shown = until(shows, "the page", 60)
    assert "Terdaftar dan berlaku" in shown
    assert f"Pemohon {world.mark}" in shown
    assert "NIP" not in shown
    assert httpx.get(f"{url}/verifikasi").status_code == 200
    assert httpx.get(f"{url}/verifikasi/{'0' * 64}").status_code == 404
    good = httpx.post(f"{url}/verifikasi", files={"file": ("sk.pdf", content)}, timeout=60)
    assert (good.status_code, "Asli dan berlaku" in good.text) == (200, True)
    bad = httpx.post(f"{url}/verifikasi", files={"file": ("sk.pdf", changed)}, timeout=60)
    assert bad.status_code == 422
    assert "Pemohon" not in bad.text
    assert httpx.post(f"{url}/verifikasi", timeout=60).status_code == 422


def test_the_same_by_command_also_with_nobody_to_ask(
    world: World, roots: Path, content: bytes, changed: bytes, tmp_path: Path
) -> None:
    file, broken = tmp_path / "sk.pdf", tmp_path / "changed.pdf"
    file.write_bytes(content)
    broken.write_bytes(changed)
    verify = ("decree", "verify", "--roots", str(roots))
    online = command(world, world.applicant, *verify, str(file))
    assert online.returncode == 0, online.stderr
    assert json.loads(online.stdout)["standing"]["signed_file"] is True
    offline = command(world, world.applicant, *verify, "--offline", str(file))
    assert (offline.returncode, "standing" in json.loads(offline.stdout)) == (0, False)
    assert command(world, world.applicant, *verify, "--offline", str(broken)).returncode == 6


def test_the_person_objects_on_the_page_of_the_case_and_the_paper_is_revoked(
    world: World, browser: Browser, roots: Path, decree: dict[str, Any], content: bytes, tmp_path: Path
) -> None:
    url, path, page = world.system.url("portal"), decree["path"], decree["page"]
    context = browser.new_context(viewport=WIDE, java_script_enabled=False)
    mine = Person(world, context, world.applicant)
    mine.sign_in()
    mine.go(f"/perkara/{decree['case']}")
    reload_until(mine.page, "Ajukan keberatan")
    expect(mine.page.locator("main")).to_contain_text("UU 30/2014")
    expect(mine.page.locator("main")).to_contain_text("PP 79/2021")
    views = {"decreed": f"/perkara/{decree['case']}", "objection": f"/perkara/{decree['case']}/keberatan"}
    assert shoot(world, browser, mine, {**views, "verify": page, "verify-empty": "/verifikasi"}) == []
    mine.page.get_by_role("link", name="Ajukan keberatan").click()
    mine.page.get_by_role("button", name="Ajukan keberatan ini").click()
    expect(mine.page.get_by_role("alert")).to_be_visible()
    mine.page.get_by_label("Alasan keberatan").fill(GROUNDS)
    mine.page.get_by_role("button", name="Ajukan keberatan ini").click()
    expect(mine.page.get_by_role("status")).to_contain_text("Keberatan Anda sudah diajukan")
    expect(mine.page.locator("main")).to_contain_text("menunggu jawaban")

    answer = {"outcome": "granted", "reason": "Kualifikasi memang tidak sesuai"}
    said = ask(world, world.login("ppk"), "POST", "approval", f"{path}/objection/answer", answer)
    assert said.is_success, said.text
    until(lambda: "tidak berlaku" in httpx.get(url + page).text, "the revocation", 60)
    held = httpx.post(f"{url}/verifikasi", files={"file": ("sk.pdf", content)}, timeout=60)
    assert "Asli, tetapi sudah tidak berlaku" in held.text
    assert "Dicabut dengan" in held.text
    file = tmp_path / "sk.pdf"
    file.write_bytes(content)
    revoked = command(world, world.applicant, "decree", "verify", "--roots", str(roots), str(file))
    assert (revoked.returncode, json.loads(revoked.stderr)["code"]) == (1, "REVOKED")
    mine.go(f"/perkara/{decree['case']}")
    expect(mine.page.locator("main")).to_contain_text("dikabulkan")
    assert shoot(world, browser, mine, {"verify-revoked": page}) == []
    context.close()
