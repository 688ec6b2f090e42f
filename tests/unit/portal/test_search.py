"""Searching vacancies: each filter alone and together, and an address that keeps them."""

from typing import Any

import pytest

from services.portal.domain.facts import Place
from services.portal.domain.search import Search, choices

PLACES = {
    "palu": Place(name="Kota Palu", province="Sulawesi Tengah"),
    "binjai": Place(name="Kota Binjai", province="Sumatera Utara"),
    "u1": Place(name="Dinas Kesehatan"),
    "u2": Place(name="Dinas Pendidikan"),
}


def offer(id: str, agency: str, unit: str, title: str, kind: str, closes: str) -> dict[str, Any]:
    seat = {"agency": agency, "unit": unit, "post": "p"}
    return {"id": id, "placement": seat, "post_title": title, "post_kind": kind, "closes_on": closes}


OFFERS = [
    offer("a", "palu", "u1", "Perawat Ahli", "functional", "2027-01-10"),
    offer("b", "palu", "u2", "Pengelola Data", "staff", "2027-02-10"),
    offer("c", "binjai", "u1", "Perawat Terampil", "functional", "2027-03-10"),
]


@pytest.mark.parametrize(
    ("search", "wanted"),
    [
        (Search(), "abc"),
        (Search(cari="PERAWAT palu"), "a"),
        (Search(instansi="binjai"), "c"),
        (Search(wilayah="Sulawesi Tengah"), "ab"),
        (Search(jenis="functional"), "ac"),
        (Search(tutup="2027-02-10"), "ab"),
        (Search(simpanan=True), "b"),
        (Search(jenis="functional", tutup="2027-01-31"), "a"),
        (Search(cari="dokter"), ""),
    ],
)
def test_what_is_found(search: Search, wanted: str) -> None:
    assert "".join(one["id"] for one in search.found(OFFERS, PLACES, {"b"})) == wanted


def test_only_what_some_vacancy_has_can_be_chosen() -> None:
    found = choices(OFFERS, PLACES)
    assert found["instansi"] == [("binjai", "Kota Binjai"), ("palu", "Kota Palu")]
    assert found["wilayah"] == [("Sulawesi Tengah", "Sulawesi Tengah"), ("Sumatera Utara", "Sumatera Utara")]
    assert [kind for kind, _ in found["jenis"]] == ["functional", "staff"]


def test_the_address_keeps_the_search() -> None:
    search = Search(cari="perawat palu", jenis="functional", hal=3)
    assert search.address(hal=4) == "/lowongan?cari=perawat+palu&jenis=functional&hal=4"
    assert search.address(simpanan=True, hal=0) == "/lowongan?cari=perawat+palu&jenis=functional&simpanan=1"
    assert Search().address(hal=0) == "/lowongan"


def test_a_rank_that_does_not_exist_narrows_nothing() -> None:
    assert Search(golongan="X/z").rank == ""
    assert Search(golongan="III/c").rank == "III/c"
