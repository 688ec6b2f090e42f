"""Documents on the running system: stored, named, judged, shown to those who may; nothing lost, nothing left."""

import uuid
from datetime import timedelta
from functools import partial
from typing import Any

import httpx
import pytest

from shared.kernel.documents import documents
from tests.support.papers import pdf
from tests.support.region import Region
from tests.support.shelf import kept, swept

pytest_plugins = ("tests.support.running",)
pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]
SUPERIOR, VERIFIER = "palu-setda-unit-head", "palu-personnel-verifier"


@pytest.fixture(scope="module")
def vacancy(region: Region) -> str:
    """Seats of Binjai for people of other provinces; its policy asks for complete files."""
    post = {"agency": "binjai", "unit": "dinkes", "post": "uji-berkas", "title": "Penelaah", "kind": "staff"}
    region.post(region.system.admin, "registry", "/v1/posts", {**post, "seats": 50, "retirement_age": 58})
    closes = str(region.now().date() + timedelta(days=200))
    offer = {"agency": "binjai", "post": "p:binjai:uji-berkas", "purpose": "Beban kerja", "closes_on": closes}
    more = {"quota": 9, "admits": ["inter_province"]}
    wish = partial(region.ask, "binjai-personnel-verifier", "POST", "registry", "/v1/vacancies", {**offer, **more})

    def published() -> str | None:
        """The registry hears of its own post a moment later."""
        answer = wish()
        return str(answer.json()["id"]) if answer.is_success else None

    return region.until("the vacancy", published)


def drafted(region: Region, vacancy: str) -> tuple[str, str]:
    """Somebody of Palu with a draft for a seat of Binjai: login and case."""
    login = region.colleague()
    return login, region.draft(login, vacancy)


def store(region: Region, login: str, case: str, content: bytes, replica: int = 0) -> httpx.Response:
    """Send the bytes as they are."""
    url = f"{region.system.url('proposal', replica)}/v1/proposals/{case}/files"
    headers = {**region.system.headers(login, uuid.uuid4().hex), "content-type": "application/octet-stream"}
    return region.http.post(url, content=content, headers=headers)


def named(region: Region, kind: str, sha256: str) -> dict[str, Any]:
    """What names it, with number and date where the kind has them."""
    known, on = documents().kind(kind), str(region.now().date() - timedelta(days=1))
    assert known is not None
    return {"kind": kind, "sha256": sha256, **({"number": "800/1", "issued_on": on} if known.numbered else {})}


