"""Local copies of what others say, only as much of it as approval needs."""

from datetime import date, datetime
from typing import ClassVar, Literal

from shared.contracts.approval import DecreeAmended, DecreeIssued, DecreeRevoked
from shared.contracts.documents import Filed
from shared.contracts.papers import Paper
from shared.contracts.proposal import Content
from shared.contracts.stages import Letter
from shared.contracts.tasks import Mandate
from shared.kernel.decider import Actor, Fact, Office


class Employee(Fact):
    """Who is related to a person (separation of duties, I9)."""

    KIND: ClassVar[str] = "employee"
    relatives: tuple[str, ...] = ()


class Applicant(Fact):
    """Somebody applied for a vacancy: whoever did decides nobody else's case about it (I9); id from `applicant_id`."""

    KIND: ClassVar[str] = "applicant"
    case: str


def applicant_id(vacancy: str, person: str) -> str:
    """Id of the fact that this person applied for that vacancy."""
    return f"{vacancy}:{person}"


class Agency(Fact):
    """Name and province of an agency, and its time zone: days and terms are counted there (R57)."""

    KIND: ClassVar[str] = "agency"
    zone: Literal["WIB", "WITA", "WIT"]
    name: str = ""
    province: str = ""


class Name(Fact):
    """What a unit or a post is called, by its id; only printed."""

    KIND: ClassVar[str] = "name"
    name: str


class Proposal(Fact):
    """What was last submitted for a case. A newer attempt takes the place of the older one."""

    KIND: ClassVar[str] = "proposal"
    attempt: int
    content: Content
    receipt: str
    documents: tuple[Filed, ...] = ()
    missing: tuple[str, ...] = ()
    paper: Paper | None = None


class Particulars(Fact):
    """Name and number of a person, only for printing; forgotten when the person is."""

    KIND: ClassVar[str] = "particulars"
    name: str
    nip: str


class Decree(Fact):
    """A decree that was issued, as the register said it."""

    KIND: ClassVar[str] = "decree"
    issued: DecreeIssued


class Bundle(Fact):
    """The papers of one decree for a swap or chain, by their ids; id is the group."""

    KIND: ClassVar[str] = "bundle"
    decrees: tuple[str, ...]


class Grant(Fact):
    """Who granted an attempt, and whose consent there was before: what the register checks a decree against."""

    KIND: ClassVar[str] = "grant"
    office: str
    agency: str
    by: str
    consented: tuple[str, ...] = ()
    letters: tuple[Letter, ...] = ()


class Settled(Fact):
    """What else a register settled for good, by its id: a decree it withheld, amended or revoked."""

    KIND: ClassVar[str] = "settled"
    code: str
    amended: DecreeAmended | None = None
    revoked: DecreeRevoked | None = None


class Amendment(Fact):
    """The newest amendment of a decree, and the effective date that it says."""

    KIND: ClassVar[str] = "amendment"
    amendment: str
    effective_on: date
    issued_on: date | None = None


class Objected(Fact):
    """The objection against a decree, or the court's case about it, by the decree's id; answered by `due` if by law."""

    KIND: ClassVar[str] = "objected"
    objection: str
    pending: bool
    due: datetime | None = None


class Outcome(Fact):
    """What came of a decree in the registry: the person moved, or did not."""

    KIND: ClassVar[str] = "outcome"
    moved: bool


class Revocation(Fact):
    """A decree that has no effect. A fact of its own: the event that says so does not carry the decree."""

    KIND: ClassVar[str] = "decree_revoked"
    code: str


class Holder(Fact):
    """The offices a person holds, also when it is not they who act."""

    KIND: ClassVar[str] = "holder"
    offices: tuple[Office, ...]

    def holds(self, office: str, on: date, agency: str, unit: str | None) -> bool:
        """True if they hold it on that day; a unit of None means any."""
        return Actor(login="", offices=self.offices).holds(office, on, agency, unit)


class Deputy(Fact):
    """The rights of a person to act for others, as our own register of substitutes said them."""

    KIND: ClassVar[str] = "deputy"
    mandates: tuple[Mandate, ...]


FACTS: tuple[type[Fact], ...] = (
    Employee,
    Applicant,
    Agency,
    Name,
    Proposal,
    Particulars,
    Decree,
    Bundle,
    Grant,
    Settled,
    Amendment,
    Objected,
    Outcome,
    Revocation,
    Holder,
    Deputy,
)
"""Every kind, for the wiring."""
