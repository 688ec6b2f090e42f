"""Files through the HTTP door of the running system: templates out, workbooks and JSON in, safe tables out."""

import csv
import io
import json
from typing import Any

import pytest
from openpyxl import load_workbook

from services.registry.imports.kinds import columns
from tests.support.region import Region

pytest_plugins = ("tests.support.running",)
pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]
REGISTRAR = "palu-registrar"


def send(region: Region, kind: str, raw: bytes, **asked: str) -> dict[str, Any]:
    """Upload a file; the report."""
    headers = region.system.headers(REGISTRAR)
    url = f"{region.system.url('registry')}/v1/imports/{kind}"
    answer = region.http.post(url, files={"file": ("anything.bin", raw)}, params=asked, headers=headers)
    assert answer.is_success, answer.text
    return dict(answer.json())


def fetch(region: Region, path: str) -> bytes:
    """A file of the registry."""
    answer = region.ask(REGISTRAR, "GET", "registry", path)
    assert answer.is_success, answer.text
    return answer.content


def test_a_template_is_filled_in_and_sent_back(region: Region) -> None:
    book = load_workbook(io.BytesIO(fetch(region, "/v1/imports/units/template")))
    rows = [
        {"agency": "palu", "unit": "files-a", "name": "'=1+1", "kind": "office"},
        {"agency": "palu", "unit": "files-b", "name": "Unit B", "kind": "office", "parent": "files-a"},
        {"agency": "binjai", "unit": "files-c", "name": "Unit C", "kind": "office"},
    ]
    for row in rows:
        book["data"].append([row.get(name) for name in columns("units")])
    out = io.BytesIO()
    book.save(out)
    dry = send(region, "units", out.getvalue(), dry_run="true")
    assert (dry["rows"], dry["taken"], dry["findings"]) == (3, 3, [])
    report = send(region, "units", out.getvalue())
    assert (report["taken"], [found["rule"] for found in report["findings"]]) == (2, ["NOT_YOUR_AGENCY"])

    table = list(csv.DictReader(io.StringIO(fetch(region, "/v1/exports/units?agency=palu").decode())))
    mine = {row["unit"]: row for row in table if row["unit"].startswith("files-")}
    assert mine["files-a"]["name"] == "'=1+1"
    assert mine["files-b"]["parent"] == "files-a"
    assert {row["agency"] for row in table} == {"palu"}


def test_json_is_taken_and_a_wrong_file_is_named(region: Region) -> None:
    records = [{"agency": "palu", "unit": "files-json", "name": "Unit J", "kind": "office"}]
    assert send(region, "units", json.dumps(records).encode())["taken"] == 1
    assert send(region, "units", b"PK\x03\x04")["findings"][0]["rule"] == "BAD_WORKBOOK"
    assert region.ask("nobody", "GET", "registry", "/v1/exports/people").status_code in (404, 422)


def test_a_file_is_taken_back_as_a_whole_and_not_once_something_stands_on_it(region: Region) -> None:
    raw = b"agency,unit,name,kind\npalu,back-a,A,office\npalu,back-b,B,office\n"
    report = send(region, "units", raw)
    path = f"/v1/imports/{report['import']}"
    assert region.get(REGISTRAR, "registry", path)["status"] == "done"
    assert region.ask("binjai-registrar", "POST", "registry", f"{path}/reverse", {"reason": "x"}).status_code == 403
    region.post(REGISTRAR, "registry", f"{path}/reverse", {"reason": "berkas tahun lalu"})
    table = fetch(region, "/v1/exports/units?agency=palu").decode()
    assert "back-a" not in table
    assert region.get(REGISTRAR, "registry", path)["status"] == "reversed"

    again = send(region, "units", raw)
    assert (again["import"], again["taken"]) == (report["import"], 2)
    post = {"agency": "palu", "unit": "back-a", "post": "back-clerk", "title": "Clerk", "kind": "staff", "seats": 2}
    region.post(REGISTRAR, "registry", "/v1/posts", post)
    answer = region.ask(REGISTRAR, "POST", "registry", f"{path}/reverse", {"reason": "x"})
    assert (answer.status_code, answer.json()["code"]) == (409, "FILE_DECIDED")
    assert "back-b" in fetch(region, "/v1/exports/units?agency=palu").decode()


def test_people_of_a_file_go_with_it(region: Region) -> None:
    row = (
        "palu,setda,setda-analis-kebijakan-muda,{},Pegawai Berkas,1991-05-05,M,PNS,2023-05-02,III/c,S-1,"
        "public_administration"
    )
    columns_ = "agency,unit,post,nip,name,birth_date,sex,employment,post_since,rank,education_level,education_field"
    raw = "\n".join([columns_, *(row.format(f"19910505201501195{n}") for n in range(3))]).encode()
    report = send(region, "people", raw)
    assert (report["taken"], report["findings"]) == (3, [])
    region.post(REGISTRAR, "registry", f"/v1/imports/{report['import']}/reverse", {"reason": "salah berkas"})
    again = send(region, "people", raw, dry_run="true")
    assert again["taken"] == 3
    mine = region.get(REGISTRAR, "registry", "/v1/people?agency=palu&unit=u:palu:setda&limit=200")["items"]
    assert "Pegawai Berkas" not in {person["particulars"]["name"] for person in mine if person["particulars"]}
