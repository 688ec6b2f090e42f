"""Who decides on a ranking, and by when: `ranking.yaml`, checked when it is read. Pure."""

from functools import cache
from importlib.resources import files
from typing import Annotated, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.evaluation.domain.review.form import Basis

Days = Annotated[int, Field(ge=1, le=250)]


class Late(BaseModel):
    """Who is told when nobody decided in time, and again after so many working days."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    office: Annotated[str, Field(min_length=1)]
    days: Days


class Setting(BaseModel):
    """The whole file; days are working days (hari kerja)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    offices: Annotated[tuple[str, ...], Field(min_length=1)]
    days: Days
    late: Late
    offer: Days
    basis: Basis

    @model_validator(mode="after")
    def _told_may_decide(self) -> Self:
        if self.late.office not in self.offices:
            raise ValueError(f"late: {self.late.office} is not among the offices that decide")
        return self


@cache
def setting() -> Setting:
    """The packaged file, read once. Raises pydantic.ValidationError naming what is wrong with it."""
    text = files("services.evaluation").joinpath("ranking.yaml").read_text("utf-8")
    return Setting.model_validate(yaml.safe_load(text))
