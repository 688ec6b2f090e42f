"""What an evaluation looks at: local copies of the registry's data, and the view of them that is judged."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import ClassVar, Literal

from shared.contracts.registry import Placement, PostRequirements, Profile
from shared.contracts.tasks import Mandate
from shared.kernel.decider import Fact, Frozen, Office


class Employee(Fact):
    """A person's profile without particulars; id is the person."""

    KIND: ClassVar[str] = "employee"
    profile: Profile


class Known(Fact):
    """A profile as the registry told it once, for the line of time; id is `known_id`. `decree` is what it stands on."""

    KIND: ClassVar[str] = "known"
    person: str
    at: datetime
    sequence: int
    profile: Profile
    decree: str = ""


def known_id(person: str, sequence: int) -> str:
    """Id of that fact: person and place in what the registry told of them, so that all of it can be found again."""
    return f"{person}/{sequence}"


class Vacancy(Fact):
    """What a vacancy demands and how it weighs; id is the vacancy. `retirement_age` (BUP) in full years."""

    KIND: ClassVar[str] = "vacancy"
    placement: Placement
    post_title: str
    post_kind: str
    requirements: PostRequirements
    weights: Mapping[str, int]
    retirement_age: int
    aim: Literal["need", "development"] = "need"


class Post(Fact):
    """What a post demands of whoever takes it from a partner in an exchange, without any vacancy; id is the post."""

    KIND: ClassVar[str] = "post"
    sought: Vacancy


class Region(Fact):
    """Kind and province of an agency; id is the agency."""

    KIND: ClassVar[str] = "region"
    kind: str
    province: str


class PostAge(Fact):
    """Retirement age (BUP, full years) of a post; id is the post."""

    KIND: ClassVar[str] = "post_age"
    retirement_age: int


class Promise(Fact):
    """What a move is expected to bring (B08, J08), for those who look back at it; id is the case."""

    KIND: ClassVar[str] = "promise"
    expected_result: str


class Officeholder(Fact):
    """All offices somebody holds; id is the person, as the order of events holds per person only."""

    KIND: ClassVar[str] = "officeholder"
    offices: tuple[Office, ...]


class Deputy(Fact):
    """The rights of a person to act for others, who must see what those see."""

    KIND: ClassVar[str] = "deputy"
    mandates: tuple[Mandate, ...]


class Seen(Frozen):
    """All that is judged, as it stood on day `on`.

    `retirement_age` is that of the post held now, None if not known; `offices` are those of the relatives, `regions`
    those of the agencies left and gone to, `initiative` is whose wish it is ("own", "agency", "" where not told).
    """

    on: date
    employee: Profile
    vacancy: Vacancy
    retirement_age: int | None = None
    offices: Mapping[str, tuple[Office, ...]] = {}
    regions: Mapping[str, Region] = {}
    initiative: str = ""
