"""Kabupaten Sigi on the running system: its officials, its doctors, and their way to Surakarta (K3)."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from hashlib import sha256
from zoneinfo import ZoneInfo

import httpx

from tests.support.region import LEVELS, Region

SOLO = "surakarta-personnel-verifier"
BEFORE = {
    "receiving_verifier": SOLO,
    "receiving_ppk": "surakarta-ppk",
    "unit_head": "sigi-unit-head",
    "personnel_verifier": "sigi-verifier",
    "origin_ppk": "sigi-ppk",
}
AFTER = {"home_affairs": "surakarta-bkn-liaison", "appointment": "surakarta-ppk"}
CHAIN = {**BEFORE, "bkn": "surakarta-bkn-liaison", **AFTER}
"""Stage of K3 -> who decides there; at `bkn` the clerk, when BKN's own system does not."""
PEOPLE = (
    ("yusuf", "dr. Yusuf Mandagi", ()),
    ("sigi-unit-head", "Ibu Kepala", ("unit_head",)),
    ("sigi-verifier", "Pak Verifikator", ("personnel_verifier",)),
    ("sigi-ppk", "Bupati Sigi", ("ppk",)),
    ("gubernur-sulteng", "Gubernur Sulawesi Tengah", ("governor",)),
)
HEARD = (("proposal", "/v1/proposals"), ("approval", "/v1/cases"))


def with_sigi(region: Region) -> Region:
    """The region with Kabupaten Sigi, dr. Yusuf and its officials, and a post for doctors in Surakarta, made once."""
    admin = region.system.admin
    if region.answers(admin, "registry", "/v1/posts/p:surakarta:uji-dokter"):
        return region
    agency = {"agency": "sigi", "name": "Pemerintah Kabupaten Sigi", "kind": "regency", "zone": "WITA"}
    region.post(admin, "registry", "/v1/agencies", agency | {"province": "Sulawesi Tengah"})
    unit = {"agency": "sigi", "unit": "puskesmas", "name": "Puskesmas Biromaru", "kind": "health_centre"}
    region.post(admin, "registry", "/v1/units", unit)
    for place, unit_code in (("sigi", "puskesmas"), ("surakarta", "dinkes")):
        post = {"agency": place, "unit": unit_code, "post": "uji-dokter", "title": "Dokter Ahli Muda", "seats": 50}
        post |= {"kind": "functional", "retirement_age": 60, "requirements": {"education_fields": ["medicine"]}}
        region.post(admin, "registry", "/v1/posts", post)
    for number, (login, name, offices) in enumerate(PEOPLE, 1):
        _person(region, login, name, number, offices)
    for login, *_ in PEOPLE:
        _heard(region, login)
    return region


def doctor(region: Region, number: int) -> str:
    """One more doctor of Sigi, the number from 1: the login."""
    login = f"dokter-{number}"
    _person(region, login, f"dr. {login}", len(PEOPLE) + number, ())
    _heard(region, login)
    return login


def _heard(region: Region, login: str) -> None:
    for service, path in HEARD:
        region.until(f"{service} knows {login}", partial(region.answers, login, service, path))


def _person(region: Region, login: str, name: str, number: int, offices: tuple[str, ...]) -> None:
    admin, year = region.system.admin, region.now().year
    person = {
        "agency": "sigi", "unit": "puskesmas", "post": "uji-dokter", "name": name, "email": f"{login}@sigi.example",
        "nip": f"198711232015031{900 + number}", "employment": "PNS",
        "birth_date": "1987-11-23", "post_since": str(region.now().date() - timedelta(days=1200)), "rank": "III/d",
        "education_level": "40", "education_field": "medicine", "competences": dict.fromkeys(LEVELS, 3),
        "performance": {str(year - 2): "good", str(year - 1): "good"}, "under_process": False,
        "study_assignment": False, "service_bond": False,
    }  # fmt: skip
    made = region.post(admin, "registry", "/v1/people", person)["id"]
    region.post(admin, "registry", f"/v1/people/{made}/account", {"login": login})
    for office in offices:
        held = {"office": office, "agency": "sigi", "since": "2026-01-02"}
        held |= {"unit": "puskesmas"} if office == "unit_head" else {}
        region.post(admin, "registry", f"/v1/people/{made}/offices", held)


def vacancy(region: Region) -> str:
    """A seat for a doctor in Surakarta that people of other provinces may have."""
    offered = {"agency": "surakarta", "post": "p:surakarta:uji-dokter", "quota": 1, "admits": ["inter_province"]}
    offered |= {"closes_on": str(region.now().date() + timedelta(days=200))}
    offered |= {"purpose": "Dokter: beban kerja 6, pegawai 3"}
    return str(region.post(SOLO, "registry", "/v1/vacancies", offered)["id"])


def today(region: Region, zone: str) -> str:
    """The day it is there."""
    return str(region.now().astimezone(ZoneInfo(zone)).date())


def decide(
    region: Region, login: str, case: str, stage: str, chain: Mapping[str, str] = CHAIN, **changes: object
) -> httpx.Response:
    """The official of a stage of that person's case claims and decides, with the letter where one is asked for."""
    seen = region.turn(login, case, stage)
    planned = next(one for one in seen["plan"] if one["id"] == stage)
    dated, digest = today(region, "Asia/Jakarta"), sha256(stage.encode()).hexdigest()
    letter = {"number": f"800/{stage}", "dated": dated, "sha256": digest, "issuer": planned["issuer"], **changes}
    body = {"decision": "approve", "take": True, "letter": letter if planned["letter"] else None}
    return region.ask(chain[stage], "POST", "approval", f"/v1/tasks/{seen['task']['task']}/decide", body)
