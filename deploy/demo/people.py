"""Invents the people: everyone fits the post they hold and has a valid number of the 9xx series."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from deploy.demo import shapes
from deploy.demo.units import Post
from shared.kernel.calendar import add_years
from shared.kernel.competence import COMMON
from shared.kernel.education import Education, pppk_entry
from shared.kernel.nip import Kind, Sex, compose
from shared.kernel.rank import Grade

_FIRST, _LAST = 900, 999  # sequence numbers of invented people
_YEARS_A_STEP = 4  # regular promotion
_ANY_FIELD = (
    "public_administration",
    "law",
    "economics",
    "accounting",
    "education",
    "informatics",
    "sociology",
)
_TRIES = 200


@dataclass(slots=True)
class Person:
    """One row of people.csv, as values."""

    post: Post
    name: str
    nip: str
    birth: date
    woman: bool
    employment: str
    status: str
    post_since: date
    rank: str
    education: str
    education_field: str
    performance: dict[str, str]
    competences: dict[str, int]
    experience: dict[str, int]
    interests: tuple[str, ...] = ()
    under_process: bool = False
    study_assignment: bool = False
    service_bond: bool = False
    relatives: list[str] = field(default_factory=list)

    @property
    def email(self) -> str:
        """An address in a domain that cannot exist."""
        letters = "".join(sign for sign in self.name.lower() if sign.isalpha() or sign == " ")
        local = f"{letters.replace(' ', '.')}.{self.nip[-12:-7]}{self.nip[-3:]}"
        return f"{local}@{self.post.unit.agency.agency}.example"


class Inventor:
    """Makes people as of a day; the same seed makes the same people."""

    def __init__(self, random: Random, today: date) -> None:
        self._random, self._today = random, today
        self._nips: set[str] = set()

    def holders(self, post: Post) -> Iterator[Person]:
        """As many as hold the post."""
        for _ in range(post.holders):
            yield self._person(post)

    def _person(self, post: Post) -> Person:
        random, woman = self._random, self._random.random() < shapes.WOMEN
        employment = self._employment(post)
        education = self._education(post)
        rank, birth, start = self._career(post, employment, education)
        status = "active" if post.structural or employment == "CPNS" else shapes.weighted(random, shapes.STATUSES)
        since = start + timedelta(days=random.randrange(max(1, (self._today - start).days)))
        return Person(
            post=post,
            name=shapes.name(random, woman=woman),
            nip=self._nip(birth, start, employment, woman=woman),
            birth=birth,
            woman=woman,
            employment=employment,
            status=status,
            post_since=max(start, since, self._today - timedelta(days=random.randrange(180, 3650))),
            rank=rank,
            education=education.value,
            education_field=random.choice(post.kind.fields or _ANY_FIELD),
            performance=self._performance(start),
            competences=self._competences(post.kind.level),
            experience={post.unit.kind.field: max(0, (self._today - start).days // 365)},
            interests=self._interests(post),
            under_process=random.random() < shapes.UNDER_PROCESS,
            study_assignment=status == "study",
            service_bond=random.random() < shapes.BOUND,
        )

    def _employment(self, post: Post) -> str:
        chance = self._random.random()
        if post.structural or post.kind.one:
            return "PNS"
        if chance < shapes.PPPK:
            return "PPPK"
        return "CPNS" if chance > 1 - shapes.CPNS and self._may_begin(post) else "PNS"

    @staticmethod
    def _may_begin(post: Post) -> bool:
        return Grade(post.kind.ranks[0]) <= Education(post.kind.education).first <= Grade(post.kind.ranks[1])

    def _education(self, post: Post) -> Education:
        rare = (Education.D1, Education.D2, Education.D4)
        levels: list[Education] = [level for level in Education if level not in rare]
        place = levels.index(Education(post.kind.education))
        better = self._random.random() < shapes.BETTER_EDUCATED and place + 1 < len(levels)
        return levels[place + better]

    def _career(self, post: Post, employment: str, education: Education) -> tuple[str, date, date]:
        """Rank, birth and first appointment that agree with each other and with the post."""
        random = self._random
        entry_age = random.randint(22, 30) if education >= Education.D3 else random.randint(19, 26)
        if employment != "PNS":
            years = 0 if employment == "CPNS" else random.randint(1, 4)
            age = min(post.kind.age - 3, entry_age + random.randint(0, 15))
            rank = pppk_entry().entry[education].value if employment == "PPPK" else self._first(post)
        else:
            steps = self._steps(post)
            rank, service = random.choice(steps)
            years = min(service + random.randint(0, _YEARS_A_STEP - 1), post.kind.age - 2 - entry_age)
            age = shapes.age(random, min(entry_age + years, post.kind.age - 2), post.kind.age - 2)
        start = self._month(years)
        birth = add_years(self._today, -age) - timedelta(days=random.randrange(1, 364))
        latest = add_years(start, -18 if employment != "PPPK" else -19)
        return rank, min(birth, latest - timedelta(days=31)), start

    def _first(self, post: Post) -> str:
        return str(max(Grade(post.kind.ranks[0]), Education(post.kind.education).first).value)

    @staticmethod
    def _steps(post: Post) -> list[tuple[str, int]]:
        """Ranks of the post, with the years of service that regular promotion takes to reach them."""
        grades = list(Grade)
        first = Education(post.kind.education).first.step
        low, high = (Grade(rank).step for rank in post.kind.ranks)
        return [(grades[i].value, max(0, i - first) * _YEARS_A_STEP) for i in range(low, high + 1)]

    def _month(self, years: int) -> date:
        """First of a month so many years ago; a CPNS began this year."""
        day = add_years(self._today, -years) - timedelta(days=self._random.randrange(35, 360))
        return day.replace(day=1)

    def _nip(self, birth: date, start: date, employment: str, *, woman: bool) -> str:
        kind = Kind.PPPK if employment == "PPPK" else Kind.PNS
        first = self._random.randint(_FIRST, _LAST)
        for i in range(_TRIES):
            number = _FIRST + (first - _FIRST + i) % (_LAST - _FIRST + 1)
            nip = compose(birth, start, kind, Sex.FEMALE if woman else Sex.MALE, number)
            if nip not in self._nips:
                self._nips.add(nip)
                return nip
        raise ValueError("too many people born and appointed on the same days")

    def taken(self, nip: str) -> None:
        """A number that nobody else may get."""
        self._nips.add(nip)

    def _performance(self, start: date) -> dict[str, str]:
        years = [year for year in (self._today.year - 2, self._today.year - 1) if year > start.year]
        found = {str(year): shapes.weighted(self._random, shapes.PREDICATES) for year in years}
        return {year: predicate for year, predicate in found.items() if predicate}

    def _competences(self, level: int) -> dict[str, int]:
        if self._random.random() < shapes.NOT_ASSESSED:
            return {}
        return {code: min(5, max(1, level + self._random.choice((-1, 0, 0, 0, 1)))) for code in COMMON}

    def _interests(self, post: Post) -> tuple[str, ...]:
        if self._random.random() > shapes.INTERESTED:
            return ()
        wish = self._random.choice(("disdukcapil", "dinsos", "diskominfo", "dinkes", "setda"))
        return (f"u:{post.unit.agency.agency}:{wish}",)
