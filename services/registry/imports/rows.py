"""The rows of each kind of file: their columns, and the command that each becomes."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from services.registry.domain import AGENCIES, PEOPLE, POSTS, UNITS
from services.registry.domain.ids import SYSTEM, Code, person_id, post_id, system_id, unit_id
from services.registry.domain.limits import Capacity
from services.registry.domain.offices import AssignOffice
from services.registry.domain.organisation import ImportPost, RegisterAgency
from services.registry.domain.person import ImportPerson, LinkAccount, NipText
from services.registry.domain.units import ImportUnit
from services.registry.domain.values import (
    Box,
    Competences,
    Day,
    Email,
    Employment,
    Kind,
    Level,
    Login,
    Name,
    OfficeName,
    Performance,
    Rank,
    RetirementAge,
    Seats,
    Status,
    ZoneName,
    wrong,
)
from shared.contracts.registry import Experience, PostRequirements
from shared.kernel.decider import Command, Decider, Frozen

_ANSWERS = {"yes": True, "ya": True, "true": True, "no": False, "tidak": False, "false": False}


def listed(cell: object) -> object:
    """Several values in one cell, parted by |."""
    return tuple(part.strip() for part in cell.split("|")) if isinstance(cell, str) else cell


def pairs(cell: object) -> object:
    """Several name=value in one cell, parted by |."""
    if not isinstance(cell, str):
        return cell
    parts = [part.partition("=") for part in cell.split("|")]
    if not all(name.strip() and value.strip() for name, _, value in parts):
        raise wrong("BAD_PAIRS")
    return {name.strip(): value.strip() for name, _, value in parts}


def _years(cell: object) -> object:
    found = pairs(cell)
    return tuple({"field": k, "years": v} for k, v in found.items()) if isinstance(found, dict) else found


def _answer(cell: object) -> object:
    if isinstance(cell, str) and cell.lower() not in _ANSWERS:
        raise wrong("NOT_YES_OR_NO")
    return _ANSWERS[cell.lower()] if isinstance(cell, str) else cell


def _nip(cell: object) -> object:
    """As people write it: with spaces and dots."""
    return cell.replace(" ", "").replace(".", "") if isinstance(cell, str) else cell


Names = Annotated[tuple[str, ...], BeforeValidator(listed)]
Codes = Annotated[tuple[Code, ...], BeforeValidator(listed)]
Nip = Annotated[NipText, BeforeValidator(_nip)]
Nips = Annotated[tuple[NipText, ...], BeforeValidator(lambda cell: listed(_nip(cell)))]
Holder = Annotated[str, BeforeValidator(_nip), StringConstraints(pattern=rf"^([0-9]{{18}}|{SYSTEM})$")]
Answer = Annotated[bool, BeforeValidator(_answer)]
People = Mapping[str, str]
"""Person ids by NIP, of those who are known."""


class Row(Frozen):
    """A row of a file. An empty cell is left out, so defaults hold and required cells are missed by name."""

    DECIDER: ClassVar[Decider[Any]]

    def target(self, people: People) -> str:
        """Id of the aggregate that hears the command. Raises KeyError for an unknown NIP."""
        raise NotImplementedError

    def key(self) -> str:
        """What a second row of the file would overwrite, "" if nothing."""
        return self.target({})

    def units(self) -> tuple[str, ...]:
        """Units that must be there."""
        return ()

    def posts(self) -> tuple[str, ...]:
        """Posts that must be there."""
        return ()

    def command(self, people: People, batch: str) -> Command:
        """What it hears from the file of that id."""
        raise NotImplementedError


class AgencyRow(Row):
    """agencies.csv"""

    DECIDER: ClassVar[Decider[Any]] = AGENCIES
    agency: Code
    name: Name
    kind: Name
    province: Name
    zone: ZoneName

    def target(self, people: People) -> str:  # noqa: ARG002
        """The agency's code."""
        return self.agency

    def command(self, people: People, batch: str) -> Command:  # noqa: ARG002
        """Register it."""
        return RegisterAgency(**self.model_dump())


class UnitRow(Row):
    """units.csv; `parent` is the code of the unit above."""

    DECIDER: ClassVar[Decider[Any]] = UNITS
    agency: Code
    unit: Code
    name: Name
    kind: Name
    parent: Code | None = None
    valid_from: Day | None = None
    valid_until: Day | None = None
    predecessors: Codes = ()

    def target(self, people: People) -> str:  # noqa: ARG002
        """The unit's id."""
        return unit_id(self.agency, self.unit)

    def key(self) -> str:
        """The version of the unit."""
        return f"{self.target({})}@{self.valid_from}"

    def command(self, people: People, batch: str) -> Command:  # noqa: ARG002
        """Register it."""
        return ImportUnit(**self.model_dump(), batch=batch)


