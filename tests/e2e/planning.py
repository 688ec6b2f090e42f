"""A city with too few and too many people, and the steps of a planner at work, through the public doors only."""

import uuid
from datetime import date, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from tests.support.region import LEVELS, Region

PLANNER, PPK, REGISTRAR = "palu-personnel-verifier", "palu-ppk", "palu-registrar"
WHY = "Pengaduan layanan kependudukan naik dari 41 menjadi 96 sebulan"
NUMBERS = count()  # nobody is born on the day of another, so that every NIP is its own
TOLD = {"benefit": "Lebih dekat dengan layanan", "training": "Aplikasi kependudukan, dua hari"}
REGION = {"dukcapil": "barat", "dinkes": "timur", "disdik": "barat"}
NEED, HAVE = {"dukcapil": 6, "dinkes": 8, "disdik": 5}, {"dukcapil": 3, "dinkes": 8, "disdik": 9}
DEMANDS: dict[str, dict[str, Any]] = {
    "dukcapil": {"experience_fields": ["public_service"], "experience_years": 2},
    "dinkes": {"education_fields": ["health"]},
    "disdik": {},
}


class City:
    """Three units of a city of their own, each with one post, and who works there. `served` are those of Disdik with a
    background in service."""

    def __init__(self, region: Region) -> None:
        self.region, self.mark = region, uuid.uuid4().hex[:6]
        admin, self.people = region.system.admin, {unit: list[str]() for unit in NEED}
        for unit in NEED:
            name = f"{unit}-{self.mark}"
            told = {"agency": "palu", "unit": name, "name": f"Dinas {name}", "kind": "office"}
            region.post(admin, "registry", "/v1/units", told)
            self._post(name, unit)
        for unit in (unit for unit, have in HAVE.items() for _ in range(have)):
            self.people[unit].append(self._person(unit, next(NUMBERS)))
        self.served = self.people["disdik"][:4]

    def _post(self, name: str, unit: str) -> None:
        ranks = {"rank_min": "III/a", "rank_max": "III/d", "education_min": "40"}
        post = {
            "agency": "palu",
            "unit": name,
            "post": f"{name}-analis",
            "title": "Analis",
            "kind": "staff",
            "seats": 9,
        }
        body = {**post, "retirement_age": 58, "requirements": {**ranks, **DEMANDS[unit]}}
        self.region.post(self.region.system.admin, "registry", "/v1/posts", body)

    def _person(self, unit: str, number: int) -> str:
        today, born = self.region.now().date(), date(1980, 1, 1) + timedelta(days=number * 11)
        serves = unit == "dukcapil" or (unit == "disdik" and len(self.people["disdik"]) < 4)
        person = {
            "agency": "palu",
            "unit": f"{unit}-{self.mark}",
            "post": f"{unit}-{self.mark}-analis",
            "name": f"Pegawai {unit} {number}",
            "nip": f"{born:%Y%m%d}2010012901",
            "email": f"{unit}-{number}-{self.mark}@palu.example",
            "birth_date": str(born),
            "employment": "PNS",
            "post_since": str(today - timedelta(days=2000)),
            "rank": "III/c",
            "education_level": "40",
            "education_field": "health" if unit == "dinkes" else "public_administration",
            "performance": {str(today.year - 2): "good", str(today.year - 1): "good"},
            "competences": dict.fromkeys(LEVELS, 3),
            "experience": [{"field": "public_service" if serves else "teaching", "years": 4}],
            "under_process": False,
            "study_assignment": False,
            "service_bond": False,
        }
        return str(self.region.post(REGISTRAR, "registry", "/v1/people", person)["id"])

    def post(self, unit: str) -> str:
        """Id of the unit's post."""
        return f"p:palu:{unit}-{self.mark}-analis"

    def scenario(self, **more: object) -> dict[str, object]:
        """What the planner sets: the needs, and everybody of Disdik as candidate with the reason."""
        units = {unit: f"u:palu:{unit}-{self.mark}" for unit in NEED}
        needs = [{"unit": units[u], "need": 100 * n, "floor": 1, "region": REGION[u]} for u, n in NEED.items()]
        duties = [{"person": id, "reason": WHY} for id in self.people["disdik"]]
        return {"needs": needs, "duties": duties, "seed": 2026, **more}

    def login(self, person: str) -> str:
        """A login of this person, once the evaluation knows them."""
        login = f"plan-{person[-8:].lower()}-{self.mark}"
        self.region.post(REGISTRAR, "registry", f"/v1/people/{person}/account", {"login": login})
        self.region.until(login, lambda: self.region.answers(login, "proposal", "/v1/proposals"))
        return login


