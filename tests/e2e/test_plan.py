"""A mutation plan on running processes: from the need to the proposals, through the public doors only."""

import subprocess
import uuid
from datetime import date, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from tests.support.region import LEVELS, Region

pytest_plugins = ("tests.support.running",)
pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]
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


def test_story_2_a_complaint_driven_batch(region: Region) -> None:
    """Disdukcapil needs six and has three, Disdik nine for five: three with a background in service are proposed, the
    gaps fall from seven to one, and those concerned are told why and heard before anything is decided: of the plan, and
    once more of their own case, before it goes to the chain."""
    city, studio = City(region), Studio(region)
    studio.write("dasar", city.scenario())
    track = studio.run("dasar", persons=20)
    assert (track["outcome"], track["solver"]) == ("optimal", "flow")
    found = studio.get("/scenarios/dasar/result?lang=en")
    rows = found["staffing"]
    assert [sum(abs(100 * row[when] - row["need"]) for row in rows) for when in ("before", "after")] == [700, 100]
    assert all(level["gap"] == 0 and level["text"] for level in found["levels"])
    (column,) = studio.get("/compare")["scenarios"]
    assert (column["gap_before"], column["gap_after"], column["moves"]) == (700, 100, 3)
    moves = found["moves"]
    assert len(moves) == 3
    assert {move["person"] for move in moves} <= set(city.served)
    assert {(move["target"], move["wave"], move["reason"]) for move in moves} == {(city.post("dukcapil"), 1, WHY)}

    _explained(studio, city, moves)
    person = moves[0]["person"]
    login = city.login(person)
    _consulted(region, studio, login, city)
    cases = _published(region, studio, city)
    assert set(cases) == {move["person"] for move in moves}
    _heard(region, login, cases[person])
    said = region.until("the evaluation", lambda: _answer(region, login, f"/v1/evaluations/{cases[person]}?lang=en"))
    assert said["eligible"]
    seen = region.until("the chain", lambda: _task(region, login, cases[person]))
    assert (seen["stage"], seen["agency"]) == ("direct_superior", "palu")
    came = studio.get("/outcome?lang=en")
    assert (came["waits"], came["text"][:23]) == ("NOBODY_MOVED", "Cannot be judged yet: n")
    proposal = region.get(login, "proposal", f"/v1/proposals/{cases[person]}")
    assert (proposal["content"]["initiative"], proposal["content"]["reason"]) == ("agency", WHY)


def _explained(studio: Studio, city: City, moves: list[Any]) -> None:
    why = studio.get(f"/scenarios/dasar/explain?lang=en&person={moves[0]['person']}")["why"]
    assert why["stay"]["verdict"] in ("equal", "worse")
    other = next(id for id in city.people["disdik"] if id not in city.served)
    barred = studio.get(f"/scenarios/dasar/explain?lang=en&person={other}&post={city.post('dukcapil')}")["why_not"]
    assert (barred["verdict"], barred["codes"]) == ("not_eligible", ["PENGALAMAN_KURANG"])


def _consulted(region: Region, studio: Studio, login: str, city: City) -> None:
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


def _published(region: Region, studio: Studio, city: City) -> dict[str, str]:
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


def _heard(region: Region, login: str, case: str) -> None:
    """The person is told, agrees, and has the talk; then an office hands the case in."""

    def ask(who: str, rest: str, body: object = None) -> httpx.Response:
        return region.ask(who, "POST", "proposal", f"/v1/proposals/{case}/{rest}", body)

    assert ask(PLANNER, "submit").json()["code"] == "WINDOW_OPEN"
    assert ask(login, "agree").is_success
    assert ask(PLANNER, "submit").json()["code"] == "TALK_NEEDED"
    on = region.now().astimezone(ZoneInfo("Asia/Makassar")).date()
    assert ask(PLANNER, "talks", {"on": str(on), "about": "Tugas baru"}).is_success
    assert all(ask(who, "talks/confirm", {"talk": 1}).is_success for who in (PLANNER, login))
    assert ask(PLANNER, "submit").json()["receipt"]


def _answer(region: Region, login: str, path: str) -> Any:
    answer = region.ask(login, "GET", "evaluation", path)
    return answer.json() if answer.is_success else None


