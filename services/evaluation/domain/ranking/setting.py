"""Who decides on a ranking, and by when: `ranking.yaml`, checked when it is read. Pure."""

from functools import cache
from importlib.resources import files
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field

from services.evaluation.domain.review.form import Basis

Days = Annotated[int, Field(ge=1, le=250)]


class Setting(BaseModel):
    """The whole file; days are working days (hari kerja)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    offices: Annotated[tuple[str, ...], Field(min_length=1)]
    days: Days
    offer: Days
    basis: Basis


@cache
def setting() -> Setting:
    """The packaged file, read once. Raises pydantic.ValidationError naming what is wrong with it."""
    text = files("services.evaluation").joinpath("ranking.yaml").read_text("utf-8")
    return Setting.model_validate(yaml.safe_load(text))
