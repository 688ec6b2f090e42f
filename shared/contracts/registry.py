"""What the registry tells the others: organisation, people without particulars, offices, vacancies."""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Literal

from shared.contracts.need import NeedAssessed
from shared.kernel.decider import Event, Frozen, Office
from shared.kernel.move import MoveKind


class Placement(Frozen):
    """A seat somebody holds or wants: agency, unit (unit kerja) and post (jabatan) by id."""

    agency: str
    unit: str
    post: str


class PostRequirements(Frozen):
    """What a post of the peta jabatan demands. Ranks as "III/c", education as the level code of `shared.kernel`."""

    rank_min: str = ""
    rank_max: str = ""
    education_min: str = ""
    education_fields: tuple[str, ...] = ()
    competences: Mapping[str, int] = {}
    experience_years: int = 0
    experience_fields: tuple[str, ...] = ()  # none named: years in any field count


class Experience(Frozen):
    """Years served in one field of work."""

    field: str
    years: int


class Profile(Frozen):
    """A person as others may know them: a surrogate id's data, no name, no NIP, no contacts, no birth date.

    `rank_since` is the TMT of the rank; `talent_box` one of 1..9 (PermenPANRB 3/2020); `trainings` by name.
    """

    employment: Literal["PNS", "PPPK", "CPNS"]
    status: Literal["active", "unpaid_leave", "study", "suspended", "seconded", "retired", "dead"] = "active"
    placement: Placement
    post_title: str = ""
    post_kind: str = ""
    post_since: date
    rank: str
    education_level: str
    education_field: str
    performance: Mapping[str, str] = {}
    competences: Mapping[str, int] = {}
    experience: tuple[Experience, ...] = ()
    interests: tuple[str, ...] = ()
    preferences: tuple[str, ...] = ()  # the same, in the person's own order, the best first
    retires_on: date
    under_process: bool | None = None
    study_assignment: bool | None = None
    service_bond: bool | None = None
    relatives: tuple[str, ...] = ()
    rank_since: date | None = None
    talent_box: int | None = None
    trainings: tuple[str, ...] = ()
    potential: Literal["low", "mid", "high"] | None = None  # as an assessment centre found it
    committed_until: date | None = None  # promised at recruitment: no own request to move up to this day
    contract_until: date | None = None  # last day of a PPPK's contract
    leave_until: date | None = None  # last day of unpaid leave (CLTN)


class AgencyRegistered(Event):
    """An agency (instansi) exists, with its region and time zone (WIB, WITA, WIT)."""

    TYPE: ClassVar[str] = "mutasi.agency.registered.v1"
    KEY: ClassVar[str] = "agency"
    agency: str
    name: str
    kind: str
    province: str
    zone: Literal["WIB", "WITA", "WIT"]


class UnitRegistered(Event):
    """A unit (unit organisasi) of an agency exists, from `valid_from` to before `valid_until`; none: always.

    `predecessors` are the units it came of by a split or a merger.
    """

    TYPE: ClassVar[str] = "mutasi.unit.registered.v1"
    KEY: ClassVar[str] = "unit"
    unit: str
    agency: str
    name: str
    kind: str
    parent: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    predecessors: tuple[str, ...] = ()
    batch: str = ""  # the file that said so, which may be taken back as a whole


class PostRegistered(Event):
    """A post of the peta jabatan exists, with its approved number of seats (formasi) and what it demands."""

    TYPE: ClassVar[str] = "mutasi.post.registered.v1"
    KEY: ClassVar[str] = "post"
    post: str
    agency: str
    unit: str
    title: str
    kind: str
    structural: bool
    seats: int
    retirement_age: int
    requirements: PostRequirements
    batch: str = ""


class PostOccupancyChanged(Event):
    """A person came to a post or left it; `holders` (bezetting) is how many hold it now.

    `as_of` is the sequence of the person's event that says so, which tells a repeat from news.
    """

    TYPE: ClassVar[str] = "mutasi.post.occupancy_changed.v1"
    KEY: ClassVar[str] = "post"
    post: str
    person: str
    present: bool
    as_of: int
    holders: int
    vacancy: str = ""  # whose seat they took


class EmployeeRegistered(Event):
    """A person is known, with the whole profile."""

    TYPE: ClassVar[str] = "mutasi.employee.registered.v1"
    KEY: ClassVar[str] = "person"
    person: str
    profile: Profile
    batch: str = ""


class EmployeeUpdated(EmployeeRegistered):
    """The profile changed; the whole of it is carried."""

    TYPE: ClassVar[str] = "mutasi.employee.updated.v1"