def _task(region: Region, login: str, case: str) -> Any:
    answer = region.ask(login, "GET", "approval", f"/v1/cases/{case}")
    return answer.json().get("task") if answer.is_success else None


@pytest.mark.wide
def test_bad_input_is_named_and_a_killed_run_starts_again(region: Region) -> None:
    """A need without a post is refused by name; a run whose service is killed is computed all the same."""
    city, studio = City(region), Studio(region)
    unknown = {"unit": "u:palu:nowhere", "need": 300}
    scenario = city.scenario()
    studio.write("salah", {**scenario, "needs": [*scenario["needs"], unknown]})  # type: ignore[misc]
    region.until("all are heard of", lambda: _failed(studio), patience=120)
    refused = region.ask(PLANNER, "GET", "evaluation", studio.path("/scenarios/salah/result?lang=en")).json()
    assert (refused["code"], "u:palu:nowhere has a need but no post" in refused["detail"]) == ("UNSOUND", True)

    studio.write("dasar", scenario)
    before = studio.run("dasar", persons=20)["snapshot"], studio.get("/scenarios/dasar/result")
    frozen = _caught(region, studio)
    evaluation = region.system.of("evaluation")
    evaluation.server.kill9()
    evaluation.server.restart()
    evaluation.server.wait_ready()
    again = region.until("the run is done", lambda: _computed(studio), patience=120)
    assert frozen == before[0] == _track(studio)["snapshot"]
    assert (again["moves"], again["staffing"]) == (before[1]["moves"], before[1]["staffing"])


def _track(studio: Studio, name: str = "dasar") -> Any:
    return studio.get("")["scenarios"][name]


def _caught(region: Region, studio: Studio) -> str:
    """Run until the input is frozen and the solver works on it: the hash of the snapshot."""
    for _ in range(5):
        studio.post("/scenarios/dasar/run")
        track = region.until("frozen", lambda: _beyond(studio, "queued"), patience=120)
        if track["status"] == "frozen":
            return str(track["snapshot"])
    raise AssertionError("every run was over before it could be seen at work")


def _beyond(studio: Studio, status: str) -> Any:
    track = _track(studio)
    return None if track["status"] == status else track


@pytest.mark.wide
def test_a_run_is_called_off_and_a_split_one_is_put_together(region: Region) -> None:
    """Nothing computes for a run that nobody wants; a run by regions is the same plan, as nobody would cross."""
    city, studio = City(region), Studio(region)
    studio.write("dasar", city.scenario())
    track = studio.run("dasar", persons=20)
    whole = studio.get("/scenarios/dasar/result")
    studio.post("/scenarios/dasar/run")
    assert studio.post("/scenarios/dasar/cancel")["scenarios"]["dasar"]["status"] == "cancelled"
    assert studio.refused(PLANNER, "/scenarios/dasar/cancel") == "RUN_NOT_UNDER_WAY"
    evaluation = region.system.of("evaluation").server.pid
    region.until("no solver is left", lambda: not _solvers(evaluation))
    assert _track(studio)["status"] == "cancelled"

    studio.write("wilayah", city.scenario(split=True))
    parted = studio.run("wilayah", persons=20)
    assert len(parted["parts"]) == 2
    result = studio.get("/scenarios/wilayah/result")
    assert (result["moves"], result["staffing"]) == (whole["moves"], whole["staffing"])
    assert parted["levels"] == track["levels"]


def _solvers(parent: int) -> list[int]:
    """Processes of the solver whose parent is this service."""
    asked = ["ps", "--ppid", str(parent), "-o", "pid=,args="]
    lines = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.splitlines()
    return [int(line.split()[0]) for line in lines if "plan.process" in line]


def _failed(studio: Studio) -> bool:
    track = studio.region.get(PLANNER, "evaluation", studio.path())["scenarios"]["salah"]
    if track["status"] in ("queued", "frozen"):
        return False
    if track["faults"] and all(fault.startswith("NEED_WITHOUT_POST") for fault in track["faults"]):
        return True
    studio.post("/scenarios/salah/run")
    return False


def _computed(studio: Studio) -> Any:
    track = studio.region.get(PLANNER, "evaluation", studio.path())["scenarios"]["dasar"]
    return studio.get("/scenarios/dasar/result") if track["status"] == "computed" else None
