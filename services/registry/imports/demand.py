"""Rows of the files that tell of demand: workloads, complaints, surveys, disasters; and of vacancies."""

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, ValidationError

from services.registry.domain import DISASTERS, NEEDS, SIGNALS, VACANCIES
from services.registry.domain.changes import Act, AmendVacancy, CancelVacancy, CloseVacancy
from services.registry.domain.ids import Code, post_id, unit_id, vacancy_id
from services.registry.domain.needs import RecordWorkload, Tasks, Year, need_id
from services.registry.domain.signals import (
    Answers,
    Count,
    DeclareDisaster,
    MeasureService,
    MonthText,
    Reference,
    Satisfaction,
    Served,
    SurveyUnit,
    Units,
    disaster_id,
    service_id,
    survey_id,
)
from services.registry.domain.vacancies import Mode, PublishVacancy
from services.registry.domain.values import Day, Name, Quota, Text, Weights, wrong
from services.registry.domain.workload import Task
from services.registry.imports.report import Finding, finding
from services.registry.imports.rows import People, Row, listed, pairs
from shared.kernel.decider import Command, Decider

_PARTS = 3
_AMENDED = ("quota", "closes_on", "purpose")


def _tasks(cell: object) -> object:
    """Tasks as "name=volume/period/minutes", parted by |."""
    found = pairs(cell)
    if not isinstance(found, dict):
        return cell
    return tuple(_task(name, str(value).split("/")) for name, value in found.items())


def _task(name: str, parts: list[str]) -> Task:
    if len(parts) != _PARTS:
        raise wrong("BAD_TASK")
    volume, period, minutes = (part.strip() for part in parts)
    try:
        return Task.model_validate({"name": name, "volume": volume, "period": period, "minutes": minutes})
    except ValidationError as error:
        raise wrong("NEGATIVE_VOLUME" if volume.startswith("-") else "BAD_TASK") from error


class WorkloadRow(Row):
    """workloads.csv: the tasks of a post in a year."""

    DECIDER: ClassVar[Decider[Any]] = NEEDS
    agency: Code
    post: Code
    year: Year
    tasks: Annotated[Tasks, BeforeValidator(_tasks)]

    def target(self, people: People) -> str:  # noqa: ARG002
        """The analysis."""
        return need_id(post_id(self.agency, self.post), self.year)

    def posts(self) -> tuple[str, ...]:
        """The post it is about."""
        return (post_id(self.agency, self.post),)

    def command(self, people: People, batch: str) -> Command:  # noqa: ARG002
        """Record it."""
        return RecordWorkload(**self.model_dump())


class _UnitRow(Row):
    agency: Code
    unit: Code

    def units(self) -> tuple[str, ...]:
        """The unit that is measured."""
        return (unit_id(self.agency, self.unit),)


class ServiceRow(_UnitRow):
    """services.csv: complaints about a service in a month."""

    DECIDER: ClassVar[Decider[Any]] = SIGNALS
    service: Code
    month: MonthText
    complaints: Count
    post: Code | None = None
    served: Served | None = None
    satisfaction: Satisfaction | None = None

    def key(self) -> str:
        """The month of the service."""
        return f"{self.target({})}@{self.month}"

    def target(self, people: People) -> str:  # noqa: ARG002
        """The series."""
        return service_id(self.agency, self.unit, self.service)

    def posts(self) -> tuple[str, ...]:
        """The post that does the work."""
        return (post_id(self.agency, self.post),) if self.post else ()

    def command(self, people: People, batch: str) -> Command:  # noqa: ARG002
        """Measure it."""
        return MeasureService(**self.model_dump())


class SurveyRow(_UnitRow):
    """surveys.csv: a survey of a unit in a month."""

    DECIDER: ClassVar[Decider[Any]] = SIGNALS
    month: MonthText
    answers: Answers
    dissatisfied: Count | None = None
    strained: Count | None = None
    low_morale: Count | None = None
    poor_climate: Count | None = None
    unvalued: Count | None = None

    def key(self) -> str:
        """The month of the unit."""
        return f"{self.target({})}@{self.month}"

    def target(self, people: People) -> str:  # noqa: ARG002
        """The surveys of the unit."""
        return survey_id(self.agency, self.unit)

    def command(self, people: People, batch: str) -> Command:  # noqa: ARG002
        """Note it."""
        return SurveyUnit(**self.model_dump())


class DisasterRow(Row):
    """disasters.csv: a disaster with its decree and the units it strikes."""

    DECIDER: ClassVar[Decider[Any]] = DISASTERS
    agency: Code
    reference: Reference
    name: Name
    status: Literal["alert", "emergency", "transition"]
    decree: Name
    since: Day
    until: Day | None = None
    units_struck: Annotated[Units, BeforeValidator(listed)]

    def units(self) -> tuple[str, ...]:
        """The units struck."""
        return tuple(unit_id(self.agency, code) for code in self.units_struck)

    def target(self, people: People) -> str:  # noqa: ARG002
        """The disaster."""
        return disaster_id(self.agency, self.reference)

    def command(self, people: People, batch: str) -> Command:  # noqa: ARG002
        """Declare it."""
        row = self.model_dump()
        units = row.pop("units_struck")
        return DeclareDisaster(**row, units=units)


class VacancyRow(Row):
    """vacancies.csv: seats of a post to give; what the post demands is copied from it, so no row can demand."""

    DECIDER: ClassVar[Decider[Any]] = VACANCIES
    agency: Code
    reference: Reference
    post: Code
    quota: Quota
    closes_on: Day
    purpose: Text
    mode: Mode = "first_come"
    weights: Annotated[Weights, BeforeValidator(pairs)] = Field(default={})
    aim: Literal["need", "development"] = "need"

    def target(self, people: People) -> str:  # noqa: ARG002
        """The vacancy by the agency's own reference."""
        return vacancy_id(self.agency, self.reference)

    def posts(self) -> tuple[str, ...]:
        """The post it is about."""
        return (post_id(self.agency, self.post),)

    def command(self, people: People, batch: str) -> Command:  # noqa: ARG002
        """Publish it."""
        return PublishVacancy(**{**self.model_dump(), "post": post_id(self.agency, self.post)})


class VacancyChangeRow(Row):
    """vacancy-changes.csv: amend, close or cancel what is published, by the agency's own reference."""

    DECIDER: ClassVar[Decider[Any]] = VACANCIES
    agency: Code
    reference: Reference
    act: Act
    reason: Text
    quota: Quota | None = None
    closes_on: Day | None = None
    purpose: Text | None = None

    def target(self, people: People) -> str:  # noqa: ARG002
        """The vacancy."""
        return vacancy_id(self.agency, self.reference)

    def faults(self, number: int) -> Iterator[Finding]:
        """A new quota, closing date or purpose of what is not amended."""
        if self.act != "amend":
            for column in _AMENDED:
                if (wanted := getattr(self, column)) is not None:
                    yield finding(number, "NOT_AMENDED", column, str(wanted))

    def command(self, people: People, batch: str) -> Command:  # noqa: ARG002
        """Change it."""
        if self.act == "amend":
            return AmendVacancy(**self.model_dump(include={"reason", *_AMENDED}))
        return (CloseVacancy if self.act == "close" else CancelVacancy)(reason=self.reason)