class EmployeeMoveScheduled(Event):
    """The registry knows the decree and will move the person at 00:00 local time (`zone`) of the effective date."""

    TYPE: ClassVar[str] = "mutasi.employee.move_scheduled.v1"
    KEY: ClassVar[str] = "person"
    person: str
    case: str
    decree: str
    vacancy: str
    origin: Placement
    target: Placement
    effective_on: date
    zone: Literal["WIB", "WITA", "WIT"]
    amendment: str = ""  # the decree that changed the effective date
    group: str = ""  # moves with the others of the group, or not at all


class EmployeeMoved(EmployeeRegistered):
    """The person took the new seat on the effective date (TMT); the old one is free: one fact (I12)."""

    TYPE: ClassVar[str] = "mutasi.employee.moved.v1"
    case: str
    decree: str
    left: Placement
    effective_on: date
    vacancy: str = ""


class EmployeeMoveRefused(Event):
    """On the effective date the move was not lawful or possible any more; `code` says why."""

    TYPE: ClassVar[str] = "mutasi.employee.move_refused.v1"
    KEY: ClassVar[str] = "person"
    person: str
    case: str
    decree: str
    code: str
    group: str = ""


class OfficeAssigned(Event):
    """Somebody holds an office since a date; `offices` is all they hold after it."""

    TYPE: ClassVar[str] = "mutasi.office.assigned.v1"
    KEY: ClassVar[str] = "person"
    person: str
    office: Office
    offices: tuple[Office, ...]


class OfficeEnded(OfficeAssigned):
    """Somebody no longer holds an office; `offices` is all they hold after it."""

    TYPE: ClassVar[str] = "mutasi.office.ended.v1"


class AccountLinked(Event):
    """This login is this person."""

    TYPE: ClassVar[str] = "mutasi.account.linked.v1"
    KEY: ClassVar[str] = "person"
    person: str
    login: str


class VacancyPublished(Event):
    """A vacancy is open: seats of one post, what it demands (copied from the post), how it is given, until when."""

    TYPE: ClassVar[str] = "mutasi.vacancy.published.v1"
    KEY: ClassVar[str] = "vacancy"
    vacancy: str
    reference: str
    placement: Placement
    post_title: str
    post_kind: str
    structural: bool
    requirements: PostRequirements
    quota: int
    mode: Literal["first_come", "ranked"] = "first_come"
    closes_on: date
    purpose: str
    weights: Mapping[str, int]
    retirement_age: int
    zone: Literal["WIB", "WITA", "WIT"] = "WIB"
    aim: Literal["need", "development"] = "need"  # development: a change of field is the point (P03)
    admits: tuple[MoveKind, ...] = ("one_agency",)  # from where one may come, as kinds of move


class VacancyAmended(Event):
    """What is offered changed: how many seats, until when, or what for. The requirements are the post's and stay.

    Fewer seats than are reserved let go of the youngest reservations.
    """

    TYPE: ClassVar[str] = "mutasi.vacancy.amended.v1"
    KEY: ClassVar[str] = "vacancy"
    vacancy: str
    placement: Placement
    quota: int
    mode: Literal["first_come", "ranked"]
    closes_on: date
    admits: tuple[MoveKind, ...] = ("one_agency",)
    purpose: str
    reason: str


class VacancyFilled(Event):
    """One seat of the vacancy was taken by a move; `left` seats are still to give."""

    TYPE: ClassVar[str] = "mutasi.vacancy.filled.v1"
    KEY: ClassVar[str] = "vacancy"
    vacancy: str
    case: str
    left: int


class VacancyClosed(Event):
    """Nobody can apply any more: the closing date passed, it was cancelled, or all seats are given."""

    TYPE: ClassVar[str] = "mutasi.vacancy.closed.v1"
    KEY: ClassVar[str] = "vacancy"
    vacancy: str
    cause: Literal["date", "cancelled", "filled"]
    reason: str = ""
    post: str = ""


EVENTS = (
    AgencyRegistered,
    UnitRegistered,
    PostRegistered,
    PostOccupancyChanged,
    EmployeeRegistered,
    EmployeeUpdated,
    EmployeeMoveScheduled,
    EmployeeMoved,
    EmployeeMoveRefused,
    OfficeAssigned,
    OfficeEnded,
    AccountLinked,
    VacancyPublished,
    VacancyAmended,
    VacancyFilled,
    VacancyClosed,
    NeedAssessed,
)
