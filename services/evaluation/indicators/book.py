"""What the indicators are called, how they are defined, and why one cannot be judged: `indicators.yaml`. Pure."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.evaluation.domain.review.form import Basis, Text

Unit = Literal["people", "points", "per_thousand", "share", "days", "stars", "rupiah"]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Indicator(_Entry):
    """One indicator in words; `parts` are its figures, the headline first."""

    id: str = Field(pattern=r"^[A-Za-z0-9_]{2,20}$")
    seeds: Annotated[tuple[str, ...], Field(min_length=1)]
    unit: Unit
    better: Literal["lower", "higher", "none"]
    name: Text
    definition: Text
    trap: Text
    parts: Annotated[Mapping[str, Text], Field(min_length=1)]


class Book(_Entry):
    """The whole file."""

    basis: Basis
    indicators: Annotated[tuple[Indicator, ...], Field(min_length=1)]
    waits: Mapping[str, Text]

    @model_validator(mode="after")
    def _sound(self) -> Self:
        ids = [one.id for one in self.indicators]
        if len(ids) != len(set(ids)):
            raise ValueError("indicators: an id stands there twice")
        return self

    def __getitem__(self, id: str) -> Indicator:
        """The indicator of that id. Raises StopIteration for an unknown one."""
        return next(one for one in self.indicators if one.id == id)


@cache
def book() -> Book:
    """The packaged file, read once. Raises pydantic.ValidationError naming what is wrong with it."""
    text = files("services.evaluation.indicators").joinpath("indicators.yaml").read_text("utf-8")
    return Book.model_validate(yaml.safe_load(text))
