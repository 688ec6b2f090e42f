"""The whole demo: posts, people, who holds which office, who may sign in. The same seed, the same world."""

from dataclasses import dataclass, replace
from datetime import date
from random import Random

from deploy.demo import shapes
from deploy.demo.model import Agency
from deploy.demo.people import Inventor, Person
from deploy.demo.units import Post, Unit, posts
from shared.kernel.competence import COMMON

TODAY = date(2026, 11, 1)
"""The day as of which the people are invented; the stories begin in November 2026."""
RINA, BAMBANG = "199003142014032912", "197808092005011934"


@dataclass(frozen=True, slots=True)
class Office:
    """Somebody holds an office; without a person it is the agency's own program."""

    agency: str
    person: Person | None
    office: str
    unit: str = ""
    since: date = date(2026, 1, 2)


@dataclass(frozen=True, slots=True)
class Account:
    """A login; without a person it is the agency's own program. `label` says who that is, in words."""

    login: str
    agency: str
    person: Person | None
    label: str


@dataclass(frozen=True, slots=True)
class World:
    """Everything that is written to files."""

    posts: tuple[Post, ...]
    people: tuple[Person, ...]
    offices: tuple[Office, ...]
    accounts: tuple[Account, ...]

    @property
    def units(self) -> tuple[Unit, ...]:
        """Units in the order of their posts."""
        return tuple(dict.fromkeys(post.unit for post in self.posts))

    @property
    def agencies(self) -> tuple[Agency, ...]:
        """Agencies in the order of their units."""
        return tuple({unit.agency.agency: unit.agency for unit in self.units}.values())


# Office of the agency (K1 and the registry's own) -> the post whose first holder has it, words for the label.
# The regional head (PPK) is no ASN and has no NIP: in the demo the third assistant decides by delegation.
_OFFICES = {
    "personnel_verifier": ("bkpsdm-kabid-mutasi", "verifies files at BKPSDM"),
    "performance_team": ("setda-asisten-1", "performance team (tim penilai kinerja)"),
    "bkn_liaison": ("bkpsdm-kabid-kinerja", "I-MUT officer"),
    "external_liaison": ("bkpsdm-kabid-kinerja", "enters letters of BKN, governors and ministers"),
    "ppk": ("setda-asisten-3", "appointing authority (PPK), delegated"),
    "registrar": ("bkpsdm-sekretaris", "keeps the registry"),
    "auditor": ("inspektorat-inspektur", "inspector"),
}
_WITH_LOGINS = ("setda", "disdukcapil", "disdik")
"""Units of Palu whose superiors and heads can sign in."""


def world(people: int, seed: int) -> World:
    """Invent a world of so many people. Raises ValueError for too few of them (about 450)."""
    random = Random(seed)  # noqa: S311 - invents people, keeps no secret
    inventor = Inventor(random, TODAY)
    inventor.taken(RINA)
    inventor.taken(BAMBANG)
    made = tuple(posts(people))
    everyone = [person for post in made for person in inventor.holders(post)]
    _story(everyone)
    _marry(random, everyone)
    offices = _offices(made, everyone)
    return World(made, tuple(everyone), offices, _accounts(everyone, offices))


def _story(people: list[Person]) -> None:
    """The people of the acceptance stories take the places of invented ones in Palu."""
    rina = _index(people, "palu", "setda-analis-kebijakan-muda")
    people[rina] = replace(
        people[rina],
        name="Rina Lestari",
        nip=RINA,
        birth=date(1990, 3, 14),
        woman=True,
        employment="PNS",
        status="active",
        post_since=date(2023, 5, 2),
        rank="III/c",
        education="40",
        education_field="public_administration",
        performance={"2024": "good", "2025": "good"},
        competences=dict.fromkeys(COMMON, 3),
        experience={"policy_analysis": 9, "civil_registration": 3},
        interests=("u:palu:disdukcapil",),
        under_process=False,
        study_assignment=False,
        service_bond=False,
    )
    bambang = _index(people, "palu", "disdik-penelaah")
    people[bambang] = replace(
        people[bambang],
        name="Bambang Susetyo",
        nip=BAMBANG,
        birth=date(1978, 8, 9),
        woman=False,
        employment="PNS",
        status="active",
        post_since=date(2020, 11, 2),
        rank="III/d",
        education="40",
        performance={"2024": "good", "2025": "good"},
        experience={"education": 21},
        interests=(),
        under_process=False,
        study_assignment=False,
        service_bond=False,
    )


def _index(people: list[Person], agency: str, post: str) -> int:
    return next(i for i, p in enumerate(people) if (p.post.unit.agency.agency, p.post.code) == (agency, post))


def _marry(random: Random, people: list[Person]) -> None:
    """A few couples in one agency, so that conflicts of interest exist (R05)."""
    by_agency: dict[str, list[Person]] = {}
    for person in people:
        if person.nip not in (RINA, BAMBANG):
            by_agency.setdefault(person.post.unit.agency.agency, []).append(person)
    for members in by_agency.values():
        women, men = ([p for p in members if p.woman is woman] for woman in (True, False))
        couples = int(len(members) * shapes.MARRIED / 2)
        for wife, husband in zip(random.sample(women, couples), random.sample(men, couples), strict=True):
            wife.relatives.append(husband.nip)
            husband.relatives.append(wife.nip)


def _offices(made: tuple[Post, ...], people: list[Person]) -> tuple[Office, ...]:
    first: dict[tuple[str, str], Person] = {}
    for person in people:
        first.setdefault((person.post.unit.agency.agency, person.post.code), person)
    offices: list[Office] = []
    for unit in dict.fromkeys(post.unit for post in made):
        agency, heads = unit.agency.agency, [f"{unit.code}-{template}" for template in unit.kind.heads]
        # The second in command is the direct superior where there is one; in Setda the head of Organisation.
        second = "setda-kabag-organisasi" if unit.code == "setda" else heads[min(1, len(heads) - 1)]
        offices.append(Office(agency, first[agency, second], "direct_superior", unit.code))
        offices.append(Office(agency, first[agency, heads[0]], "unit_head", unit.code))
    for agency in dict.fromkeys(post.unit.agency.agency for post in made):
        offices += [Office(agency, first[agency, post], office) for office, (post, _) in _OFFICES.items()]
        offices.append(Office(agency, None, "agency_system"))
    return tuple(offices)


def _accounts(people: list[Person], offices: tuple[Office, ...]) -> tuple[Account, ...]:
    stories = {RINA: "rina", BAMBANG: "bambang"}
    accounts = [
        Account(stories[p.nip], p.post.unit.agency.agency, p, f"{p.name}, {p.post.title}, Palu")
        for p in people
        if p.nip in stories
    ]
    seen = {id(account.person) for account in accounts}
    for office in offices:
        if office.unit and (office.agency != "palu" or office.unit not in _WITH_LOGINS):
            continue
        if office.person is not None and id(office.person) in seen:
            continue
        seen.add(id(office.person)) if office.person else None
        accounts.append(_account(office))
    return tuple(accounts)


def _account(office: Office) -> Account:
    if office.person is None:
        return Account(f"{office.agency}-system", office.agency, None, f"the program of {office.agency}")
    word = _OFFICES[office.office][1] if office.office in _OFFICES else office.office.replace("_", " ")
    login = "-".join(filter(None, (office.agency, office.unit, office.office.replace("_", "-"))))
    where = " ".join(filter(None, (office.unit, office.agency)))
    return Account(login, office.agency, office.person, f"{office.person.name}: {word}, {where}")
