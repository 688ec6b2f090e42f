"""A file brings somebody onto a seat that is reserved for another: that one's case waits, is told so, and goes on once
there is a seat."""

from functools import partial
from typing import Any

import pytest

from tests.support.offers import offer
from tests.support.region import Region

pytest_plugins = ("tests.support.running",)
pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]
REGISTRAR, POST = "palu-registrar", "uji-terisi"
SEAT = {
    "agency": "palu",
    "unit": "disdukcapil",
    "post": POST,
    "title": "Pengolah Data Uji",
    "kind": "staff",
    "seats": 1,
    "retirement_age": 58,
    "requirements": {"rank_min": "III/a", "rank_max": "III/d", "education_min": "40"},
}
FILE = (
    "agency,unit,post,nip,name,birth_date,sex,employment,post_since,rank,education_level,education_field\n"
    f"palu,disdukcapil,{POST},199203152017011977,Pegawai Terisi,1992-03-15,M,PNS,2023-05-02,III/b,S-1,law\n"
)


def imported(region: Region, kind: str, text: str) -> dict[str, Any]:
    """The report of a file."""
    headers, url = region.system.headers(REGISTRAR), f"{region.system.url('registry')}/v1/imports/{kind}"
    answer = region.http.post(url, files={"file": ("berkas.csv", text.encode())}, headers=headers)
    assert answer.is_success, answer.text
    return dict(answer.json())


def published(region: Region) -> str:
    """A vacancy for the only seat, as soon as the registry has heard of its own post."""
    wanted = offer("uji-terisi", post=f"p:palu:{POST}")

    def made() -> str | None:
        answer = region.ask(REGISTRAR, "POST", "registry", "/v1/vacancies", wanted)
        return str(answer.json()["id"]) if answer.is_success else None

    return region.until("the vacancy", made)


def held(region: Region, login: str, case: str, *, seat: bool) -> Any:
    """The case, once it has a seat or waits for one."""

    def there() -> Any:
        found = region.get(login, "proposal", f"/v1/proposals/{case}")
        return found if (found["reserved"], found["suspended"] is None) == (seat, seat) else None

    return region.until(f"{case} {'has' if seat else 'waits for'} a seat", there)


def told(region: Region, login: str, case: str, subject: str) -> bool:
    """True once a mail with this subject came."""
    return subject in region.mails(f"{login}@palu.example", case)


def test_a_reserved_seat_that_a_file_takes(region: Region) -> None:
    region.post(REGISTRAR, "registry", "/v1/posts", SEAT)
    vacancy, login = published(region), region.colleague()
    case = region.apply(login, vacancy)
    held(region, login, case, seat=True)

    report = imported(region, "people", FILE)
    assert (report["taken"], report["findings"]) == (1, [])
    waits = held(region, login, case, seat=False)
    assert waits["status"] == "submitted"
    mail = "Formasi untuk mutasi Anda terisi; usulan Anda menunggu"
    region.until("the mail that the case waits", partial(told, region, login, case, mail))

    more = "agency,unit,post,title,kind,seats,retirement_age,rank_min,rank_max,education_min\n"
    more += f"palu,disdukcapil,{POST},Pengolah Data Uji,staff,2,58,III/a,III/d,S-1\n"
    assert imported(region, "posts", more)["taken"] == 1
    held(region, login, case, seat=True)
    again = "Formasi untuk mutasi Anda tersedia kembali"
    region.until("the mail that it goes on", partial(told, region, login, case, again))
