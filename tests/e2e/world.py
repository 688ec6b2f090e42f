"""A small agency of one test's own, made through the registry's public door, every name carrying the test's marker."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import httpx

from deploy.local.stack import Stack
from tests.support.system import EVERYTHING, System, running_system

T = TypeVar("T")
OFFICES = (
    ("direct_superior", "asal"),
    ("unit_head", "asal"),
    ("personnel_verifier", ""),
    ("performance_team", ""),
    ("bkn_liaison", ""),
    ("ppk", ""),
)

PEOPLE = (
    "agency,unit,post,nip,name,email,birth_date,sex,employment,post_since,rank,education_level,"
    "education_field,performance,under_process,study_assignment,service_bond"
)


def until(look: Callable[[], T | None], what: str, seconds: float = 30) -> T:
    """Ask again until there is something."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds:.0f} s: {what}")


def let_in(system: System, *logins: str) -> None:
    """They and the administrator may sign in, and nobody else."""
    accounts = [{"login": login, "label": ""} for login in (system.admin, *logins)]
    (system.folder / "accounts.json").write_text(json.dumps(accounts))


@contextmanager
def running_world(stack: Stack, folder: Path, **options: Any) -> Iterator["World"]:
    """The running system and its portal for the time of the block, with a world whose people may sign in."""
    with running_system(stack, folder, EVERYTHING, **options) as system:
        made = World(system).make()
        let_in(system, *made.logins)
        yield made