class Studio:
    """A planner at work on one plan."""

    def __init__(self, region: Region) -> None:
        self.region = region
        told = {"agency": "palu", "title": "Rencana mutasi", "purpose": "Pemerataan beban kerja"}
        body = {**told, "expected_result": "Pengaduan turun 30 persen dalam 90 hari"}
        self.plan = region.post(PLANNER, "evaluation", "/v1/plans", body)["id"]

    def path(self, rest: str = "") -> str:
        """An address of this plan."""
        return f"/v1/plans/{self.plan}{rest}"

    def write(self, name: str, scenario: dict[str, object]) -> None:
        """Set a scenario."""
        answer = self.region.ask(PLANNER, "PUT", "evaluation", self.path(f"/scenarios/{name}"), scenario)
        assert answer.is_success, answer.text

    def run(self, name: str, persons: int) -> Any:
        """Compute it, once everybody was heard of; the track when it is over."""

        def over() -> Any:
            track = self.region.get(PLANNER, "evaluation", self.path())["scenarios"][name]
            if track["status"] in ("set", "failed") or (track["status"] == "computed" and track["persons"] < persons):
                self.region.post(PLANNER, "evaluation", self.path(f"/scenarios/{name}/run"))
                return None
            return track if track["status"] == "computed" else None

        return self.region.until(f"scenario {name} is computed", over, patience=120)

    def get(self, rest: str, login: str = PLANNER) -> Any:
        """A query."""
        return self.region.get(login, "evaluation", self.path(rest))

    def post(self, rest: str, login: str = PLANNER, body: object = None) -> Any:
        """A command."""
        return self.region.post(login, "evaluation", self.path(rest), body)

    def refused(self, login: str, rest: str, body: object = None) -> str:
        """The code of a refusal."""
        return str(self.region.ask(login, "POST", "evaluation", self.path(rest), body).json()["code"])


def consulted(region: Region, studio: Studio, login: str, city: City) -> None:
    """Those concerned are told and comment; every comment is answered, and the appointing authority adopts the plan."""
    until = region.now() + timedelta(days=2)
    studio.post("/scenarios/dasar/consult", body={"until": until.isoformat()})
    address = region.address(login)
    told = "Rencana mutasi: Anda diminta memberi tanggapan"
    region.until("they are told by mail", lambda: told in " ".join(region.mails(address, studio.plan)))
    mine = studio.get("/mine", login)
    assert (mine["move"]["reason"], mine["expected_result"]) == (WHY, "Pengaduan turun 30 persen dalam 90 hari")
    assert "levels" not in mine
    studio.post("/comments", login, {"text": "Saya belum menguasai aplikasi kependudukan"})
    assert studio.refused(PPK, "/adopt") == "CONSULTATION_OPEN"
    region.advance(until.isoformat(timespec="seconds"))
    region.advance((until + timedelta(hours=1)).isoformat(timespec="seconds"))
    assert studio.refused(PPK, "/adopt") == "COMMENTS_UNANSWERED"
    studio.post("/comments/1/answer", body={"text": "Pelatihan dijadwalkan sebelum TMT"})
    assert studio.get("/mine", login)["comments"][0]["answer"] == "Pelatihan dijadwalkan sebelum TMT"
    assert studio.refused(PLANNER, "/adopt") == "FORBIDDEN"
    studio.post("/adopt", PPK)
    assert studio.refused(PPK, "/waves/1/publish", TOLD) == "VACANCY_NEEDED"
    assert city.region.answers(PPK, "evaluation", studio.path("/waves"))


def published(region: Region, studio: Studio, city: City) -> dict[str, str]:
    """The first wave becomes proposals, of which everybody is told: person -> case."""
    region.vacancy(quota=3, post=city.post("dukcapil"))

    def out() -> bool:
        return region.ask(PPK, "POST", "evaluation", studio.path("/waves/1/publish"), TOLD).is_success

    region.until("the wave is published", out)

    def told() -> Any:
        rows = studio.get("/waves")["items"]
        known = [region.ask(PPK, "GET", "proposal", f"/v1/proposals/{row['case']}") for row in rows]
        return rows if all(one.is_success and one.json()["status"] == "announced" for one in known) else None

    rows = region.until("three people are told of their case", told)
    return {row["person"]: row["case"] for row in rows}


def heard(region: Region, login: str, case: str) -> Any:
    """The person is told, agrees, and has the talk; then an office hands the case in: its answer."""

    def ask(who: str, rest: str, body: object = None) -> httpx.Response:
        return region.ask(who, "POST", "proposal", f"/v1/proposals/{case}/{rest}", body)

    assert ask(PLANNER, "submit").json()["code"] == "WINDOW_OPEN"
    assert ask(login, "agree").is_success
    assert ask(PLANNER, "submit").json()["code"] == "TALK_NEEDED"
    on = region.now().astimezone(ZoneInfo("Asia/Makassar")).date()
    assert ask(PLANNER, "talks", {"on": str(on), "about": "Tugas baru"}).is_success
    assert all(ask(who, "talks/confirm", {"talk": 1}).is_success for who in (PLANNER, login))
    return ask(PLANNER, "submit").json()
