"""Which course closes which gap: `training.yaml`, checked when it is read. Pure.

Source: domain needs P07, S10, S11, J05, J06; days and levels are [C].
"""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Annotated, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.evaluation.domain.review.form import Basis, Text
from shared.contracts.training import TrainingLine

ANY = "*"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Course(_Part):
    """One course; `hours` are lessons (JP)."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]{1,39}$")
    competences: tuple[str, ...]
    hours: Annotated[int, Field(ge=1)]
    title: Text


class Catalogue(_Part):
    """The whole file."""

    days: Annotated[int, Field(ge=1, le=730)]
    remind: Annotated[int, Field(ge=0)]
    required_from: Annotated[int, Field(ge=1, le=5)]
    keeper: str = Field(min_length=1)
    onboarding: str
    basis: Basis
    courses: Annotated[tuple[Course, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _sound(self) -> Self:
        ids = [course.id for course in self.courses]
        named = [competence for course in self.courses for competence in course.competences]
        if len(ids) != len(set(ids)) or len(named) != len(set(named)):
            raise ValueError("courses: an id or a competence stands there twice")
        if self.onboarding not in ids:
            raise ValueError(f"onboarding: no course {self.onboarding}")
        if ANY not in named:
            raise ValueError("courses: none is for the competences that no other names")
        if self.remind >= self.days:
            raise ValueError("remind: must be fewer than days")
        return self

    def course_for(self, competence: str) -> Course:
        """The course that raises this competence."""
        general = next(course for course in self.courses if ANY in course.competences)
        return next((course for course in self.courses if competence in course.competences), general)

    def lines(self, asked: Mapping[str, int], assessed: Mapping[str, int]) -> tuple[TrainingLine, ...]:
        """The induction, then a course for each gap, the widest first, and those of which nothing is known last."""
        return (TrainingLine(course=self.onboarding, required=True), *self._gaps(asked, assessed))

    def _gaps(self, asked: Mapping[str, int], assessed: Mapping[str, int]) -> Iterator[TrainingLine]:
        for competence in sorted(asked, key=lambda one: (one not in assessed, assessed.get(one, 0) - asked[one], one)):
            has, course = assessed.get(competence), self.course_for(competence).id
            gap = {"course": course, "competence": competence, "asked": asked[competence], "assessed": has}
            if has is None or has < asked[competence]:
                required = has is not None and asked[competence] - has >= self.required_from
                yield TrainingLine.model_validate({**gap, "required": required})


@cache
def catalogue() -> Catalogue:
    """The packaged file, read once. Raises pydantic.ValidationError naming what is wrong with it."""
    text = files("services.evaluation").joinpath("training.yaml").read_text("utf-8")
    return Catalogue.model_validate(yaml.safe_load(text))