def code(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a problem."""
    return answer.status_code, answer.json()["code"]


def test_a_file_is_completed_and_looked_at_by_those_who_may(region: Region, vacancy: str) -> None:
    login, case = drafted(region, vacancy)
    path = f"/v1/proposals/{case}"
    refused = region.ask(login, "POST", "proposal", f"{path}/submit", {})
    assert code(refused) == (422, "DOCUMENTS_MISSING")
    missing = refused.json()["values"]["missing"]
    assert len(missing) == len("abcfghij")
    stored = store(region, login, case, pdf(f"Surat {case}")).json()
    assert stored["media"] == "application/pdf"
    for kind in missing:
        region.post(login, "proposal", f"{path}/documents", named(region, kind, stored["sha256"]))
    listed = region.get(login, "proposal", f"{path}/documents")
    assert {line["standing"] for line in listed["checklist"] if line["due"] == "submission"} == {"present"}
    assert listed["enforced"]
    region.post(login, "proposal", f"{path}/submit", {})
    check_looks(region, login, case, {one["kind"]: one["document"] for one in listed["items"]})


def check_looks(region: Region, login: str, case: str, numbers: dict[str, int]) -> None:
    """Who sees what of it (R55), and what is written down."""
    path = f"/v1/proposals/{case}/documents"
    plain, secret = (f"{path}/{numbers[kind]}" for kind in ("latest_decree", "no_process_statement"))
    for who in (login, SUPERIOR, VERIFIER):
        found = region.ask(who, "GET", "proposal", plain)
        assert (found.content, found.headers["content-type"]) == (pdf(f"Surat {case}"), "application/pdf")
    assert code(region.ask(SUPERIOR, "GET", "proposal", f"{secret}?reason=ingin")) == (403, "DOCUMENT_RESTRICTED")
    (hidden,) = [
        one for one in region.get(SUPERIOR, "proposal", path)["items"] if one["kind"] == "no_process_statement"
    ]
    assert "sha256" not in hidden
    assert not hidden["opens"]
    assert code(region.ask(VERIFIER, "GET", "proposal", secret)) == (422, "REASON_NEEDED")
    assert region.ask(VERIFIER, "GET", "proposal", f"{secret}?reason=Verifikasi").is_success
    assert region.ask(login, "GET", "proposal", secret).is_success
    verifier, person = (region.get(who, "registry", "/v1/me")["person"] for who in (VERIFIER, login))
    views = region.get(login, "proposal", f"/v1/proposals/{case}/document-views")
    assert [(one["by"], one["reason"]) for one in views["newest"]] == [(verifier, "Verifikasi"), (person, "")]
    assert region.ask(SUPERIOR, "GET", "proposal", f"/v1/proposals/{case}/document-views").status_code == 403
    stranger = region.colleague()
    for seen in (plain, secret, path):
        assert code(region.ask(stranger, "GET", "proposal", seen)) == (403, "FORBIDDEN")


def test_what_is_no_document_is_refused_and_nothing_is_kept(region: Region, vacancy: str) -> None:
    login, case = drafted(region, vacancy)
    for content, told in (
        (b"<script>alert(1)</script>", "FILE_TYPE"),
        (pdf(catalog="/OpenAction << /S /JavaScript /JS (x) >>"), "FILE_ACTIVE"),
        (pdf() + b"PK", "FILE_MIXED"),
    ):
        assert code(store(region, login, case, content)) == (422, told)
    assert code(store(region, login, case, b"%PDF-" + bytes(5_000_001))) == (413, "TOO_LARGE")
    unknown = region.ask(
        login, "POST", "proposal", f"/v1/proposals/{case}/documents", named(region, "attachment", "0" * 64)
    )
    assert code(unknown) == (422, "FILE_UNKNOWN")
    assert kept(region, case) == []


@pytest.mark.wide
def test_a_kill_between_store_and_command_loses_nothing_and_leaves_only_what_is_swept(
    region: Region, vacancy: str
) -> None:
    """The replica that stored two files is killed; the other names one of them, which stays; what has no name goes."""
    login, case = drafted(region, vacancy)
    first, second = (store(region, login, case, pdf(text), 1).json()["sha256"] for text in ("satu", "dua"))
    replica = region.system.of("proposal", 1)
    replica.server.kill9()
    try:
        body = named(region, "attachment", first)
        region.post(login, "proposal", f"/v1/proposals/{case}/documents", body)
        assert sorted(kept(region, case)) == sorted((first, second))
        swept(region)
        assert kept(region, case) == [first]
        shown = region.ask(login, "GET", "proposal", f"/v1/proposals/{case}/documents/1")
        assert shown.content == pdf("satu")
    finally:
        replica.server.restart()
    region.post(login, "proposal", f"/v1/proposals/{case}/documents/1/remove")
    region.until("its file is erased", lambda: kept(region, case) == [])


def test_files_of_a_forgotten_person_are_erased(region: Region, vacancy: str) -> None:
    login, case = drafted(region, vacancy)
    sha256 = store(region, login, case, pdf("lupakan")).json()["sha256"]
    region.post(login, "proposal", f"/v1/proposals/{case}/documents", named(region, "attachment", sha256))
    person = region.get(login, "registry", "/v1/me")["person"]
    region.post("palu-registrar", "registry", f"/v1/people/{person}/forget", {"reason": "Masa simpan berakhir"})
    region.until("its files are erased", partial(_gone, region, case))
    seen = region.ask(VERIFIER, "GET", "proposal", f"/v1/proposals/{case}/documents/1")
    assert code(seen) == (404, "FILE_ERASED")


def _gone(region: Region, case: str) -> bool:
    return kept(region, case) == []
