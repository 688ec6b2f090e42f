"""How long somebody may stand in for an office: dated, cited data that an official may change. Pure."""

from datetime import date
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

Capacity = Literal["definitive", "acting", "daily"]


class Limit(BaseModel):
    """The longest time in one capacity, in whole months, for tenures that begin on `valid_from` or later."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    capacity: Capacity
    longest_months: Annotated[int, Field(ge=1, le=60)]
    source: str
    certainty: Literal["S", "P", "C"]
    valid_from: date


@cache
def limits() -> tuple[Limit, ...]:
    """All limits, the newest first. Raises pydantic.ValidationError when the file is broken."""
    raw = yaml.safe_load(files("services.registry").joinpath("rules/offices.yaml").read_text("utf-8"))
    found = TypeAdapter(tuple[Limit, ...]).validate_python(raw)
    return tuple(sorted(found, key=lambda limit: limit.valid_from, reverse=True))


def limit_of(capacity: str, since: date) -> Limit | None:
    """The limit for a tenure that begins that day; None for one without a limit."""
    return next((limit for limit in limits() if limit.capacity == capacity and limit.valid_from <= since), None)