class PostRow(Row):
    """posts.csv: the peta jabatan, with formasi (`seats`) and what each post demands."""

    DECIDER: ClassVar[Decider[Any]] = POSTS
    agency: Code
    unit: Code
    post: Code
    title: Name
    kind: Kind
    seats: Seats
    retirement_age: RetirementAge | None = None
    rank_min: Rank = ""
    rank_max: Rank = ""
    education_min: Level = ""
    education_fields: Names = ()
    competences: Annotated[Competences, BeforeValidator(pairs)] = Field(default={})
    experience_years: Annotated[int, Field(ge=0, le=50)] = 0
    experience_fields: Names = ()

    def target(self, people: People) -> str:  # noqa: ARG002
        """The post's id."""
        return post_id(self.agency, self.post)

    def command(self, people: People, batch: str) -> Command:  # noqa: ARG002
        """Register it."""
        row = self.model_dump()
        demands = {name: row.pop(name) for name in PostRequirements.model_fields if name in row}
        return ImportPost(**row, requirements=PostRequirements(**demands), batch=batch)


class PersonRow(Row):
    """people.csv; `relatives` are NIPs, `sex` (M or F) only checks the NIP, the birth date is not kept.

    `former_nip` is the number by which a person is known who has another one now: corrected, or a PPPK become PNS;
    `leave_until` the last day of unpaid leave.
    """

    DECIDER: ClassVar[Decider[Any]] = PEOPLE
    agency: Code
    unit: Code
    post: Code
    nip: Nip
    name: Name
    email: Email = ""
    language: Literal["id", "en"] = "id"
    birth_date: Day
    sex: Literal["M", "F"]
    employment: Employment
    status: Status = "active"
    post_since: Day
    rank: Rank
    education_level: Level
    education_field: Name
    performance: Annotated[Performance, BeforeValidator(pairs)] = Field(default={})
    competences: Annotated[Competences, BeforeValidator(pairs)] = Field(default={})
    experience: Annotated[tuple[Experience, ...], BeforeValidator(_years)] = ()
    interests: Names = ()
    preferences: Names = ()
    under_process: Answer | None = None
    study_assignment: Answer | None = None
    service_bond: Answer | None = None
    relatives: Nips = ()
    rank_since: Day | None = None
    talent_box: Box | None = None
    trainings: Names = ()
    former_nip: Nip | None = None
    leave_until: Day | None = None

    def key(self) -> str:
        """The person's number."""
        return self.nip

    def target(self, people: People) -> str:
        """The person who has this NIP, or had the former one, else the id derived from agency and NIP."""
        return people.get(self.nip) or people.get(self.former_nip or "") or person_id(self.agency, self.nip)

    def command(self, people: People, batch: str) -> Command:
        """Register them, relatives by id."""
        row = self.model_dump(exclude={"sex", "relatives", "former_nip"})
        kin = tuple(people.get(nip) or person_id(self.agency, nip) for nip in self.relatives)
        return ImportPerson(**row, relatives=kin, batch=batch)


class _HolderRow(Row):
    """A row about somebody who is known; the word "system" as NIP stands for the agency's own program."""

    DECIDER: ClassVar[Decider[Any]] = PEOPLE
    agency: Code
    nip: Holder

    def key(self) -> str:
        """The holder's number."""
        return f"{self.agency}/{self.nip}"

    def target(self, people: People) -> str:
        """The person, or the agency's program."""
        return system_id(self.agency) if self.nip == SYSTEM else people[self.nip]


class OfficeRow(_HolderRow):
    """offices.csv; without a unit the office is the agency's."""

    office: OfficeName
    unit: Code | None = None
    since: Day
    until: Day | None = None
    capacity: Capacity = "definitive"

    def key(self) -> str:
        """Offices are many to a person."""
        return ""

    def command(self, people: People, batch: str) -> Command:  # noqa: ARG002
        """Assign it."""
        return AssignOffice(**self.model_dump(exclude={"nip"}))


class AccountRow(_HolderRow):
    """accounts.csv"""

    login: Login

    def command(self, people: People, batch: str) -> Command:  # noqa: ARG002
        """Link it."""
        return LinkAccount(login=self.login)
