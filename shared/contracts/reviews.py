"""Looking back at a move (evaluasi pascamutasi): reviews after some months, and what follows from them.

Said by the evaluation service on its own topic. Source: domain needs A11-A13, S17, J07-J10; indicator KP10.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import ClassVar, Literal

from shared.contracts.registry import Placement
from shared.kernel.decider import Event

Party = Literal["person", "superior"]
Verdict = Literal["reached", "partly", "not_reached", "cannot_be_judged"]


class ReviewsScheduled(Event):
    """The person has moved; the move is looked back at so many months after its effective date."""

    TYPE: ClassVar[str] = "mutasi.review.scheduled.v1"
    case: str
    person: str
    placement: Placement
    expected_result: str
    effective_on: date
    months: tuple[int, ...]
    left: Placement | None = None  # the seat the person came from


class ReviewDue(Event):
    """The person is asked how it went; answers are taken until `until`."""

    TYPE: ClassVar[str] = "mutasi.review.due.v1"
    case: str
    person: str
    months: int
    until: datetime


class ReviewAsked(Event):
    """The superior at the new place (`office`) is asked how it went; answers are taken until `until`."""

    TYPE: ClassVar[str] = "mutasi.review.asked.v1"
    case: str
    person: str
    months: int
    office: str
    agency: str
    unit: str
    until: datetime


class ReviewAnswered(Event):
    """One of the two answered: question -> what was chosen, with a remark in own words."""

    TYPE: ClassVar[str] = "mutasi.review.answered.v1"
    case: str
    months: int
    party: Party
    by: str
    answers: Mapping[str, str]
    remark: str = ""


class ReviewCompleted(Event):
    """What came of it (KP10). `code` says why it cannot be judged; `heard` are those who answered."""

    TYPE: ClassVar[str] = "mutasi.review.completed.v1"
    case: str
    person: str
    agency: str
    unit: str
    months: int
    verdict: Verdict
    heard: tuple[Party, ...]
    expected_result: str
    code: str = ""


class FollowUpOpened(Event):
    """What was expected did not come (J10): `office` finds out why. `basis` is what it rests on, in figures or words;
    `case` and `person` are those of a single move, the first of `cases` and "" where several were looked at together.
    """

    TYPE: ClassVar[str] = "mutasi.follow_up.opened.v1"
    KEY: ClassVar[str] = "follow_up"
    follow_up: str
    case: str
    person: str = ""
    office: str
    agency: str
    unit: str
    title: str
    months: int
    verdict: Verdict
    expected_result: str
    cases: tuple[str, ...]
    basis: Mapping[str, str]
    by: str = ""


class FollowUpClosed(Event):
    """The cause by its code, and the finding, which the next plan of the agency is shown (B16, J16)."""

    TYPE: ClassVar[str] = "mutasi.follow_up.closed.v1"
    KEY: ClassVar[str] = "follow_up"
    follow_up: str
    agency: str
    cause: str
    finding: str
    by: str


EVENTS = (
    ReviewsScheduled,
    ReviewDue,
    ReviewAsked,
    ReviewAnswered,
    ReviewCompleted,
    FollowUpOpened,
    FollowUpClosed,
)
