"""The state of a person, and the commands that say who they are. Pure."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from services.registry.domain.ids import Code
from services.registry.domain.imported import Imported
from services.registry.domain.moves import Move
from services.registry.domain.values import (
    Box,
    Competences,
    Day,
    Email,
    Employment,
    Level,
    Login,
    Name,
    Performance,
    Rank,
    Status,
    Text,
)
from shared.contracts.people import PersonParticulars
from shared.contracts.registry import Experience, Placement, Profile
from shared.kernel.decider import Command, Frozen, Office

NipText = Annotated[str, StringConstraints(pattern=r"^[0-9]{18}$")]
"""18 digits. Whether they agree with birth, sex and appointment is a warning of the import (D01)."""


class Held(Frozen):
    """A post somebody held (riwayat jabatan) from `since` to before `until`; `decree` brought them there."""

    placement: Placement
    title: str
    since: date
    until: date | None = None
    decree: str = ""


class Ranked(Frozen):
    """A rank (riwayat golongan), of its TMT where that is known."""

    rank: str
    since: date | None = None


class Correction(Frozen):
    """What the person asked to have corrected, and what came of it; what they wish it to say is among the particulars.

    Where nobody answered by `due` the superior office was told, and is told again when `late_until` passes.
    `about` tells which one of several, `evidence` is the SHA-256 of a file; `reason` and `rule` are the answer's.
    """

    correction: str
    field: str
    about: str = ""
    evidence: str = ""
    asked_at: datetime
    due: datetime
    late_until: datetime | None = None
    status: Literal["open", "granted", "refused", "withdrawn"] = "open"
    reason: str = ""
    rule: str = ""
    by: str = ""
    decided_at: datetime | None = None


class Reveal(Frozen):
    """Somebody had the number shown in full."""

    by: str
    reason: str
    at: datetime


class Known(Frozen):
    """What was known of a person before a file said something else."""

    profile: Profile
    particulars: PersonParticulars | None


class Person(Frozen):
    """A person, or an agency's own program (no profile). `sole_seat` is the structural post they hold alone.

    `former` are the numbers they had before a correction, or before they became PNS (D03): they are still found by
    them. `posts` and `ranks` are their history, the present one last.
    `forgotten` is one whose particulars were erased: an old file may not bring them back.
    `moves` wait for their day in the order of their decrees; `settled` are the decrees that were dealt with.
    `corrections` they asked for, and `reveals`: who had their number shown.
    """

    person: str
    profile: Profile | None = None
    particulars: PersonParticulars | None = None
    nip: str = ""
    former: tuple[str, ...] = ()
    login: str = ""
    posts: tuple[Held, ...] = ()
    ranks: tuple[Ranked, ...] = ()
    offices: tuple[Office, ...] = ()
    sole_seat: str = ""
    forgotten: bool = False
    moves: tuple[Move, ...] = ()
    settled: tuple[str, ...] = ()
    imported: Imported[Known] | None = None
    corrections: tuple[Correction, ...] = ()
    reveals: tuple[Reveal, ...] = ()


class RegisterPerson(Command):
    """A person with everything known of them; unit and post by code, relatives by person id.

    The birth date gives the day of retirement and is not kept. A person who is known keeps their seat: only a
    decree moves them, so an old file imported again cannot undo a move.
    """

    agency: Code
    unit: Code
    post: Code
    name: Name
    nip: NipText
    email: Email = ""
    language: Literal["id", "en"] = "id"
    birth_date: Day
    employment: Employment
    status: Status = "active"
    post_since: Day
    rank: Rank
    education_level: Level
    education_field: Name
    performance: Performance = Field(default={})
    competences: Competences = Field(default={})
    experience: tuple[Experience, ...] = ()
    interests: tuple[str, ...] = ()
    preferences: tuple[str, ...] = ()
    under_process: bool | None = None
    study_assignment: bool | None = None
    service_bond: bool | None = None
    relatives: tuple[str, ...] = ()
    rank_since: Day | None = None
    talent_box: Box | None = None
    trainings: tuple[str, ...] = ()
    potential: Literal["low", "mid", "high"] | None = None
    committed_until: Day | None = None
    contract_until: Day | None = None
    leave_until: Day | None = None


class ImportPerson(RegisterPerson):
    """The same from a file."""

    REPEATABLE: ClassVar[bool] = True
    batch: str


class UpdatePerson(Command):
    """What changed about a person; what is left out stays."""

    name: Name | None = None
    nip: NipText | None = None
    email: Email | None = None
    language: Literal["id", "en"] | None = None
    employment: Employment | None = None
    status: Status | None = None
    rank: Rank | None = None
    education_level: Level | None = None
    education_field: Name | None = None
    performance: Performance | None = None
    competences: Competences | None = None
    experience: tuple[Experience, ...] | None = None
    interests: tuple[str, ...] | None = None
    preferences: tuple[str, ...] | None = None
    retires_on: Day | None = None
    under_process: bool | None = None
    study_assignment: bool | None = None
    service_bond: bool | None = None
    relatives: tuple[str, ...] | None = None
    rank_since: Day | None = None
    talent_box: Box | None = None
    trainings: tuple[str, ...] | None = None
    potential: Literal["low", "mid", "high"] | None = None
    committed_until: Day | None = None
    contract_until: Day | None = None
    leave_until: Day | None = None


class ForgetPerson(Command):
    """Erase name, number and contacts of the person, here and wherever they were told. The reason names nobody."""

    reason: Text


class LinkAccount(Command):
    """This login is this person."""

    login: Login


PARTICULARS = ("name", "nip", "email", "language")
Changes = Mapping[str, object]
