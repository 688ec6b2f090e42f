"""The proposal's settings as dated, cited data (rules/proposal.yaml)."""

from collections.abc import Collection
from datetime import date
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class _Cited(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    citation: Annotated[str, Field(min_length=1)]
    certainty: Literal["S", "P", "C"]


class Term(_Cited):
    """Working days (hari kerja) that hold from `valid_from` up to, not including, `valid_to`."""

    valid_from: date
    valid_to: date | None = None
    working_days: Annotated[int, Field(ge=1)]

    def holds_on(self, day: date) -> bool:
        """True when this entry counts on that day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


class Proposer(_Cited):
    """An office that may propose another person's move."""

    office: str


class Grouping(_Cited):
    """How many may be in a swap or chain, and the working days they have to agree."""

    longest: Annotated[int, Field(ge=2, le=6)]
    working_days: Annotated[int, Field(ge=1)]


class Late(BaseModel):
    """Who is told when nobody answered in time, and again after so many working days."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    office: str
    working_days: Annotated[int, Field(ge=1)]


class Contesting(_Cited):
    """Who answers a contest, the first of them named as its desk, and in how many working days."""

    offices: Annotated[tuple[str, ...], Field(min_length=1)]
    working_days: Annotated[int, Field(ge=1)]
    late: Late

    @model_validator(mode="after")
    def _told_may_answer(self) -> Self:
        if self.late.office not in self.offices:
            raise ValueError(f"contest.late: {self.late.office} is not among the offices that answer")
        return self


class Emergency(_Cited):
    """A temporary assignment: how many people in one letter, for how many months at most, the working days in which the
    missing documents are due, and after how many of them their owners are reminded."""

    people: Annotated[int, Field(ge=1, le=500)]
    months: Annotated[int, Field(ge=1, le=24)]
    working_days: Annotated[int, Field(ge=1)]
    remind_after: Annotated[int, Field(ge=1)]

    @model_validator(mode="after")
    def _before(self) -> Self:
        if self.remind_after >= self.working_days:
            raise ValueError("remind_after must be less than working_days: a reminder comes before the day")
        return self


class Enforcing(_Cited):
    """An agency without whose documents nothing is handed in, from a day on; all others are warned."""

    agency: str
    valid_from: date
    valid_to: date | None = None


class Filing(_Cited):
    """Who checks documents, whose policy asks for them before the submission, and how long a stored file that no case
    names is kept, in hours."""

    checkers: Annotated[tuple[str, ...], Field(min_length=1)]
    enforced: tuple[Enforcing, ...] = ()
    unnamed_hours: Annotated[int, Field(ge=1)]

    def enforced_by(self, agencies: Collection[str], on: date) -> bool:
        """True when one of these agencies asks for complete files on that day."""
        return any(
            one.agency in agencies and one.valid_from <= on and (one.valid_to is None or on < one.valid_to)
            for one in self.enforced
        )


class NoTerm(LookupError):
    """No entry of the settings holds on this day."""

    def __init__(self, name: str, day: date) -> None:
        super().__init__(f"rules/proposal.yaml: no {name} entry holds on {day}")


class Rules(BaseModel):
    """All settings. Validated at start-up: two entries that hold on one day are an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    resubmission: Annotated[tuple[Term, ...], Field(min_length=1)]
    consultation: Annotated[tuple[Term, ...], Field(min_length=1)]
    suspension: Annotated[tuple[Term, ...], Field(min_length=1)]
    offer: Annotated[tuple[Term, ...], Field(min_length=1)]
    proposers: tuple[Proposer, ...]
    group: Grouping
    contest: Contesting
    emergency: Emergency
    documents: Filing

    @model_validator(mode="after")
    def _one_term_a_day(self) -> Self:
        for name in ("resubmission", "consultation", "suspension", "offer"):
            terms: tuple[Term, ...] = getattr(self, name)
            for term, following in pairwise(sorted(terms, key=lambda term: term.valid_from)):
                if term.holds_on(following.valid_from):
                    day = following.valid_from
                    raise ValueError(f"two {name} entries hold on {day}: end the first with valid_to")
        return self

    def resubmit_days(self, day: date) -> int:
        """Working days in which a file returned on that day may be submitted again. Raises NoTerm."""
        return _days("resubmission", self.resubmission, day)

    def consult_days(self, day: date) -> int:
        """Working days a person told on that day has at least, to speak. Raises NoTerm."""
        return _days("consultation", self.consultation, day)

    def suspend_days(self, day: date) -> int:
        """Working days that a case waits for a seat when its own was taken on that day. Raises NoTerm."""
        return _days("suspension", self.suspension, day)

    def offer_days(self, day: date) -> int:
        """Working days to answer the offer of a seat that became free on that day. Raises NoTerm."""
        return _days("offer", self.offer, day)


def _days(name: str, terms: tuple[Term, ...], day: date) -> int:
    for term in terms:
        if term.holds_on(day):
            return term.working_days
    raise NoTerm(name, day)
