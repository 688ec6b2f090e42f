"""K8: a unit is dissolved, everybody on one list from a file, each step through HTTP of running processes."""

import uuid
from functools import partial
from io import BytesIO
from typing import Any

import httpx
import pytest
from openpyxl import Workbook

from tests.support.region import CHAIN, Region

pytest_plugins = ("tests.support.running",)
pytestmark = [pytest.mark.e2e, pytest.mark.wide, pytest.mark.timeout(900)]
REGISTRAR = "palu-registrar"
STAGES = ("personnel_verifier", "performance_team", "bkn_liaison", "ppk")
ABOUT = {
    "agency": "palu",
    "unit": "uji-lama",
    "number": "7 Tahun 2026",
    "dated": "2026-10-01",
    "issuer": "Wali Kota Palu",
    "purpose": "Penggabungan dinas yang melayani warga yang sama",
    "expected_result": "Satu loket layanan",
}


def _units(region: Region) -> None:
    for unit in ("uji-lama", "uji-baru"):
        about = {"agency": "palu", "unit": unit, "name": f"Dinas {unit}", "kind": "office"}
        region.post(region.system.admin, "registry", "/v1/units", about)
        post = {"agency": "palu", "unit": unit, "post": f"{unit}-penata", "title": "Penata Layanan", "kind": "staff"}
        region.post(region.system.admin, "registry", "/v1/posts", post | {"seats": 9, "retirement_age": 58})


def _person(region: Region) -> tuple[str, str]:
    """Somebody of the unit that is dissolved: login and number."""
    login = region.colleague(unit="uji-lama", post="uji-lama-penata")
    return login, str(region.get(login, "registry", "/v1/me")["particulars"]["nip"])


def _book(nips: list[str]) -> bytes:
    """The list as a workbook."""
    book, file = Workbook(), BytesIO()
    for row in [("nip", "post"), *((nip, "uji-baru-penata") for nip in nips)]:
        book.worksheets[0].append(row)
    book.save(file)
    return file.getvalue()


def _sent(region: Region, nips: list[str], key: str, **params: str) -> httpx.Response:
    headers = region.system.headers(REGISTRAR, key)
    url = region.system.url("registry") + "/v1/reorganisations"
    return region.http.post(url, params=ABOUT | params, files={"file": _book(nips)}, headers=headers)


def test_k8_everybody_of_a_dissolved_unit_moves_by_one_list_and_nobody_is_forgotten(region: Region) -> None:
    """A file that forgets somebody is not taken; the whole one goes through one chain to one decree event."""
    _units(region)
    people = [_person(region) for _ in range(3)]
    nips, key = [nip for _, nip in people], uuid.uuid4().hex
    tried = _sent(region, nips[:2], key, dry_run="true").raise_for_status().json()
    assert (tried["whole"], len(tried["missing"])) == (False, 1)
    assert tried["missing"][0]["name"] in tried["findings"][0]["cell"], "they are named"
    forgot = _sent(region, nips[:2], key)
    assert (forgot.status_code, forgot.json()["code"]) == (422, "LIST_NOT_WHOLE")
    denied = region.http.post(
        region.system.url("registry") + "/v1/reorganisations",
        params=ABOUT,
        files={"file": _book(nips)},
        headers=region.system.headers(people[0][0], key),
    )
    assert denied.status_code == 403
    made = _sent(region, nips, key).raise_for_status().json()
    assert _sent(region, nips, key).json()["id"] == made["id"], "the same request meets the same list"

    for stage in STAGES:
        task = region.until(f"the task of {stage}", lambda stage=stage: _task(region, CHAIN[stage], made["id"]))  # type: ignore[misc]
        region.post(CHAIN[stage], "approval", f"/v1/tasks/{task}/decide", {"decision": "approve", "take": True})
    papers = [_paper(region, login, f"{made['id']}-{n}") for n, (login, _) in enumerate(people, 1)]
    first = papers[0]["number"]
    assert [paper["number"] for paper in papers] == [first, first + 1, first + 2]
    region.ask(
        REGISTRAR, "PATCH", "registry", f"/v1/people/{papers[2]['person']}", {"under_process": True}
    ).raise_for_status()
    region.advance(papers[0]["effective_on"])
    found = region.until("nobody is waited for", lambda: _completed(region, made["id"]))
    came = [found["done"][f"{made['id']}-{n}"] for n in (1, 2, 3)]
    assert came == ["", "", "PROSES_DISIPLIN"], "one who cannot move holds up nobody"
    for login, unit in zip((login for login, _ in people), ("uji-baru", "uji-baru", "uji-lama"), strict=True):
        assert region.get(login, "registry", "/v1/me")["profile"]["placement"]["unit"] == f"u:palu:{unit}"


def _task(region: Region, login: str, roster: str) -> str | None:
    rows = region.get(login, "approval", "/v1/tasks?limit=100")["items"]
    return next((row["task"] for row in rows if row["case"] == roster), None)


def _paper(region: Region, login: str, case: str) -> Any:
    """The own paper; of somebody on a list there is a case only once there is one."""
    region.until("the paper", partial(region.answers, login, "approval", f"/v1/cases/{case}"))
    return region.decree(login, case)


def _completed(region: Region, id: str) -> Any:
    found = region.get(REGISTRAR, "registry", f"/v1/reorganisations/{id}")
    return found if found["status"] == "completed" else None