@dataclass
class World:
    """Agency, two units, an applicant, six officials and a vacancy."""

    system: System
    mark: str = field(default_factory=lambda: uuid4().hex[:8])
    vacancy: str = ""
    admits: str = "one_agency"  # the kind of move by which one may come to its vacancy

    @property
    def agency(self) -> str:
        """Code of the agency."""
        return f"uji-{self.mark}"

    @property
    def applicant(self) -> str:
        """Login of the one who applies."""
        return f"pemohon-{self.mark}"

    def login(self, office: str) -> str:
        """Login of the official who holds an office."""
        return f"{office}-{self.mark}"

    @property
    def logins(self) -> list[str]:
        """Everybody who may sign in."""
        return [self.applicant, *(self.login(office) for office, _ in OFFICES)]

    def make(self) -> "World":
        """Import it, link the accounts, publish the vacancy, and wait until the proposal service knows all of it."""
        mark, agency = self.mark, self.agency
        self.load(
            "agencies", "agency,name,kind,province,zone", f"{agency},Pemerintah Uji {mark},city,Sulawesi Tengah,WITA"
        )
        self.load(
            "units",
            "agency,unit,name,kind",
            f"{agency},asal,Dinas Asal {mark},office",
            f"{agency},tujuan,Dinas Tujuan {mark},office",
        )
        self.load(
            "posts",
            "agency,unit,post,title,kind,seats,rank_min,education_min",
            f"{agency},asal,penata,Penata Layanan {mark},staff,20,II/a,15",
            f"{agency},tujuan,analis,Pengelola Layanan {mark},staff,3,II/a,15",
        )
        people = [("Pemohon", 901), *((office, 902 + place) for place, (office, _) in enumerate(OFFICES))]
        rows = [self._person(name, sequence) for name, sequence in people]
        self.load("people", PEOPLE, *rows)
        nips = [row.split(",")[3] for row in rows]
        offices = [
            f"{agency},{nip},{office},{unit},2024-01-02," for nip, (office, unit) in zip(nips[1:], OFFICES, strict=True)
        ]
        self.load("offices", "agency,nip,office,unit,since,until", *offices)
        accounts = [f"{agency},{nip},{login}" for nip, login in zip(nips, self.logins, strict=True)]
        self.load("accounts", "agency,nip,login", *accounts)
        self.vacancy = self._publish()
        return self

    def person(self) -> str:
        """Id of the applicant."""
        reply = httpx.get(
            f"{self.system.url('registry')}/v1/me", headers=self.system.headers(self.applicant), timeout=30
        )
        return str(reply.json()["id"])

    def partner(self) -> str:
        """Somebody on a post of their own, without a login; their id."""
        about = f"{self.agency},tujuan,mitra,Penata Mitra {self.mark},staff,1,II/a,15"
        self.load("posts", "agency,unit,post,title,kind,seats,rank_min,education_min", about)
        row = self._person("Mitra", 950).replace(",asal,penata,", ",tujuan,mitra,")
        self.load("people", PEOPLE, row)
        path, headers = "/v1/people?limit=200", self.system.headers(self.system.admin)

        def found() -> str:
            listed = httpx.get(f"{self.system.url('registry')}{path}&unit=u:{self.agency}:tujuan", headers=headers)
            return next((str(one["id"]) for one in listed.json()["items"]), "")

        return until(found, "the partner")

    def _person(self, name: str, sequence: int) -> str:
        # A NIP names one person everywhere, so each world has a birthday of its own.
        born = date(1972, 1, 1) + timedelta(days=int(self.mark, 16) % 7000)
        nip = f"{born:%Y%m%d}201403{1 + sequence % 2}{sequence}"
        sex = "MF"[sequence % 2]
        return (
            f"{self.agency},asal,penata,{nip},{name} {self.mark},{name.lower()}@uji.example,{born},{sex},PNS,"
            "2020-01-06,III/a,S-1,law,2024=good|2025=good,no,no,no"
        )

    def load(self, kind: str, header: str, *rows: str) -> None:
        """Import rows of a kind; what builds on something that is not known yet is sent again."""
        body = "\n".join((header, *rows)).encode()
        headers = self.system.headers(self.system.admin) | {"content-type": "text/csv"}

        def taken() -> bool:
            reply = httpx.post(
                f"{self.system.url('registry')}/v1/imports/{kind}", content=body, headers=headers, timeout=60
            )
            assert reply.status_code == 200, reply.text
            report = reply.json()
            refused = [found for found in report["findings"] if found["severity"] == "refused"]
            assert all(found["rule"] == "NOT_YET" for found in refused), refused
            return bool(report["taken"] == len(rows))

        until(taken, f"import of {kind}")

    def join(self, name: str, sequence: int) -> str:
        """Somebody else on the applicant's post; their login."""
        row, login = self._person(name, sequence), f"{name.lower()}-{self.mark}"
        self.load("people", PEOPLE, row)
        self.load("accounts", "agency,nip,login", f"{self.agency},{row.split(',')[3]},{login}")
        return login

    def also(self, office: str, sequence: int) -> str:
        """Somebody else who holds an office of the unit that the applicant leaves; their login."""
        login = self.join(f"Rekan{sequence}", sequence)
        nip = self._person("", sequence).split(",")[3]
        self.load("offices", "agency,nip,office,unit,since,until", f"{self.agency},{nip},{office},asal,2024-01-02,")
        return login

    def ranked(self, quota: int = 2) -> str:
        """Another vacancy of the same post, given by ranking."""
        return self._publish(mode="ranked", quota=quota)

    def beyond(self) -> str:
        """A vacancy whose post asks for more than the applicant has, so that the rules refuse them."""
        about = f"{self.agency},tujuan,ahli,Ahli Utama {self.mark},staff,2,IV/a,40"
        self.load("posts", "agency,unit,post,title,kind,seats,rank_min,education_min", about)
        return self._publish(post="ahli")

    def _publish(self, post: str = "analis", mode: str = "first_come", quota: int = 2) -> str:
        wish = {
            "agency": self.agency,
            "post": f"p:{self.agency}:{post}",
            "quota": quota,
            "mode": mode,
            "closes_on": "2030-12-31",
            "purpose": f"Beban kerja {self.mark}",
            "reference": f"R-{post}-{mode}-{quota}-{self.mark}",
            "admits": [self.admits],
        }

        def published() -> dict[str, Any] | None:
            headers = self.system.headers(self.system.admin, uuid4().hex)
            reply = httpx.post(f"{self.system.url('registry')}/v1/vacancies", json=wish, headers=headers, timeout=30)
            return reply.json() if reply.status_code == 201 else None

        return str(until(published, "vacancy")["id"])
